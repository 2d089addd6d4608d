"""Alerts: each told once while it lasts, not at night where it can wait, and seen by somebody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, or_, select, update

from donghaeng.store import figures, notices
from donghaeng.store.figures import CITY_TIME, OWN
from donghaeng.store.figures_tables import figures_alerts as table
from donghaeng.store.store import Transaction
from donghaeng.store.upserts import insert_new
from donghaeng.tower.figures import feeds
from donghaeng.tower.figures.asking import Counts, Sketches, split
from donghaeng.tower.figures.definitions import BUCKET, Definitions, Quiet, Rule
from donghaeng.tower.figures.folding import ALL, hour_of
from donghaeng.tower.figures.values import basis_of, value_of

MOST_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert."""

    id: int
    system: str
    rule: str
    began_at: datetime
    told_at: datetime | None
    value: float | None
    ended_at: datetime | None
    seen_at: datetime | None
    seen_by: str | None


def watch(tx: Transaction, definitions: Definitions, now: datetime) -> list[Alert]:
    """Hold every rule against every system; alerts that began now."""
    standing: dict[str, float] = {}
    for system, rule, value in _crossed(tx, definitions, now):
        standing[f"{system}/{rule.id}"] = value
    before = {
        row.standing
        for row in tx.connection.execute(select(table.c.standing).where(table.c.standing.is_not(None)))
    }
    over = [name for name in before if name not in standing]
    if over:
        ended = update(table).where(table.c.standing.in_(over))
        tx.connection.execute(ended.values(standing=None, ended_at=now))
    rules = {rule.id: rule for rule in definitions.alerts.rules}
    began = []
    for name, value in standing.items():
        system, _, rule_id = name.rpartition("/")
        told_at = now if rules[rule_id].urgent else after_quiet(definitions.alerts.quiet, now)
        row = {
            "system": system,
            "rule": rule_id,
            "standing": name,
            "began_at": now,
            "told_at": told_at,
            "value": value,
        }
        if name not in before and insert_new(tx, table, row):
            found = tx.connection.execute(select(table).where(table.c.standing == name)).one()
            began.append(_read(found))
    return began


def shown(tx: Transaction, now: datetime) -> list[Alert]:
    """Alerts that somebody is to see: they last, or nobody has seen them; those of a quiet hour after it."""
    wanted = (table.c.told_at <= now) & or_(table.c.ended_at.is_(None), table.c.seen_at.is_(None))
    rows = tx.connection.execute(
        select(table).where(wanted).order_by(table.c.began_at.desc(), table.c.id.desc()).limit(MOST_SHOWN)
    )
    return [_read(row) for row in rows]


def waiting(tx: Transaction, now: datetime) -> int:
    """How many alerts nobody has seen that somebody is to see now."""
    wanted = (table.c.told_at <= now) & table.c.seen_at.is_(None)
    return int(tx.connection.execute(select(func.count()).select_from(table).where(wanted)).scalar_one())


def acknowledge(tx: Transaction, alert: int, who: str, now: datetime) -> bool:
    """Note that somebody has seen it; what was not sent of it yet stays unsent. False where somebody had, or
    there is none."""
    wanted = (table.c.id == alert) & table.c.seen_at.is_(None)
    done = tx.connection.execute(update(table).where(wanted).values(seen_at=now, seen_by=who)).rowcount > 0
    if done:
        notices.drop(tx, f"alert/{alert}", now)
    return done


def after_quiet(quiet: Quiet, now: datetime) -> datetime:
    """``now``, or the end of the quiet hours that it is in."""
    here = now.astimezone(CITY_TIME)
    inside = (
        quiet.start <= here.hour < quiet.end
        if quiet.start <= quiet.end
        else here.hour >= quiet.start or here.hour < quiet.end
    )
    if not inside:
        return now
    end = here.replace(hour=quiet.end, minute=0, second=0, microsecond=0)
    return end if end > here else end + timedelta(days=1)


def crosses(rule: Rule, definitions: Definitions, counts: Counts, sketches: Sketches) -> float | None:
    """The value that is beyond the rule's threshold; None where none is, or too little was counted."""
    metric = definitions.metric(rule.metric or "")
    value = value_of(metric, counts, sketches)
    if value is None or basis_of(metric, counts, sketches) < rule.least:
        return None
    above = rule.above is not None and value > rule.above
    below = rule.below is not None and value < rule.below
    return value if above or below else None


def _crossed(tx: Transaction, definitions: Definitions, now: datetime) -> Iterator[tuple[str, Rule, float]]:
    systems = [one for one in feeds.every(tx) if one.stopped_at is None]
    names = [OWN, *(one.system for one in systems)]
    known: dict[tuple[str, int], tuple[Counts, Sketches]] = {}
    for rule in definitions.alerts.rules:
        if rule.silent_after is not None:
            for one in systems:
                silent = one.silent_since(now, rule.silent_after)
                if silent is not None:
                    yield one.system, rule, silent.total_seconds()
            continue
        for name in names:
            if (name, rule.hours) not in known:
                known[name, rule.hours] = _lately(tx, definitions, name, now, rule.hours)
            value = crosses(rule, definitions, *known[name, rule.hours])
            if value is not None:
                yield name, rule, value


def _lately(
    tx: Transaction, definitions: Definitions, system: str, now: datetime, hours: int
) -> tuple[Counts, Sketches]:
    """Sums of the hour that runs and of whole hours before it, ``hours`` of them."""
    parts: Sequence[str] = sorted({part for one in definitions.metrics for part in one.formula.parts})
    begin = hour_of(now) - timedelta(hours=hours)
    return split(figures.since(tx, parts, begin, dimensions=(ALL, BUCKET), system=system))


def _read(row: Any) -> Alert:
    values: Mapping[str, Any] = row._mapping
    return Alert(**{name: values[name] for name in Alert.__slots__})
