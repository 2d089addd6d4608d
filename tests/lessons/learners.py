"""A learner's desk over a store of its own, with a clock that tests move, and learners who do well."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from tests.lessons.given import LEARNING

from donghaeng.learning.desk import LearningDesk, Tried
from donghaeng.learning.loading import Learning
from donghaeng.learning.own_plan import wanted_lessons
from donghaeng.learning.own_records import OwnRecords
from donghaeng.learning.project_desk import ProjectDesk
from donghaeng.store import Store

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
GUIDE: dict[str, Any] = {
    "role": "guide", "citizen_facing": True, "tasks": [{"task": "guiding", "times": 20, "minutes": 10}],
    "experience": "newcomer", "regularity": "never", "confidence": "middle", "network": "internet",
    "data_grade": "O", "access": "none", "target": 1,
}  # fmt: skip
"""Few lessons; with a target of 2 also one of level 2."""


@dataclass
class School:
    """Everything of learning over one store."""

    store: Store
    learning: Learning = LEARNING
    now: datetime = NOW
    ids: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.desk = LearningDesk(self.store, lambda: self.learning, clock=lambda: self.now)
        self.projects = ProjectDesk(
            self.store, lambda: self.learning, clock=lambda: self.now, new_id=self._new_id
        )
        self.records = OwnRecords(self.store, clock=lambda: self.now)

    def _new_id(self, prefix: str) -> str:
        self.ids.append(f"{prefix}_{len(self.ids) + 1}")
        return self.ids[-1]

    def wait(self, **length: float) -> None:
        """Time goes by."""
        self.now += timedelta(**length)

    def change(self, name: str, **values: Any) -> None:
        """A lesson is edited while it is served."""
        lessons = {**self.learning.lessons, name: self.learning.lessons[name].model_copy(update=values)}
        self.learning = replace(self.learning, lessons=lessons)

    def withdraw(self, name: str) -> None:
        """A lesson is taken away."""
        lessons = {key: one for key, one in self.learning.lessons.items() if key != name}
        self.learning = replace(self.learning, lessons=lessons)

    async def answer(self, staff: str, name: str, *, right: bool = True) -> Tried:
        """Answer a quiz, rightly or wrongly throughout."""
        lesson = self.learning.lessons[name]
        rights = [item.right for item in lesson.quiz]
        answers = rights if right else [one % 2 + 1 for one in rights]
        return await self.desk.answer_quiz(staff, lesson, lesson.version, answers, frozenset())

    async def wanted(self, staff: str, level: int) -> tuple[str, ...]:
        """Lessons that a certificate of a level takes."""
        plan = (await self.desk.own(staff)).plan
        assert plan is not None
        return wanted_lessons(self.learning, plan.intake, level)
