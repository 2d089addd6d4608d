"""What follows from what the city answered: the reply, the refusal, the apology, the return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from donghaeng.city.operations import Effect
from donghaeng.city.services.definition import CallSpec, ServiceDefinition
from donghaeng.city.services.templates import evaluate
from donghaeng.dialogue.effects import CallOutcome, HandoverOutcome, Outcome, OutcomeKind, Purpose
from donghaeng.dialogue.events import (
    CallFinished,
    FrameClosed,
    HandoverChanged,
    LookedUp,
    SlotsCleared,
    SlotsFilled,
)
from donghaeng.dialogue.filling import advance, ask_choice, offer_person, option_label, return_to_frame
from donghaeng.dialogue.state import Frame
from donghaeng.dialogue.turn import Turn
from donghaeng.dialogue.wording import make_card, slot_values, write
from donghaeng.errors import TemplateFault

Rows = Sequence[Mapping[str, Any]]


def take_outcomes(turn: Turn, outcomes: Sequence[Outcome]) -> None:
    """Go on after the effects of a turn were carried out."""
    probes = [outcome for outcome in outcomes if _purpose(outcome) is Purpose.PROBE]
    if probes:
        _probed(turn, [outcome for outcome in probes if isinstance(outcome, CallOutcome)])
    looked_up = False
    for outcome in outcomes:
        if isinstance(outcome, HandoverOutcome):
            _handed_over(turn, outcome)
        elif outcome.call.purpose is Purpose.CARRY_OUT:
            _carried_out(turn, outcome)
        elif outcome.call.purpose is Purpose.LOOK_UP:
            looked_up = _looked_up(turn, outcome) or looked_up
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
                _failed(turn, frame, service)
        case OutcomeKind.REFUSED:
            _refused(turn, frame, service, outcome.reason or "")
        case OutcomeKind.UNANSWERED:
            turn.emit(FrameClosed("failed"))
            turn.phrase("write_unanswered", service=service.name)
            return_to_frame(turn)
        case OutcomeKind.FAILED:
            _failed(turn, frame, service)


def _answered(turn: Turn, frame: Frame, service: ServiceDefinition, outcome: CallOutcome) -> None:
    answer = outcome.answer
    rows: Rows = answer.rows if answer is not None else ()
    if service.call is not None and service.effect is not Effect.WRITE:
        rows = kept_rows(service.call, service, frame.slots, rows)
    values: dict[str, Any] = {
        **slot_values(service, frame.slots),
        **frame.lookups,
        "rows": rows,
        "row": rows[0] if rows else {},
        "receipt": answer.receipt if answer is not None else None,
        "home_district": turn.state.home_district,
    }
    none = not rows and service.effect is Effect.READ
    written = write((service.replies.empty or "") if none else service.replies.ok, values)
    card = service.card
    turn.show(make_card(card, values, rows or [{}]) if card is not None and not none else None)
    turn.emit(FrameClosed("completed"))
    turn.say(written)
    return_to_frame(turn)


def _refused(turn: Turn, frame: Frame, service: ServiceDefinition, reason: str) -> None:
    slot = service.replies.again.get(reason)
    template = service.replies.refused.get(reason)
    if template is None or slot is None:
        _failed(turn, frame, service)
        return
    turn.say(write(template, slot_values(service, frame.slots)))
    turn.emit(SlotsCleared((slot,)))
    advance(turn)


def _failed(turn: Turn, frame: Frame, service: ServiceDefinition) -> None:
    turn.emit(FrameClosed("failed"))
    values = {**slot_values(service, frame.slots), "number": service.owner.handover_number}
    if service.replies.failed is not None:
        turn.say(write(service.replies.failed, values))
    else:
        turn.phrase("failed", service=service.name, number=service.owner.handover_number)
    if turn.state.frame is None:
        offer_person(turn)
    else:
        return_to_frame(turn)


def _looked_up(turn: Turn, outcome: CallOutcome) -> bool:
    frame = turn.state.frame
    name = outcome.call.name
    if frame is None or name is None:
        return False
    if outcome.kind is not OutcomeKind.OK or outcome.answer is None or not outcome.answer.rows:
        _failed(turn, frame, turn.definition(frame))
        return False
    turn.emit(LookedUp(name, outcome.answer.rows[0]))
    return True


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
        if service.call is not None:
            rows = tuple(kept_rows(service.call, service, {**frame.slots, slot: value}, rows))
        if rows:
            fitting.append((value, rows))
    options = {option_label(service, slot, value, rows[0]): value for value, rows in reversed(fitting)}
    if len(options) > 1:
        ask_choice(turn, slot, list(reversed(options.items())))
        return
    turn.emit(SlotsFilled({slot: fitting[0][0] if fitting else candidates[0]}))
    advance(turn)


def _handed_over(turn: Turn, outcome: HandoverOutcome) -> None:
    frame = turn.state.frame
    turn.emit(HandoverChanged(outcome.state, outcome.position, outcome.callback_at))
    if frame is None:
        return
    service = turn.definition(frame)
    turn.about(service.id, frame.slots)
    values = {**slot_values(service, frame.slots), "position": outcome.position, "state": outcome.state}
    turn.emit(FrameClosed("completed"))
    turn.say(write(service.replies.ok, values))
