"""Whose page of the desk is open, by the last sign of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from donghaeng.store.store import Transaction
from donghaeng.store.tables import counsellors_present as present


@dataclass(frozen=True, slots=True)
class PresentRow:
    """A counsellor and the last sign of them."""

    staff: str
    ready: bool
    seen_at: datetime


def note(tx: Transaction, row: PresentRow) -> None:
    """Note a sign of a counsellor."""
    values = {"ready": row.ready, "seen_at": row.seen_at}
    changed = tx.connection.execute(update(present).where(present.c.staff == row.staff).values(**values))
    if not changed.rowcount:
        tx.connection.execute(insert(present).values(staff=row.staff, **values))


def forget(tx: Transaction, staff: str) -> bool:
    """Note that a counsellor has left; False where there was no sign of them."""
    return tx.connection.execute(delete(present).where(present.c.staff == staff)).rowcount > 0


def seen_since(tx: Transaction, moment: datetime) -> list[PresentRow]:
    """Those of whom there was a sign since, by id."""
    rows = tx.connection.execute(select(present).where(present.c.seen_at >= moment).order_by(present.c.staff))
    return [PresentRow(row.staff, row.ready, row.seen_at) for row in rows]
