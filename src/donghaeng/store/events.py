"""The append-only list of what happened in a conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from donghaeng.store import conversations
from donghaeng.store.store import Transaction
from donghaeng.store.tables import events
from donghaeng.trust.masking import mask_value

_INSERT = insert(events)
"""Made once: a statement remembers its key in the cache of compiled ones."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. ``public`` and ``private`` hold JSON values."""

    turn: int
    kind: str
    at: datetime
    public: Mapping[str, Any] = field(default_factory=dict)
    """Kinds, service ids, outcomes, scores: nothing personal."""
    private: Mapping[str, Any] = field(default_factory=dict)
    """Utterances, slot values, call arguments, reply texts: sealed."""
    seq: int = 0
    """Place in its conversation, from 1; :func:`append` sets it."""


def append(tx: Transaction, conversation_id: str, expected_seq: int, new: Sequence[Event]) -> int:
    """Append events after ``expected_seq`` and return the new last number. Call it once a turn, with all
    of the turn's events, in the transaction that also stores the reply and the outbox.

    Raises:
        ConversationBusy: the conversation is no longer at ``expected_seq``.
        UnknownConversation: no such conversation.
    """
    last = expected_seq + len(new)
    conversations.advance(tx, conversation_id, expected=expected_seq, to=last)
    if new:
        rows = [_row(tx, conversation_id, seq, event) for seq, event in enumerate(new, expected_seq + 1)]
        tx.connection.execute(_INSERT, rows)
    return last


def of_conversation(tx: Transaction, conversation_id: str, *, after: int = 0) -> list[Event]:
    """The events with a number above ``after``, in order."""
    wanted = (events.c.conversation_id == conversation_id) & (events.c.seq > after)
    return [
        Event(
            turn=row.turn,
            kind=row.kind,
            at=row.at,
            public=row.public,
            private={} if row.sealed is None else tx.unseal(row.sealed, _place(conversation_id, row.seq)),
            seq=row.seq,
        )
        for row in tx.connection.execute(select(events).where(wanted).order_by(events.c.seq))
    ]


def opening(tx: Transaction, conversation_id: str) -> Mapping[str, Any]:
    """The private half of the conversation's first event; empty where it has none."""
    wanted = (events.c.conversation_id == conversation_id) & (events.c.seq == 1)
    sealed = tx.connection.execute(select(events.c.sealed).where(wanted)).scalar()
    found: Mapping[str, Any] = {} if sealed is None else tx.unseal(sealed, _place(conversation_id, 1))
    return found


def _row(tx: Transaction, conversation_id: str, seq: int, event: Event) -> dict[str, Any]:
    private = dict(event.private)
    return {
        "conversation_id": conversation_id,
        "seq": seq,
        "turn": event.turn,
        "kind": event.kind,
        "at": event.at,
        "public": mask_value(event.public),
        "sealed": tx.seal(private, _place(conversation_id, seq)) if private else None,
    }


def _place(conversation_id: str, seq: int) -> str:
    return f"events/{conversation_id}/{seq}"
