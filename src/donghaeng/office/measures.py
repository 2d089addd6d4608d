"""What officials said of their drafts as figures: minutes saved, and blind judgements. Pure.

Every figure has its n and a 95 % interval; with fewer than two answers there is no interval, with none no
figure. Minutes are self-reported.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median, stdev
from typing import Final, Literal

from scipy import stats

Question = Literal["assistant", "versions"]
"""What a pair compares: with the assistant and without; a newer version and an older."""
CONFIDENCE: Final = 0.95
CRITERIA: Final[Mapping[str, str]] = {
    "right": "사실과 어긋나지 않고 빠진 것이 없다",
    "plain": "쉽게 읽힌다",
    "form": "공문서의 형식에 맞다",
    "usable": "조금만 고치면 쓸 수 있다",
}
"""What is judged, in the order of the form."""
ANSWERS: Final = ("shown_first", "shown_second", "same")


@dataclass(frozen=True, slots=True)
class Saved:
    """Minutes that somebody says they saved on a draft: by hand less with the assistant."""

    n: int
    mean: float | None = None
    median: float | None = None
    low: float | None = None
    high: float | None = None
    """Of the mean, by Student's t."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One person's judgement of a pair."""

    question: Question
    turned: bool
    """The second text was shown first."""
    answers: Mapping[str, str]
    """By criterion: one of :data:`ANSWERS`."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How often one text of a pair was preferred to the other, by one criterion."""

    question: Question
    criterion: str
    first: int
    """With the assistant, or the newer version."""
    second: int
    same: int
    share: float | None = None
    """Of the first among those that decided."""
    low: float | None = None
    high: float | None = None
    """Wilson's interval."""
    p: float | None = None
    """Two-sided sign test against a half."""


def saved(minutes: Sequence[int]) -> Saved:
    """The figure of all answers: minutes that were saved on each draft."""
    if not minutes:
        return Saved(0)
    mean, middle = fmean(minutes), float(median(minutes))
    if len(minutes) == 1:
        return Saved(1, mean, middle)
    half = (
        float(stats.t.ppf((1 + CONFIDENCE) / 2, len(minutes) - 1)) * stdev(minutes) / math.sqrt(len(minutes))
    )
    return Saved(len(minutes), mean, middle, mean - half, mean + half)


def compared(judgements: Sequence[Judged]) -> list[Compared]:
    """Each question and criterion that somebody judged."""
    found = []
    asked: tuple[Question, ...] = ("assistant", "versions")
    for question in asked:
        rows = [row for row in judgements if row.question == question]
        for criterion in CRITERIA if rows else ():
            told = [_preferred(row, criterion) for row in rows]
            found.append(_figure(question, criterion, told))
    return found


def _preferred(row: Judged, criterion: str) -> str:
    """``first``, ``second`` or ``same``, as the texts are kept and not as they were shown."""
    answer = row.answers.get(criterion, "same")
    if answer == "same":
        return "same"
    return "first" if (answer == "shown_first") != row.turned else "second"


def _figure(question: Question, criterion: str, told: Sequence[str]) -> Compared:
    first, second = told.count("first"), told.count("second")
    decided = first + second
    if not decided:
        return Compared(question, criterion, 0, 0, len(told))
    test = stats.binomtest(first, decided)
    span = test.proportion_ci(CONFIDENCE, method="wilson")
    return Compared(
        question,
        criterion,
        first,
        second,
        len(told) - decided,
        first / decided,
        float(span.low),
        float(span.high),
        float(test.pvalue),
    )
