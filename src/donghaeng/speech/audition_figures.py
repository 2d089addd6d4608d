"""Ratings of samples in figures: means and shares with 95 % intervals. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from scipy import stats

from donghaeng.speech.audition import Audition

CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Judgement:
    """One rating: of a condition from 1 to 5, or of a pair −1 (the first), 0 (the same), 1 (the second)."""

    kind: str
    """``score`` or ``preference``."""
    subject: str
    """Id of the condition or the pair."""
    value: int


@dataclass(frozen=True, slots=True)
class ScoreFigures:
    """The scores of one condition."""

    condition: str
    name: str
    n: int
    mean: float | None
    low: float | None
    high: float | None
    """Bounds of the mean's interval (Student's t); None below two scores."""


@dataclass(frozen=True, slots=True)
class PreferenceFigures:
    """The choices between two conditions."""

    pair: str
    a: str
    b: str
    prefer_a: int
    prefer_b: int
    same: int
    share_b: float | None
    low: float | None
    high: float | None
    """Share that took the second where one was taken, and its Wilson interval; None where none was."""


def score_figures(plan: Audition, judgements: Iterable[Judgement]) -> list[ScoreFigures]:
    """One row for each condition that is rated by itself, in the plan's order."""
    values: dict[str, list[int]] = {name: [] for name in plan.singles}
    for one in judgements:
        if one.kind == "score" and one.subject in values:
            values[one.subject].append(one.value)
    return [_scores(name, plan.conditions[name].name, found) for name, found in values.items()]


def preference_figures(plan: Audition, judgements: Iterable[Judgement]) -> list[PreferenceFigures]:
    """One row for each pair, in the plan's order."""
    counts: dict[str, Counter[int]] = {name: Counter() for name in plan.pairs}
    for one in judgements:
        if one.kind == "preference" and one.subject in counts:
            counts[one.subject][one.value] += 1
    return [_preferences(plan, name, found) for name, found in counts.items()]


def _scores(condition: str, name: str, values: list[int]) -> ScoreFigures:
    n = len(values)
    if n < 2:
        return ScoreFigures(condition, name, n, float(values[0]) if values else None, None, None)
    mean = sum(values) / n
    spread: Any = stats.sem(values)
    if spread == 0:
        return ScoreFigures(condition, name, n, mean, mean, mean)
    low, high = stats.t.interval(CONFIDENCE, n - 1, loc=mean, scale=spread)
    return ScoreFigures(condition, name, n, mean, max(1.0, float(low)), min(5.0, float(high)))


def _preferences(plan: Audition, pair: str, counts: Counter[int]) -> PreferenceFigures:
    a, b = (plan.conditions[one].name for one in plan.pairs[pair])
    first, second, same = counts[-1], counts[1], counts[0]
    decided = first + second
    if not decided:
        return PreferenceFigures(pair, a, b, first, second, same, None, None, None)
    found = stats.binomtest(second, decided).proportion_ci(CONFIDENCE, method="wilson")
    return PreferenceFigures(
        pair, a, b, first, second, same, second / decided, float(found.low), float(found.high)
    )
