"""What follows from what the city answered: the reply, the refusal, the apology, the return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from donghaeng.city.operations import Effect
from donghaeng.city.services.definition import CallSpec, Picks, ServiceDefinition
from donghaeng.city.services.templates import evaluate, expression_variables
from donghaeng.city.slots import SLOT_TYPES
from donghaeng.dialogue.calling import tell_call
from donghaeng.dialogue.city_calls import hand_off
from donghaeng.dialogue.effects import (
    CallOutcome,
    GuardianOutcome,
    HandoverOutcome,
    MemoryOutcome,
    Outcome,
    OutcomeKind,
    OutgoingCallOutcome,
    PageCodeOutcome,
    Purpose,
)
from donghaeng.dialogue.events import (
    CallFinished,
    FrameClosed,
    FrameOpened,
    HandoverChanged,
    LookedUp,
    SlotsCleared,
    SlotsFilled,
    StopUsed,
    WriteAccepted,
    WriteTakenBack,
)
from donghaeng.dialogue.filling import advance, return_to_frame
from donghaeng.dialogue.guardians import tell_guardian
from donghaeng.dialogue.moving import tell_page_code
from donghaeng.dialogue.person_wish import CALLBACK_TIME
from donghaeng.dialogue.questions import ask_choice, ask_slot, offer_person, option_label
from donghaeng.dialogue.remembering import tell_memory
from donghaeng.dialogue.sources import note_source, storable
from donghaeng.dialogue.state import Frame
from donghaeng.dialogue.taking import MAX_FRAMES
from donghaeng.dialogue.turn import Turn
from donghaeng.dialogue.wording import make_card, slot_values, write
from donghaeng.errors import TemplateFault
from donghaeng.understanding.choosing import chosen

Rows = Sequence[Mapping[str, Any]]
TAKEN_BACK = "cancelled"
"""State of a request that was cancelled in the city (docs/gateway.openapi.yaml)."""


def take_outcomes(turn: Turn, outcomes: Sequence[Outcome]) -> None:
    """Go on after the effects of a turn were carried out."""
    probes = [outcome for outcome in outcomes if _purpose(outcome) is Purpose.PROBE]
    if probes:
        _probed(turn, [outcome for outcome in probes if isinstance(outcome, CallOutcome)])
    looked_up = False
    for outcome in outcomes:
        if isinstance(outcome, HandoverOutcome):
            _handed_over(turn, outcome)
        elif isinstance(outcome, MemoryOutcome):
            tell_memory(turn, outcome)
        elif isinstance(outcome, PageCodeOutcome):
            tell_page_code(turn, outcome)
        elif isinstance(outcome, OutgoingCallOutcome):
            tell_call(turn, outcome)
        elif isinstance(outcome, GuardianOutcome):
            tell_guardian(turn, outcome)
        elif outcome.call.purpose is Purpose.CARRY_OUT:
            _carried_out(turn, outcome)
        elif outcome.call.purpose is Purpose.LOOK_UP:
            looked_up = _looked_up(turn, outcome) or looked_up
        elif outcome.call.purpose is Purpose.PICK:
            _to_pick_from(turn, outcome)
    if looked_up and turn.state.frame is not None:
        advance(turn)


def _purpose(outcome: Outcome) -> Purpose | None:
    return outcome.call.purpose if isinstance(outcome, CallOutcome) else None


def kept_rows(call: CallSpec, service: ServiceDefinition, slots: Mapping[str, Any], rows: Rows) -> Rows:
    """The rows that a service file keeps, in its order, at most as many as it wants.

    Raises:
        TemplateFault: an expression needs what is not there.
    """
    values = {name: slots.get(name) for name in service.slots}
    kept = [row for row in rows if call.keep is None or evaluate(call.keep, {**values, "row": row})]
    if call.order is not None:
        order = call.order
        keys = [evaluate(order, {**values, "row": row}) for row in kept]
        last = (1, 0)
        ranked = sorted(
            range(len(kept)), key=lambda index: (0, keys[index]) if keys[index] is not None else last
        )
        kept = [kept[index] for index in ranked]
    return kept[: call.most]


def _carried_out(turn: Turn, outcome: CallOutcome) -> None:
    frame = turn.state.frame
    turn.emit(
        CallFinished(
            outcome.call.id,
            outcome.kind,
            outcome.answer.receipt if outcome.answer else None,
            outcome.reason,
        )
    )
    if frame is None:
        return
    service = turn.definition(frame)
    turn.about(service.id, frame.slots)
    match outcome.kind:
        case OutcomeKind.OK | OutcomeKind.EMPTY:
            try:
                _answered(turn, frame, service, outcome)
            except TemplateFault:
                _wordless(turn, frame, service, outcome)
        case OutcomeKind.REFUSED:
            _refused(turn, frame, service, outcome.reason or "")
        case OutcomeKind.UNANSWERED:
            turn.emit(FrameClosed("failed"))
            turn.phrase("write_unanswered", service=service.name, number=service.owner.handover_number)
            return_to_frame(turn)
        case OutcomeKind.UNCONNECTED:
            _unconnected(turn, frame, service)
        case OutcomeKind.FAILED:
            _failed(turn, frame, service)


def _answered(turn: Turn, frame: Frame, service: ServiceDefinition, outcome: CallOutcome) -> None:
    answer = outcome.answer
    way = service.way(frame.slots)
    rows: Rows = answer.rows if answer is not None else ()
    if way.call is not None and way.effect is not Effect.WRITE:
        rows = kept_rows(way.call, service, frame.slots, rows)
    values: dict[str, Any] = {
        **slot_values(service, frame.slots),
        **frame.lookups,
        "rows": rows,
        "row": rows[0] if rows else {},
        "receipt": answer.receipt if answer is not None else None,
        "home_district": turn.state.home_district,
        "channel": turn.state.channel,
        "texted": outcome.texted,
    }
    none = not rows and way.effect is not Effect.WRITE and way.reply.empty is not None
    written = write((way.reply.empty or "") if none else way.reply.ok, values)
    if not written:
        raise TemplateFault(f"{service.id}: the reply says nothing")
    turn.show(make_card(way.card, values, rows or [{}]) if way.card is not None and not none else None)
    if answer is not None and answer.stale and answer.as_of is not None:
        made = answer.as_of.astimezone(turn.now.tzinfo)
        turn.preface("stale", at=SLOT_TYPES["datetime"].write(made.strftime("%Y-%m-%dT%H:%M")))
    _note_write(turn, service, outcome)
    _note_stop(turn, service, frame)
    note_source(turn, service.id, answer.rows if answer is not None else (), written)
    turn.emit(FrameClosed("completed", storable(rows[0]) if rows and way.effect is Effect.READ else {}))
    turn.say(written)
    if outcome.texted and way.effect is Effect.WRITE:
        turn.phrase("texted")
    return_to_frame(turn)


def _wordless(turn: Turn, frame: Frame, service: ServiceDefinition, outcome: CallOutcome) -> None:
    """The service file finds no words for an answer: a write that was accepted is told all the same."""
    receipt = outcome.answer.receipt if outcome.answer is not None else None
    if outcome.call.effect is not Effect.WRITE or receipt is None:
        _failed(turn, frame, service)
        return
    _note_write(turn, service, outcome)
    turn.emit(FrameClosed("completed"))
    turn.phrase("accepted", service=service.name, receipt=receipt)
    return_to_frame(turn)


def _unconnected(turn: Turn, frame: Frame, service: ServiceDefinition) -> None:
    """Nothing here reaches the city's system: people carry a write out, and know what would be read."""
    turn.about(service.id, frame.slots)
    if service.way(frame.slots).effect is Effect.WRITE:
        hand_off(turn, frame)
    else:
        _failed(turn, frame, service)


