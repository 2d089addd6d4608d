"""Conversations: who owns them, where they stand, and the check that one turn at a time is taken."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, insert, select, update

from donghaeng.errors import ConversationBusy, UnknownConversation
from donghaeng.store.store import Transaction
from donghaeng.store.tables import conversations
from donghaeng.trust.tokens import token_hash, token_matches

_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as it was opened. Its state is the fold of its events."""

    id: str
    channel: str
    opened_at: datetime
    catalogue_version: str
    practice: bool = False
    home_district: str | None = None
    location: tuple[float, float] | None = None
    """Latitude and longitude, WGS 84 degrees; sealed."""
    test_clock: datetime | None = None
    """A fixed clock (test clock only), with its own offset."""
    test_city: Mapping[str, Any] | None = None
    person: str | None = None
    """Hash of the key of the person, where the channel gave one; sealed, so that the conversations of a
    person cannot be found from one another."""
    called_number: str | None = None
    """Hash of the number that we called (:func:`donghaeng.trust.tokens.number_hash`); sealed."""
    ended_at: datetime | None = None
    last_seq: int = 0
    """Number of its newest event; 0 before the first."""


def add(tx: Transaction, conversation: Conversation, token: str) -> None:
    """Store a new conversation. Of ``token`` only the hash is kept."""
    row = {
        "id": conversation.id,
        "token_hash": token_hash(token),
        "channel": conversation.channel,
        "opened_at": conversation.opened_at,
        "ended_at": conversation.ended_at,
        "practice": conversation.practice,
        "home_district": conversation.home_district,
        "sealed": _sealed(tx, conversation),
        "catalogue_version": conversation.catalogue_version,
        "test_clock": None if conversation.test_clock is None else conversation.test_clock.isoformat(),
        "test_city": None if conversation.test_city is None else dict(conversation.test_city),
        "last_seq": conversation.last_seq,
    }
    tx.connection.execute(_INSERT, row)


def get(tx: Transaction, conversation_id: str, token: str) -> Conversation:
    """The conversation, for the bearer of its token.

    Raises:
        UnknownConversation: no such conversation, or not this token's; the two look alike.
    """
    row = tx.connection.execute(_ONE, {"of": conversation_id}).first()
    if row is None or not token_matches(token, row.token_hash):
        raise UnknownConversation(f"no conversation {conversation_id} with this token")
    return _read(tx, row)


def get_as_staff(tx: Transaction, conversation_id: str) -> Conversation:
    """The conversation without a token; the caller has checked a role, or is the program itself.

    Raises:
        UnknownConversation: no such conversation.
    """
    row = tx.connection.execute(_ONE, {"of": conversation_id}).first()
    if row is None:
        raise UnknownConversation(f"no conversation {conversation_id}")
    return _read(tx, row)


def channels(tx: Transaction, wanted: Collection[str]) -> dict[str, str]:
    """The channel of each of these conversations that exists."""
    rows = tx.connection.execute(
        select(conversations.c.id, conversations.c.channel).where(conversations.c.id.in_(list(wanted)))
    )
    return {row.id: row.channel for row in rows}


def home_districts(tx: Transaction, wanted: Collection[str]) -> dict[str, str]:
    """The home district of each of these conversations that has one that is no secret."""
    found: dict[str, str] = {}
    asked = list(wanted)
    for begin in range(0, len(asked), _CHUNK):
        ours = conversations.c.id.in_(asked[begin : begin + _CHUNK])
        rows = tx.connection.execute(select(conversations.c.id, conversations.c.home_district).where(ours))
        found |= {row.id: row.home_district for row in rows if row.home_district is not None}
    return found


def by_token(tx: Transaction, token: str) -> Conversation:
    """The conversation that owns ``token``.

    Raises:
        UnknownConversation: none does.
    """
    found = conversations.c.token_hash == token_hash(token)
    row = tx.connection.execute(select(conversations).where(found)).first()
    if row is None:
        raise UnknownConversation("no conversation has this token")
    return _read(tx, row)


