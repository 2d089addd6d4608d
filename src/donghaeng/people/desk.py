"""The way to a person: a conversation enters the queue, or leaves a number to be called back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from donghaeng.store import Transaction, handovers
from donghaeng.store.handovers import HandoverRow


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a wish for a person stands."""

    state: str
    position: int | None
    """Place in the queue, from 1; None for a call-back."""
    callback_at: datetime | None


def request_person(
    tx: Transaction,
    *,
    conversation_id: str,
    new_id: str,
    topic: str | None,
    callback_phone: str | None,
    now: datetime,
) -> Standing:
    """Queue the conversation, or turn its place in the queue into a call-back when a number was left.

    A second request of the same conversation keeps its first place.
    """
    row = handovers.of_conversation(tx, conversation_id)
    if row is None or row.state == "closed":
        row = HandoverRow(new_id, conversation_id, now, topic=topic)
        handovers.add(tx, row)
    if topic is not None or callback_phone is not None:
        handovers.set_details(tx, row.id, topic=topic or row.topic, phone=callback_phone or row.phone)
    if callback_phone is not None and row.state == "queued":
        row = handovers.move(tx, row.id, "callback", now)
    position = handovers.position(tx, row) if row.state == "queued" else None
    return Standing(row.state, position, row.callback_at)
