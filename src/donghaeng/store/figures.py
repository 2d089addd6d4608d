"""Figures by hour and day: adding to them, and reading sums back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Table, and_, func, select
from sqlalchemy.dialects import postgresql, sqlite

from donghaeng.store.figures_tables import figures_days, figures_hours, figures_positions
from donghaeng.store.store import Transaction
from donghaeng.store.upserts import put

OWN: Final = "donghaeng"
"""The system that these figures are of where it is this one."""
CITY_TIME: Final = timezone(timedelta(hours=9))
"""Korea's clocks: no summer time since 1988."""

Place = tuple[datetime, str, str, str]
"""Hour (UTC), metric, dimension, key."""

P = TypeVar("P", bound=Place)

_INSERTS = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


@dataclass(frozen=True, slots=True)
class Sum:
    """One sum: of a metric, for a value of a dimension, perhaps of one day."""

    metric: str
    dimension: str
    key: str
    value: float
    day: date | None = None


def add(tx: Transaction, cells: Mapping[P, float], *, system: str = OWN) -> None:
    """Add to the hours and to their days. In one order everywhere, so that two processes that add at once
    wait for each other instead of for ever."""
    days: defaultdict[tuple[date, str, str, str], float] = defaultdict(float)
    for (hour, *rest), value in cells.items():
        metric, dimension, key = rest
        days[hour.astimezone(CITY_TIME).date(), metric, dimension, key] += value
    _upsert(tx, figures_hours, "hour", cells.items(), system)
    _upsert(tx, figures_days, "day", days.items(), system)


def _upsert(
    tx: Transaction, table: Table, time: str, cells: Iterable[tuple[Any, float]], system: str
) -> None:
    rows = [
        {"system": system, "metric": metric, "dimension": dimension, "key": key, time: at, "value": value}
        for (at, metric, dimension, key), value in cells
        if value
    ]
    if not rows:
        return
    rows.sort(key=lambda row: (row["metric"], row["dimension"], row["key"], row[time]))
    statement: Any = _INSERTS[tx.connection.dialect.name](table)
    key = ["system", "metric", "dimension", "key", time]
    more = {"value": table.c.value + statement.excluded.value}
    tx.connection.execute(statement.on_conflict_do_update(index_elements=key, set_=more), rows)


def sums(
    tx: Transaction,
    metrics: Collection[str],
    first: date,
    last: date,
    *,
    dimensions: Collection[str] = ("all",),
    by_day: bool = False,
    system: str = OWN,
) -> list[Sum]:
    """Sums over the days from ``first`` to ``last``, both included; by day where that is wanted."""
    table = figures_days
    by = [table.c.metric, table.c.dimension, table.c.key, *([table.c.day] if by_day else [])]
    wanted = and_(_of(table, system, metrics, dimensions), table.c.day.between(first, last))
    rows = tx.connection.execute(
        select(*by, func.sum(table.c.value).label("value")).where(wanted).group_by(*by)
    )
    return [
        Sum(row.metric, row.dimension, row.key, float(row.value), row.day if by_day else None) for row in rows
    ]


def by_hour(tx: Transaction, metric: str, first: date, last: date, *, system: str = OWN) -> list[float]:
    """The sums of each of the 24 hours of the city's day, over the days from ``first`` to ``last``."""
    table = figures_hours
    found = [0.0] * 24
    wanted = and_(_of(table, system, [metric], ["all"]), _within(first, last))
    for row in tx.connection.execute(select(table.c.hour, table.c.value).where(wanted)):
        found[row.hour.astimezone(CITY_TIME).hour] += row.value
    return found


def since(
    tx: Transaction, metrics: Collection[str], at: datetime, *, dimensions: Collection[str], system: str = OWN
) -> list[Sum]:
    """Sums over whole hours from ``at`` on."""
    table = figures_hours
    by = [table.c.metric, table.c.dimension, table.c.key]
    wanted = and_(_of(table, system, metrics, dimensions), table.c.hour >= at)
    rows = tx.connection.execute(
        select(*by, func.sum(table.c.value).label("value")).where(wanted).group_by(*by)
    )
    return [Sum(row.metric, row.dimension, row.key, float(row.value)) for row in rows]


def position(tx: Transaction, name: str) -> int:
    """How far ``name`` was read; 0 before the first time. Held until the commit."""
    wanted = select(figures_positions.c.position).where(figures_positions.c.name == name).with_for_update()
    return tx.connection.execute(wanted).scalar() or 0


def move(tx: Transaction, name: str, to: int) -> None:
    """Note how far it was read."""
    put(tx, figures_positions, ["name"], {"name": name, "position": to})


def _of(
    table: Table, system: str, metrics: Collection[str], dimensions: Collection[str]
) -> ColumnElement[bool]:
    return and_(
        table.c.system == system, table.c.metric.in_(list(metrics)), table.c.dimension.in_(list(dimensions))
    )


def _within(first: date, last: date) -> ColumnElement[bool]:
    begin = datetime(first.year, first.month, first.day, tzinfo=CITY_TIME)
    end = datetime(last.year, last.month, last.day, tzinfo=CITY_TIME) + timedelta(days=1)
    hours = figures_hours.c.hour
    return and_(hours >= begin.astimezone(UTC), hours < end.astimezone(UTC))
