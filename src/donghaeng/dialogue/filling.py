"""Moving the service in hand forward: defaults, the next question, the confirmation, the call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from donghaeng.city.operations import Effect
from donghaeng.city.services.definition import CallSpec, ServiceDefinition, SlotSpec
from donghaeng.city.services.templates import evaluate
from donghaeng.dialogue.consent import put_consent
from donghaeng.dialogue.effects import CityCall, Purpose
from donghaeng.dialogue.events import (
    Asked,
    CallRequested,
    FrameClosed,
    FrameOpened,
    FrameRaised,
    PersonOffered,
    SlotsFilled,
    WishTaken,
)
from donghaeng.dialogue.guardian_question import put_guardian_question
from donghaeng.dialogue.person_wish import COUNSELLOR, want_person, want_person_of
from donghaeng.dialogue.state import Frame, Question, QuestionKind
from donghaeng.dialogue.turn import Turn
from donghaeng.dialogue.wording import choice_card, slot_values, write
from donghaeng.errors import TemplateFault

MAX_OPTIONS = 3
"""Options offered at once (voice-ux section 2)."""
LAST_STOP = "last_stop"
"""The default of a slot for which the stop of the last time is offered, and never taken without a word."""
MAX_PROBES = 6
"""Candidates of one slot that are tried against the city before asking."""
FAILURES_BEFORE_PERSON = 3
"""The third failure of the same question offers a person (voice-ux section 4): the first one is answered in
other words, the second one with a way out."""


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
        if before is not None and _still_open(before, open_slot, frame.candidates[open_slot]):
            _ask_unanswered(turn, before, failed=failed)
        else:
            _settle(turn, frame, service, open_slot)
    elif missing is not None:
        _ask_missing(turn, missing, before, failed=failed)
    elif not _looks_up(turn, frame, service):
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
        turn.want(_read(turn, frame, picks, Purpose.PICK, slot))
    elif frame is not None and not asked_before and (stop := _last_stop(turn, frame, slot)) is not None:
        ask_choice(turn, slot, [(_written(turn, frame, slot, stop), stop)])
    elif before is None or not asked_before:
        ask_slot(turn, slot, attempt=0)
    else:
        question = Question(QuestionKind.SLOT, slot, attempt=before.attempt)
        _ask_unanswered(turn, question, failed=failed)


def _last_stop(turn: Turn, frame: Frame, slot: str) -> Mapping[str, Any] | None:
    """The stop that is offered first because it was asked about last, where the citizen wished that to be
    remembered."""
    state = turn.state
    wanted = turn.definition(frame).slots[slot].default == LAST_STOP
    return state.last_stop if wanted and state.remembers else None


def _written(turn: Turn, frame: Frame, slot: str, value: Any) -> str:
    return slot_values(turn.definition(frame), {slot: value})["written"][slot]  # type: ignore[no-any-return]


def _still_open(before: Question, slot: str, candidates: tuple[Any, ...]) -> bool:
    """Whether the choice that was offered is the one to be made now."""
    offered = before.kind is QuestionKind.CHOICE and before.slot == slot
    return offered and all(option.value in candidates for option in before.options)


def _ask_unanswered(turn: Turn, question: Question, *, failed: bool) -> None:
    """Put a question to which the citizen said something else: what was taken of that comes before the
    same question, and without such words the question must change."""
    if failed or turn.is_silent:
        _climb(turn, question)
    else:
        _put(turn, question, min(question.attempt, FAILURES_BEFORE_PERSON - 1))


def _words(template: str, values: Mapping[str, Any]) -> str:
    """What a question says.

    Raises:
        TemplateFault: it says nothing, or its template needs what is not there.
    """
    written = write(template, values)
    if not written:
        raise TemplateFault("a question says nothing")
    return written


def ask_slot(turn: Turn, slot: str, *, attempt: int) -> None:
    """Ask for a slot; a later attempt uses other words and an example."""
    frame = turn.state.frame
    if frame is None:
        return
    service = turn.definition(frame)
    spec = service.slots[slot]
    turn.emit(Asked(QuestionKind.SLOT, slot, attempt=attempt))
    values = slot_values(service, frame.slots)
    prompts = spec.prompts
    if prompts is None:
        turn.phrase("ask_anything_slot_again" if attempt else "ask_anything_slot", name=spec.name)
    else:
        turn.say(_words(prompts.again if attempt else prompts.first, values))
    if attempt > 1:
        turn.phrase("way_out")
    if spec.values is not None and attempt:
        turn.show(choice_card([choice.name for choice in spec.values.values()]))
    turn.about(service.id, frame.slots)


def offer_person(turn: Turn, *, apologised: bool = False) -> None:
    """Offer a person; the open question waits behind the offer. What was ``apologised`` for in this reply is
    not apologised for again."""
    turn.emit(PersonOffered())
    turn.phrase("offer_person_only" if apologised else "offer_person")
    turn.show(choice_card([turn.phrases("yes_person"), turn.phrases("no_person")]))
    frame = turn.state.frame
    if frame is not None:
        turn.about(frame.service, frame.slots)


def ask_choice(turn: Turn, slot: str, options: Iterable[tuple[str, Any]], *, attempt: int = 0) -> None:
    """Offer up to three candidates of a slot, option first."""
    frame = turn.state.frame
    if frame is None:
        return
    service = turn.definition(frame)
    unique = dict(reversed(list(options)))
    offered = list(reversed(unique.items()))[:MAX_OPTIONS]
    labels = [label for label, _ in offered]
    turn.emit(
        Asked(
            QuestionKind.CHOICE,
            slot,
            tuple({"label": label, "value": value} for label, value in offered),
            attempt,
        )
    )
    template = service.slots[slot].ambiguous
    values = {**slot_values(service, frame.slots), "options": labels}
    if [value for _, value in offered] == [_last_stop(turn, frame, slot)]:
        turn.phrase("like_last_time", value=labels[0], name=service.slots[slot].name)
    elif template is not None:
        turn.say(_words(template, values))
    else:
        turn.phrase("ask_choice", options=labels, name=service.slots[slot].name)
    if attempt > 1:
        turn.phrase("way_out")
    turn.show(choice_card(labels))
    turn.about(service.id, frame.slots)


def ask_again(turn: Turn) -> None:
    """Put the open question again, one step up the error ladder: other words, then a person."""
    frame = turn.state.frame
    question = frame.question if frame is not None else None
    if question is not None:
        _climb(turn, question)


def _climb(turn: Turn, question: Question) -> None:
    attempt = question.attempt + 1
    if question.kind is not QuestionKind.SLOT and turn.is_silent:
        turn.phrase("sorry")
    if attempt >= FAILURES_BEFORE_PERSON:
        options = tuple({"label": option.label, "value": option.value} for option in question.options)
        turn.emit(Asked(question.kind, question.slot, options, attempt))
        offer_person(turn)
    else:
        _put(turn, question, attempt)


def put_question(turn: Turn) -> None:
    """Put the open question once more without blame: after a digression or a refused offer. One that
    waits until the citizen wants to go on is only mentioned."""
    if turn.state.consent_asked:
        put_consent(turn)
        return
    if turn.state.guardian_asked is not None:
        put_guardian_question(turn)
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
        _put(turn, frame.question, min(frame.question.attempt, FAILURES_BEFORE_PERSON - 1))


def put_guess(turn: Turn) -> None:
    """Ask which of the services guessed is meant: yes or no to one, a choice between two."""
    labels = [guess.label for guess in turn.state.guesses]
    likeliest = turn.state.guesses[0]
    turn.about(likeliest.service, likeliest.slots)
    if len(labels) == 1:
        turn.phrase("guess_one", service=labels[0])
    else:
        turn.phrase("guess_two", services=labels)
    turn.show(choice_card([*labels, turn.phrases("no_guess")]))


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


def _put(turn: Turn, question: Question, attempt: int) -> None:
    if question.kind is QuestionKind.SLOT and question.slot is not None:
        ask_slot(turn, question.slot, attempt=attempt)
    elif question.kind is QuestionKind.CHOICE and question.slot is not None:
        options = [(option.label, option.value) for option in question.options]
        ask_choice(turn, question.slot, options, attempt=attempt)
    else:
        ask_confirmation(turn, attempt=attempt)


def ask_confirmation(turn: Turn, *, attempt: int) -> None:
    """Read everything back and ask for a yes."""
    frame = turn.state.frame
    if frame is None:
        return
    service = turn.definition(frame)
    turn.emit(Asked(QuestionKind.CONFIRM, attempt=attempt))
    values = {**slot_values(service, frame.slots), **frame.lookups}
    turn.say(_words(service.way(frame.slots).confirm or "", values))
    turn.show(_readback_card(service, frame))
    turn.about(service.id, frame.slots)


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
        arguments=_arguments(turn, way.call, service, frame.slots),
        slots=_public(service, frame.slots),
    )
    turn.emit(CallRequested(call.id, call.service, call.operation, call.effect, call.arguments))
    turn.want(call)


def _public(service: ServiceDefinition, slots: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in slots.items() if not service.slots[name].internal}


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
                    arguments=_arguments(turn, call, service, slots),
                    purpose=Purpose.PROBE,
                    name=slot,
                    index=index,
                )
            )
        return
    ask_choice(turn, slot, [(option_label(service, slot, value, None), value) for value in candidates])


def option_label(service: ServiceDefinition, slot: str, value: Any, row: Mapping[str, Any] | None) -> str:
    """How one candidate of a slot is named when it is offered."""
    spec = service.slots[slot]
    if spec.option is None:
        return slot_values(service, {slot: value})["written"][slot]  # type: ignore[no-any-return]
    return write(spec.option, {"value": value, "row": row or {}})


def _ready(service: ServiceDefinition, frame: Frame, slot: str) -> bool:
    return all(name in frame.slots for name in service.required_slots(frame.slots) if name != slot)


def _looks_up(turn: Turn, frame: Frame, service: ServiceDefinition) -> bool:
    """Whether something must be read before the service can be carried out; it is wanted then."""
    lookups = service.way(frame.slots).lookups
    waiting = [name for name in lookups if name not in frame.lookups]
    for name in waiting:
        turn.want(_read(turn, frame, lookups[name], Purpose.LOOK_UP, name))
    return bool(waiting)


def _read(turn: Turn, frame: Frame, spec: CallSpec, purpose: Purpose, name: str) -> CityCall:
    service = turn.definition(frame)
    return CityCall(
        id=turn.call_id(),
        service=service.id,
        operation=spec.operation,
        effect=Effect.READ,
        arguments=_arguments(turn, spec, service, frame.slots),
        purpose=purpose,
        name=name,
    )


def _arguments(
    turn: Turn, call: CallSpec, service: ServiceDefinition, slots: Mapping[str, Any]
) -> dict[str, Any]:
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


def _answered_before(turn: Turn) -> Mapping[str, Any] | None:
    """What the service in hand is asked about, where that is the answer before."""
    frame, sourced = turn.state.frame, turn.state.sourced
    if frame is None or sourced is None or not frame.about_answer:
        return None
    return sourced.rows[0]


def _readback_card(service: ServiceDefinition, frame: Frame) -> dict[str, Any]:
    written = slot_values(service, frame.slots)["written"]
    rows = [
        {"title": service.slots[name].name, "value": text}
        for name, text in written.items()
        if not service.slots[name].internal
    ]
    return {"kind": "question", "title": service.name, "rows": rows}
