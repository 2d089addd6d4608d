"""What a gate still wants, and until when something is due. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from donghaeng.korean.particles import attach
from donghaeng.tower.process.rules import Rules
from donghaeng.tower.process.state import SubjectState

HIGH_IMPACT: Final = ("high_impact_review", "high")
RISK: Final = "risk_assessment"
PLAN: Final = "plan"
STAGE: Final = "stage"
"""What is due where it is the stage itself."""


def level_of(rules: Rules, state: SubjectState) -> int:
    """The risk level that counts: of the form, and at least the one of high-impact AI where a review says
    so. Without a form it is the lowest: the gate asks for the form."""
    high = any((one.kind, one.result) == HIGH_IMPACT for one in state.evidence.values())
    return max(state.level or 1, rules.high_impact_level if high else 1)


def held(rules: Rules, state: SubjectState) -> frozenset[str]:
    """The kinds of evidence that are there and do not bar."""
    found = {one.kind for one in state.evidence.values() if one.result not in rules.evidence[one.kind].bars}
    if state.level is not None:
        found.add(RISK)
    if state.plan is not None:
        found.add(PLAN)
    return frozenset(found)


def missing(rules: Rules, state: SubjectState, stage: str) -> tuple[str, ...]:
    """The kinds of evidence that ``stage`` wants and that are not there."""
    wanted = rules.required(state.subject.kind, stage, level_of(rules, state))
    have = held(rules, state)
    return tuple(one for one in wanted if one not in have)


def closed_words(rules: Rules, stage: str, lacking: tuple[str, ...]) -> str:
    """Why a gate is closed: exactly what is missing."""
    names = ", ".join(rules.evidence[one].name for one in lacking)
    to = attach(rules.stages[stage].name, "toward")
    return f"{to} 가려면 {len(lacking)}가지가 더 있어야 해요: {names}"


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that is due."""

    about: str
    """A cause of a new review, :data:`STAGE`, or a kind of evidence that ends then."""
    on: date

    def overdue(self, today: date) -> bool:
        """Whether it was due before today."""
        return self.on < today


def deadlines(rules: Rules, state: SubjectState) -> tuple[Deadline, ...]:
    """Everything that is due, the nearest first."""
    found = [Deadline(cause, on) for cause, on in state.due.items()]
    days = rules.stages[state.stage].days
    if state.deadline is not None:
        found.append(Deadline(STAGE, state.deadline))
    elif days is not None:
        found.append(Deadline(STAGE, state.since + timedelta(days=days)))
    if rules.serves(state.stage) and state.reviewed_on is not None and "periodic" not in state.due:
        months = rules.levels[level_of(rules, state)].months
        found.append(Deadline("periodic", after_months(state.reviewed_on, months)))
    found += _endings(rules, state)
    return tuple(sorted(found, key=lambda one: (one.on, one.about)))


def _endings(rules: Rules, state: SubjectState) -> list[Deadline]:
    """When evidence that the stage rests on holds no more."""
    wanted = rules.required(state.subject.kind, state.stage, level_of(rules, state))
    ends: dict[str, list[date]] = {}
    for one in state.evidence.values():
        if one.kind in wanted:
            ends.setdefault(one.kind, []).append(one.until or date.max)
    return [Deadline(kind, max(days)) for kind, days in ends.items() if max(days) < date.max]


def after_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day where it is shorter."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(years, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def circle(relying: Mapping[str, frozenset[str]], subject: str, on: str) -> bool:
    """Whether ``subject`` would rest on itself if it rested on ``on``.

    Args:
        relying: subject → the subjects whose evidence it rests on.
        subject: who would rest.
        on: on whom.
    """
    seen: set[str] = set()
    waiting = [on]
    while waiting:
        one = waiting.pop()
        if one == subject:
            return True
        if one not in seen:
            seen.add(one)
            waiting += relying.get(one, ())
    return False
