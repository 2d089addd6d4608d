"""Writes to the city, recorded before they are sent.

A row is committed with the turn that confirmed it, claimed under a lease, sent with its idempotency key,
and marked. States::

    pending ──mark_done──▶ done
       │  ▲                  ▲
       │  └─ postpone        │ mark_done (an answer that came after all)
       └──mark_failed──▶ failed

``done`` is final: what the city accepted stays accepted. Two processes may send the same row only if the
first outlives its lease; the idempotency key then makes the city answer both with one receipt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Row, and_, case, insert, or_, select

from donghaeng.store.leases import LeasedRows
from donghaeng.store.store import Transaction
from donghaeng.store.tables import outbox

State = Literal["pending", "done", "failed"]

LEASE = timedelta(seconds=60)
"""How long a claimed row belongs to its claimer: longer than a gateway call with its timeout (10 s)."""
_ROWS: Final = LeasedRows(outbox, ("created_at", "id"))


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One write to the city."""

    id: str
    conversation_id: str
    call_id: str
    service: str
    operation: str
    arguments: Mapping[str, Any]
    idempotency_key: str
    created_at: datetime
    next_attempt_at: datetime
    state: State = "pending"
    attempts: int = 0
    """How often it was claimed by a process that lived to say what came of it, or lives."""
    done_at: datetime | None = None
    receipt: str | None = None
    error: str | None = None


def add(tx: Transaction, row: OutboxRow, *, owner: str | None = None, lease: timedelta = LEASE) -> None:
    """Record a pending write. With ``owner`` it is claimed at once, from ``created_at``, so that the
    process that takes the turn sends it without a second transaction.

    Raises:
        StoreError: the idempotency key is taken (the transaction is undone).
    """
    tx.connection.execute(
        insert(outbox).values(
            id=row.id,
            conversation_id=row.conversation_id,
            call_id=row.call_id,
            service=row.service,
            operation=row.operation,
            sealed=tx.seal(dict(row.arguments), f"outbox/{row.id}"),
            idempotency_key=row.idempotency_key,
            state="pending",
            attempts=0 if owner is None else 1,
            created_at=row.created_at,
            next_attempt_at=row.next_attempt_at,
            lease_owner=owner,
            lease_until=None if owner is None else row.created_at + lease,
        )
    )


def claim(
    tx: Transaction, owner: str, now: datetime, *, lease: timedelta = LEASE, limit: int = 20
) -> list[OutboxRow]:
    """Take up to ``limit`` pending rows that are due and that nobody holds, oldest first. They are
    ``owner``'s until ``now + lease``; send each and mark it."""
    rows = _ROWS.claim(tx, owner, now, lease=lease, limit=limit)
    return [_read(tx, row, attempts=row.attempts + 1) for row in rows]


def take(
    tx: Transaction, row_id: str, owner: str, now: datetime, *, lease: timedelta = LEASE
) -> OutboxRow | None:
    """Take one pending row whether it is due or not, also from ``owner`` itself; None when it is not pending
    or somebody else holds it."""
    free = or_(_ROWS.unleased(now), outbox.c.lease_owner == owner)
    wanted = and_(outbox.c.id == row_id, outbox.c.state == "pending", free)
    return get(tx, row_id) if _ROWS.change(tx, wanted, _ROWS.taken(owner, now, lease)) else None


def get(tx: Transaction, row_id: str) -> OutboxRow | None:
    """One row, whatever its state."""
    row = tx.connection.execute(select(outbox).where(outbox.c.id == row_id)).first()
    return None if row is None else _read(tx, row)


def pending(tx: Transaction, conversation_id: str | None = None) -> list[OutboxRow]:
    """The rows that wait, of one conversation or of all, oldest first, claimed or not."""
    wanted: ColumnElement[bool] = outbox.c.state == "pending"
    if conversation_id is not None:
        wanted = wanted & (outbox.c.conversation_id == conversation_id)
    rows = tx.connection.execute(select(outbox).where(wanted).order_by(outbox.c.created_at, outbox.c.id))
    return [_read(tx, row) for row in rows]


def mark_done(tx: Transaction, row_id: str, *, receipt: str | None, at: datetime) -> bool:
    """The city accepted it. Needs no lease: an acceptance is a fact, whoever reports it. False when the row
    was done already (its receipt stays)."""
    wanted = (outbox.c.id == row_id) & (outbox.c.state != "done")
    return _ROWS.let_go(tx, wanted, state="done", receipt=receipt, done_at=at, error=None) > 0


def mark_failed(tx: Transaction, row_id: str, owner: str, *, error: str, at: datetime) -> bool:
    """Give it up: the city said no, or the attempts are used up. False when ``owner`` no longer holds it."""
    return _ROWS.let_go(tx, _ROWS.held(row_id, owner), state="failed", error=error, done_at=at) > 0


def postpone(tx: Transaction, row_id: str, owner: str, *, error: str, until: datetime) -> bool:
    """Let it wait until ``until`` and be claimed again. False when ``owner`` no longer holds it."""
    return _ROWS.let_go(tx, _ROWS.held(row_id, owner), next_attempt_at=until, error=error) > 0


def _read(tx: Transaction, row: Row[Any], *, attempts: int | None = None) -> OutboxRow:
    return OutboxRow(
        id=row.id,
        conversation_id=row.conversation_id,
        call_id=row.call_id,
        service=row.service,
        operation=row.operation,
        arguments=tx.unseal(row.sealed, f"outbox/{row.id}"),
        idempotency_key=row.idempotency_key,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
        state=row.state,
        attempts=row.attempts if attempts is None else attempts,
        done_at=row.done_at,
        receipt=row.receipt,
        error=row.error,
    )


def leases(tx: Transaction) -> dict[str, str]:
    """Owner of each pending row that is claimed, by row id; the lease may be over."""
    held = (outbox.c.state == "pending") & outbox.c.lease_owner.is_not(None)
    rows = tx.connection.execute(select(outbox.c.id, outbox.c.lease_owner).where(held))
    return {row.id: row.lease_owner for row in rows}


def release(tx: Transaction, row_id: str, owner: str) -> bool:
    """Take a row back from an owner that is known to be dead. False when it no longer holds it.

    Its claim is no attempt any more: that a process died says nothing about the city, and must not lengthen
    the pause before the next one.
    """
    fewer = case((outbox.c.attempts > 0, outbox.c.attempts - 1), else_=0)
    return _ROWS.let_go(tx, _ROWS.held(row_id, owner), attempts=fewer) > 0
