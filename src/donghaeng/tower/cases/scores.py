"""How good a forecast of yes and no is: Brier score, reliability, bootstrap interval. Pure.

Brier, "Verification of forecasts expressed in terms of probability" (1950); Bröcker and Smith, "Increasing
the reliability of reliability diagrams" (2007): bins of equal numbers, an interval for each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gain:
    """By how much one forecast beats another, with a bootstrap interval."""

    value: float
    low: float
    high: float

    @property
    def is_certain(self) -> bool:
        """Whether the interval lies above zero."""
        return self.low > 0


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts of about one height, and what came."""

    forecast: float
    """Their mean."""
    observed: float
    """The share that came true."""
    low: float
    high: float
    """Clopper-Pearson interval of the share."""
    count: int

    @property
    def covers(self) -> bool:
        """Whether the forecast lies within the interval of what came."""
        return self.low <= self.forecast <= self.high


def brier(forecast: Floats, came: Floats, weight: Floats | None = None) -> float:
    """Mean squared distance between probability and outcome; 0 is perfect.

    Args:
        forecast: probabilities.
        came: the share of each row's cases that came true, 0 to 1.
        weight: cases of each row; 1 where left out.
    """
    count = np.ones_like(forecast) if weight is None else weight
    # A row of n cases of which k came true has k times (p - 1)² and n - k times p².
    each = came * (1 - forecast) ** 2 + (1 - came) * forecast**2
    return float(np.sum(each * count) / np.sum(count))


def gain_in_brier(
    better: Floats,
    baseline: Floats,
    came: Floats,
    groups: NDArray[np.int64],
    rng: np.random.Generator,
    *,
    weight: Floats | None = None,
    rounds: int = 1_000,
    level: float = 0.95,
) -> Gain:
    """Brier score of ``baseline`` less that of ``better``, with a percentile bootstrap over ``groups``.

    Args:
        better: the forecasts that are to win.
        baseline: the forecasts to beat.
        came: the share of each row's cases that came true.
        groups: what is drawn together, so that rows of one day or district do not count as independent.
        rng: chance of the bootstrap.
        weight: cases of each row; 1 where left out.
        rounds: resamples.
        level: of the interval.
    """
    count = np.ones_like(better) if weight is None else weight
    loss = (came * ((1 - baseline) ** 2 - (1 - better) ** 2)) + ((1 - came) * (baseline**2 - better**2))
    _, place = np.unique(groups, return_inverse=True)
    number = int(place.max()) + 1
    sums = np.bincount(place, weights=loss * count, minlength=number)
    counts = np.bincount(place, weights=count, minlength=number)
    drawn = rng.integers(0, number, size=(rounds, number))
    spread = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(spread, [(1 - level) / 2, (1 + level) / 2])
    return Gain(float(sums.sum() / counts.sum()), float(low), float(high))


def reliability(
    forecast: Floats, came: Floats, weight: Floats | None = None, *, bins: int = 10, level: float = 0.95
) -> list[Bin]:
    """Forecasts in bins of equal numbers of expected events, against what came.

    Rare events would leave most bins of equal numbers of cases empty, so bins hold equal shares of the
    expected ones.
    """
    count = np.ones_like(forecast) if weight is None else weight
    order = np.argsort(forecast, kind="stable")
    sorted_forecast, sorted_came, sorted_count = forecast[order], came[order], count[order]
    expected = np.cumsum(sorted_forecast * sorted_count)
    if not len(expected) or expected[-1] <= 0:
        return []
    edges = np.searchsorted(expected, expected[-1] * np.arange(1, bins) / bins, side="left")
    found = []
    for part in np.split(np.arange(len(expected)), np.unique(edges)):
        cases = float(sorted_count[part].sum()) if len(part) else 0.0
        if cases <= 0:
            continue
        mean = float((sorted_forecast[part] * sorted_count[part]).sum() / cases)
        events = float((sorted_came[part] * sorted_count[part]).sum())
        low, high = share_interval(events, cases, level)
        found.append(Bin(mean, events / cases, low, high, round(cases)))
    return found


def share_interval(events: float, cases: float, level: float = 0.95) -> tuple[float, float]:
    """Clopper-Pearson interval of a share."""
    tail = (1 - level) / 2
    low = 0.0 if events <= 0 else float(beta.ppf(tail, events, cases - events + 1))
    high = 1.0 if events >= cases else float(beta.ppf(1 - tail, events + 1, cases - events))
    return low, high


def calibration_error(bins: list[Bin]) -> float:
    """Mean distance between forecast and observed share relative to the forecast, weighted by expected
    events: 0 where every bin says what came."""
    expected = np.array([one.forecast * one.count for one in bins])
    observed = np.array([one.observed * one.count for one in bins])
    return float(np.abs(expected - observed).sum() / max(expected.sum(), 1e-12))
