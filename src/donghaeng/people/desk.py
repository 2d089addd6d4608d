"""The way to a person: a conversation enters the queue, or leaves a number to be called back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from donghaeng.people.cases import LineKind, Urgency
from donghaeng.people.counselling import GRACE_SECONDS
from donghaeng.people.hours import Hours
from donghaeng.store import Transaction, conversations, handover_lines, handovers, presence
from donghaeng.store.handover_lines import LineRow
from donghaeng.store.handovers import HandoverRow


@dataclass(frozen=True, slots=True)
class Reception:
    """When the desk works, and from how many waiting on it is busy."""

    hours: Hours
    busy_from: int = 5
    """Waiting for each counsellor who is there and ready."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a wish for a person stands."""

    state: str
    position: int | None
    """Place in the queue, from 1; None for a call-back."""
    callback_at: datetime | None
    desk: Literal["open", "busy", "closed"] = "open"
    opens_at: datetime | None = None
    """When counsellors are there again; None while they are."""
    offered: tuple[datetime, ...] = ()
    """Times for the call-back among which the citizen is to choose; with one alone, to say yes to."""
    unfit: str | None = None
    """Why the time that was wanted is not among them (:meth:`Hours.why_not`)."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A citizen's wish for a person."""

    topic: str | None = None
    """In the citizen's words."""
    callback_phone: str | None = None
    service: str | None = None
    """What was in hand."""
    reason: str = "asked"
    urgent: bool = False
    times: tuple[datetime, ...] = ()
    """When the citizen would like to be called; several where the words left it open."""
    agreed: bool = False
    """The one time was read back, and the citizen said yes to it."""


def request_person(
    tx: Transaction,
    *,
    conversation_id: str,
    new_id: str,
    wish: Wish,
    now: datetime,
    reception: Reception | None = None,
    citys_time: datetime | None = None,
) -> Standing:
    """Queue the conversation, or turn its place in the queue into a call-back when a number was left.

    A second request of the same conversation keeps its first place. A call-back is booked at once, for the
    first moment at which the desk works: whoever hangs up now is called all the same. A time that the citizen
    names takes its place when it was read back and agreed to.

    Args:
        tx: the transaction.
        conversation_id: who wishes it.
        new_id: of the hand-over, where there is none open.
        wish: what is wished.
        now: the program's own time.
        reception: when the desk works; always, where none is given.
        citys_time: the conversation's own time where a test gave it one.
    """
    urgency = Urgency.URGENT if wish.urgent else Urgency.NORMAL
    # The same wish may come to two processes at once, of a client that tried again: it is one hand-over.
    conversations.hold(tx, conversation_id)
    row = handovers.of_conversation(tx, conversation_id)
    if row is None or row.state == "closed":
        row = HandoverRow(
            new_id,
            conversation_id,
            now,
            topic=wish.topic,
            urgency=urgency,
            reason=wish.reason,
            service=wish.service,
        )
        handovers.add(tx, row)
        _tell(tx, row, LineKind.QUEUED, now)
    elif urgency > row.urgency:
        handovers.set_urgency(tx, row.id, urgency, wish.reason)
        row = handovers.get(tx, row.id) or row
    if wish.topic is not None or wish.callback_phone is not None:
        topic, phone = wish.topic or row.topic, wish.callback_phone or row.phone
        handovers.set_details(tx, row.id, topic=topic, phone=phone, at=now)
    opening = reception.hours.at(citys_time or now) if reception is not None else None
    is_closed = opening is not None and not opening.is_open
    if wish.callback_phone is not None and row.state == "queued":
        first = reception.hours.first_from(citys_time or now) if reception is not None else None
        row = handovers.move(tx, row.id, "callback", now, callback_at=first)
        _tell(tx, row, LineKind.CALLBACK, now)
    offered: tuple[datetime, ...] = ()
    unfit = None
    if row.state == "callback" and wish.times and reception is not None:
        offered, unfit = _offered(reception.hours, wish.times, citys_time or now)
        if wish.agreed and offered == wish.times:
            row = handovers.set_callback(tx, row.id, offered[0]) or row
            offered = ()
    position = handovers.position(tx, row) if row.state == "queued" else None
    return Standing(
        row.state,
        position,
        row.callback_at,
        desk="closed" if is_closed else _busy(tx, position, now, reception),
        opens_at=opening.opens_at if opening is not None else None,
        offered=offered,
        unfit=unfit,
    )


def _offered(
    hours: Hours, wanted: tuple[datetime, ...], now: datetime
) -> tuple[tuple[datetime, ...], str | None]:
    """Those of the wanted times for which a call may be promised, else the one nearest to the first, and why
    that is another."""
    fitting = tuple(at for at in wanted if hours.takes_call(at, now))
    if fitting:
        return fitting, None
    nearest = hours.nearest_call(wanted[0], now)
    return (() if nearest is None else (nearest,)), hours.why_not(wanted[0], now)


def _busy(
    tx: Transaction, position: int | None, now: datetime, reception: Reception | None
) -> Literal["open", "busy"]:
    """Whether more wait before it than those who are there soon come to. Where nobody is there, nobody can
    say."""
    if reception is None or position is None:
        return "open"
    there = presence.seen_since(tx, now - timedelta(seconds=GRACE_SECONDS))
    ready = sum(one.ready for one in there)
    return "busy" if ready and position > ready * reception.busy_from else "open"


def _tell(tx: Transaction, row: HandoverRow, kind: LineKind, at: datetime) -> None:
    handover_lines.add(tx, LineRow(row.id, row.conversation_id, kind.value, at))
