"""What a page, a file or a report shows of a range of days: figures, courses and groups, with the period
before beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from donghaeng.errors import InputError
from donghaeng.store import figures
from donghaeng.store.figures import OWN, Sum
from donghaeng.store.store import Transaction
from donghaeng.tower.figures.definitions import BUCKET, Definitions, Metric
from donghaeng.tower.figures.folding import ALL
from donghaeng.tower.figures.telling import Point
from donghaeng.tower.figures.values import POINTING, basis_of, hidden, value_of

BEFORE: Final = "앞 기간"
CHOSEN: Final = "견줄 기간"
LONGEST: Final = 1100
"""Days of a range: three years."""
MONTHS_FROM: Final = 93
"""Days from which on a course is drawn by month instead of by day."""
NAMES: Final[Mapping[str, str]] = {
    "channel": "통로",
    "district": "자치구",
    "service": "서비스",
    "cohort": "말하기 방식",
    "provider": "연결 기관",
    "hour": "시간대",
}
"""Korean names of what figures are cut by."""


@dataclass(frozen=True, slots=True)
class Range:
    """Days of the city's clock, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InputError(f"the range ends on {self.last}, before it begins on {self.first}")
        if self.days > LONGEST:
            raise InputError(f"the range has {self.days} days; {LONGEST} at most")

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Range:
        """The range of the same length that ends the day before."""
        return Range(self.first - timedelta(self.days), self.first - timedelta(1))


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure of a range, and of the one before."""

    metric: Metric
    value: float | None
    before: float | None
    basis: float
    """Of how many it tells."""


@dataclass(frozen=True, slots=True)
class Series:
    """One chart: a metric over days or months, or over the values of a dimension."""

    metric: Metric
    dimension: str
    """``day``, ``month``, ``hour`` or what figures are cut by."""
    points: tuple[Point, ...]
    before: tuple[Point, ...] = ()
    """The period that it is compared with, for a course; as many points."""
    than: str = BEFORE
    """What that period is called."""


Counts = dict[str, float]
Sketches = dict[str, Counts]


def overview(
    tx: Transaction,
    definitions: Definitions,
    wanted: Range,
    *,
    against: Range | None = None,
    system: str = OWN,
) -> list[Shown]:
    """Every figure, beside that of another range: the one before, or ``against``. Where
    that has another number of days, its counts are brought to as many."""
    other = against or wanted.before
    now, before = (_totals(tx, definitions.metrics, each, system) for each in (wanted, other))
    return [
        Shown(
            metric,
            value_of(metric, *now),
            _per_days(metric, value_of(metric, *before), wanted.days / other.days),
            basis_of(metric, *now),
        )
        for metric in definitions.metrics
    ]


def _per_days(metric: Metric, value: float | None, times: float) -> float | None:
    return value * times if value is not None and metric.formula.kind == "count" else value


def course(
    tx: Transaction, metric: Metric, wanted: Range, *, against: Range | None = None, system: str = OWN
) -> Series:
    """A metric day by day, or month by month where the range is long; with the period before, or ``against``,
    from its first day or month on."""
    monthly = wanted.days > MONTHS_FROM
    label = _month if monthly else _day
    points = _course(tx, metric, wanted, label, system)
    before = _course(tx, metric, against or wanted.before, label, system)[: len(points)]
    # A shorter period ends in points of which nothing is known.
    before += (Point("", None),) * (len(points) - len(before))
    than = BEFORE if against is None else CHOSEN
    return Series(metric, "month" if monthly else "day", points, before, than)


def groups(
    tx: Transaction,
    metric: Metric,
    dimension: str,
    wanted: Range,
    *,
    names: Mapping[str, str] | None = None,
    system: str = OWN,
) -> Series:
    """A metric for each value of a dimension, the largest first; small groups are hidden where their name
    could point at a person.

    Raises:
        InputError: the dimension is unknown, or the metric is not counted by it.
    """
    if dimension == "hour":
        return _by_hour(tx, metric, wanted, system)
    if dimension not in NAMES:
        raise InputError(f"figures are not cut by {dimension}", remedy=f"one of {', '.join(NAMES)}")
    if metric.formula.kind == "quantile":
        raise InputError(f"{metric.id} is not cut by {dimension}")
    found: defaultdict[str, Counts] = defaultdict(dict)
    for one in _sums(tx, metric, wanted, [dimension], system):
        found[one.key][one.metric] = one.value
    values = {key: value_of(metric, counts, {}) for key, counts in found.items()}
    veiled = _veiled(metric, dimension, found)
    shown = names or {}
    points = [
        Point(shown.get(key, key), None if key in veiled else value, key in veiled)
        for key, value in values.items()
        if value is not None
    ]
    points.sort(key=lambda point: (point.hidden, -(point.value or 0.0), point.name))
    return Series(metric, dimension, tuple(points))


def _veiled(metric: Metric, dimension: str, found: Mapping[str, Counts]) -> frozenset[str]:
    """Keys whose counts are too small, either what a share is of, or what it counts there."""
    if dimension not in POINTING:
        return frozenset()
    parts = [{key: counts.get(part, 0.0) for key, counts in found.items()} for part in metric.formula.parts]
    return frozenset().union(*(hidden(sizes) for sizes in parts))


def _by_hour(tx: Transaction, metric: Metric, wanted: Range, system: str) -> Series:
    if metric.formula.kind == "quantile":
        raise InputError(f"{metric.id} is not cut by hour")
    parts = {
        part: figures.by_hour(tx, part, wanted.first, wanted.last, system=system)
        for part in metric.formula.parts
    }
    points = [
        Point(f"{hour}시", value_of(metric, {part: hours[hour] for part, hours in parts.items()}, {}))
        for hour in range(24)
    ]
    return Series(metric, "hour", tuple(points))


def _course(
    tx: Transaction, metric: Metric, wanted: Range, label: Callable[[date], str], system: str
) -> tuple[Point, ...]:
    quantile = metric.formula.kind == "quantile"
    counts: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for one in _sums(tx, metric, wanted, [BUCKET if quantile else ALL], system, by_day=True):
        assert one.day is not None
        counts[label(one.day)][one.key if quantile else one.metric] += one.value
    names = dict.fromkeys(label(wanted.first + timedelta(n)) for n in range(wanted.days))
    found = []
    for name in names:
        here = counts[name]
        value = value_of(metric, {}, {metric.formula.of: here}) if quantile else value_of(metric, here, {})
        found.append(Point(name, value))
    return tuple(found)


def _sums(
    tx: Transaction,
    metric: Metric,
    wanted: Range,
    dimensions: Sequence[str],
    system: str,
    *,
    by_day: bool = False,
) -> list[Sum]:
    parts = metric.formula.parts
    return figures.sums(
        tx, parts, wanted.first, wanted.last, dimensions=dimensions, by_day=by_day, system=system
    )


def _totals(
    tx: Transaction, metrics: Sequence[Metric], wanted: Range, system: str
) -> tuple[Counts, Sketches]:
    parts = {part for metric in metrics for part in metric.formula.parts}
    found = figures.sums(tx, parts, wanted.first, wanted.last, dimensions=(ALL, BUCKET), system=system)
    return split(found)


def split(found: Sequence[Sum]) -> tuple[Counts, Sketches]:
    """Counts of ``all`` by name, and sketches by name."""
    counts: Counts = {}
    sketches: Sketches = {}
    for one in found:
        if one.dimension == ALL:
            counts[one.metric] = one.value
        elif one.dimension == BUCKET:
            sketches.setdefault(one.metric, {})[one.key] = one.value
    return counts, sketches


def _day(day: date) -> str:
    return f"{day.month}월 {day.day}일"


def _month(day: date) -> str:
    return f"{day.year}년 {day.month}월"


_PEOPLE: Final = frozenset({"channel", "district", "cohort", "hour"})
_CUTS: Final[Mapping[str, frozenset[str]]] = {
    "emergencies": _PEOPLE,
    "joined": frozenset({"channel", "hour"}),
    "calls": _PEOPLE | {"service", "provider"},
    "calls_failed": _PEOPLE | {"service", "provider"},
}


def cuts_of(metric: Metric) -> tuple[str, ...]:
    """What a metric is cut by; nothing where it is a quantile."""
    if metric.formula.kind == "quantile":
        return ()
    possible = [_CUTS.get(part, _PEOPLE | {"service"}) for part in metric.formula.parts]
    return tuple(name for name in NAMES if all(name in each for each in possible))
