"""Figures from counts, small groups hidden, and how a value is written. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from donghaeng.tower.figures.definitions import Metric
from donghaeng.tower.figures.sketch import quantile

FEWEST: Final = 5
"""Below so many a group is hidden where its name could point at a person."""
POINTING: Final = frozenset({"district", "cohort"})
HIDDEN: Final = f"{FEWEST} 미만"
NOTHING: Final = "없음"
_TEN_THOUSAND: Final = 10_000


def value_of(
    metric: Metric, counts: Mapping[str, float], sketches: Mapping[str, Mapping[str, float]]
) -> float | None:
    """The figure: a count, a share from 0 to 1, or a value of the sketch; None where nothing was counted that
    it could be of.

    Args:
        metric: which.
        counts: by name of the count.
        sketches: by name of the distribution, counts by bucket.
    """
    formula = metric.formula
    if formula.kind == "count":
        return counts.get(formula.of, 0.0)
    if formula.kind == "quantile":
        return quantile(sketches.get(formula.of, {}), formula.share or 0.5)
    whole = counts.get(formula.per or "", 0.0)
    return None if whole <= 0 else max(0.0, counts.get(formula.of, 0.0)) / whole


def basis_of(
    metric: Metric, counts: Mapping[str, float], sketches: Mapping[str, Mapping[str, float]]
) -> float:
    """Of how many the figure tells."""
    formula = metric.formula
    if formula.kind == "quantile":
        return sum(sketches.get(formula.of, {}).values())
    return counts.get(formula.per or formula.of, 0.0)


def hidden(sizes: Mapping[str, float], *, total_is_known: bool = True) -> frozenset[str]:
    """Which groups may not be shown: those of fewer than :data:`FEWEST`, and, where exactly one is hidden
    that anybody could find as what is missing from the total, the next smallest too."""
    small = {key for key, size in sizes.items() if 0 < size < FEWEST}
    if len(small) == 1 and total_is_known:
        others = [(size, key) for key, size in sizes.items() if key not in small and size > 0]
        small |= {min(others)[1]} if others else set()
    return frozenset(small)


def written(metric: Metric, value: float | None) -> str:
    """A value as it is written in a table: ``1만 2,345건``, ``87.3%``, ``1.8초``."""
    if value is None:
        return NOTHING
    if metric.is_share:
        return f"{value * 100:.1f}%"
    if metric.unit == "초":
        return f"{value:.1f}초" if value < 100 else f"{value:,.0f}초"
    return f"{number(value)}{metric.unit}"


def number(value: float) -> str:
    """A count in Korean writing, by ten thousands."""
    whole = round(value)
    high, low = divmod(abs(whole), _TEN_THOUSAND)
    sign = "-" if whole < 0 else ""
    if not high:
        return f"{sign}{low:,}"
    return f"{sign}{high:,}만 {low:,}" if low else f"{sign}{high:,}만"
