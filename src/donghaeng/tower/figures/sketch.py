"""A mergeable sketch of a distribution: counts in buckets whose bounds grow by one factor.

As in DDSketch (Masson, Rim and Lee, 2019): a quantile is off by at most :data:`RELATIVE_ERROR` of itself, and
two sketches are added by adding their counts, so hours make a day and processes make a system.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

RELATIVE_ERROR: Final = 0.05
GAMMA: Final = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
SMALLEST: Final = 0.001
"""What is less counts as nothing; a millisecond, or a thousandth of a share."""
LARGEST: Final = 1e7
ZERO: Final = "zero"
_FIRST: Final = math.ceil(math.log(SMALLEST, GAMMA))
_LAST: Final = math.ceil(math.log(LARGEST, GAMMA))


def bucket(value: float) -> str:
    """The name of the bucket of a value ≥ 0: its number, or ``zero``.

    Raises:
        ValueError: the value is negative or no number.
    """
    if not value >= 0 or math.isinf(value):
        raise ValueError("a sketch takes finite values from 0")
    if value <= SMALLEST:
        return ZERO
    return str(min(_LAST, math.ceil(math.log(value, GAMMA))))


def value_of(name: str) -> float:
    """The value that stands for a bucket: off by :data:`RELATIVE_ERROR` at most.

    Raises:
        ValueError: there is no such bucket.
    """
    if name == ZERO:
        return 0.0
    number = int(name)
    if not _FIRST <= number <= _LAST:
        raise ValueError(f"no bucket {number}")
    return 2 * GAMMA**number / (GAMMA + 1)


def quantile(counts: Mapping[str, float], share: float) -> float | None:
    """The value that ``share`` (0 to 1) of all values do not exceed; None where there are none."""
    ordered = sorted((value_of(name), count) for name, count in counts.items() if count > 0)
    total = sum(count for _, count in ordered)
    if not total:
        return None
    wanted, below = share * total, 0.0
    for value, count in ordered:
        below += count
        if below >= wanted:
            return value
    return ordered[-1][0]
