"""Feeds of other systems: who may report, and that each batch counts once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, update

from donghaeng.errors import InputError
from donghaeng.store import figures
from donghaeng.store.figures_tables import figures_batches, figures_series, figures_systems
from donghaeng.store.store import Transaction
from donghaeng.store.upserts import insert_new, put
from donghaeng.tower.figures import otlp
from donghaeng.tower.figures.definitions import COUNTED, MEASURED
from donghaeng.tower.figures.points import MOST_POINTS, MOST_SKEW, Refusal, take
from donghaeng.trust.tokens import make_token, token_hash

MOST_TOLD: Final = 100
"""Refused rows that an answer names; it always says how many there are."""


@dataclass(frozen=True, slots=True)
class System:
    """Another system, as it is registered for figures."""

    system: str
    name: str
    metrics: tuple[str, ...]
    every_seconds: int
    added_at: datetime
    last_at: datetime | None
    skew_seconds: float | None
    stopped_at: datetime | None

    def silent_since(self, now: datetime, times: float) -> timedelta | None:
        """How long it has been silent, where that is more than ``times`` its own interval."""
        silent = now - (self.last_at or self.added_at)
        return silent if silent > timedelta(seconds=self.every_seconds * times) else None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of a batch."""

    batch: str
    accepted: int
    refused: tuple[Refusal, ...]
    replayed: bool = False
    skew_seconds: float = 0.0


def register(
    tx: Transaction, system: str, name: str, now: datetime, *, every_seconds: int, metrics: Sequence[str] = ()
) -> str:
    """Let a system report; its token, which is told this once. A second time gives it a new one.

    Raises:
        InputError: the name is this system's own, or a metric is unknown.
    """
    if system == figures.OWN:
        raise InputError(f"{system} counts its own events")
    unknown = sorted(set(metrics) - COUNTED - MEASURED)
    if unknown:
        raise InputError(f"there is no metric {unknown[0]}")
    token = make_token()
    values = {
        "system": system,
        "name": name,
        "token_hash": token_hash(token),
        "metrics": list(metrics),
        "every_seconds": every_seconds,
        "added_at": now,
        "stopped_at": None,
    }
    put(tx, figures_systems, ["system"], values)
    return token


def stop(tx: Transaction, system: str, now: datetime) -> bool:
    """Take a system's token back; its figures stay. False where there is none of this name."""
    wanted = (figures_systems.c.system == system) & figures_systems.c.stopped_at.is_(None)
    return tx.connection.execute(update(figures_systems).where(wanted).values(stopped_at=now)).rowcount > 0


def every(tx: Transaction) -> list[System]:
    """All of them, by name."""
    return [
        _read(row) for row in tx.connection.execute(select(figures_systems).order_by(figures_systems.c.name))
    ]


def bearer(tx: Transaction, system: str, token: str) -> System | None:
    """The system whose token this is; None where it is another's, nobody's, or taken back."""
    wanted = (figures_systems.c.system == system) & (figures_systems.c.token_hash == token_hash(token))
    row = tx.connection.execute(select(figures_systems).where(wanted)).first()
    return None if row is None or row.stopped_at is not None else _read(row)


def accept(
    tx: Transaction, system: System, batch: str, sent_at: datetime, points: Sequence[Any], *, now: datetime
) -> Receipt:
    """Count a batch once.

    Raises:
        InputError: too many rows, or the sender's clock is off by more than five minutes.
    """
    skew = (sent_at - now).total_seconds()
    known = _known(tx, system, batch)
    if known is not None:
        _seen(tx, system, now, skew)
        return known
    if abs(skew) > MOST_SKEW.total_seconds():
        remedy = "set its clock by the network, and send again"
        raise InputError(f"sent_at: the sender's clock is {skew:+.0f} seconds off", remedy=remedy)
    _fits(points)
    taken = take(points, now, system.metrics)
    receipt = Receipt(batch, taken.accepted, tuple(taken.refused), skew_seconds=skew)
    if not _begin(tx, system, receipt, now):
        return Receipt(batch, 0, (), replayed=True, skew_seconds=skew)
    figures.add(tx, taken.cells, system=system.system)
    _seen(tx, system, now, skew)
    return receipt


