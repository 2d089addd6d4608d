"""Whether the machine may answer: each time that it was switched off or on, by whom and why. Rows are only
added, and the database refuses to change one; the newest is in force."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select

from donghaeng.store.store import Transaction
from donghaeng.store.tables import machine_switches as switches


@dataclass(frozen=True, slots=True)
class SwitchRow:
    """One turn of the switch."""

    off: bool
    at: datetime
    by: str
    """Account of staff, or the command line."""
    reason: str = field(default="", repr=False)
    """In their words; sealed."""


def note(tx: Transaction, row: SwitchRow) -> None:
    """Record that it was switched."""
    sealed = tx.seal(row.reason, _place(row.at))
    tx.connection.execute(insert(switches).values(off=row.off, at=row.at, by=row.by, sealed=sealed))


def newest(tx: Transaction, *, limit: int = 50) -> list[SwitchRow]:
    """The last times, newest first; none where it was never switched."""
    rows = tx.connection.execute(select(switches).order_by(switches.c.id.desc()).limit(limit))
    return [_read(tx, row) for row in rows]


def is_off(tx: Transaction) -> bool:
    """Whether the machine is off."""
    found = tx.connection.execute(select(switches.c.off).order_by(switches.c.id.desc()).limit(1)).scalar()
    return bool(found)


def _place(at: datetime) -> str:
    return f"machine_switches/{at.timestamp():.6f}"


def _read(tx: Transaction, row: Row[Any]) -> SwitchRow:
    return SwitchRow(row.off, row.at, row.by, str(tx.unseal(row.sealed, _place(row.at))))
