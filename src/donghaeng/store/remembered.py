"""What citizens wished to be remembered from one conversation to the next, and the consent to it.

A person is known by the hash of a key alone, which their own telephone or browser keeps
(:func:`donghaeng.trust.tokens.person_hash`); values and consent are sealed (docs/decisions/0011-memory.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from donghaeng.store import contacts
from donghaeng.store.store import Transaction
from donghaeng.store.tables import remembered
from donghaeng.store.upserts import put
from donghaeng.trust.consents import SpokenConsent


@dataclass(frozen=True, slots=True)
class Values:
    """All that is ever kept of a person. None: not known."""

    home_district: str | None = None
    last_stop: Mapping[str, Any] | None = None
    """A stop as the slot type has it: ``{"ars_id", "name"}``."""
    speed: float | None = None
    """Factor on the voice's own rate."""
    volume_db: float | None = None


def keep(tx: Transaction, person: str, values: Values, consent: SpokenConsent) -> None:
    """Begin to remember a person, or take a later consent in place of an earlier one."""
    words = consent.words()
    row = {
        "person_hash": person,
        "sealed": _seal(tx, person, values, words),
        "script": consent.script,
        "consented_at": consent.at,
        "used_at": consent.at,
    }
    put(tx, remembered, ["person_hash"], row)


def find(tx: Transaction, person: str) -> Values | None:
    """What is remembered of a person; None of one who never consented, or was forgotten."""
    row = _row(tx, person)
    return Values(**_open(tx, row)["values"]) if row is not None else None


def consent_of(tx: Transaction, person: str) -> SpokenConsent | None:
    """The consent on which a person is remembered."""
    row = _row(tx, person)
    if row is None:
        return None
    words = _open(tx, row)["consent"]
    return SpokenConsent.of(row.script, row.consented_at, words)


def renew(tx: Transaction, person: str, values: Values, at: datetime) -> bool:
    """Take values in place of those remembered, and note that the person came; False, and nothing is kept,
    of one who is not remembered."""
    row = _row(tx, person)
    if row is None:
        return False
    sealed = _seal(tx, person, values, _open(tx, row)["consent"])
    ours = remembered.c.person_hash == person
    tx.connection.execute(update(remembered).where(ours).values(sealed=sealed, used_at=at))
    return True


def forget(tx: Transaction, person: str) -> bool:
    """Erase all that is remembered of a person, the consent as well, and what told that they came again;
    False where nothing was remembered."""
    contacts.forget_person(tx, person)
    return tx.connection.execute(delete(remembered).where(remembered.c.person_hash == person)).rowcount > 0


def forget_unused(tx: Transaction, before: datetime) -> int:
    """Erase what is remembered of those who have not come since ``before``; of how many."""
    return tx.connection.execute(delete(remembered).where(remembered.c.used_at < before)).rowcount


def _row(tx: Transaction, person: str) -> Row[Any] | None:
    return tx.connection.execute(select(remembered).where(remembered.c.person_hash == person)).first()


def _seal(tx: Transaction, person: str, values: Values, consent: Mapping[str, Any]) -> bytes:
    return tx.seal({"values": asdict(values), "consent": dict(consent)}, _place(person))


def _open(tx: Transaction, row: Row[Any]) -> dict[str, Any]:
    opened: dict[str, Any] = tx.unseal(row.sealed, _place(row.person_hash))
    return opened


def _place(person: str) -> str:
    return f"remembered/{person}"
