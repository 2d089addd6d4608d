"""Hand-overs to a person and call-backs: a queue that survives a restart, with one owner for each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, func, insert, or_, select, update

from donghaeng.errors import InputError
from donghaeng.store import vault
from donghaeng.store.store import Transaction
from donghaeng.store.tables import conversations, handovers

State = Literal["queued", "joined", "callback", "closed"]

NEXT: dict[State, frozenset[State]] = {
    "queued": frozenset({"joined", "callback", "closed"}),
    "callback": frozenset({"joined", "queued", "closed"}),
    "joined": frozenset({"queued", "callback", "closed"}),
    "closed": frozenset(),
}
"""Where a hand-over may go from each state."""

MOST_LISTED = 200
"""Rows of one list: more than a screen shows."""


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """One wish for a person."""

    id: str
    conversation_id: str
    requested_at: datetime
    state: State = "queued"
    topic: str | None = field(default=None, repr=False)
    """In the citizen's words; sealed."""
    phone: str | None = field(default=None, repr=False)
    """Where to call back; in the vault, and taken out for one hand-over, never for a list of them."""
    has_phone: bool = field(default=False, compare=False)
    """Whether there is such a number."""
    callback_at: datetime | None = None
    """When the citizen is called, at the earliest."""
    changed_at: datetime | None = None
    owner: str | None = None
    """The counsellor who has it, while it is joined; who had it last, once it is closed."""
    claimed_at: datetime | None = None
    urgency: int = 0
    """Higher goes before the order of asking."""
    reason: str = "asked"
    service: str | None = None
    """What was in hand."""
    department: str | None = None
    for_staff: str | None = None
    outcome: str | None = None


# What turns ask for, made once: a statement that is built anew for each call costs more than its execution.
_OF_CONVERSATION = handovers.c.conversation_id == bindparam("of")
_NEWEST = (
    select(handovers)
    .where(_OF_CONVERSATION)
    .order_by(handovers.c.requested_at.desc(), handovers.c.id.desc())
    .limit(1)
)
_HOLD_OPEN = (
    select(handovers.c.id, handovers.c.state)
    .where(_OF_CONVERSATION, handovers.c.state != "closed")
    .with_for_update(key_share=True)
)
_HOLD_WAITING = (
    select(handovers.c.id)
    .where(_OF_CONVERSATION, handovers.c.state.in_(("queued", "joined")))
    .with_for_update(key_share=True)
)


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
            urgency=row.urgency,
            reason=row.reason,
            service=row.service,
            sealed=_sealed(tx, row.id, row.topic, _held_number(tx, row.phone, row, row.requested_at)),
        )
    )


def get(tx: Transaction, row_id: str) -> HandoverRow | None:
    """One hand-over, whatever its state."""
    return _one(tx, handovers.c.id == row_id)


def of_conversation(tx: Transaction, conversation_id: str) -> HandoverRow | None:
    """The newest hand-over of the conversation, closed or not."""
    row = tx.connection.execute(_NEWEST, {"of": conversation_id}).first()
    return None if row is None else _read(tx, row)


def all_of_conversation(tx: Transaction, conversation_id: str) -> list[HandoverRow]:
    """Every hand-over of the conversation with its number, oldest first."""
    rows = _rows(tx, handovers.c.conversation_id == conversation_id)
    return [_read(tx, row) for row in rows]


def hold_joined(tx: Transaction, conversation_id: str) -> str | None:
    """Id of the hand-over in which a counsellor has the conversation; None where the machine has it. In a
    transaction that writes, either stays so until the commit: a claim waits for it."""
    rows = tx.connection.execute(_HOLD_OPEN, {"of": conversation_id})
    return next((row.id for row in rows.all() if row.state == "joined"), None)


def abandon(tx: Transaction, conversation_id: str, outcome: str, at: datetime) -> str | None:
    """The citizen has left: close what waits or is joined, not a call-back; the id of what was closed."""
    row_id: str | None = tx.connection.execute(_HOLD_WAITING, {"of": conversation_id}).scalar()
    if row_id is not None:
        values = {"state": "closed", "outcome": outcome, "changed_at": at}
        tx.connection.execute(update(handovers).where(handovers.c.id == row_id).values(**values))
    return row_id


def waiting(tx: Transaction, state: State = "queued", *, limit: int = MOST_LISTED) -> list[HandoverRow]:
    """Hand-overs in ``state``: the queue by urgency, then first come first served; call-backs by the wanted
    time. Those of conversations that only practise are left out."""
    order = [handovers.c.callback_at] if state == "callback" else [handovers.c.urgency.desc()]
    return _list(tx, and_(handovers.c.state == state, served()), *order, limit=limit)


