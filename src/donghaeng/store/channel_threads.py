"""Which conversation a messenger's user is in, and how much of it they were told.

A user is known by a fingerprint that a key of ours makes of the messenger's own key of them, which is stored
nowhere; the conversation's token is sealed. A row lasts for :data:`LASTS` after the last message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, select, update

from donghaeng.store.store import Transaction
from donghaeng.store.tables import channel_threads
from donghaeng.store.upserts import put

LASTS: Final = timedelta(hours=24)
"""Silence after which the next message opens a new conversation."""
NOTHING: Final = -1
"""``told`` before any reply reached the user."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A user's conversation."""

    conversation: str
    token: str
    told: int
    """Number of the last turn whose reply was handed to the messenger; :data:`NOTHING` before the first."""
    told_line: int
    """Number of the last line of a counsellor that was."""


def find(tx: Transaction, channel: str, user: str, now: datetime) -> Thread | None:
    """The conversation that ``user`` is in; None of one who has written nothing for :data:`LASTS`."""
    hashed = _hash(tx, channel, user)
    row = tx.connection.execute(select(channel_threads).where(_is(channel, hashed))).first()
    if row is None or row.used_at <= now - LASTS:
        return None
    token = tx.unseal(row.sealed, _place(channel, hashed))
    return Thread(row.conversation_id, token, row.told, row.told_line)


def begin(
    tx: Transaction, channel: str, user: str, *, conversation: str, token: str, now: datetime
) -> Thread:
    """Put ``user`` into a conversation in place of an earlier one, and drop the rows of the silent."""
    hashed = _hash(tx, channel, user)
    row = {
        "channel": channel,
        "user_hash": hashed,
        "conversation_id": conversation,
        "sealed": tx.seal(token, _place(channel, hashed)),
        "told": NOTHING,
        "told_line": 0,
        "used_at": now,
    }
    put(tx, channel_threads, ["channel", "user_hash"], row)
    tx.connection.execute(delete(channel_threads).where(channel_threads.c.used_at <= now - LASTS))
    return Thread(conversation, token, NOTHING, 0)


def tell(
    tx: Transaction, channel: str, user: str, *, conversation: str, turn: int, line: int, now: datetime
) -> bool:
    """Note that the reply to ``turn`` and a counsellor's ``line`` were handed over; False where ``user`` is
    there no more."""
    there = _is(channel, _hash(tx, channel, user)) & (channel_threads.c.conversation_id == conversation)
    noted = update(channel_threads).where(there).values(told=turn, told_line=line, used_at=now)
    return tx.connection.execute(noted).rowcount > 0


def _is(channel: str, hashed: str) -> ColumnElement[bool]:
    return and_(channel_threads.c.channel == channel, channel_threads.c.user_hash == hashed)


def _hash(tx: Transaction, channel: str, user: str) -> str:
    return tx.sealer.fingerprint(user, f"channel_threads/{channel}")


def _place(channel: str, hashed: str) -> str:
    return f"channel_threads/{channel}/{hashed}"
