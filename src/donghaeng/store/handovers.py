"""Hand-overs to a person and call-backs: a queue that survives a restart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, and_, func, insert, or_, select, update

from donghaeng.errors import InputError
from donghaeng.store.store import Transaction
from donghaeng.store.tables import handovers

State = Literal["queued", "joined", "callback", "closed"]

NEXT: dict[State, frozenset[State]] = {
    "queued": frozenset({"joined", "callback", "closed"}),
    "callback": frozenset({"joined", "queued", "closed"}),
    "joined": frozenset({"queued", "callback", "closed"}),
    "closed": frozenset(),
}
"""Where a hand-over may go from each state."""


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """One wish for a person."""

    id: str
    conversation_id: str
    requested_at: datetime
    state: State = "queued"
    topic: str | None = None
    """In the citizen's words; sealed."""
    phone: str | None = None
    """Where to call back; sealed."""
    callback_at: datetime | None = None
    """When the citizen wants the call."""
    changed_at: datetime | None = None


def add(tx: Transaction, row: HandoverRow) -> None:
    """Record a wish, queued or as a call-back."""
    tx.connection.execute(
        insert(handovers).values(
            id=row.id,
            conversation_id=row.conversation_id,
            state=row.state,
            requested_at=row.requested_at,
            changed_at=row.changed_at or row.requested_at,
            callback_at=row.callback_at,
            sealed=tx.seal({"topic": row.topic, "phone": row.phone}, f"handovers/{row.id}"),
        )
    )


def of_conversation(tx: Transaction, conversation_id: str) -> HandoverRow | None:
    """The newest hand-over of the conversation, closed or not."""
    row = tx.connection.execute(
        select(handovers)
        .where(handovers.c.conversation_id == conversation_id)
        .order_by(handovers.c.requested_at.desc(), handovers.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None else _read(tx, row)


def waiting(tx: Transaction, state: State = "queued", *, limit: int = 200) -> list[HandoverRow]:
    """Hand-overs in ``state``: the queue first come first served, call-backs by the wanted time."""
    first = handovers.c.callback_at if state == "callback" else handovers.c.requested_at
    rows = tx.connection.execute(
        select(handovers)
        .where(handovers.c.state == state)
        .order_by(first, handovers.c.requested_at, handovers.c.id)
        .limit(limit)
    )
    return [_read(tx, row) for row in rows]


def position(tx: Transaction, row: HandoverRow) -> int:
    """Place in the queue, from 1, counting those who asked before."""
    earlier = or_(
        handovers.c.requested_at < row.requested_at,
        and_(handovers.c.requested_at == row.requested_at, handovers.c.id < row.id),
    )
    queued = and_(handovers.c.state == "queued", earlier)
    return 1 + int(
        tx.connection.execute(select(func.count()).select_from(handovers).where(queued)).scalar_one()
    )


def move(
    tx: Transaction, row_id: str, to: State, at: datetime, *, callback_at: datetime | None = None
) -> HandoverRow:
    """Take a hand-over to another state, for example a queued one that a counsellor joins.

    Raises:
        InputError: no such hand-over, or it cannot go there from where it is (:data:`NEXT`); of two
            counsellors who join at once the second gets this.
    """
    origins = [state for state, targets in NEXT.items() if to in targets]
    wanted = and_(handovers.c.id == row_id, handovers.c.state.in_(origins))
    values = {"state": to, "changed_at": at, "callback_at": callback_at}
    moved = tx.connection.execute(update(handovers).where(wanted).values(**values)).rowcount
    row = _one(tx, handovers.c.id == row_id)
    if row is None or not moved:
        raise InputError(f"hand-over {row_id} cannot become {to}: {row.state if row else 'unknown'}")
    return row


def set_details(tx: Transaction, row_id: str, *, topic: str | None, phone: str | None) -> None:
    """Replace the topic and phone of a hand-over, as the citizen adds them.

    Raises:
        InputError: no such hand-over.
    """
    sealed = tx.seal({"topic": topic, "phone": phone}, f"handovers/{row_id}")
    wanted = handovers.c.id == row_id
    if not tx.connection.execute(update(handovers).where(wanted).values(sealed=sealed)).rowcount:
        raise InputError(f"no hand-over {row_id}")


def _one(tx: Transaction, wanted: ColumnElement[bool]) -> HandoverRow | None:
    row = tx.connection.execute(select(handovers).where(wanted)).first()
    return None if row is None else _read(tx, row)


def _read(tx: Transaction, row: Row[Any]) -> HandoverRow:
    private = tx.unseal(row.sealed, f"handovers/{row.id}")
    return HandoverRow(
        id=row.id,
        conversation_id=row.conversation_id,
        requested_at=row.requested_at,
        state=row.state,
        topic=private["topic"],
        phone=private["phone"],
        callback_at=row.callback_at,
        changed_at=row.changed_at,
    )