def first_for(
    tx: Transaction, staff: str, *, department: str | None, present: Collection[str]
) -> HandoverRow | None:
    """Whoever is first in the queue among those that this counsellor may claim, however many wait before it
    for others; without practice.

    Args:
        tx: the transaction.
        staff: the counsellor.
        department: theirs; what was forwarded to another one is left out.
        present: counsellors who are there; what was forwarded to one of the others is for everybody.
    """
    others = [one for one in present if one != staff]
    wanted = and_(
        handovers.c.state == "queued",
        or_(handovers.c.department.is_(None), handovers.c.department == department),
        or_(handovers.c.for_staff.is_(None), handovers.c.for_staff.not_in(others)),
        served(),
    )
    found = _list(tx, wanted, handovers.c.urgency.desc(), limit=1)
    return found[0] if found else None


def owned(tx: Transaction, staff: str) -> list[HandoverRow]:
    """The hand-overs that a counsellor has, the oldest claim first."""
    wanted = and_(handovers.c.owner == staff, handovers.c.state == "joined")
    return _list(tx, wanted, handovers.c.claimed_at)


def orphaned(tx: Transaction, present: Collection[str]) -> list[HandoverRow]:
    """Joined hand-overs whose owner is not among those present."""
    wanted = and_(handovers.c.state == "joined", handovers.c.owner.not_in(list(present)))
    return _list(tx, wanted, handovers.c.claimed_at)


def position(tx: Transaction, row: HandoverRow) -> int:
    """Place in the queue, from 1, counting those who are more urgent or asked before."""
    earlier = or_(
        handovers.c.requested_at < row.requested_at,
        and_(handovers.c.requested_at == row.requested_at, handovers.c.id < row.id),
    )
    before = or_(handovers.c.urgency > row.urgency, and_(handovers.c.urgency == row.urgency, earlier))
    queued = and_(handovers.c.state == "queued", before)
    return 1 + int(
        tx.connection.execute(select(func.count()).select_from(handovers).where(queued)).scalar_one()
    )


def move(
    tx: Transaction, row_id: str, to: State, at: datetime, *, callback_at: datetime | None = None
) -> HandoverRow:
    """Take a hand-over that no counsellor has to another state, for example into a call-back.

    Raises:
        InputError: no such hand-over, or it cannot go there from where it is (:data:`NEXT`).
    """
    origins = [state for state, targets in NEXT.items() if to in targets]
    wanted = and_(handovers.c.id == row_id, handovers.c.state.in_(origins))
    values = {"state": to, "changed_at": at, "callback_at": callback_at}
    moved = tx.connection.execute(update(handovers).where(wanted).values(**values)).rowcount
    row = _one(tx, handovers.c.id == row_id)
    if row is None or not moved:
        raise InputError(f"hand-over {row_id} cannot become {to}: {row.state if row else 'unknown'}")
    return row


def set_callback(tx: Transaction, row_id: str, at: datetime) -> HandoverRow | None:
    """Call back at another time; None where it is no call-back any more, as a counsellor was faster."""
    still = and_(handovers.c.id == row_id, handovers.c.state == "callback")
    changed = tx.connection.execute(update(handovers).where(still).values(callback_at=at)).rowcount
    return _one(tx, handovers.c.id == row_id) if changed else None


def claim(tx: Transaction, row_id: str, staff: str, at: datetime) -> bool:
    """Give a waiting hand-over or a call-back to a counsellor; False where another was faster. The row stays
    locked until the commit, so what follows in the transaction is in order."""
    free = and_(handovers.c.id == row_id, handovers.c.state.in_(("queued", "callback")))
    values = {"state": "joined", "owner": staff, "claimed_at": at, "changed_at": at}
    return tx.connection.execute(update(handovers).where(free).values(**values)).rowcount > 0


def hold(tx: Transaction, row_id: str, staff: str) -> bool:
    """Whether a counsellor has it; if so nothing else changes it until the commit."""
    row = tx.connection.execute(
        select(handovers).where(_held(row_id, staff)).with_for_update(key_share=True)
    ).first()
    return row is not None


def release(
    tx: Transaction,
    row_id: str,
    staff: str,
    at: datetime,
    *,
    urgency: int | None = None,
    department: str | None = None,
    for_staff: str | None = None,
) -> State | None:
    """Put it back to where it was claimed from: a call-back keeps the time that was promised, anything else
    goes into the queue.

    Args:
        urgency: from now on; as before when None.
        department: for whom it waits, as for ``for_staff``; for everybody when both are None.

    Returns:
        Where it waits now; None where the counsellor no longer has it.
    """
    # A claim leaves the promised time alone, so the time tells where the claim came from.
    values: dict[str, Any] = {
        "state": case((handovers.c.callback_at.is_(None), "queued"), else_="callback"),
        "owner": None,
        "changed_at": at,
        "department": department,
        "for_staff": for_staff,
    }
    if urgency is not None:
        values["urgency"] = urgency
    changed = update(handovers).where(_held(row_id, staff)).values(**values)
    state: State | None = tx.connection.execute(changed.returning(handovers.c.state)).scalar()
    return state


