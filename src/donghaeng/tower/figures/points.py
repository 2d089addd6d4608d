"""What another system reports, checked row by row: pure."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from donghaeng.tower.figures.definitions import BUCKET, COUNTED, DIMENSIONS, MEASURED
from donghaeng.tower.figures.folding import ALL, Cell, hour_of
from donghaeng.tower.figures.sketch import bucket
from donghaeng.trust.masking import mask

MOST_POINTS: Final = 5_000
MOST_SKEW: Final = timedelta(minutes=5)
"""A clock that is further off than this is not believed: its hours would be wrong."""
OLDEST: Final = timedelta(days=31)
MOST_VALUE: Final = 1e9
_KEY: Final = re.compile(r"^[\w가-힣][\w가-힣 .:/-]{0,63}$")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not counted; ``row`` counts from 0."""

    row: int
    why: str


@dataclass(slots=True)
class Taken:
    """What came of the rows."""

    cells: defaultdict[Cell, float] = field(default_factory=lambda: defaultdict(float))
    accepted: int = 0
    refused: list[Refusal] = field(default_factory=list)


def take(points: Sequence[Any], now: datetime, allowed: Collection[str] = ()) -> Taken:
    """Count the rows that are right, and say of each other one what is wrong with it.

    Args:
        points: JSON values.
        now: the tower's clock.
        allowed: names of metrics that may be reported; every one where empty.
    """
    taken = Taken()
    for row, point in enumerate(points):
        try:
            cell, value = _cell(point, now, allowed)
        except ValueError as error:
            taken.refused.append(Refusal(row, str(error)))
            continue
        taken.cells[cell] += value
        taken.accepted += 1
    return taken


def _cell(point: Any, now: datetime, allowed: Collection[str]) -> tuple[Cell, float]:
    if not isinstance(point, Mapping):
        raise ValueError("a point is an object")
    unknown = sorted(set(point) - {"metric", "at", "value", "count", "dimension", "key"})
    if unknown:
        raise ValueError("unknown members; a point has metric, at, value, count, dimension, key")
    metric = point.get("metric")
    if not isinstance(metric, str) or metric not in COUNTED | MEASURED:
        raise ValueError(f"metric: one of {', '.join(sorted(COUNTED | MEASURED))}")
    if allowed and metric not in allowed:
        raise ValueError("metric: the token may not report it")
    hour = hour_of(moment(point.get("at"), now))
    value, count = _number(point, "value"), _number(point, "count") if "count" in point else 1.0
    if metric in MEASURED:
        if "dimension" in point or "key" in point:
            raise ValueError("dimension: a measured value is not cut")
        return Cell(hour, metric, BUCKET, bucket(value)), count
    if "count" in point:
        raise ValueError("count: only a measured value has one")
    return Cell(hour, metric, *_cut(point)), value


def _cut(point: Mapping[str, Any]) -> tuple[str, str]:
    dimension, key = point.get("dimension", ALL), point.get("key", "")
    if dimension not in DIMENSIONS or dimension == BUCKET:
        raise ValueError(f"dimension: one of {', '.join(one for one in DIMENSIONS if one != BUCKET)}")
    if dimension == ALL:
        if key != "":
            raise ValueError("key: none where the dimension is all")
        return ALL, ""
    return str(dimension), checked_key(key)


def checked_key(key: Any) -> str:
    """A value of a dimension: a short name that holds nothing personal.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(key, str) or not _KEY.match(key):
        raise ValueError("key: a name of 1 to 64 letters, digits and . : / -")
    if mask(key).text != key or sum(char.isdecimal() for char in key) > 8:
        raise ValueError("key: it looks like personal data")
    return key


def moment(given: Any, now: datetime) -> datetime:
    """When something was counted.

    Raises:
        ValueError: no moment, one without an offset, in the future, or too long ago.
    """
    if not isinstance(given, str):
        raise ValueError("at: an ISO 8601 moment with its offset")
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise ValueError("at: an ISO 8601 moment with its offset") from None
    if at.tzinfo is None:
        raise ValueError("at: the offset is missing, as in +09:00")
    try:
        at = at.astimezone(UTC)
    except OverflowError:
        raise ValueError("at: no moment of this calendar") from None
    if at > now + MOST_SKEW:
        raise ValueError(f"at: in the future by {_seconds(at - now)} seconds")
    if at < now - OLDEST:
        raise ValueError(f"at: more than {OLDEST.days} days ago")
    return at


def _number(point: Mapping[str, Any], name: str) -> float:
    value = point.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name}: a number")
    if not 0 <= value <= MOST_VALUE or math.isnan(value):
        raise ValueError(f"{name}: from 0 to {MOST_VALUE:.0f}")
    return float(value)


def _seconds(span: timedelta) -> int:
    return int(min(span.total_seconds(), 1e12))
