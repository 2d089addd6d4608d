"""Whom citizens let see receipt and status of their requests, each by a spoken consent.

A citizen is who speaks in a conversation that belongs to the consent, or comes with the key under which the
channel knows them again. A code and a session are kept as hashes; one session a consent. A row stays for a
while after its end, to show that there was a consent and when it was taken back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, insert, or_, select, update

from donghaeng.store.privacy_tables import guardian_conversations as links
from donghaeng.store.privacy_tables import guardians
from donghaeng.store.store import Transaction
from donghaeng.store.tables import requests
from donghaeng.store.upserts import insert_new
from donghaeng.trust.consents import SpokenConsent


@dataclass(frozen=True, slots=True)
class Guardian:
    """One consent."""

    id: str
    conversation_id: str
    """Where it was given."""
    who: str = field(repr=False)
    """What that person is to the citizen."""
    consent: SpokenConsent
    ends_at: datetime
    person: str | None = field(default=None, repr=False)
    """Hash of the citizen's own key."""
    ended_at: datetime | None = None
    """When it was taken back."""
    session_at: datetime | None = None
    seen_at: datetime | None = None
    """The last look."""

    def holds(self, now: datetime) -> bool:
        """Whether that person may see now."""
        return self.ended_at is None and now < self.ends_at


@dataclass(frozen=True, slots=True)
class Shown:
    """All that is ever seen of a request."""

    conversation_id: str
    receipt: str
    service: str
    made_at: datetime
    cancelled_at: datetime | None


def add(tx: Transaction, row: Guardian) -> None:
    """Keep a consent; what was requested in its conversation belongs to it."""
    tx.connection.execute(
        insert(guardians).values(
            id=row.id,
            conversation_id=row.conversation_id,
            person_hash=row.person,
            sealed=_seal(tx, row.id, row.who, row.consent),
            script=row.consent.script,
            consented_at=row.consent.at,
            ends_at=row.ends_at,
        )
    )
    _link(tx, row.id, row.conversation_id, row.consent.at)


def renew(tx: Transaction, row: Guardian, consent: SpokenConsent, ends_at: datetime, talk: str) -> None:
    """Take a later consent for the same person in place of the earlier one."""
    values = {
        "sealed": _seal(tx, row.id, row.who, consent),
        "script": consent.script,
        "consented_at": consent.at,
        "ends_at": ends_at,
        "reminded_at": None,
    }
    tx.connection.execute(update(guardians).where(guardians.c.id == row.id).values(**values))
    _link(tx, row.id, talk, consent.at)


def of_citizen(tx: Transaction, talks: Collection[str], person: str | None, now: datetime) -> list[Guardian]:
    """Who may see now what a citizen requested, who speaks in one of ``talks`` or has the key ``person``."""
    linked = select(links.c.guardian_id).where(links.c.conversation_id.in_(list(talks)))
    ours: ColumnElement[bool] = or_(guardians.c.id.in_(linked), guardians.c.conversation_id.in_(list(talks)))
    if person is not None:
        ours = or_(ours, guardians.c.person_hash == person)
    return _list(tx, and_(ours, guardians.c.ended_at.is_(None), guardians.c.ends_at > now))


def all_of_conversation(tx: Transaction, talk: str) -> list[Guardian]:
    """Every consent to which a conversation belongs, ended ones too."""
    linked = select(links.c.guardian_id).where(links.c.conversation_id == talk)
    return _list(tx, or_(guardians.c.id.in_(linked), guardians.c.conversation_id == talk))


def follow(tx: Transaction, talk: str, person: str, now: datetime) -> None:
    """Let a conversation that begins belong to the consents of the person who speaks."""
    wanted = and_(
        guardians.c.person_hash == person, guardians.c.ended_at.is_(None), guardians.c.ends_at > now
    )
    for row in tx.connection.execute(select(guardians.c.id).where(wanted)).all():
        _link(tx, row.id, talk, now)


def due_reminder(tx: Transaction, person: str, now: datetime, until: datetime) -> Guardian | None:
    """A consent that ends before ``until`` and of which the citizen was not told yet."""
    soon = and_(guardians.c.ends_at > now, guardians.c.ends_at <= until, guardians.c.reminded_at.is_(None))
    wanted = and_(guardians.c.person_hash == person, guardians.c.ended_at.is_(None), soon)
    return next(iter(_list(tx, wanted)), None)


def note_reminded(tx: Transaction, name: str, at: datetime) -> None:
    """The citizen was told of the end."""
    tx.connection.execute(update(guardians).where(guardians.c.id == name).values(reminded_at=at))


