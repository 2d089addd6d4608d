"""Replies by idempotency key: a turn that comes twice is answered once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select

from donghaeng.store.store import Transaction
from donghaeng.store.tables import conversations, replies

TOKEN_FIELD = "token"  # noqa: S105 - the name of a field
"""Left out of what is stored; the caller, who has the token, puts it back."""


# Made once: a statement that is built anew for each call costs more than its execution.
_INSERT = insert(replies)
_FIND = select(replies.c.sealed).where(
    replies.c.conversation_id == bindparam("of"), replies.c.key_hash == bindparam("key_hash")
)
_WHERE_TO_GO_ON = select(conversations.c.last_seq, _FIND.scalar_subquery().label("sealed")).where(
    conversations.c.id == bindparam("of")
)


def add(
    tx: Transaction,
    conversation_id: str,
    idempotency_key: str,
    *,
    turn: int,
    at: datetime,
    reply: Mapping[str, Any],
) -> None:
    """Store the reply to a turn, without its ``token``. A turn without a key of its own gets one from the
    caller (for example its turn number), so that :func:`last` finds it.

    Raises:
        StoreError: the key has a reply already (the transaction is undone).
    """
    key_hash = _hash(idempotency_key)
    kept = {name: value for name, value in reply.items() if name != TOKEN_FIELD}
    row = {
        "conversation_id": conversation_id,
        "key_hash": key_hash,
        "turn": turn,
        "at": at,
        "sealed": tx.seal(kept, _place(conversation_id, key_hash)),
    }
    tx.connection.execute(_INSERT, row)


def find(tx: Transaction, conversation_id: str, idempotency_key: str) -> dict[str, Any] | None:
    """The reply that was given under the key, without its ``token``; None when there is none."""
    key_hash = _hash(idempotency_key)
    blob = tx.connection.execute(_FIND, {"of": conversation_id, "key_hash": key_hash}).scalar()
    return None if blob is None else _open(tx, blob, _place(conversation_id, key_hash))


def find_with_last_seq(
    tx: Transaction, conversation_id: str, idempotency_key: str
) -> tuple[int | None, dict[str, Any] | None]:
    """:func:`~donghaeng.store.conversations.last_seq` and :func:`find` in one statement."""
    key_hash = _hash(idempotency_key)
    row = tx.connection.execute(_WHERE_TO_GO_ON, {"of": conversation_id, "key_hash": key_hash}).first()
    if row is None:
        return None, None
    place = _place(conversation_id, key_hash)
    return int(row.last_seq), None if row.sealed is None else _open(tx, row.sealed, place)


def last(tx: Transaction, conversation_id: str) -> dict[str, Any] | None:
    """The newest reply of the conversation, without its ``token``; None before the greeting."""
    row = tx.connection.execute(
        select(replies.c.key_hash, replies.c.sealed)
        .where(replies.c.conversation_id == conversation_id)
        .order_by(replies.c.turn.desc(), replies.c.at.desc())
        .limit(1)
    ).first()
    return None if row is None else _open(tx, row.sealed, _place(conversation_id, row.key_hash))


def _open(tx: Transaction, blob: bytes, place: str) -> dict[str, Any]:
    reply: dict[str, Any] = tx.unseal(blob, place)
    return reply


def _hash(idempotency_key: str) -> str:
    # The key is the client's own text: hashed, it is short and shows nothing.
    return hashlib.sha256(idempotency_key.encode()).hexdigest()


def _place(conversation_id: str, key_hash: str) -> str:
    return f"replies/{conversation_id}/{key_hash}"
