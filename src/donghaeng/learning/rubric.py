"""How a project hand-in is judged: criteria with described levels, by a second person. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field

from donghaeng.errors import InputError
from donghaeng.learning.curriculum import Line, Name, Part

MARKS: Final = (0, 1, 2, 3)


class Criterion(Part):
    """What is looked at, and what each mark from 0 to 3 means."""

    id: Name
    name: Line
    marks: Annotated[tuple[Line, Line, Line, Line], Field()]
    weight: int = Field(default=1, ge=1, le=5)
    must: int = Field(default=0, ge=0, le=3, description="mark below which the project does not pass at all")


class Rubric(Part):
    """All criteria, and the share of the points that passes."""

    id: Name
    title: Line
    pass_share: float = Field(gt=0, le=1)
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=3)]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came out, with its reasons in Korean."""

    score: float
    """Share of the points, 0 … 1."""
    passed: bool
    reasons: tuple[str, ...]


def judge(rubric: Rubric, marks: Mapping[str, int], *, author: str, reviewer: str) -> Judgement:
    """Judge a project by the marks of a reviewer.

    Raises:
        InputError: the author judges, a criterion has no mark, or a mark is none of 0 to 3.
    """
    if author == reviewer:
        raise InputError("nobody judges an own project", remedy="ask another reviewer")
    unknown = set(marks) ^ {one.id for one in rubric.criteria}
    if unknown:
        raise InputError(f"marks do not fit the rubric: {', '.join(sorted(unknown))}")
    wrong = [mark for mark in marks.values() if mark not in MARKS]
    if wrong:
        raise InputError(f"no mark {wrong[0]}", remedy="0, 1, 2 or 3")
    points = sum(one.weight * marks[one.id] for one in rubric.criteria)
    score = points / sum(one.weight * MARKS[-1] for one in rubric.criteria)
    below = [one for one in rubric.criteria if marks[one.id] < one.must]
    reasons = [f"{one.name}: {marks[one.id]}점 — {one.marks[marks[one.id]]}" for one in rubric.criteria]
    reasons += [
        f"{one.name}: {one.must}점보다 낮으면 통과하지 못해요. 고쳐서 다시 내 주세요." for one in below
    ]
    if score < rubric.pass_share and not below:
        reasons.append(f"모두 {score:.0%}예요. {rubric.pass_share:.0%}부터 통과해요.")
    return Judgement(score, score >= rubric.pass_share and not below, tuple(reasons))