def give_up(turn: Turn) -> None:
    """End what is in hand with an apology and another way, whatever its service file can or cannot say."""
    turn.take_effects()
    frame = turn.state.frame
    if frame is not None:
        service = turn.definition(frame)
        turn.about(service.id, frame.slots)
        turn.emit(FrameClosed("failed"))
        turn.phrase("failed", service=service.name, number=service.owner.handover_number)
    offer_person(turn, apologised=frame is not None)


def _note_write(turn: Turn, service: ServiceDefinition, outcome: CallOutcome) -> None:
    """Remember what may be taken back, and what was."""
    answer = outcome.answer
    if outcome.call.effect is not Effect.WRITE or answer is None or answer.receipt is None:
        return
    if answer.rows and answer.rows[0].get("state") == TAKEN_BACK:
        turn.emit(WriteTakenBack(answer.receipt))
    else:
        turn.emit(WriteAccepted(service.id, answer.receipt, turn.now.isoformat(timespec="seconds")))


def _note_stop(turn: Turn, service: ServiceDefinition, frame: Frame) -> None:
    """Note the stop that was asked about, where it can be of use another time."""
    slot = next((name for name, spec in service.slots.items() if spec.type == "stop"), None)
    stop = frame.slots.get(slot) if slot is not None else None
    if turn.state.known_again and stop is not None and stop != turn.state.last_stop:
        turn.emit(StopUsed(stop))


