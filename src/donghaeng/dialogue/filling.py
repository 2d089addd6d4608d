"""Moving the service in hand forward: defaults, the next question, the confirmation, the call."""

from __future__ import annotations

from typing import Any

from donghaeng.city.operations import Effect
from donghaeng.city.services.definition import ServiceDefinition, SlotSpec
from donghaeng.dialogue.city_calls import arguments_of, looks_up, read_for, request_call
from donghaeng.dialogue.consent import put_consent
from donghaeng.dialogue.effects import CityCall, Purpose
from donghaeng.dialogue.events import FrameOpened, SlotsFilled, WishTaken
from donghaeng.dialogue.guardian_question import put_guardian_question
from donghaeng.dialogue.person_wish import want_person_of
from donghaeng.dialogue.questions import (
    FAILURES_BEFORE_PERSON,
    LAST_STOP,
    ask_choice,
    ask_confirmation,
    ask_slot,
    ask_unanswered,
    climb,
    last_stop,
    option_label,
    put_again,
    put_guess,
    still_open,
    written_value,
)
from donghaeng.dialogue.state import Frame, Question, QuestionKind
from donghaeng.dialogue.turn import Turn

MAX_PROBES = 6
"""Candidates of one slot that are tried against the city before asking."""


def advance(turn: Turn, *, before: Question | None = None, failed: bool = False) -> None:
    """Do the next thing for the service in hand: ask, look up, read back or call.

    Args:
        before: the question that stood open when the utterance came.
        failed: the utterance was meant as a value and is none.
    """
    frame = turn.state.frame
    if frame is None:
        return
    service = turn.definition(frame)
    _take_defaults(turn, frame, service)
    frame = turn.state.frame or frame
    if service.effect is Effect.HANDOVER:
        # Whoever asks for a person is put through whatever else is still open.
        want_person_of(turn, frame, before)
        return
    open_slot = next((name for name in frame.candidates if name in service.slots), None)
    missing = next((name for name in service.required_slots(frame.slots) if name not in frame.slots), None)
    if open_slot is not None and (missing is None or open_slot == missing):
        if before is not None and still_open(before, open_slot, frame.candidates[open_slot]):
            ask_unanswered(turn, before, failed=failed)
        else:
            _settle(turn, frame, service, open_slot)
    elif missing is not None:
        _ask_missing(turn, missing, before, failed=failed)
    elif not looks_up(turn, frame, service):
        _carry_out(turn, frame, service)


def _carry_out(turn: Turn, frame: Frame, service: ServiceDefinition) -> None:
    way = service.way(frame.slots)
    if way.effect is Effect.WRITE:
        ask_confirmation(turn, attempt=0)
    else:
        request_call(turn, frame, service)


def _ask_missing(turn: Turn, slot: str, before: Question | None, *, failed: bool) -> None:
    frame = turn.state.frame
    asked_before = before is not None and before.slot == slot
    if frame is not None and not asked_before and (picks := turn.definition(frame).slots[slot].picks):
        turn.want(read_for(turn, frame, picks, Purpose.PICK, slot))
    elif frame is not None and not asked_before and (stop := last_stop(turn, frame, slot)) is not None:
        ask_choice(turn, slot, [(written_value(turn, frame, slot, stop), stop)])
    elif before is None or not asked_before:
        ask_slot(turn, slot, attempt=0)
    else:
        question = Question(QuestionKind.SLOT, slot, attempt=before.attempt)
        ask_unanswered(turn, question, failed=failed)


def _take_defaults(turn: Turn, frame: Frame, service: ServiceDefinition) -> None:
    taken = {
        name: value
        for name, spec in service.slots.items()
        if name not in frame.slots
        and name not in frame.candidates
        and spec.default not in (None, LAST_STOP)
        and (value := _default(turn, spec)) is not None
    }
    if taken:
        turn.emit(SlotsFilled(taken))


def _default(turn: Turn, spec: SlotSpec) -> Any:
    match spec.default:
        case "here":
            return dict(turn.state.here) if turn.state.here is not None else None
        case "home_district":
            return turn.state.home_district
        case "channel":
            return turn.state.channel
        case "now":
            return turn.now.strftime("%Y-%m-%dT%H:%M")
        case "today":
            return turn.now.date().isoformat()
        case other:
            return other


def _settle(turn: Turn, frame: Frame, service: ServiceDefinition, slot: str) -> None:
    candidates = frame.candidates[slot][:MAX_PROBES]
    way = service.way({**frame.slots, slot: candidates[0]})
    call = way.call
    depends = call is not None and any(slot in expression for expression in call.arguments.values())
    if call is not None and way.effect is Effect.READ and depends and _ready(service, frame, slot):
        for index, candidate in enumerate(candidates):
            slots = {**frame.slots, slot: candidate}
            turn.want(
                CityCall(
                    id=turn.call_id(),
                    service=service.id,
                    operation=call.operation,
                    effect=Effect.READ,
                    arguments=arguments_of(turn, call, service, slots),
                    purpose=Purpose.PROBE,
                    name=slot,
                    index=index,
                )
            )
        return
    ask_choice(turn, slot, [(option_label(service, slot, value, None), value) for value in candidates])


def _ready(service: ServiceDefinition, frame: Frame, slot: str) -> bool:
    return all(name in frame.slots for name in service.required_slots(frame.slots) if name != slot)


def ask_again(turn: Turn) -> None:
    """Put the open question again, one step up the error ladder: other words, then a person."""
    frame = turn.state.frame
    question = frame.question if frame is not None else None
    if question is not None:
        climb(turn, question)


def put_question(turn: Turn) -> None:
    """Put the open question once more without blame: after a digression or a refused offer. One that
    waits until the citizen wants to go on is only mentioned."""
    if turn.state.doubted is not None:
        turn.phrase("practice_emergency")
        return
    if turn.state.consent_asked:
        put_consent(turn)
        return
    if turn.state.guardian_asked is not None:
        put_guardian_question(turn)
        return
    if turn.state.helper_asked:
        turn.phrase("helper_ask_again")
        return
    if turn.state.guesses:
        put_guess(turn)
        return
    frame = turn.state.frame
    if frame is None:
        return
    if frame.waits:
        turn.phrase("task_waits", service=turn.definition(frame).name)
    elif frame.question is None:
        advance(turn)
    else:
        put_again(turn, frame.question, min(frame.question.attempt, FAILURES_BEFORE_PERSON - 1))


def return_to_frame(turn: Turn) -> None:
    """Back to the service that was interrupted, with a line that says so and the same question; on to the
    next of the services that were asked for together."""
    frame = turn.state.frame
    if frame is None and turn.state.wishes:
        _take_wish(turn)
    if frame is None:
        return
    if not frame.waits:
        turn.phrase("back_to", service=turn.definition(frame).name)
    put_question(turn)


def _take_wish(turn: Turn) -> None:
    wish = turn.state.wishes[0]
    turn.emit(WishTaken())
    if wish.service in turn.withheld:
        service = turn.catalogue[wish.service]
        turn.phrase("service_withdrawn", service=service.name, number=service.owner.handover_number)
        return
    turn.emit(FrameOpened(wish.service, dict(wish.slots)))
    if wish.candidates:
        turn.emit(SlotsFilled({}, dict(wish.candidates)))
    advance(turn)
