"""A learner's own plan: made by the rule, then moved, cut and added to by the learner. Pure.

The reason of each item is the rule's, written down when the plan was made; what the learner leaves out keeps
the learner's reason. What a certificate wants follows from the rule alone (:func:`wanted_lessons`), so that
leaving something out of a plan postpones it and forgives nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from donghaeng.errors import InputError
from donghaeng.learning.curriculum import Curriculum, Line, Part, Step, StepId
from donghaeng.learning.intake import Intake
from donghaeng.learning.planning import make_plan, reason

if TYPE_CHECKING:
    from donghaeng.learning.loading import Learning

MOST_ITEMS: Final = 40
ADDED: Final = "스스로 더하셨어요."


class Planned(Part):
    """One step of a plan."""

    step: StepId
    week: int = Field(ge=1)
    why: str
    duty: bool = False
    quiz_first: bool = False
    out: Line | None = None
    """Why the learner leaves it out."""
    added: bool = False
    """The learner wanted it; the rule did not."""


class OwnPlan(Part):
    """A plan as it stands."""

    intake: Intake
    made_on: date
    items: Annotated[tuple[Planned, ...], Field(max_length=MOST_ITEMS)]
    approved_on: date | None = None
    """When the learner said that this is their plan; None after every change."""

    @property
    def going(self) -> tuple[Planned, ...]:
        """What is not left out."""
        return tuple(item for item in self.items if item.out is None)


def plan_from(curriculum: Curriculum, intake: Intake, evidenced: Mapping[str, int], today: date) -> OwnPlan:
    """The plan that follows from answers and evidence, each item with its reason.

    Raises:
        InputError: the answers name a role or task that the tables lack.
    """
    made = make_plan(curriculum, intake, evidenced)
    items = tuple(
        Planned(
            step=str(item.step),
            week=item.week,
            why=reason(curriculum.competences, item, evidenced, made.targets),
            duty=item.duty,
            quiz_first=item.quiz_first,
        )
        for item in made.items
    )
    return OwnPlan(intake=intake, made_on=today, items=items)


def moved(curriculum: Curriculum, plan: OwnPlan, step: str, by: int) -> OwnPlan:
    """The plan with an item one place earlier (−1) or later (1); at an end it stays."""
    place = _place(plan, step)
    other = place + by
    items = list(plan.items)
    if 0 <= other < len(items):
        items[place], items[other] = items[other], items[place]
    return _changed(curriculum, plan, items)


def left_out(curriculum: Curriculum, plan: OwnPlan, step: str, why: str) -> OwnPlan:
    """The plan without an item, for a reason of the learner's.

    Raises:
        InputError: no reason is given.
    """
    words = " ".join(why.split())
    if not 2 <= len(words) <= 200:
        raise InputError("빼는 까닭을 적어 주세요. 두 글자에서 이백 글자까지예요")
    place = _place(plan, step)
    items = list(plan.items)
    items[place] = items[place].model_copy(update={"out": words})
    return _changed(curriculum, plan, items)


def brought_back(curriculum: Curriculum, plan: OwnPlan, step: str) -> OwnPlan:
    """The plan with an item that was left out."""
    place = _place(plan, step)
    items = list(plan.items)
    items[place] = items[place].model_copy(update={"out": None})
    return _changed(curriculum, plan, items)


def added(curriculum: Curriculum, plan: OwnPlan, step: str) -> OwnPlan:
    """The plan with a step that the learner wants, at its end.

    Raises:
        InputError: it is not taught, or in the plan already.
    """
    if step not in map(str, curriculum.competences.steps()):
        raise InputError("그런 단계가 없어요")
    if any(item.step == step for item in plan.items):
        raise InputError("이미 계획에 있어요")
    duty = curriculum.competences.by_id[Step.read(step).competence].duty
    item = Planned(step=step, week=1, why=ADDED, duty=duty, added=True)
    return _changed(curriculum, plan, [*plan.items, item])


def approved(plan: OwnPlan, today: date) -> OwnPlan:
    """The plan as the learner's own word."""
    return plan.model_copy(update={"approved_on": today})


def wanted_lessons(learning: Learning, intake: Intake, level: int) -> tuple[str, ...]:
    """Lessons of every step that the rule gives this learner up to a level, whatever is evidenced or was left
    out of the plan."""
    whole = make_plan(learning.curriculum, intake, {})
    steps = [item.step for item in whole.items if item.step.level <= level]
    return tuple(lesson.id for step in steps for lesson in learning.lesson_of(str(step)))


def highest_level(learning: Learning, intake: Intake) -> int:
    """The highest level for which a certificate is offered: not above the learner's wish, nor above what the
    role is taught."""
    whole = make_plan(learning.curriculum, intake, {})
    return min(intake.target, max((item.step.level for item in whole.items), default=0))


def evidenced(curriculum: Curriculum, steps: frozenset[str]) -> dict[str, int]:
    """The level reached of each competence: every level that is taught up to it has been shown."""
    found = {}
    for competence in curriculum.competences.competences:
        reached = 0
        for level in sorted(competence.levels):
            if str(Step(competence.id, level)) not in steps:
                break
            reached = level
        found[competence.id] = reached
    return found


def _place(plan: OwnPlan, step: str) -> int:
    for place, item in enumerate(plan.items):
        if item.step == step:
            return place
    raise InputError("계획에 없는 단계예요", remedy="화면을 새로 여세요")


def _changed(curriculum: Curriculum, plan: OwnPlan, items: Sequence[Planned]) -> OwnPlan:
    """With weeks counted anew, and nobody's word yet."""
    a_week = curriculum.roles.steps_a_week[plan.intake.confidence]
    counted, going = [], 0
    for item in items:
        counted.append(item.model_copy(update={"week": going // a_week + 1}))
        going += item.out is None
    return plan.model_copy(update={"items": tuple(counted), "approved_on": None})
