"""Putting a question: for a value, for one of a few, for a yes; then in other words, then with a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from donghaeng.city.services.definition import ServiceDefinition
from donghaeng.dialogue.events import Asked, PersonOffered
from donghaeng.dialogue.state import Frame, Question, QuestionKind
from donghaeng.dialogue.turn import Turn
from donghaeng.dialogue.wording import choice_card, slot_values, write
from donghaeng.errors import TemplateFault

MAX_OPTIONS = 3
"""Options offered at once (voice-ux section 2)."""
LAST_STOP = "last_stop"
"""The default of a slot for which the stop of the last time is offered, and never taken without a word."""
FAILURES_BEFORE_PERSON = 3
"""The third failure of the same question offers a person (voice-ux section 4): the first one is answered in
other words, the second one with a way out."""


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
    if [value for _, value in offered] == [last_stop(turn, frame, slot)]:
        turn.phrase("like_last_time", value=labels[0], name=service.slots[slot].name)
    elif template is not None:
        turn.say(_words(template, values))
    else:
        turn.phrase("ask_choice", options=labels, name=service.slots[slot].name)
    if attempt > 1:
        turn.phrase("way_out")
    turn.show(choice_card(labels))
    turn.about(service.id, frame.slots)


def option_label(service: ServiceDefinition, slot: str, value: Any, row: Mapping[str, Any] | None) -> str:
    """How one candidate of a slot is named when it is offered."""
    spec = service.slots[slot]
    if spec.option is None:
        return slot_values(service, {slot: value})["written"][slot]  # type: ignore[no-any-return]
    return write(spec.option, {"value": value, "row": row or {}})


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


def _readback_card(service: ServiceDefinition, frame: Frame) -> dict[str, Any]:
    written = slot_values(service, frame.slots)["written"]
    rows = [
        {"title": service.slots[name].name, "value": text}
        for name, text in written.items()
        if not service.slots[name].internal
    ]
    return {"kind": "question", "title": service.name, "rows": rows}


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


def offer_person(turn: Turn, *, apologised: bool = False) -> None:
    """Offer a person; the open question waits behind the offer. What was ``apologised`` for in this reply is
    not apologised for again."""
    turn.emit(PersonOffered())
    turn.phrase("offer_person_only" if apologised else "offer_person")
    turn.show(choice_card([turn.phrases("yes_person"), turn.phrases("no_person")]))
    frame = turn.state.frame
    if frame is not None:
        turn.about(frame.service, frame.slots)


def put_again(turn: Turn, question: Question, attempt: int) -> None:
    """Put a question once more, whatever its kind."""
    if question.kind is QuestionKind.SLOT and question.slot is not None:
        ask_slot(turn, question.slot, attempt=attempt)
    elif question.kind is QuestionKind.CHOICE and question.slot is not None:
        options = [(option.label, option.value) for option in question.options]
        ask_choice(turn, question.slot, options, attempt=attempt)
    else:
        ask_confirmation(turn, attempt=attempt)


def hint(turn: Turn, question: Question | None) -> None:
    """Encourage somebody who practises, with what may be said now."""
    match question.kind if question is not None else None:
        case None:
            turn.phrase("practice_hint")
        case QuestionKind.CHOICE:
            turn.phrase("practice_hint_choice")
        case QuestionKind.GUESS:
            turn.phrase("practice_hint_guess")
        case QuestionKind.CONFIRM | QuestionKind.REPAIR:
            turn.phrase("practice_hint_confirm")
        case _:
            turn.phrase("practice_hint_slot")


def climb(turn: Turn, question: Question) -> None:
    """Put a question one step up the error ladder: other words, a way out, then a person."""
    attempt = question.attempt + 1
    if turn.state.practice:
        # A mistake in practice leads to help, as often as it is made, and never to the ladder's end.
        hint(turn, question)
        put_again(turn, question, min(attempt, FAILURES_BEFORE_PERSON - 1))
        return
    if question.kind is not QuestionKind.SLOT and turn.is_silent:
        turn.phrase("sorry")
    if attempt >= FAILURES_BEFORE_PERSON:
        options = tuple({"label": option.label, "value": option.value} for option in question.options)
        turn.emit(Asked(question.kind, question.slot, options, attempt))
        offer_person(turn)
    else:
        put_again(turn, question, attempt)


def ask_unanswered(turn: Turn, question: Question, *, failed: bool) -> None:
    """Put a question to which the citizen said something else: what was taken of that comes before the
    same question, and without such words the question must change."""
    if failed or turn.is_silent:
        climb(turn, question)
    else:
        put_again(turn, question, min(question.attempt, FAILURES_BEFORE_PERSON - 1))


def still_open(before: Question, slot: str, candidates: tuple[Any, ...]) -> bool:
    """Whether the choice that was offered is the one to be made now."""
    offered = before.kind is QuestionKind.CHOICE and before.slot == slot
    return offered and all(option.value in candidates for option in before.options)


def last_stop(turn: Turn, frame: Frame, slot: str) -> Mapping[str, Any] | None:
    """The stop that is offered first because it was asked about last, where the citizen wished that to be
    remembered."""
    state = turn.state
    wanted = turn.definition(frame).slots[slot].default == LAST_STOP
    return state.last_stop if wanted and state.remembers else None


def written_value(turn: Turn, frame: Frame, slot: str, value: Any) -> str:
    """A value as it is spoken and shown."""
    return slot_values(turn.definition(frame), {slot: value})["written"][slot]  # type: ignore[no-any-return]


def _words(template: str, values: Mapping[str, Any]) -> str:
    """What a question says.

    Raises:
        TemplateFault: it says nothing, or its template needs what is not there.
    """
    written = write(template, values)
    if not written:
        raise TemplateFault("a question says nothing")
    return written
