"""Calls that citizens asked for, each with the consent on which it may be made.

States::

    waiting ──claim──▶ (leased) ──mark_over──▶ answered | given_up
       │  ▲               │
       │  └── postpone ───┘
       └── withdraw ──▶ withdrawn          held: of a test's conversation; nobody makes it

A call is marked before anything is said in it, so that neither a repeated turn nor a restart makes it twice.
The number stands in the vault; service and the words of the consent are sealed; calls of one number are found
by a slow hash of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Row, and_, or_, select, update

from donghaeng.store import vault
from donghaeng.store.leases import LeasedRows
from donghaeng.store.store import Transaction
from donghaeng.store.tables import outgoing_calls as calls
from donghaeng.store.upserts import insert_new
from donghaeng.trust.consents import SpokenConsent

State = Literal["waiting", "answered", "given_up", "withdrawn", "held"]
WITHDRAWN: Final = "withdrawn"
Purpose = Literal["call_back", "freeze_warning"]
LEASE = timedelta(minutes=2)
"""How long a claimed call belongs to its claimer: longer than a telephone rings."""
_ROWS: Final = LeasedRows(calls, ("next_attempt_at", "key"), waits="waiting", booked_ahead=True)


@dataclass(frozen=True, slots=True)
class BookedCall:
    """One call to be made."""

    key: str
    """What it was booked for; unique."""
    conversation_id: str
    """Where the citizen asked for it."""
    number: str = field(repr=False)
    """``010-1234-5678``; in the vault. Empty where it can be read no more: then nobody is called."""
    number_hash: str = field(repr=False)
    service: str
    """What it is about."""
    consent: SpokenConsent
    due: datetime
    purpose: Purpose = "call_back"
    state: State = "waiting"
    attempts: int = 0
    outcome: str | None = None


def add(tx: Transaction, call: BookedCall) -> bool:
    """Book a call, waiting or held. False where one is booked under its key already."""
    held = vault.put(tx, call.number, "call", call.conversation_id, call.due)
    sealed = {"vault": held, "service": call.service} | call.consent.words()
    values = {
        "key": call.key,
        "conversation_id": call.conversation_id,
        "purpose": call.purpose,
        "number_hash": call.number_hash,
        "sealed": tx.seal(sealed, _place(call.key)),
        "script": call.consent.script,
        "consented_at": call.consent.at,
        "state": call.state,
        "attempts": 0,
        "next_attempt_at": call.due,
    }
    added = insert_new(tx, calls, values)
    if not added:
        vault.drop(tx, held)
    return added


def claim(tx: Transaction, owner: str, now: datetime) -> BookedCall | None:
    """Take the call that is due longest and that nobody holds; it is ``owner``'s for :data:`LEASE`."""
    rows = _ROWS.claim(tx, owner, now, lease=LEASE, limit=1)
    return _read(tx, rows[0], attempts=rows[0].attempts + 1) if rows else None


def mark_over(tx: Transaction, key: str, owner: str, state: State, *, outcome: str, at: datetime) -> bool:
    """Note that a call was answered or is given up. False, and nothing noted, where it was withdrawn
    meanwhile or ``owner`` no longer holds it: then nothing may be said."""
    return _ROWS.let_go(tx, _ROWS.held(key, owner), state=state, outcome=outcome, done_at=at) > 0


def postpone(tx: Transaction, key: str, owner: str, *, outcome: str, until: datetime) -> bool:
    """Let it wait until ``until``. False when ``owner`` no longer holds it."""
    return _ROWS.let_go(tx, _ROWS.held(key, owner), next_attempt_at=until, outcome=outcome) > 0


def withdraw(tx: Transaction, wanted_hash: str, at: datetime) -> int:
    """Take the consent back: no call to that number is made any more; how many were waiting.

    Who says so is often in the very call, so those that are over note it too: a later list asks
    (:func:`said_no`).
    """
    over = and_(calls.c.number_hash == wanted_hash, calls.c.state.in_(("answered", "given_up")))
    tx.connection.execute(update(calls).where(over).values(outcome=WITHDRAWN))
    ours = and_(calls.c.number_hash == wanted_hash, calls.c.state == "waiting")
    return _ROWS.let_go(tx, ours, state=WITHDRAWN, outcome=WITHDRAWN, done_at=at)


def said_no(tx: Transaction, wanted_hash: str) -> bool:
    """Whether who has that number wants no calls any more."""
    no = or_(calls.c.state == WITHDRAWN, calls.c.outcome == WITHDRAWN)
    wanted = select(calls.c.key).where(calls.c.number_hash == wanted_hash, no).limit(1)
    return tx.connection.execute(wanted).first() is not None


def get(tx: Transaction, key: str) -> BookedCall | None:
    """One call, whatever its state."""
    row = tx.connection.execute(select(calls).where(calls.c.key == key)).first()
    return None if row is None else _read(tx, row)


def of_conversation(tx: Transaction, conversation_id: str) -> list[BookedCall]:
    """The calls that were booked in a conversation."""
    wanted = calls.c.conversation_id == conversation_id
    rows = tx.connection.execute(select(calls).where(wanted).order_by(calls.c.next_attempt_at, calls.c.key))
    return [_read(tx, row) for row in rows]


def to_number(tx: Transaction, wanted_hash: str) -> list[BookedCall]:
    """Every call to a number, whatever its state."""
    rows = tx.connection.execute(
        select(calls).where(calls.c.number_hash == wanted_hash).order_by(calls.c.next_attempt_at, calls.c.key)
    )
    return [_read(tx, row) for row in rows]


def _place(key: str) -> str:
    return f"outgoing_calls/{key}"


def _read(tx: Transaction, row: Row[Any], *, attempts: int | None = None) -> BookedCall:
    private = tx.unseal(row.sealed, _place(row.key))
    return BookedCall(
        key=row.key,
        conversation_id=row.conversation_id,
        # Rows up to revision 0014 hold the number themselves.
        number=private.get("number") or vault.take(tx, private["vault"], "call") or "",
        number_hash=row.number_hash,
        service=private["service"],
        consent=SpokenConsent.of(row.script, row.consented_at, private),
        due=row.next_attempt_at,
        purpose=row.purpose,
        state=row.state,
        attempts=row.attempts if attempts is None else attempts,
        outcome=row.outcome,
    )