def _refused(turn: Turn, frame: Frame, service: ServiceDefinition, reason: str) -> None:
    """The city's no in the service's own words; what can be said otherwise is asked for again."""
    reply = service.way(frame.slots).reply
    template, slots = reply.refused.get(reason), reply.asked_again(reason)
    if template is None:
        _failed(turn, frame, service)
        return
    turn.say(write(template, slot_values(service, frame.slots)))
    if not slots:
        turn.about(service.id, frame.slots)
        turn.emit(FrameClosed("failed"))
        _after_failure(turn, apologised=False)
        return
    turn.emit(SlotsCleared(slots))
    ask_slot(turn, slots[0], attempt=0)


def _failed(turn: Turn, frame: Frame, service: ServiceDefinition) -> None:
    reply = service.way(frame.slots).reply
    turn.about(service.id, frame.slots)
    turn.emit(FrameClosed("failed"))
    values = {**slot_values(service, frame.slots), "number": service.owner.handover_number}
    if reply.failed is not None:
        turn.say(write(reply.failed, values))
    else:
        turn.phrase("failed", service=service.name, number=service.owner.handover_number)
    _after_failure(turn, apologised=True)


def _after_failure(turn: Turn, *, apologised: bool) -> None:
    if turn.state.frame is None and not turn.state.wishes:
        offer_person(turn, apologised=apologised)
    else:
        return_to_frame(turn)


def _looked_up(turn: Turn, outcome: CallOutcome) -> bool:
    """Keep what was read behind a question; whether the service can go on."""
    frame = turn.state.frame
    name = outcome.call.name
    if frame is None or name is None:
        return False
    service = turn.definition(frame)
    spec = service.way(frame.slots).lookups.get(name)
    found = outcome.answer.rows if outcome.answer is not None else ()
    rows = kept_rows(spec, service, frame.slots, found) if spec is not None else ()
    match outcome.kind:
        case OutcomeKind.OK | OutcomeKind.EMPTY if rows:
            turn.emit(LookedUp(name, rows[0]))
            return True
        case OutcomeKind.OK | OutcomeKind.EMPTY | OutcomeKind.FAILED if spec is not None and spec.optional:
            turn.emit(LookedUp(name, {}))
            return True
        case OutcomeKind.OK | OutcomeKind.EMPTY:
            _refused(turn, frame, service, f"no_{name}")
        case OutcomeKind.REFUSED:
            _refused(turn, frame, service, outcome.reason or "")
        case OutcomeKind.UNCONNECTED:
            _unconnected(turn, frame, service)
        case _:
            _failed(turn, frame, service)
    return False


