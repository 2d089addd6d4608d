"""Quizzes: their score, and what the answers of many say of each item. Pure.

Classical test theory: difficulty is the share of right answers; discrimination the correlation of an item
with the rest of its quiz (corrected item-total correlation).
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from donghaeng.errors import InputError
from donghaeng.learning.curriculum import Line, Part

PASS_SHARE: Final = 0.7
FEWEST_ANSWERS: Final = 30
"""Attempts from which on statistics are told: a share of fewer swings by more than ±0.18 (95 %)."""
TOO_EASY: Final = 0.95
TOO_HARD: Final = 0.30
WEAK: Final = 0.10

Words = Annotated[str, Field(min_length=4, max_length=300)]
Flag = Literal["too_easy", "too_hard", "weak", "misleading", "dead_choice"]


class QuizItem(Part):
    """One question with its choices, the number of the right one (from 1), and why it is right."""

    ask: Words
    choices: Annotated[tuple[Line, ...], Field(min_length=2, max_length=4)]
    right: int = Field(ge=1)
    why: Words

    @model_validator(mode="after")
    def _valid(self) -> QuizItem:
        if self.right > len(self.choices):
            raise ValueError(f"right: there is no choice {self.right}")
        if len(set(self.choices)) < len(self.choices):
            raise ValueError("choices: two are the same")
        return self


@dataclass(frozen=True, slots=True)
class QuizResult:
    """How somebody did."""

    right: tuple[bool, ...]
    score: float
    """Share of right answers, 0 … 1."""
    passed: bool


def score_quiz(items: Sequence[QuizItem], answers: Sequence[int | None]) -> QuizResult:
    """Score one attempt.

    Args:
        items: the quiz.
        answers: number of the choice for each item (from 1); None where it was left out, which is not right.

    Raises:
        InputError: as many answers as items are wanted, each the number of a choice.
    """
    if len(answers) != len(items):
        raise InputError(
            f"{len(answers)} answers to {len(items)} questions", remedy="answer each, or with none"
        )
    for item, answer in zip(items, answers, strict=True):
        if answer is not None and not 1 <= answer <= len(item.choices):
            raise InputError(f"there is no choice {answer}", remedy=f"1 to {len(item.choices)}")
    right = tuple(answer == item.right for item, answer in zip(items, answers, strict=True))
    share = sum(right) / len(right) if right else 0.0
    return QuizResult(right, share, share >= PASS_SHARE)


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """What the attempts of many say of one item."""

    answered: int
    difficulty: float
    """Share of right answers: the higher, the easier."""
    discrimination: float | None
    """Correlation with the rest of the quiz, −1 … 1; None where one of the two never varies."""
    chosen: Mapping[int, int]
    """How often each choice was taken; left out answers are not in it."""
    flags: tuple[Flag, ...]


def item_statistics(
    items: Sequence[QuizItem], attempts: Sequence[Sequence[int | None]]
) -> tuple[ItemStatistics, ...] | None:
    """Statistics of each item over first attempts; None below :data:`FEWEST_ANSWERS`.

    Raises:
        InputError: an attempt does not fit the quiz.
    """
    if len(attempts) < FEWEST_ANSWERS:
        return None
    results = [score_quiz(items, attempt).right for attempt in attempts]
    found = []
    for place, item in enumerate(items):
        own = [float(result[place]) for result in results]
        rest = [float(sum(result) - result[place]) for result in results]
        difficulty = statistics.fmean(own)
        discrimination = _correlation(own, rest)
        taken = [attempt[place] for attempt in attempts]
        chosen = {number: taken.count(number) for number in range(1, len(item.choices) + 1)}
        flags = _flags(difficulty, discrimination, chosen, item.right)
        found.append(ItemStatistics(len(attempts), difficulty, discrimination, chosen, flags))
    return tuple(found)


def _correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    if len(set(one)) < 2 or len(set(other)) < 2:
        return None
    return statistics.correlation(one, other)


def _flags(
    difficulty: float, discrimination: float | None, chosen: Mapping[int, int], right: int
) -> tuple[Flag, ...]:
    found: list[Flag] = []
    if difficulty > TOO_EASY:
        found.append("too_easy")
    if difficulty < TOO_HARD:
        found.append("too_hard")
    if discrimination is not None and discrimination < 0:
        found.append("misleading")
    elif discrimination is not None and discrimination < WEAK:
        found.append("weak")
    if any(not count for number, count in chosen.items() if number != right):
        found.append("dead_choice")
    return tuple(found)
