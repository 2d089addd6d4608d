"""Who looked at which conversation, when, from where and what for: the record of accesses that the law
wants (개인정보의 안전성 확보조치 기준 제2조 제3호, 제8조).

Its five fields are the account (``staff_name``), the time (``at``), the place (``address``), whose data it
was (``conversation_id``) and what was done (``action`` and ``purpose``). Rows are only added; the database
refuses to change one, and to delete one before two years have passed; each holds the hash of the one before
(:mod:`donghaeng.store.chain`), so that a change made around the database shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from donghaeng.store import chain, destructions
from donghaeng.store.store import Transaction
from donghaeng.store.tables import accesses

Action = Literal[
    "read_transcript",
    "open_case",
    "claim",
    "listen",
    "export",
    "erase",
    "guardian_opened",
    "guardian_looked",
    "guardian_ended",
]
Purpose = Literal["handover", "complaint", "quality", "own_request", "investigation", "guardian"]


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
    chain.append(tx, accesses, {name: getattr(row, name) for name in AccessRow.__slots__})


def verify(tx: Transaction) -> chain.Verdict:
    """Whether every look ever recorded, but for those that were due to be destroyed, is there unchanged."""
    return chain.verify(tx, accesses, began=destructions.ends_of(tx, accesses.name))


def newest(
    tx: Transaction, *, conversation_id: str | None = None, limit: int | None = 200
) -> list[AccessRow]:
    """The last looks, newest first, all where ``limit`` is None; of one conversation where it is named."""
    query = select(accesses).order_by(accesses.c.id.desc()).limit(limit)
    if conversation_id is not None:
        query = query.where(accesses.c.conversation_id == conversation_id)
    return [
        AccessRow(**{name: getattr(row, name) for name in AccessRow.__slots__})
        for row in tx.connection.execute(query)
    ]
