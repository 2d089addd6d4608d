"""Whose page of the desk is open, by the last sign of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, select

from donghaeng.store.set_clocks import FURTHEST
from donghaeng.store.store import Transaction
from donghaeng.store.tables import counsellors_present as present
from donghaeng.store.upserts import put


@dataclass(frozen=True, slots=True)
class PresentRow:
    """A counsellor and the last sign of them."""

    staff: str
    ready: bool
    seen_at: datetime


def note(tx: Transaction, row: PresentRow) -> None:
    """Note a sign of a counsellor."""
    put(tx, present, ["staff"], {"staff": row.staff, "ready": row.ready, "seen_at": row.seen_at})


def forget(tx: Transaction, staff: str) -> bool:
    """Note that a counsellor has left; False where there was no sign of them."""
    return tx.connection.execute(delete(present).where(present.c.staff == staff)).rowcount > 0


def seen_since(tx: Transaction, moment: datetime) -> list[PresentRow]:
    """Those of whom there was a sign since, by id. A sign from far ahead was written before the clock was set
    back, and tells nothing."""
    since = and_(present.c.seen_at >= moment, present.c.seen_at <= moment + FURTHEST)
    rows = tx.connection.execute(select(present).where(since).order_by(present.c.staff))
    return [PresentRow(row.staff, row.ready, row.seen_at) for row in rows]
