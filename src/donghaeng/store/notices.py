"""What staff are told of outside the console: recorded with what it tells of, claimed, sent, marked.

States::

    pending ──mark──▶ sent | failed | dropped (somebody has seen it before it was sent)
       ▲ └─ postpone
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Row, and_, func, select

from donghaeng.store.leases import LeasedRows
from donghaeng.store.notice_tables import tower_notices as table
from donghaeng.store.store import Transaction
from donghaeng.store.upserts import insert_new

State = Literal["pending", "sent", "failed", "dropped"]
Way = Literal["webhook", "mail"]

LEASE: Final = timedelta(seconds=90)
"""How long a claimed row belongs to its claimer: longer than an attempt may take."""
_ROWS: Final = LeasedRows(table, ("id",), booked_ahead=True)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be told; without personal data."""

    key: str
    """What it tells of (``alert/12``); each is recorded once a way."""
    title: str
    text: str
    place: str
    """Where in the console more stands: a path."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claimed notice."""

    id: int
    notice: Notice
    way: Way
    attempts: int
    """How often it was claimed, this time included."""


def add(tx: Transaction, notice: Notice, ways: Iterable[Way], now: datetime, *, at: datetime) -> int:
    """Record a notice for each way, to be sent from ``at`` on; how many were new."""
    values = {
        "key": notice.key,
        "title": notice.title[:200],
        "text": notice.text[:1000],
        "place": notice.place,
        "state": "pending",
        "attempts": 0,
        "created_at": now,
        "next_attempt_at": at,
    }
    return sum(bool(insert_new(tx, table, values | {"way": way})) for way in ways)


def claim(
    tx: Transaction, owner: str, ways: Iterable[Way], now: datetime, *, limit: int = 20
) -> list[Waiting]:
    """Take pending ones that are due and that nobody holds, oldest first."""
    rows = _ROWS.claim(tx, owner, now, lease=LEASE, limit=limit, only=table.c.way.in_(list(ways)))
    return [_read(row) for row in rows]


def mark(tx: Transaction, one: Waiting, state: State, now: datetime, *, error: str | None = None) -> bool:
    """Note how it ended."""
    wanted = and_(table.c.id == one.id, table.c.state == "pending")
    return _ROWS.let_go(tx, wanted, state=state, done_at=now, error=error) > 0


def postpone(tx: Transaction, one: Waiting, owner: str, until: datetime, *, error: str) -> bool:
    """Let it wait. False when ``owner`` no longer holds it."""
    return _ROWS.let_go(tx, _ROWS.held(one.id, owner), next_attempt_at=until, error=error) > 0


def drop(tx: Transaction, key: str, now: datetime) -> bool:
    """Do not send what waits for its first attempt: somebody has seen it."""
    wanted = and_(table.c.key == key, table.c.state == "pending", table.c.attempts == 0)
    return _ROWS.let_go(tx, wanted, state="dropped", done_at=now) > 0


def tally(tx: Transaction) -> dict[str, int]:
    """How many there are by state."""
    rows = tx.connection.execute(select(table.c.state, func.count()).group_by(table.c.state))
    return {row[0]: row[1] for row in rows}


def _read(row: Row[Any]) -> Waiting:
    notice = Notice(row.key, row.title, row.text, row.place)
    return Waiting(row.id, notice, row.way, row.attempts + 1)
