"""What is known of leaks, line by line. Rows are only added, and the database refuses to change one."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, insert, select

from donghaeng.errors import InputError
from donghaeng.store.store import Transaction
from donghaeng.store.tables import incident_lines as table
from donghaeng.trust.leaks import Extent, Leak, LeakLine, LineKind, fold


def add(tx: Transaction, line: LeakLine) -> None:
    """Write a line."""
    told: dict[str, Any] = {"words": line.words}
    if line.extent is not None:
        extent = line.extent
        told["extent"] = {
            "known_at": extent.known_at.isoformat(),
            "persons": extent.persons,
            "sensitive": extent.sensitive,
            "intrusion": extent.intrusion,
        }
    sealed = tx.seal(told, _place(line.leak, line.at))
    tx.connection.execute(
        insert(table).values(incident=line.leak, at=line.at, kind=line.kind, by=line.by, sealed=sealed)
    )


def every(tx: Transaction) -> list[Leak]:
    """All leaks, oldest first."""
    return fold(_read(tx, row) for row in tx.connection.execute(select(table).order_by(table.c.id)))


def get(tx: Transaction, leak: str) -> Leak:
    """One of them.

    Raises:
        InputError: there is none of this name.
    """
    wanted = select(table).where(table.c.incident == leak).order_by(table.c.id)
    found = fold(_read(tx, row) for row in tx.connection.execute(wanted))
    if not found:
        raise InputError(f"no leak {leak}", remedy="see donghaeng leak list")
    return found[0]


def _place(leak: str, at: datetime) -> str:
    return f"incident_lines/{leak}/{at.timestamp():.6f}"


def _read(tx: Transaction, row: Row[Any]) -> LeakLine:
    told = cast(dict[str, Any], tx.unseal(row.sealed, _place(row.incident, row.at)))
    given = told.get("extent")
    extent = None
    if given is not None:
        extent = Extent(**{**given, "known_at": datetime.fromisoformat(given["known_at"])})
    return LeakLine(row.incident, row.at, cast(LineKind, row.kind), row.by, str(told["words"]), extent)
