"""Who looked at which conversation, when, from where and what for. Rows are only added; the database refuses
to change one, and to delete one before two years have passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import insert, select

from donghaeng.store.store import Transaction
from donghaeng.store.tables import accesses

Action = Literal["read_transcript", "open_case", "claim", "listen"]
Purpose = Literal["handover", "complaint", "quality", "own_request", "investigation"]


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One look at a citizen's data."""

    at: datetime
    staff_name: str
    address: str
    """Network address that the look came from."""
    conversation_id: str
    action: Action
    purpose: Purpose


def note(tx: Transaction, row: AccessRow) -> None:
    """Record a look, in the transaction that reads what is looked at."""
    values = {name: getattr(row, name) for name in AccessRow.__slots__}
    tx.connection.execute(insert(accesses).values(**values))


def newest(tx: Transaction, *, conversation_id: str | None = None, limit: int = 200) -> list[AccessRow]:
    """The last looks, newest first; of one conversation where it is named."""
    query = select(accesses).order_by(accesses.c.id.desc()).limit(limit)
    if conversation_id is not None:
        query = query.where(accesses.c.conversation_id == conversation_id)
    return [
        AccessRow(**{name: getattr(row, name) for name in AccessRow.__slots__})
        for row in tx.connection.execute(query)
    ]
