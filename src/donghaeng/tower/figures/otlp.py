"""Metrics in OTLP/HTTP's JSON (OpenTelemetry protocol 1, ``ExportMetricsServiceRequest``) as rows of a feed.

Sums and histograms are taken. What a cumulative counter stood at before is remembered, so that the same
report, sent twice, adds once; a counter that began anew counts from nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from donghaeng.tower.figures.definitions import DIMENSIONS

CUMULATIVE: Final = frozenset({2, "2", "AGGREGATION_TEMPORALITY_CUMULATIVE"})
DELTA: Final = frozenset({1, "1", "AGGREGATION_TEMPORALITY_DELTA"})
_CUTS: Final = frozenset(DIMENSIONS) - {"all", "bucket"}
_MOST_BOUNDS: Final = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """One data point."""

    metric: str
    cuts: Mapping[str, str]
    began: int
    at: int
    """Nanoseconds since 1970."""
    values: tuple[float, ...]
    """One of a sum; counts by bucket of a histogram."""
    stands_for: tuple[float, ...] = ()
    """What each bucket of a histogram stands for; empty for a sum."""
    cumulative: bool = False
    source: str = ""
    """Which instance reports, so that two of them are two counters."""

    @property
    def series(self) -> str:
        """The counter that it belongs to, as a short hash."""
        named = [self.source, self.metric, sorted(self.cuts.items()), self.stands_for]
        return hashlib.sha256(json.dumps(named, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Stood:
    """What a cumulative counter stood at."""

    began: int
    at: int
    values: tuple[float, ...]


def readings(document: Any) -> list[Reading | str]:
    """Every data point of a request, or what is wrong with it, in order.

    Raises:
        ValueError: the document is no such request.
    """
    found: list[Reading | str] = []
    for resource in _list(document, "resourceMetrics"):
        source = _attributes(resource.get("resource", {})).get("service.instance.id", "")
        for scope in _list(resource, "scopeMetrics"):
            for metric in _list(scope, "metrics"):
                found.extend(_of_metric(metric, source))
    return found


def since(reading: Reading, stood: Stood | None) -> tuple[float, ...]:
    """What a reading adds to what its counter stood at; nothing where it is no newer."""
    if not reading.cumulative or stood is None:
        return reading.values
    if reading.at <= stood.at:
        return (0.0,) * len(reading.values)
    anew = reading.began > stood.began or len(stood.values) != len(reading.values)
    if anew or any(new < old for new, old in zip(reading.values, stood.values, strict=True)):
        return reading.values
    return tuple(new - old for new, old in zip(reading.values, stood.values, strict=True))


def points_of(reading: Reading, values: Sequence[float]) -> Iterator[dict[str, Any]]:
    """A reading as rows of the JSON feed."""
    at = datetime.fromtimestamp(reading.at / 1e9, UTC).isoformat()
    if reading.stands_for:
        for value, count in zip(reading.stands_for, values, strict=True):
            if count:
                yield {"metric": reading.metric, "at": at, "value": value, "count": count}
        return
    yield {"metric": reading.metric, "at": at, "value": values[0]}
    for dimension, key in reading.cuts.items():
        yield {"metric": reading.metric, "at": at, "value": values[0], "dimension": dimension, "key": key}


def _of_metric(metric: Mapping[str, Any], source: str) -> Iterator[Reading | str]:
    name = str(metric.get("name", "")).removeprefix("donghaeng.").replace(".", "_")
    for kind in ("sum", "histogram"):
        if kind in metric:
            data = metric[kind]
            if not isinstance(data, Mapping):
                raise ValueError(f"{kind} is an object")
            for point in _list(data, "dataPoints"):
                yield _read(name, data, point, kind, source)
            return
    yield "only sums and histograms are taken"


def _read(
    name: str, data: Mapping[str, Any], point: Mapping[str, Any], kind: str, source: str
) -> Reading | str:
    temporality = data.get("aggregationTemporality")
    if not isinstance(temporality, int | str) or temporality not in CUMULATIVE | DELTA:
        return "aggregationTemporality: delta (1) or cumulative (2)"
    if kind == "sum" and data.get("isMonotonic") is not True:
        return "a sum that can fall is no count"
    try:
        values, stands_for = _sum(point) if kind == "sum" else _histogram(point)
        cuts = {key: value for key, value in _attributes(point).items() if key in _CUTS}
        began, at = int(point.get("startTimeUnixNano", 0)), int(point["timeUnixNano"])
        if not 0 < at < 10**19:
            return "timeUnixNano: nanoseconds since 1970"
        datetime.fromtimestamp(at / 1e9, UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return "a value or a time is absent or no number"
    return Reading(name, cuts, began, at, values, stands_for, temporality in CUMULATIVE, source)


def _sum(point: Mapping[str, Any]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    given = point["asInt"] if "asInt" in point else point["asDouble"]
    return (float(given),), ()


def _histogram(point: Mapping[str, Any]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Counts by bucket, and the middle of each; of the last, which has no end, its beginning."""
    counts = tuple(float(count) for count in point["bucketCounts"])
    bounds = [float(bound) for bound in point["explicitBounds"]]
    if len(counts) != len(bounds) + 1 or len(bounds) > _MOST_BOUNDS or sorted(bounds) != bounds or not bounds:
        raise ValueError("bounds")
    starts = [0.0, *bounds]
    middles = [(max(0.0, start) + max(0.0, end)) / 2 for start, end in zip(starts, bounds, strict=False)]
    return counts, (*middles, max(0.0, bounds[-1]))


def _attributes(holder: Any) -> dict[str, str]:
    found = {}
    for one in _list(holder, "attributes"):
        value = one.get("value")
        if isinstance(value, Mapping) and isinstance(value.get("stringValue"), str):
            found[str(one.get("key"))] = value["stringValue"]
    return found


def _list(holder: Any, name: str) -> list[Mapping[str, Any]]:
    if not isinstance(holder, Mapping):
        raise ValueError(f"what holds {name} is an object")
    found = holder.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise ValueError(f"{name} is a list of objects")
    return found