def accept_otlp(tx: Transaction, system: System, body: bytes, document: Any, now: datetime) -> Receipt:
    """Count a request of OTLP's metrics once: the same bytes again are a retry.

    Raises:
        InputError: it is no such request, or has too many data points.
    """
    batch = f"otlp-{hashlib.sha256(body).hexdigest()}"
    known = _known(tx, system, batch)
    if known is not None:
        _seen(tx, system, now, None)
        return known
    try:
        found = otlp.readings(document)
    except ValueError as error:
        raise InputError(f"no metrics of OTLP: {error}") from None
    _fits(found)
    if not _begin(tx, system, Receipt(batch, 0, ()), now):
        return Receipt(batch, 0, (), replayed=True)
    refused: list[Refusal] = []
    for row, one in enumerate(found):
        why = one if isinstance(one, str) else _count(tx, system, one, now)
        if why is not None:
            refused.append(Refusal(row, why))
    receipt = Receipt(batch, len(found) - len(refused), tuple(refused))
    put(tx, figures_batches, ["system", "batch"], _row(system, receipt, now))
    _seen(tx, system, now, None)
    return receipt


def _count(tx: Transaction, system: System, reading: otlp.Reading, now: datetime) -> str | None:
    """Count one data point; what is wrong with it, else None."""
    stood = _stood(tx, system, reading.series) if reading.cumulative else None
    values = otlp.since(reading, stood)
    taken = take(list(otlp.points_of(reading, values)), now, system.metrics)
    if taken.refused:
        return taken.refused[0].why
    figures.add(tx, taken.cells, system=system.system)
    if reading.cumulative and (stood is None or reading.at > stood.at):
        row = {
            "system": system.system,
            "series": reading.series,
            "began": str(reading.began),
            "at": str(reading.at),
            "value": list(reading.values),
        }
        put(tx, figures_series, ["system", "series"], row)
    return None


def _stood(tx: Transaction, system: System, series: str) -> otlp.Stood | None:
    wanted = (figures_series.c.system == system.system) & (figures_series.c.series == series)
    row = tx.connection.execute(select(figures_series).where(wanted).with_for_update()).first()
    return None if row is None else otlp.Stood(int(row.began), int(row.at), tuple(row.value))


def _fits(rows: Sequence[Any]) -> None:
    if len(rows) > MOST_POINTS:
        raise InputError(f"the batch has {len(rows)} points; {MOST_POINTS} at most")


def _known(tx: Transaction, system: System, batch: str) -> Receipt | None:
    wanted = (figures_batches.c.system == system.system) & (figures_batches.c.batch == batch)
    row = tx.connection.execute(select(figures_batches).where(wanted)).first()
    if row is None:
        return None
    return Receipt(batch, row.accepted, tuple(Refusal(*one) for one in row.refused), replayed=True)


def _begin(tx: Transaction, system: System, receipt: Receipt, now: datetime) -> bool:
    """Note the batch; False where another process has just counted it."""
    return insert_new(tx, figures_batches, _row(system, receipt, now))


def _row(system: System, receipt: Receipt, now: datetime) -> dict[str, Any]:
    refused = [[one.row, one.why] for one in receipt.refused[:MOST_TOLD]]
    return {
        "system": system.system,
        "batch": receipt.batch,
        "at": now,
        "accepted": receipt.accepted,
        "refused": refused,
    }


def _seen(tx: Transaction, system: System, now: datetime, skew: float | None) -> None:
    values: dict[str, Any] = {"last_at": now} | ({} if skew is None else {"skew_seconds": skew})
    wanted = figures_systems.c.system == system.system
    tx.connection.execute(update(figures_systems).where(wanted).values(**values))


def _read(row: Any) -> System:
    return System(
        row.system,
        row.name,
        tuple(row.metrics),
        row.every_seconds,
        row.added_at,
        row.last_at,
        row.skew_seconds,
        row.stopped_at,
    )
