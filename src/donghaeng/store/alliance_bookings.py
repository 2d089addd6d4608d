"""Seats of the alliance's events that citizens ask for by voice.

Whose a seat is stands with the city under the receipt, never here. A seat is held before the city is asked
and belongs to its request's key, so that the same request sent again holds one seat, not two.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, update

from donghaeng.errors import InputError
from donghaeng.store.store import Transaction
from donghaeng.store.tower_tables import alliance_bookings as bookings
from donghaeng.store.tower_tables import alliance_events as events
from donghaeng.store.tower_tables import alliance_signups as signups

HELD_FOR: Final = timedelta(days=1)
"""How long a seat is held for a request that the city has not answered: longer than any is sent again."""


class NoSeats(InputError):
    """The event has not so many seats left."""


def hold(tx: Transaction, event: str, heads: int, *, key: str, now: datetime) -> None:
    """Hold seats for a request; one that holds some already changes nothing.

    Args:
        tx: a transaction.
        event: its id.
        heads: how many come.
        key: the request's idempotency key.
        now: the program's own time.

    Raises:
        NoSeats: there are not so many, or there is no such event.
    """
    mark = _mark(key)
    row = tx.connection.execute(select(events).where(events.c.id == event).with_for_update()).first()
    if row is None:
        raise NoSeats("no such event")
    if tx.connection.execute(select(bookings.c.key).where(bookings.c.key == mark)).first() is not None:
        return
    if heads < 1 or taken(tx, event, now) + heads > row.seats:
        raise NoSeats("too few seats are left")
    values = {"key": mark, "event_id": event, "heads": heads, "asked_at": now}
    tx.connection.execute(insert(bookings).values(**values))


def confirm(tx: Transaction, key: str, receipt: str) -> None:
    """The city has accepted the request."""
    tx.connection.execute(update(bookings).where(bookings.c.key == _mark(key)).values(receipt=receipt))


def let_go(tx: Transaction, key: str, now: datetime) -> None:
    """The city has refused the request."""
    held = and_(bookings.c.key == _mark(key), bookings.c.receipt.is_(None))
    tx.connection.execute(update(bookings).where(held).values(cancelled_at=now))


def cancel(tx: Transaction, receipt: str, now: datetime) -> bool:
    """Give the seats of a receipt back; false where it holds none."""
    held = and_(bookings.c.receipt == receipt, bookings.c.cancelled_at.is_(None))
    return tx.connection.execute(update(bookings).where(held).values(cancelled_at=now)).rowcount > 0


def taken(tx: Transaction, event: str, now: datetime) -> int:
    """Seats of an event that are taken: by bodies that signed up, and by citizens' requests."""
    bodies = select(func.coalesce(func.sum(signups.c.heads), 0)).where(
        signups.c.event_id == event, signups.c.cancelled_at.is_(None)
    )
    voices = select(func.coalesce(func.sum(bookings.c.heads), 0)).where(
        bookings.c.event_id == event, _standing(now)
    )
    return sum(int(tx.connection.execute(one).scalar() or 0) for one in (bodies, voices))


def by_voice(tx: Transaction, now: datetime) -> dict[str, int]:
    """Seats by voice of each event that has some."""
    rows = tx.connection.execute(
        select(bookings.c.event_id, func.sum(bookings.c.heads))
        .where(_standing(now))
        .group_by(bookings.c.event_id)
    )
    return {str(row[0]): int(row[1]) for row in rows}


def _standing(now: datetime) -> ColumnElement[bool]:
    fresh = or_(bookings.c.receipt.is_not(None), bookings.c.asked_at > now - HELD_FOR)
    return and_(bookings.c.cancelled_at.is_(None), fresh)


def _mark(key: str) -> str:
    """A key names its conversation; the records of the alliance do not."""
    return hashlib.sha256(f"alliance_bookings/{key}".encode()).hexdigest()