def _to_pick_from(turn: Turn, outcome: CallOutcome) -> None:
    """Values of a slot that the city offers: one is taken, of several the citizen says which."""
    frame, slot = turn.state.frame, outcome.call.name
    if frame is None or slot is None:
        return
    service = turn.definition(frame)
    picks = service.slots[slot].picks
    if outcome.kind is OutcomeKind.UNCONNECTED:
        _unconnected(turn, frame, service)
        return
    if picks is None or outcome.kind not in (OutcomeKind.OK, OutcomeKind.EMPTY):
        _failed(turn, frame, service)
        return
    found = outcome.answer.rows if outcome.answer is not None else ()
    rows = kept_rows(picks, service, frame.slots, found)
    options = {write(picks.option, {"row": row}): evaluate(picks.value, {"row": row}) for row in rows}
    named = _named(turn, service, picks, list(options))
    if not options:
        _none_to_pick(turn, frame, service, slot)
    elif named is None:
        ask_choice(turn, slot, list(options.items()))
    else:
        turn.emit(SlotsFilled({slot: list(options.values())[named]}))
        advance(turn)


def _named(turn: Turn, service: ServiceDefinition, picks: Picks, options: Sequence[str]) -> int | None:
    """The option that the words name. What was found for the whole of the words is not named by them."""
    if len(options) < 2:
        return 0
    looked_for = {one.name for words in picks.arguments.values() for one in expression_variables(words)}
    if any(spec.whole for name, spec in service.slots.items() if name in looked_for):
        return None
    return chosen(turn.heard, options)


def _none_to_pick(turn: Turn, frame: Frame, service: ServiceDefinition, slot: str) -> None:
    if f"no_{slot}" in service.way(frame.slots).reply.refused:
        _refused(turn, frame, service, f"no_{slot}")
    else:
        ask_slot(turn, slot, attempt=0)


def _probed(turn: Turn, outcomes: Sequence[CallOutcome]) -> None:
    frame = turn.state.frame
    slot = outcomes[0].call.name
    if frame is None or slot is None or slot not in frame.candidates:
        return
    service = turn.definition(frame)
    candidates = frame.candidates[slot]
    fitting: list[tuple[Any, Rows]] = []
    for outcome in sorted(outcomes, key=lambda one: one.call.index):
        value = candidates[outcome.call.index]
        rows = outcome.answer.rows if outcome.answer is not None else ()
        slots = {**frame.slots, slot: value}
        if (call := service.way(slots).call) is not None:
            rows = tuple(kept_rows(call, service, slots, rows))
        if rows:
            fitting.append((value, rows))
    options = {option_label(service, slot, value, rows[0]): value for value, rows in reversed(fitting)}
    if len(options) > 1:
        ask_choice(turn, slot, list(reversed(options.items())))
        return
    turn.emit(SlotsFilled({slot: fitting[0][0] if fitting else candidates[0]}))
    advance(turn)


def _offer_times(turn: Turn, frame: Frame, outcome: HandoverOutcome) -> None:
    """Read the time of a call-back back, or the nearest one that there is; what was in hand waits on."""
    kept = {name: value for name, value in frame.slots.items() if name != CALLBACK_TIME}
    turn.emit(FrameOpened(frame.service, kept))
    if outcome.unfit is not None:
        named = f"callback_unfit_{outcome.unfit}"
        known = named in turn.phrases.templates
        turn.phrase(named if known else "callback_unfit_holiday", holiday=outcome.unfit)
    options = [(SLOT_TYPES["datetime"].write(at), at) for at in outcome.offered]
    ask_choice(turn, CALLBACK_TIME, options)


def _handed_over(turn: Turn, outcome: HandoverOutcome) -> None:
    frame = turn.state.frame
    turn.emit(HandoverChanged(outcome.state, outcome.position, outcome.callback_at))
    if frame is None:
        return
    service = turn.definition(frame)
    turn.about(service.id, frame.slots)
    opens = outcome.opens_at[: len("2026-11-24T09:00")] if outcome.opens_at is not None else None
    values = {
        **slot_values(service, frame.slots),
        "position": outcome.position,
        "state": outcome.state,
        "desk": outcome.desk,
        "opens": SLOT_TYPES["datetime"].write(opens) if opens is not None else None,
    }
    turn.emit(FrameClosed("completed"))
    if outcome.offered and len(turn.state.frames) < MAX_FRAMES:
        _offer_times(turn, frame, outcome)
        return
    turn.say(write(service.way(frame.slots).reply.ok, values))
