"""What a citizen has requested of the city, for "my requests" and for cancelling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update

from donghaeng.store.store import Transaction
from donghaeng.store.tables import requests


@dataclass(frozen=True, slots=True)
class Request:
    """One accepted write with its receipt."""

    conversation_id: str
    receipt: str
    service: str
    summary: Mapping[str, Any]
    """The confirmed arguments (the phone number among them, which proves ownership) and wording; sealed."""
    made_at: datetime
    cancelled_at: datetime | None = None


def add(tx: Transaction, request: Request) -> None:
    """Record an accepted write.

    Raises:
        StoreError: the conversation has this receipt already (the transaction is undone).
    """
    place = _place(request.conversation_id, request.receipt)
    tx.connection.execute(
        insert(requests).values(
            conversation_id=request.conversation_id,
            receipt=request.receipt,
            service=request.service,
            sealed=tx.seal(dict(request.summary), place),
            made_at=request.made_at,
            cancelled_at=request.cancelled_at,
        )
    )


def of_conversation(tx: Transaction, conversation_id: str) -> list[Request]:
    """The conversation's own requests, newest first, cancelled ones included."""
    return _list(tx, requests.c.conversation_id == conversation_id)


def receipts(tx: Transaction) -> list[str]:
    """Every receipt number, oldest first; one of two conversations stands twice."""
    return list(tx.connection.execute(select(requests.c.receipt).order_by(requests.c.made_at)).scalars())


def by_receipt(tx: Transaction, receipt: str) -> list[Request]:
    """Requests with this receipt number, newest first: more than one only where test cities gave out the
    same number. The caller shows one only against the phone number in its summary (CONTRACT 8)."""
    return _list(tx, requests.c.receipt == receipt)


def cancel(tx: Transaction, receipt: str, at: datetime, *, conversation_id: str | None = None) -> bool:
    """Mark what the city has cancelled: a conversation's own request, or whichever conversation's it is;
    False when it is unknown or was cancelled before."""
    wanted = (requests.c.receipt == receipt) & requests.c.cancelled_at.is_(None)
    if conversation_id is not None:
        wanted &= requests.c.conversation_id == conversation_id
    return tx.connection.execute(update(requests).where(wanted).values(cancelled_at=at)).rowcount > 0


def _list(tx: Transaction, wanted: ColumnElement[bool]) -> list[Request]:
    order = (requests.c.made_at.desc(), requests.c.receipt.desc())
    return [
        Request(
            conversation_id=row.conversation_id,
            receipt=row.receipt,
            service=row.service,
            summary=tx.unseal(row.sealed, _place(row.conversation_id, row.receipt)),
            made_at=row.made_at,
            cancelled_at=row.cancelled_at,
        )
        for row in tx.connection.execute(select(requests).where(wanted).order_by(*order))
    ]


def _place(conversation_id: str, receipt: str) -> str:
    return f"requests/{conversation_id}/{receipt}"
