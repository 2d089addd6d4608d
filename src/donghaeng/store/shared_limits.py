"""Limits that all processes of a city count together: a token bucket a row (the generic cell rate algorithm,
ITU-T I.371: of the bucket only the moment is kept at which it is full again)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import case, select, update

from donghaeng.store.limit_tables import shared_limits
from donghaeng.store.store import Transaction
from donghaeng.store.upserts import insert_new


def take(tx: Transaction, name: str, *, burst: float, per_second: float, now: datetime) -> float:
    """Take one of ``burst`` at once and ``per_second`` afterwards, whichever process asks.

    Returns:
        0 where there was one, else the seconds until there is.
    """
    at, each = now.timestamp(), 1.0 / per_second
    span = burst * each
    insert_new(tx, shared_limits, {"name": name, "full_at": at})
    row = shared_limits.c
    # Further ahead than a whole bucket only a clock wrote that was set back since: it counts as empty now.
    tx.connection.execute(
        update(shared_limits).where(row.name == name, row.full_at > at + span).values(full_at=at + span)
    )
    # The condition is in the update: of two processes that take the last one, one is refused.
    taken = tx.connection.execute(
        update(shared_limits)
        .where(row.name == name, row.full_at <= at + span - each)
        .values(full_at=case((row.full_at < at, at), else_=row.full_at) + each)
    )
    if taken.rowcount:
        return 0.0
    full_at: float = tx.connection.execute(select(row.full_at).where(row.name == name)).scalar_one()
    return max(full_at - (at + span - each), each / 1000)
