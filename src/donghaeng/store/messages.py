"""Text messages to citizens, recorded before they are sent.

A row is committed with the turn that it tells of, claimed under a lease, sent with its key, and marked.
States::

    pending ──mark_sent──▶ sent
       │  ▲                  ▲
       │  └─ postpone        │ mark_sent (an answer that came after all)
       └──mark_failed──▶ failed          held: of a test's conversation; nobody sends it

The number stands in the vault, the text is sealed; the key is the outbox row or hand-over that it tells of,
so that neither a repeated turn nor a restart makes two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Row, and_, select

from donghaeng.store import vault
from donghaeng.store.leases import LeasedRows
from donghaeng.store.store import Transaction
from donghaeng.store.tables import messages
from donghaeng.store.upserts import insert_new

State = Literal["pending", "sent", "failed", "held"]
Kind = Literal["accepted", "cancelled", "handed_over", "answered"]

LEASE = timedelta(seconds=60)
"""How long a claimed row belongs to its claimer: longer than a provider's time allowed."""
_ROWS: Final = LeasedRows(messages, ("created_at", "key"))


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One text message."""

    key: str
    """What it tells of; unique, and given to the provider with each attempt."""
    conversation_id: str
    kind: Kind
    service: str
    number: str = field(repr=False)
    """``010-1234-5678``; in the vault. Empty where it can be read no more: then nothing is sent."""
    text: str = field(repr=False)
    """Sealed."""
    created_at: datetime
    next_attempt_at: datetime
    state: State = "pending"
    attempts: int = 0
    """How often it was claimed."""
    done_at: datetime | None = None
    reference: str | None = None
    """The provider's own name of it."""
    error: str | None = None


def add(tx: Transaction, row: MessageRow) -> bool:
    """Record a message, pending or held. False where one with its key is recorded already."""
    held = vault.put(tx, row.number, "message", row.conversation_id, row.created_at)
    values = {
        "key": row.key,
        "conversation_id": row.conversation_id,
        "kind": row.kind,
        "service": row.service,
        "sealed": tx.seal({"vault": held, "text": row.text}, _place(row.key)),
        "state": row.state,
        "attempts": 0,
        "created_at": row.created_at,
        "next_attempt_at": row.next_attempt_at,
    }
    added = insert_new(tx, messages, values)
    if not added:
        vault.drop(tx, held)
    return added


def claim(
    tx: Transaction, owner: str, now: datetime, *, lease: timedelta = LEASE, limit: int = 20
) -> list[MessageRow]:
    """Take up to ``limit`` pending rows that are due and that nobody holds, oldest first. They are
    ``owner``'s until ``now + lease``; send each and mark it."""
    rows = _ROWS.claim(tx, owner, now, lease=lease, limit=limit)
    return [_read(tx, row, attempts=row.attempts + 1) for row in rows]


def get(tx: Transaction, key: str) -> MessageRow | None:
    """One row, whatever its state."""
    row = tx.connection.execute(select(messages).where(messages.c.key == key)).first()
    return None if row is None else _read(tx, row)


def newest(tx: Transaction, *, limit: int = 50, state: State | None = None) -> list[MessageRow]:
    """Messages of all conversations, newest first."""
    query = select(messages).order_by(messages.c.created_at.desc(), messages.c.key.desc()).limit(limit)
    rows = tx.connection.execute(query if state is None else query.where(messages.c.state == state))
    return [_read(tx, row) for row in rows]


def of_conversation(tx: Transaction, conversation_id: str) -> list[MessageRow]:
    """The messages of one conversation, oldest first."""
    wanted = messages.c.conversation_id == conversation_id
    rows = tx.connection.execute(
        select(messages).where(wanted).order_by(messages.c.created_at, messages.c.key)
    )
    return [_read(tx, row) for row in rows]


def mark_sent(tx: Transaction, key: str, *, reference: str, at: datetime) -> bool:
    """The provider took it. Needs no lease: that is a fact, whoever reports it. False when it was sent
    already (its reference stays)."""
    wanted = and_(messages.c.key == key, messages.c.state.in_(("pending", "failed")))
    return _ROWS.let_go(tx, wanted, state="sent", reference=reference, done_at=at, error=None) > 0


def mark_failed(tx: Transaction, key: str, owner: str, *, error: str, at: datetime) -> bool:
    """Give it up. False when ``owner`` no longer holds it."""
    return _ROWS.let_go(tx, _ROWS.held(key, owner), state="failed", error=error, done_at=at) > 0


def postpone(tx: Transaction, key: str, owner: str, *, error: str, until: datetime) -> bool:
    """Let it wait until ``until`` and be claimed again. False when ``owner`` no longer holds it."""
    return _ROWS.let_go(tx, _ROWS.held(key, owner), next_attempt_at=until, error=error) > 0


def _number(tx: Transaction, private: Mapping[str, Any]) -> str:
    # Rows up to revision 0014 hold the number themselves.
    held: str | None = private.get("number") or vault.take(tx, private["vault"], "message")
    return held or ""


def _place(key: str) -> str:
    return f"messages/{key}"


def _read(tx: Transaction, row: Row[Any], *, attempts: int | None = None) -> MessageRow:
    private = tx.unseal(row.sealed, _place(row.key))
    return MessageRow(
        key=row.key,
        conversation_id=row.conversation_id,
        kind=row.kind,
        service=row.service,
        number=_number(tx, private),
        text=private["text"],
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
        state=row.state,
        attempts=row.attempts if attempts is None else attempts,
        done_at=row.done_at,
        reference=row.reference,
        error=row.error,
    )
