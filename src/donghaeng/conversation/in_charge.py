"""While a counsellor has a conversation the machine says nothing: what a turn leaves then."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from donghaeng.city.services.definition import EMERGENCY
from donghaeng.conversation.reply import Handover, Reply, Show
from donghaeng.dialogue.state import HandoverState, State
from donghaeng.people.cases import LineKind
from donghaeng.people.desk_files import CITIZEN_LEFT
from donghaeng.store import Transaction, handover_lines, handovers
from donghaeng.store.handover_lines import LineRow

_OPEN: Final = frozenset({HandoverState.QUEUED, HandoverState.JOINED, HandoverState.CALLBACK})


def asked_for_person(state: State) -> bool:
    """Whether a person was asked for, so that a counsellor may have the conversation."""
    return state.handover is not None and state.handover.state in _OPEN


def without_words(reply: Reply) -> Reply:
    """What is left of a reply that a counsellor's claim overtook: what was done, and no word."""
    changed = {
        "say": "",
        "show": Show(text=""),
        "service": None,
        "slots": {},
        "asks": None,
        "expects": "none" if reply.ended else "open",
        "citations": [],
        "handover": Handover(state="joined"),
    }
    return reply.model_copy(update=changed)


def withhold(tx: Transaction, handover: str, conversation_id: str, reply: Reply, at: datetime) -> None:
    """Leave for the counsellor who has the conversation by now
    (:func:`donghaeng.store.handovers.hold_joined`) what the citizen said and what the machine was about to
    say. Claims and replies are committed one after the other, so no word is stored after a claim."""
    if reply.heard:
        alarm = str(reply.slots.get("kind")) if reply.service == EMERGENCY else None
        tell_counsellor(tx, handover, conversation_id, reply.heard, at, alarm=alarm)
    if reply.show.text:
        line = LineRow(handover, conversation_id, LineKind.WITHHELD.value, at, text=reply.show.text)
        handover_lines.add(tx, line)


def tell_counsellor(
    tx: Transaction, handover: str, conversation_id: str, text: str, at: datetime, *, alarm: str | None
) -> int:
    """Leave for the counsellor what the citizen said; the number of its line.

    Args:
        tx: the transaction of the citizen's turn.
        handover: the hand-over.
        conversation_id: the conversation.
        text: masked.
        at: when.
        alarm: the kind of emergency that the words tell of.
    """
    line = LineRow(handover, conversation_id, LineKind.CITIZEN.value, at, detail=alarm, text=text)
    return handover_lines.add(tx, line)


def citizen_left(tx: Transaction, conversation_id: str, at: datetime) -> None:
    """The conversation is over: nobody waits in it any more. A call-back is still owed."""
    closed = handovers.abandon(tx, conversation_id, CITIZEN_LEFT, at)
    if closed is not None:
        line = LineRow(closed, conversation_id, LineKind.CLOSED.value, at, detail=CITIZEN_LEFT)
        handover_lines.add(tx, line)
