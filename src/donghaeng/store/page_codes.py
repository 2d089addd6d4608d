"""Codes by which a call goes on at a page: one a conversation, good once and for a short time.

A row holds the conversation's token, sealed, and is gone once the code was used, replaced or has expired.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, select

from donghaeng.store.store import Transaction
from donghaeng.store.tables import page_codes
from donghaeng.store.upserts import insert_new


def keep(
    tx: Transaction, hashed: str, conversation_id: str, token: str, *, now: datetime, until: datetime
) -> bool:
    """Keep a code in place of the conversation's earlier one; False where somebody else's is the same."""
    stale = or_(page_codes.c.expires_at <= now, page_codes.c.conversation_id == conversation_id)
    tx.connection.execute(delete(page_codes).where(stale))
    values = {
        "code_hash": hashed,
        "conversation_id": conversation_id,
        "sealed": tx.seal(token, f"page_codes/{hashed}"),
        "expires_at": until,
    }
    return insert_new(tx, page_codes, values)


def use(tx: Transaction, hashed: str, now: datetime) -> str | None:
    """The token behind a code, which is used up by that; None where there is none."""
    row = tx.connection.execute(select(page_codes).where(page_codes.c.code_hash == hashed)).first()
    if row is None:
        return None
    used = tx.connection.execute(delete(page_codes).where(page_codes.c.code_hash == hashed)).rowcount
    if not used or row.expires_at <= now:
        return None
    token: str = tx.unseal(row.sealed, f"page_codes/{hashed}")
    return token
