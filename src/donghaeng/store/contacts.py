"""Who came again with the same need within a week: one definition, for the tower's figures and the review.

Only somebody who consented to be known again is: by a keyed fingerprint that is used for this alone, of the
hash of the key that their own telephone or browser keeps. No number of a caller is read, and of whoever did
not consent there is no row. Rows go with their conversation, and after two weeks at the latest.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select, update

from donghaeng.store.figures_tables import figures_contacts as contacts
from donghaeng.store.store import Transaction
from donghaeng.store.upserts import insert_new

REPEAT_WITHIN: Final = timedelta(days=7)
KEPT: Final = 2 * REPEAT_WITHIN
_KEY: Final = b"donghaeng figures contacts"


def mark_of(tx: Transaction, person: str) -> str:
    """The keyed fingerprint of a person, from the hash of their key."""
    return hmac.new(tx.sealer.derived(_KEY)[0], person.encode(), hashlib.sha256).hexdigest()


def note(tx: Transaction, conversation_id: str, person: str, need: str, at: datetime) -> bool:
    """Keep that somebody came with a need; whether they had come with it before, in another conversation, at
    most :data:`REPEAT_WITHIN` earlier.

    Args:
        tx: the transaction.
        conversation_id: in which conversation.
        person: hash of the person's key.
        need: see :func:`donghaeng.store.needs.need_of`.
        at: when the conversation began.
    """
    mark = mark_of(tx, person)
    c = contacts.c
    earlier = select(func.count()).where(
        c.mark == mark,
        c.service == need,
        c.conversation_id != conversation_id,
        c.at.between(at - REPEAT_WITHIN, at),
    )
    again = tx.connection.execute(earlier).scalar_one() > 0
    values = {"conversation_id": conversation_id, "service": need, "mark": mark, "at": at}
    insert_new(tx, contacts, {**values, "again": again, "looked_at": False})
    return again


def unseen(tx: Transaction, conversations: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The needs that somebody came again with in these conversations and that no reviewer's item was made of
    yet, by conversation."""
    c = contacts.c
    wanted = c.again.is_(True) & c.looked_at.is_(False) & c.conversation_id.in_(list(conversations))
    found: dict[str, tuple[str, ...]] = {}
    for row in tx.connection.execute(select(c.conversation_id, c.service).where(wanted).order_by(c.service)):
        found[row.conversation_id] = (*found.get(row.conversation_id, ()), row.service)
    return found


def seen(tx: Transaction, conversation_id: str, needs: Collection[str]) -> None:
    """Note that the review has looked at these."""
    mine = (contacts.c.conversation_id == conversation_id) & contacts.c.service.in_(list(needs))
    tx.connection.execute(update(contacts).where(mine).values(looked_at=True))


def forget_person(tx: Transaction, person: str) -> None:
    """Drop everything of a person who takes the consent back."""
    tx.connection.execute(delete(contacts).where(contacts.c.mark == mark_of(tx, person)))


def forget(tx: Transaction, now: datetime) -> None:
    """Drop what nothing is compared with any more."""
    tx.connection.execute(delete(contacts).where(contacts.c.at < now - KEPT))
