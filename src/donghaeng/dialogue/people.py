"""The way to a person and back: a wish for one, a topic that one hears, and going on after one."""

from __future__ import annotations

from typing import Final

from donghaeng.city.person_topics import topic_in
from donghaeng.city.slots import SLOT_TYPES
from donghaeng.dialogue import commands
from donghaeng.dialogue.events import FrameClosed, HandoverChanged, OfferAnswered, PersonNeeded, Resumed
from donghaeng.dialogue.filling import put_question
from donghaeng.dialogue.person_wish import COUNSELLOR
from donghaeng.dialogue.questions import offer_person
from donghaeng.dialogue.state import HandoverState
from donghaeng.dialogue.taking import ask
from donghaeng.dialogue.turn import Turn
from donghaeng.dialogue.wording import slot_values
from donghaeng.understanding.acts import Act, ActKind

QUESTIONS: Final = "ask"
"""The service that answers free questions."""
_OPEN_TO_TOPICS: Final = frozenset(
    {ActKind.UNCLEAR, ActKind.UNSURE, ActKind.OUT_OF_SCOPE, ActKind.CHITCHAT, ActKind.ABUSE}
)
"""Acts that do nothing which a person's topic could disturb."""
MOST_TOLD: Final = 3
"""Values that one line can tell; more are not taken in by ear."""
LONGEST_MOMENT: Final = len("2026-11-24T09:00")
"""Of a moment the day, the hour and the minute are told."""


def call_person(turn: Turn, act: Act) -> None:
    """Hand over to a person, whatever is in hand; it waits meanwhile."""
    ask(turn, Act(ActKind.ASK, act.score, COUNSELLOR, act.slots))


def topic_for_a_person(turn: Turn, act: Act) -> str | None:
    """The topic that a person hears, where the words tell of one and do nothing else that is served."""
    free = act.kind in _OPEN_TO_TOPICS or (act.kind is ActKind.ASK and act.service == QUESTIONS)
    if not free or COUNSELLOR not in turn.catalogue:
        return None
    return topic_in(turn.person_topics, turn.heard)


def hear_topic(turn: Turn, act: Act, *, topic: str) -> None:
    """Say that a person hears it, and offer one or call one."""
    entry = turn.person_topics[topic]
    turn.emit(PersonNeeded(topic))
    turn.say(entry.reply)
    if entry.way == "hand_over":
        call_person(turn, Act(ActKind.ASK, act.score, COUNSELLOR))
    else:
        offer_person(turn, apologised=True)


def skip(turn: Turn, act: Act) -> None:
    """Any value will do: any time of a call-back is the first one; else where the value is found is told."""
    if act.service != COUNSELLOR:
        commands.dont_know(turn, act)
        return
    _leave_time(turn)
    turn.phrase("callback_any_time", first=_first_time(turn))


def cancel(turn: Turn, act: Act) -> None:
    """Give up what is in hand. Of a call-back only the question when is given up: it was booked before."""
    frame = turn.state.frame
    if frame is None or frame.service != COUNSELLOR or frame.waits:
        commands.cancel(turn, act)
        return
    _leave_time(turn)
    turn.phrase("callback_time_left", first=_first_time(turn))


def _leave_time(turn: Turn) -> None:
    frame = turn.state.frame
    if frame is not None and frame.service == COUNSELLOR:
        turn.emit(FrameClosed("completed"))


def _first_time(turn: Turn) -> str | None:
    """When the call-back that is booked comes at the earliest; None where that is not known."""
    handover = turn.state.handover
    at = handover.callback_at if handover is not None else None
    turn.about(COUNSELLOR, turn.state.last.slots if turn.state.last is not None else {})
    return SLOT_TYPES["datetime"].write(at[:LONGEST_MOMENT]) if at is not None else None


def go_on_alone(turn: Turn) -> None:
    """The machine has the conversation again."""
    turn.emit(HandoverChanged(HandoverState.CLOSED.value))
    if turn.state.offer:
        turn.emit(OfferAnswered())
    _leave_time(turn)
    frame = turn.state.frame
    if frame is None:
        turn.phrase("machine_again")
        turn.phrase("what_else")
        return
    turn.emit(Resumed())
    service = turn.definition(frame)
    written = slot_values(service, frame.slots)["written"]
    told = [
        f"{service.slots[name].name} {text}"
        for name, text in written.items()
        if not service.slots[name].internal
    ][-MOST_TOLD:]
    turn.phrase("machine_again_with", service=service.name, told=told)
    turn.about(frame.service, frame.slots)
    put_question(turn)
