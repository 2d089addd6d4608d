"""The plan of a learner, by a rule that anybody can work out (docs/decisions/0057-learning.md). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from donghaeng.errors import InputError
from donghaeng.korean.particles import choose
from donghaeng.learning.curriculum import Competences, Curriculum, Step
from donghaeng.learning.intake import Intake, unknown_words

DUTY_FACTOR: Final = 2
_EXPERIENCED: Final = frozenset({"navigator", "alchemist"})
_REGULAR: Final = frozenset({"weekly", "daily"})
_SEALED: Final = frozenset({"C", "S", "unknown"})
"""Grades for which C6 is wanted at its second level; who does not know is taken to handle some."""


@dataclass(frozen=True, slots=True)
class Item:
    """One step of a plan, with all that its place follows from."""

    step: Step
    gap: int
    """Target less evidenced level; 0 where it is drawn in by another step alone."""
    minutes: int
    """A week, of the tasks that use the competence, and what is set for everybody."""
    duty: bool
    score: int
    """``gap × minutes``, twice that for a duty."""
    before: Step | None
    """The step that needs it and drew it forward."""
    week: int
    """From 1."""
    quiz_first: bool
    """Whether the quiz is offered before the lesson."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Items in order, and the level wanted of each competence that is a target."""

    targets: Mapping[str, int]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class _Weight:
    gap: int
    minutes: int
    duty: bool

    @property
    def score(self) -> int:
        return self.gap * self.minutes * (DUTY_FACTOR if self.duty else 1)


def make_plan(curriculum: Curriculum, intake: Intake, evidenced: Mapping[str, int]) -> Plan:
    """The plan that follows from answers and evidence.

    Args:
        curriculum: the tables.
        intake: the learner's answers.
        evidenced: level reached of each competence, by certificate, quiz or judged project.

    Raises:
        InputError: the answers name a role or task that the tables lack.
    """
    lost = unknown_words(intake, curriculum.roles)
    if lost:
        known = ", ".join((*curriculum.roles.roles, *curriculum.roles.tasks))
        raise InputError(f"no role or task {lost[0]!r}", remedy=f"one of {known}")
    competences = curriculum.competences
    targets = targets_of(curriculum, intake)
    weights = _weights(curriculum, intake, evidenced, targets)
    wanted = [
        step
        for step in competences.steps()
        if evidenced.get(step.competence, 0) < step.level <= targets.get(step.competence, 0)
    ]
    wanted.sort(key=lambda step: (step.level, -weights[step.competence].score, step.number))
    order: dict[Step, Step | None] = {}
    for step in wanted:
        _put(competences, evidenced, order, step, None)
    a_week = curriculum.roles.steps_a_week[intake.confidence]
    quiz_first = intake.experience in _EXPERIENCED and intake.regularity in _REGULAR
    items = tuple(
        Item(
            step=step,
            gap=weights[step.competence].gap,
            minutes=weights[step.competence].minutes,
            duty=weights[step.competence].duty,
            score=weights[step.competence].score,
            before=before,
            week=place // a_week + 1,
            quiz_first=quiz_first and step.level == 1,
        )
        for place, (step, before) in enumerate(order.items())
    )
    return Plan({name: level for name, level in targets.items() if level}, items)


def targets_of(curriculum: Curriculum, intake: Intake) -> dict[str, int]:
    """The level wanted of each competence; 0 where none is."""
    roles = curriculum.roles
    up_to = roles.roles[intake.role].up_to
    least: dict[str, int] = {}
    if intake.data_grade in _SEALED:
        least |= roles.sealed_data_needs
    if intake.citizen_facing:
        least |= roles.facing_citizens_needs
    found = {}
    for competence in curriculum.competences.competences:
        most = max(min(up_to.get(competence.id, 0), intake.target), least.get(competence.id, 0))
        found[competence.id] = max((level for level in competence.levels if level <= most), default=0)
    return found


def _weights(
    curriculum: Curriculum, intake: Intake, evidenced: Mapping[str, int], targets: Mapping[str, int]
) -> dict[str, _Weight]:
    minutes = dict.fromkeys(targets, curriculum.roles.minutes_for_all)
    for done in intake.tasks:
        for competence in curriculum.roles.tasks[done.task].uses:
            minutes[competence] += done.times * done.minutes
    return {
        one.id: _Weight(max(targets[one.id] - evidenced.get(one.id, 0), 0), minutes[one.id], one.duty)
        for one in curriculum.competences.competences
    }


def _put(
    competences: Competences,
    evidenced: Mapping[str, int],
    order: dict[Step, Step | None],
    step: Step,
    before: Step | None,
) -> None:
    """Put a step at the end of the order, after what it needs."""
    if step in order or evidenced.get(step.competence, 0) >= step.level:
        return
    for need in competences.needs(step):
        _put(competences, evidenced, order, need, step)
    order[step] = before


def reason(
    competences: Competences, item: Item, evidenced: Mapping[str, int], targets: Mapping[str, int]
) -> str:
    """Why an item is in the plan and where it stands, in Korean."""
    competence = competences.by_id[item.step.competence]
    told = []
    if item.before is not None:
        needing = competences.name(item.before)
        told.append(f"'{needing}'{choose(needing, '을', '를')} 배우려면 먼저 알아야 해서 앞에 놓았어요.")
    if item.gap:
        held = evidenced.get(competence.id, 0)
        now = f"{held}단계까지 마쳤고" if held else "아직 마친 단계가 없고"
        told.append(f"{now} {targets[competence.id]}단계가 목표예요.")
        told.append(f"이것을 쓰는 일은 한 주에 {item.minutes}분쯤이에요.")
    if item.duty:
        told.append("법에서 맡긴 일이라 두 배로 셌어요.")
    if item.quiz_first:
        told.append("자주 써 보셨으니 퀴즈부터 풀어도 돼요. 통과하면 강의는 건너뛰어요.")
    return " ".join(told)