def close(tx: Transaction, row_id: str, staff: str, outcome: str, at: datetime) -> bool:
    """End it with a code; False where the counsellor no longer has it."""
    values = {"state": "closed", "outcome": outcome, "changed_at": at, "callback_at": None}
    return tx.connection.execute(update(handovers).where(_held(row_id, staff)).values(**values)).rowcount > 0


def set_details(tx: Transaction, row_id: str, *, topic: str | None, phone: str | None, at: datetime) -> None:
    """Replace the topic and phone of a hand-over, as the citizen adds them.

    Raises:
        InputError: no such hand-over.
    """
    wanted = handovers.c.id == row_id
    row = tx.connection.execute(select(handovers).where(wanted)).first()
    if row is None:
        raise InputError(f"no hand-over {row_id}")
    private = tx.unseal(row.sealed, f"handovers/{row_id}")
    held, before = private.get("vault"), _number(tx, private)
    if phone != before:
        if held is not None and before is not None:
            vault.drop(tx, held)
        held = _held_number(tx, phone, row, at)
    sealed = _sealed(tx, row_id, topic, held)
    tx.connection.execute(update(handovers).where(wanted).values(sealed=sealed))


def set_urgency(tx: Transaction, row_id: str, urgency: int, reason: str) -> None:
    """Let it wait with this urgency, where it was less urgent."""
    wanted = and_(handovers.c.id == row_id, handovers.c.urgency < urgency)
    tx.connection.execute(update(handovers).where(wanted).values(urgency=urgency, reason=reason))


def served() -> ColumnElement[bool]:
    """Rows of conversations that do not only practise: nobody waits there."""
    practice = select(conversations.c.id).where(conversations.c.practice.is_(True))
    return handovers.c.conversation_id.not_in(practice)


def _held(row_id: str, staff: str) -> ColumnElement[bool]:
    return and_(handovers.c.id == row_id, handovers.c.state == "joined", handovers.c.owner == staff)


def _list(
    tx: Transaction, wanted: ColumnElement[bool], *order: ColumnElement[Any], limit: int = MOST_LISTED
) -> list[HandoverRow]:
    opened = [(row, _opened(tx, row)) for row in _rows(tx, wanted, *order, limit=limit)]
    kept = vault.held(tx, [private["vault"] for _, private in opened if private.get("vault")])
    return [
        _made(row, private, has_phone=private.get("phone") is not None or private.get("vault") in kept)
        for row, private in opened
    ]


def _rows(
    tx: Transaction, wanted: ColumnElement[bool], *order: ColumnElement[Any], limit: int | None = None
) -> Sequence[Row[Any]]:
    query = select(handovers).where(wanted).order_by(*order, handovers.c.requested_at, handovers.c.id)
    return tx.connection.execute(query.limit(limit)).all()


def _one(tx: Transaction, wanted: ColumnElement[bool]) -> HandoverRow | None:
    row = tx.connection.execute(select(handovers).where(wanted)).first()
    return None if row is None else _read(tx, row)


def _read(tx: Transaction, row: Row[Any]) -> HandoverRow:
    private = _opened(tx, row)
    phone = _number(tx, private)
    return _made(row, private, phone=phone, has_phone=phone is not None)


def _opened(tx: Transaction, row: Row[Any]) -> dict[str, Any]:
    private: dict[str, Any] = tx.unseal(row.sealed, f"handovers/{row.id}")
    return private


_PLAIN: Final = {one.name for one in fields(HandoverRow)} - {"topic", "phone", "has_phone"}


def _made(
    row: Row[Any], private: Mapping[str, Any], *, has_phone: bool, phone: str | None = None
) -> HandoverRow:
    plain = {name: getattr(row, name) for name in _PLAIN}
    return HandoverRow(**plain, topic=private["topic"], phone=phone, has_phone=has_phone)


def _held_number(tx: Transaction, phone: str | None, row: HandoverRow | Row[Any], at: datetime) -> str | None:
    return None if phone is None else vault.put(tx, phone, "call_back", row.conversation_id, at)


def _sealed(tx: Transaction, row_id: str, topic: str | None, held: str | None) -> bytes:
    return tx.seal({"topic": topic, "vault": held}, f"handovers/{row_id}")


def _number(tx: Transaction, private: Mapping[str, Any]) -> str | None:
    # Rows up to revision 0014 hold the number themselves.
    if private.get("phone") is not None:
        return str(private["phone"])
    held = private.get("vault")
    return None if held is None else vault.take(tx, held, "call_back")