def last_seq(tx: Transaction, conversation_id: str) -> int | None:
    """The number of the conversation's last event; None where there is no such conversation."""
    row = tx.connection.execute(_LAST_SEQ, {"of": conversation_id}).first()
    return None if row is None else int(row.last_seq)


# Made once: a statement that is built anew for each call costs more than its execution.
_INSERT = insert(conversations)
_ONE = select(conversations).where(conversations.c.id == bindparam("of"))
_LAST_SEQ = select(conversations.c.last_seq).where(conversations.c.id == bindparam("of"))
_ADVANCE = (
    update(conversations)
    .where(conversations.c.id == bindparam("of"), conversations.c.last_seq == bindparam("expected"))
    .values(last_seq=bindparam("to"))
)
_END = (
    update(conversations)
    .where(conversations.c.id == bindparam("of"), conversations.c.ended_at.is_(None))
    .values(ended_at=bindparam("at"))
)


def advance(tx: Transaction, conversation_id: str, *, expected: int, to: int) -> None:
    """Move the conversation from its event ``expected`` to ``to``; the row stays locked until the commit.

    Raises:
        ConversationBusy: it is not at ``expected``: another turn was taken meanwhile.
        UnknownConversation: no such conversation.
    """
    if tx.connection.execute(_ADVANCE, {"of": conversation_id, "expected": expected, "to": to}).rowcount:
        return
    get_as_staff(tx, conversation_id)
    raise ConversationBusy(f"another turn of {conversation_id} was taken")


def hold(tx: Transaction, conversation_id: str) -> None:
    """Let other transactions that hold the conversation wait until the commit; readers do not."""
    wanted = conversations.c.id == conversation_id
    tx.connection.execute(select(conversations.c.id).where(wanted).with_for_update(key_share=True))


def end(tx: Transaction, conversation_id: str, at: datetime) -> bool:
    """Mark it ended; False when it was already."""
    return tx.connection.execute(_END, {"of": conversation_id, "at": at}).rowcount > 0


def _sealed(tx: Transaction, conversation: Conversation) -> bytes | None:
    if conversation.location is None and conversation.person is None and conversation.called_number is None:
        return None
    location = list(conversation.location) if conversation.location is not None else None
    personal = {
        "location": location,
        "person": conversation.person,
        "called_number": conversation.called_number,
    }
    return tx.seal(personal, f"conversations/{conversation.id}")


def count_opened(tx: Transaction, begin: datetime, end: datetime) -> int:
    """Citizens' conversations that were opened from ``begin`` until before ``end``; practice and tests are
    none."""
    c = conversations.c
    real = (c.practice.is_(False), c.test_clock.is_(None))
    wanted = (
        select(func.count()).select_from(conversations).where(c.opened_at >= begin, c.opened_at < end, *real)
    )
    return int(tx.connection.execute(wanted).scalar_one())


def _unsealed(tx: Transaction, row: Row[Any]) -> dict[str, Any]:
    if row.sealed is None:
        return {"location": None, "person": None}
    personal = tx.unseal(row.sealed, f"conversations/{row.id}")
    # Up to revision 0003 a location was all there was.
    return {"location": personal, "person": None} if isinstance(personal, list) else dict(personal)


def _read(tx: Transaction, row: Row[Any]) -> Conversation:
    personal = _unsealed(tx, row)
    location = personal["location"]
    return Conversation(
        id=row.id,
        channel=row.channel,
        opened_at=row.opened_at,
        catalogue_version=row.catalogue_version,
        practice=row.practice,
        home_district=row.home_district,
        location=None if location is None else (location[0], location[1]),
        test_clock=None if row.test_clock is None else datetime.fromisoformat(row.test_clock),
        test_city=row.test_city,
        person=personal["person"],
        called_number=personal.get("called_number"),
        ended_at=row.ended_at,
        last_seq=row.last_seq,
    )
