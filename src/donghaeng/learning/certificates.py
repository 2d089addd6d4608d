"""What must be passed for a certificate, and what is still missing. Pure.

A certificate is evidence of a level for a plan, and one completion for the targets board. It says what
somebody has shown, never how they compare with others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from donghaeng.learning.curriculum import Line, Name, Part
from donghaeng.learning.lesson import Lesson

Kind = Literal["quiz", "simulation", "project"]
Programme = Literal["ai", "digital_companion"]
"""Of the records that the year's targets are counted from."""


class CertificateRule(Part):
    """What one certificate takes."""

    id: Name
    name: Line
    audience: Literal["official", "citizen"]
    programme: Programme
    level: int | None = Field(default=None, ge=1, le=4, description="of an official's certificate")
    lessons: tuple[Name, ...] = Field(default=(), description="empty: every lesson up to the level")
    simulations: int = Field(default=0, ge=0, description="different simulated citizens passed")
    project: bool = Field(default=False, description="whether a project must be judged good enough")
    months: int = Field(ge=6, le=60, description="how long it holds: law changes")


class CertificateRules(Part):
    """All of them."""

    certificates: Annotated[tuple[CertificateRule, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Passed:
    """Something was passed. There is no record of failing: a mistake costs nothing."""

    kind: Kind
    what: str
    """Lesson, simulated citizen, or project."""
    version: int
    on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """How far somebody is."""

    rule: CertificateRule
    missing: tuple[str, ...]
    """What is left to do, in Korean."""
    earned_on: date | None
    """The day of the last thing that was needed; None while something is missing."""


def standing(
    rule: CertificateRule,
    lessons: Mapping[str, Lesson],
    wanted: Iterable[str],
    passed: Iterable[Passed],
) -> Standing:
    """How far somebody is with a certificate.

    Args:
        rule: the certificate.
        lessons: those that there are.
        wanted: lessons of this learner's steps up to the level; taken where the rule names none.
        passed: all that the learner has passed. A lesson passed in an older version counts until its own date
            makes it old; a withdrawn lesson is not asked of anybody.
    """
    done = list(passed)
    quizzes = {one.what: one.on for one in done if one.kind == "quiz"}
    named = [name for name in (rule.lessons or tuple(wanted)) if name in lessons]
    missing = [f"'{lessons[name].title}' 퀴즈" for name in named if name not in quizzes]
    days = [quizzes[name] for name in named if name in quizzes]
    simulated = sorted({one.what: one.on for one in done if one.kind == "simulation"}.values())
    if len(simulated) < rule.simulations:
        missing.append(f"어르신 응대 연습 {rule.simulations - len(simulated)}번")
    days += simulated[: rule.simulations]
    if rule.project:
        projects = sorted(one.on for one in done if one.kind == "project")
        days += projects[:1]
        if not projects:
            missing.append("과제 하나")
    return Standing(rule, tuple(missing), max(days) if days and not missing else None)
