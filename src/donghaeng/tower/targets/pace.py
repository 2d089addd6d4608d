"""Where a count stands on its way to a goal: pace line, forecast with an interval, score of a survey. Pure.

The forecast takes the weeks so far as a sample of the weeks to come: their mean and spread, and the doubt
about the mean itself; the sum of the coming weeks is taken as a
gamma variable of that mean and variance (moment matching). It knows of no seasons.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import gamma, t

from donghaeng.tower.targets.definition import Survey, SurveyDimension

FEWEST_WEEKS: Final = 4
"""Whole weeks from which on a forecast is made."""
MOST_WEEKS: Final = 26
"""The newest that are looked at."""
LEVEL: Final = 0.95
LAGS: Final = 2
Floats = NDArray[np.float64]
_RULE_OF_THREE: Final = 3.0
Standing = Literal["reached", "on_pace", "behind", "not_begun"]


@dataclass(frozen=True, slots=True)
class Forecast:
    """The count at the year's end."""

    value: float
    low: float
    high: float
    chance: float
    """Of reaching the goal."""


@dataclass(frozen=True, slots=True)
class Pace:
    """One target on one day."""

    total: float
    goal: float
    due_today: float
    """What an even pace would have by the end of today."""
    standing: Standing
    forecast: Forecast | None
    """None where too few weeks have passed, or the year is over."""
    line: tuple[tuple[date, float, float], ...]
    """Month's ends and today: day, count so far, even pace."""


@dataclass(frozen=True, slots=True)
class Score:
    """A survey's score, 0 to 100."""

    value: float
    low: float
    high: float
    answers: int
    dimensions: tuple[tuple[str, float], ...]


def pace(counts: Mapping[date, int], goal: float, begins: date, ends: date, today: date) -> Pace:
    """How a count stands.

    Args:
        counts: new ones by day; days outside the year do not count.
        goal: to be reached by the end of ``ends``.
        begins: first day.
        ends: last day.
        today: the day up to whose end is counted.
    """
    last = min(max(today, begins), ends)
    own = {day: count for day, count in counts.items() if begins <= day <= last}
    total = float(sum(own.values())) if today >= begins else 0.0
    days = (ends - begins).days + 1
    due = goal * ((last - begins).days + 1) / days if today >= begins else 0.0
    forecast = _forecast(own, goal, begins, ends, today) if begins <= today < ends else None
    return Pace(
        total,
        goal,
        due,
        _standing(total, goal, due, today >= begins),
        forecast,
        _line(own, goal, begins, ends, last),
    )


def _standing(total: float, goal: float, due: float, begun: bool) -> Standing:
    if not begun:
        return "not_begun"
    if total >= goal:
        return "reached"
    return "on_pace" if total >= due else "behind"


def _forecast(
    counts: Mapping[date, int], goal: float, begins: date, ends: date, today: date
) -> Forecast | None:
    whole = min(((today - begins).days + 1) // 7, MOST_WEEKS)
    if whole < FEWEST_WEEKS:
        return None
    first = today - timedelta(days=7 * whole - 1)
    weeks = np.zeros(whole)
    for day, count in counts.items():
        if day >= first:
            weeks[(day - first).days // 7] += count
    left = (ends - today).days / 7
    mean = float(weeks.mean())
    total = float(sum(counts.values()))
    if mean == 0:
        # Of a rate of which nothing was seen in k weeks, 3/k is the bound at 95 %.
        most = left * _RULE_OF_THREE / whole
        return Forecast(total, total, total + most, float(total >= goal))
    spread = _spread(weeks)
    expected, variance = mean * left, spread * left + spread / whole * left**2
    shape, scale = expected**2 / variance, variance / expected
    tail = (1 - LEVEL) / 2
    return Forecast(
        total + expected,
        total + float(gamma.ppf(tail, shape, scale=scale)),
        total + float(gamma.ppf(1 - tail, shape, scale=scale)),
        1.0 if total >= goal else float(gamma.sf(goal - total, shape, scale=scale)),
    )


def _spread(weeks: Floats) -> float:
    """Variance that a week adds to a sum of weeks: with what neighbouring weeks have in common (Newey and
    West, "A simple, positive semi-definite … covariance matrix", 1987, two lags), never below a Poisson
    count's, and wider where few weeks told it (variance of Student's t)."""
    count = len(weeks)
    away = weeks - weeks.mean()
    shared = [2 * (1 - lag / (LAGS + 1)) * float(away[lag:] @ away[:-lag]) for lag in range(1, LAGS + 1)]
    variance = (float(away @ away) + max(sum(shared), 0.0)) / (count - 1)
    return max(variance, float(weeks.mean())) * (count - 1) / (count - 3)


def _line(
    counts: Mapping[date, int], goal: float, begins: date, ends: date, last: date
) -> tuple[tuple[date, float, float], ...]:
    days = (ends - begins).days + 1
    marks = [day for day in _month_ends(begins, ends) if day < last] + [last]
    ordered = sorted(counts.items())
    found = []
    for mark in marks:
        so_far = float(sum(count for day, count in ordered if day <= mark))
        found.append((mark, so_far, goal * ((mark - begins).days + 1) / days))
    return tuple(found)


def _month_ends(begins: date, ends: date) -> list[date]:
    found = []
    month = begins.replace(day=1)
    while month <= ends:
        month = (month + timedelta(days=32)).replace(day=1)
        if begins <= month - timedelta(days=1) <= ends:
            found.append(month - timedelta(days=1))
    return found


def score(survey: Survey, answers: Sequence[Mapping[str, int]]) -> Score | None:
    """The score of a survey with a t interval over respondents; None below the fewest answers.

    A respondent counts whose every dimension has enough of its items rated; the scale's ends are 0 and 100.
    """
    rows = [row for row in (_of_one(survey, one) for one in answers) if row is not None]
    if len(rows) < survey.fewest_answers:
        return None
    weights = np.array([dimension.weight for dimension in survey.dimensions])
    every = np.array(rows)
    totals = every @ weights / weights.sum()
    half = float(t.ppf((1 + LEVEL) / 2, len(rows) - 1)) * float(totals.std(ddof=1)) / math.sqrt(len(rows))
    mean = float(totals.mean())
    names = [dimension.name for dimension in survey.dimensions]
    return Score(
        mean,
        max(0.0, mean - half),
        min(100.0, mean + half),
        len(rows),
        tuple(zip(names, (float(value) for value in every.mean(axis=0)), strict=True)),
    )


def _of_one(survey: Survey, answers: Mapping[str, int]) -> list[float] | None:
    found = [_of_dimension(survey, dimension, answers) for dimension in survey.dimensions]
    return [value for value in found if value is not None] if None not in found else None


def _of_dimension(survey: Survey, dimension: SurveyDimension, answers: Mapping[str, int]) -> float | None:
    rated = [
        survey.most + survey.least - answers[item.id] if item.reversed else answers[item.id]
        for item in dimension.items
        if item.id in answers
    ]
    if len(rated) < survey.answered_share * len(dimension.items):
        return None
    return 100 * (sum(rated) / len(rated) - survey.least) / (survey.most - survey.least)
