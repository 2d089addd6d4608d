"""What the service in hand asks of the city: what it must read first, the call that carries it out, and
people where nothing does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from donghaeng.city.operations import Effect
from donghaeng.city.services.definition import CallSpec, ServiceDefinition
from donghaeng.city.services.templates import evaluate
from donghaeng.dialogue.effects import CityCall, Purpose
from donghaeng.dialogue.events import CallRequested, FrameClosed, FrameOpened, FrameRaised
from donghaeng.dialogue.person_wish import COUNSELLOR, want_person
from donghaeng.dialogue.state import Frame
from donghaeng.dialogue.turn import Turn
from donghaeng.dialogue.wording import slot_values


def request_call(turn: Turn, frame: Frame, service: ServiceDefinition) -> None:
    """Decide on the request that carries the service out; what nothing carries out goes to people."""
    way = service.way(frame.slots)
    turn.about(service.id, frame.slots)
    if way.call is None:
        hand_off(turn, frame)
        return
    call = CityCall(
        id=turn.call_id(),
        service=service.id,
        operation=way.call.operation,
        effect=way.effect,
        arguments=arguments_of(turn, way.call, service, frame.slots),
        slots=_public(service, frame.slots),
    )
    turn.emit(CallRequested(call.id, call.service, call.operation, call.effect, call.arguments))
    turn.want(call)


def hand_off(turn: Turn, frame: Frame) -> None:
    """Give what was prepared and confirmed to people: they carry the service out."""
    service = turn.definition(frame)
    written = slot_values(service, frame.slots)["written"]
    prepared = [text for name, text in written.items() if not service.slots[name].internal]
    topic = f"{service.name}: {', '.join(prepared)}"
    phones = [frame.slots.get(name) for name, spec in service.slots.items() if spec.type == "phone"]
    turn.emit(FrameClosed("completed"))
    turn.phrase("handed_off", service=service.name, number=service.owner.handover_number)
    if any(one.service == COUNSELLOR for one in turn.state.frames):
        # The question when to call back is put anew, if at all.
        turn.emit(FrameRaised(COUNSELLOR))
        turn.emit(FrameClosed("cancelled"))
    turn.emit(FrameOpened(COUNSELLOR, {"topic": topic}))
    want_person(turn, topic, next(iter(phones), None), about=service.id)


def looks_up(turn: Turn, frame: Frame, service: ServiceDefinition) -> bool:
    """Whether something must be read before the service can be carried out; it is wanted then."""
    lookups = service.way(frame.slots).lookups
    waiting = [name for name in lookups if name not in frame.lookups]
    for name in waiting:
        turn.want(read_for(turn, frame, lookups[name], Purpose.LOOK_UP, name))
    return bool(waiting)


def read_for(turn: Turn, frame: Frame, spec: CallSpec, purpose: Purpose, name: str) -> CityCall:
    """The call that reads what the service in hand needs under ``name``."""
    service = turn.definition(frame)
    return CityCall(
        id=turn.call_id(),
        service=service.id,
        operation=spec.operation,
        effect=Effect.READ,
        arguments=arguments_of(turn, spec, service, frame.slots),
        purpose=purpose,
        name=name,
    )


def arguments_of(
    turn: Turn, call: CallSpec, service: ServiceDefinition, slots: Mapping[str, Any]
) -> dict[str, Any]:
    """The arguments of a call, evaluated from ``slots`` and what the conversation knows; None is left out."""
    values = {
        **{name: slots.get(name) for name in service.slots},
        "now": turn.now.strftime("%Y-%m-%dT%H:%M"),
        "today": turn.now.date().isoformat(),
        "here": turn.state.here,
        "home_district": turn.state.home_district,
        "written": slot_values(service, slots)["written"],
        "answered": _answered_before(turn),
    }
    found = {name: evaluate(expression, values) for name, expression in call.arguments.items()}
    return {name: value for name, value in found.items() if value is not None}


def _public(service: ServiceDefinition, slots: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in slots.items() if not service.slots[name].internal}


def _answered_before(turn: Turn) -> Mapping[str, Any] | None:
    """What the service in hand is asked about, where that is the answer before."""
    frame, sourced = turn.state.frame, turn.state.sourced
    if frame is None or sourced is None or not frame.about_answer:
        return None
    return sourced.rows[0]
