"""Between the dialogue's events and drafts and what is stored and shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from donghaeng.city.operations import Effect
from donghaeng.conversation.citing import citations_of, with_source
from donghaeng.conversation.reply import Call, Card, Handover, HelperPrompt, Pace, Reply, Show
from donghaeng.dialogue.draft import Draft
from donghaeng.dialogue.effects import CallOutcome, OutcomeKind, Purpose
from donghaeng.dialogue.event import Event
from donghaeng.dialogue.events import from_record, to_record
from donghaeng.dialogue.evolve import fold
from donghaeng.dialogue.state import HandoverState, State
from donghaeng.people.cases import LineKind
from donghaeng.store import Transaction, conversations, handover_lines
from donghaeng.store import events as stored
from donghaeng.store.handover_lines import LineRow

_OUTCOMES = {OutcomeKind.OK: "ok", OutcomeKind.EMPTY: "empty"}


def to_stored(events: Sequence[Event], turn: int, at: datetime) -> list[stored.Event]:
    """Events as rows: the private half is sealed by the store."""
    rows = []
    for event in events:
        kind, public, private = to_record(event)
        rows.append(stored.Event(turn=turn, kind=kind, at=at, public=public, private=private))
    return rows


def state_of(rows: Sequence[stored.Event]) -> State:
    """The state that stored events fold into."""
    return fold(from_record(row.kind, row.public, row.private) for row in rows)


def transcript_of(conversation_id: str, rows: Sequence[stored.Event]) -> dict[str, Any]:
    """The masked transcript: what was heard and said in each turn, and every event with its fields. Its
    place stands under ``seq`` and ``turn``, its name under ``event`` (``kind`` may be a field of its own)."""
    turns: dict[int, dict[str, Any]] = {}
    for row in rows:
        turn = turns.setdefault(row.turn, {"turn": row.turn, "heard": None, "say": None, "show": None})
        if row.kind == "UtteranceHeard":
            turn["heard"] = row.private.get("text")
        elif row.kind == "Replied":
            turn.update(say=row.private.get("say"), show=row.private.get("show"))
    shown = [
        {"seq": row.seq, "turn": row.turn, "event": row.kind, "kind": row.kind, "at": row.at.isoformat()}
        | dict(row.public)
        | dict(row.private)
        for row in rows
    ]
    return {"conversation": conversation_id, "turns": list(turns.values()), "events": shown}


IN_TRANSCRIPT: Final = frozenset({LineKind.CITIZEN, LineKind.COUNSELLOR, LineKind.MACHINE})
"""Lines of a hand-over that belong to what citizen and desk said to one another."""


def messages_of(lines: Sequence[LineRow]) -> list[dict[str, Any]]:
    """What citizen and counsellor said to one another, and the machine on behalf of the desk:
    ``{"seq", "from", "at", "text"}``. Who the counsellor is stays out of it."""
    return [
        {
            "seq": line.seq,
            "from": line.kind,
            "at": line.at.isoformat(),
            "text": line.text or ((line.reply or {}).get("show") or {}).get("text", ""),
        }
        for line in lines
    ]


def read_transcript(tx: Transaction, conversation: str) -> dict[str, Any]:
    """:func:`transcript_of` of a stored conversation, with ``messages`` of :func:`messages_of`.

    Raises:
        UnknownConversation: no such conversation.
    """
    conversations.get_as_staff(tx, conversation)
    lines = handover_lines.of_conversation(tx, conversation, kinds=IN_TRANSCRIPT)
    rows = stored.of_conversation(tx, conversation)
    return transcript_of(conversation, rows) | {"messages": messages_of(lines)}


def to_reply(
    draft: Draft,
    state: State,
    outcomes: Sequence[CallOutcome],
    *,
    conversation: str,
    token: str,
    heard: str | None,
) -> Reply:
    """The reply object of CONTRACT 3."""
    handover = None
    if state.handover is not None and state.handover.state is not HandoverState.CLOSED:
        info = state.handover
        handover = Handover(state=info.state.value, position=info.position, callback_at=info.callback_at)
    citations = citations_of(outcomes, draft.show)
    card = Card(**draft.card) if draft.card is not None else None
    return Reply(
        conversation=conversation,
        token=token,
        turn=state.turn,
        say=draft.say,
        show=Show(text=draft.show, card=with_source(card, citations)),
        service=draft.service,
        slots=dict(draft.slots),
        calls=[_call(outcome) for outcome in outcomes if outcome.call.purpose is Purpose.CARRY_OUT],
        asks=draft.asks,
        expects=draft.expects,  # type: ignore[arg-type]
        handover=handover,
        citations=citations,
        ended=state.ended,
        heard=heard,
        helper=HelperPrompt(**draft.helper) if draft.helper is not None else None,
        practice=state.practice or state.practising,
        remembered=state.remembers,
        pace=Pace(speed=state.pace.speed, volume_db=state.pace.volume_db),
    )


def _call(outcome: CallOutcome) -> Call:
    return Call(
        service=outcome.call.service,
        effect=Effect(outcome.call.effect).value,
        arguments=dict(outcome.call.slots or outcome.call.arguments),
        outcome=_OUTCOMES.get(outcome.kind, "failed"),  # type: ignore[arg-type]
        receipt=outcome.answer.receipt if outcome.answer is not None else None,
    )