def end(tx: Transaction, name: str, at: datetime) -> bool:
    """Take it back: code and session open nothing from now on. False where it had ended."""
    wanted = and_(guardians.c.id == name, guardians.c.ended_at.is_(None))
    values = {"ended_at": at, "code_hash": None, "code_until": None}
    return tx.connection.execute(update(guardians).where(wanted).values(**values)).rowcount > 0


def keep_code(tx: Transaction, name: str, hashed: str, until: datetime, now: datetime) -> bool:
    """Keep a code in place of an earlier one; False where somebody else's is the same."""
    stale = and_(guardians.c.code_hash.is_not(None), guardians.c.code_until <= now)
    tx.connection.execute(update(guardians).where(stale).values(code_hash=None, code_until=None))
    if tx.connection.execute(select(guardians.c.id).where(guardians.c.code_hash == hashed)).first():
        return False
    values = {"code_hash": hashed, "code_until": until}
    tx.connection.execute(update(guardians).where(guardians.c.id == name).values(**values))
    return True


def use_code(tx: Transaction, hashed: str, session: str, now: datetime) -> Guardian | None:
    """The consent behind a code, which is used up by that; ``session`` (a hash) opens it from now on, and no
    earlier session does. None where there is none."""
    wanted = and_(guardians.c.code_hash == hashed, guardians.c.code_until > now)
    holds = and_(guardians.c.ended_at.is_(None), guardians.c.ends_at > now)
    row = tx.connection.execute(select(guardians.c.id).where(wanted, holds)).first()
    if row is None:
        return None
    values = {"code_hash": None, "code_until": None, "session_hash": session, "session_at": now}
    # The condition is checked again in the update: on PostgreSQL another process may have been faster.
    used = tx.connection.execute(update(guardians).where(guardians.c.id == row.id, wanted).values(**values))
    return next(iter(_list(tx, guardians.c.id == row.id)), None) if used.rowcount else None


def by_session(tx: Transaction, session: str) -> Guardian | None:
    """The consent that a session's hash opened, also one that has ended."""
    return next(iter(_list(tx, guardians.c.session_hash == session)), None)


def leave(tx: Transaction, session: str) -> None:
    """End a session; another needs another code."""
    wanted = guardians.c.session_hash == session
    tx.connection.execute(update(guardians).where(wanted).values(session_hash=None))


def seen(tx: Transaction, name: str, at: datetime) -> None:
    """Note a look."""
    tx.connection.execute(update(guardians).where(guardians.c.id == name).values(seen_at=at))


def shown(tx: Transaction, name: str) -> list[Shown]:
    """What is seen under a consent, newest first. Neither a column that is sealed nor one of another table is
    read."""
    query = (
        select(
            requests.c.conversation_id,
            requests.c.receipt,
            requests.c.service,
            requests.c.made_at,
            requests.c.cancelled_at,
        )
        .join(links, links.c.conversation_id == requests.c.conversation_id)
        .where(links.c.guardian_id == name)
        .order_by(requests.c.made_at.desc(), requests.c.receipt.desc())
    )
    return [Shown(*row) for row in tx.connection.execute(query)]


def drop_of(tx: Transaction, talk: str) -> int:
    """Destroy every consent to which a conversation belongs; how many there were."""
    names = [one.id for one in all_of_conversation(tx, talk)]
    return tx.connection.execute(delete(guardians).where(guardians.c.id.in_(names))).rowcount if names else 0


def _link(tx: Transaction, name: str, talk: str, at: datetime) -> None:
    insert_new(tx, links, {"guardian_id": name, "conversation_id": talk, "since": at})


def _list(tx: Transaction, wanted: ColumnElement[bool]) -> list[Guardian]:
    rows = tx.connection.execute(
        select(guardians).where(wanted).order_by(guardians.c.consented_at, guardians.c.id)
    )
    return [_read(tx, row) for row in rows]


def _seal(tx: Transaction, name: str, who: str, consent: SpokenConsent) -> bytes:
    return tx.seal({"who": who, "consent": consent.words()}, f"guardians/{name}")


def _read(tx: Transaction, row: Row[Any]) -> Guardian:
    private = tx.unseal(row.sealed, f"guardians/{row.id}")
    return Guardian(
        id=row.id,
        conversation_id=row.conversation_id,
        who=private["who"],
        consent=SpokenConsent.of(row.script, row.consented_at, private["consent"]),
        ends_at=row.ends_at,
        person=row.person_hash,
        ended_at=row.ended_at,
        session_at=row.session_at,
        seen_at=row.seen_at,
    )
