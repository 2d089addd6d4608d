"""How many calls each provider key has spent on a day, over all processes."""

from __future__ import annotations

import hashlib
import json
from datetime import date

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from donghaeng.store.store import Transaction
from donghaeng.store.tables import quotas


def key_id(provider: str, key: str) -> str:
    """A name for a provider's key that does not reveal it, 57 characters at most."""
    both = json.dumps([provider, key]).encode()
    return f"{provider[:40]}:{hashlib.sha256(both).hexdigest()[:16]}"


def spend(tx: Transaction, key: str, day: date, limit: int, *, calls: int = 1) -> bool:
    """Count ``calls`` calls of ``key`` (a :func:`key_id`) on ``day`` in the provider's time zone. False,
    and nothing counted, when they would pass ``limit``."""
    if calls > limit:
        return False
    row = (quotas.c.key_id == key) & (quotas.c.day == day.isoformat())
    more = update(quotas).where(row, quotas.c.used + calls <= limit).values(used=quotas.c.used + calls)
    if tx.connection.execute(more).rowcount:
        return True
    if tx.connection.execute(select(quotas.c.used).where(row)).scalar() is not None:
        return False
    try:
        with tx.connection.begin_nested():
            tx.connection.execute(insert(quotas).values(key_id=key, day=day.isoformat(), used=calls))
    except IntegrityError:
        # Another process counted the day's first call between the two statements.
        return bool(tx.connection.execute(more).rowcount)
    return True


def used(tx: Transaction, key: str, day: date) -> int:
    """Calls of ``key`` counted on ``day``."""
    row = (quotas.c.key_id == key) & (quotas.c.day == day.isoformat())
    return int(tx.connection.execute(select(quotas.c.used).where(row)).scalar() or 0)
