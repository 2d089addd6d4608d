"""Taking what was said: a service in hand, and values into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from donghaeng.city.operations import Effect
from donghaeng.city.services.templates import expression_variables
from donghaeng.dialogue import commands
from donghaeng.dialogue.events import (
    AnswersBegun,
    FrameClosed,
    FrameOpened,
    FrameRaised,
    Resumed,
    SlotsCleared,
    SlotsFilled,
    WishesNoted,
)
from donghaeng.dialogue.filling import advance, ask_again, put_question
from donghaeng.dialogue.questions import ask_slot
from donghaeng.dialogue.state import QuestionKind
from donghaeng.dialogue.turn import Turn
from donghaeng.dialogue.withheld import is_withheld, tell_withheld
from donghaeng.dialogue.wording import slot_values
from donghaeng.understanding.acts import ABOUT_ANSWER, Act, ActKind, SlotFill

MAX_FRAMES = 4
"""Services that may wait on one another; a deeper one replaces the top."""


def ask(turn: Turn, act: Act) -> None:
    """Take a service in hand with what was said for it."""
    service = act.service
    if service is None or service not in turn.catalogue or not turn.catalogue[service].is_served:
        commands.out_of_scope(turn, act)
        return
    if is_withheld(turn, service):
        tell_withheld(turn, service)
        return
    if any(frame.service == service for frame in turn.state.frames):
        _take_up(turn, service, act)
        return
    if len(turn.state.frames) >= MAX_FRAMES and turn.catalogue[service].effect is not Effect.HANDOVER:
        turn.emit(FrameClosed("cancelled"))
    last = turn.state.last
    follows = act.detail == "follow_up" and last is not None and last.service == service and _read_on(turn)
    known = dict(last.slots) if follows and last is not None else {}
    turn.emit(FrameOpened(service, known, about_answer=act.detail == ABOUT_ANSWER))
    _take(turn, act.slots)
    advance(turn)


def _read_on(turn: Turn) -> bool:
    """Whether a follow-up may lean on the values before: what was written once is not written again by it,
    and a question in its own words is asked anew."""
    last = turn.state.last
    if last is None or any(spec.whole for spec in turn.definition(last).slots.values()):
        return False
    return turn.definition(last).way(last.slots).effect is not Effect.WRITE


def _take_up(turn: Turn, service: str, act: Act) -> None:
    """A wish for a service that is in hand already, or that waits below another one."""
    frame = turn.state.frame
    if turn.catalogue[service].effect is Effect.HANDOVER:
        # A person is called however often one is asked for, whatever else stands open.
        turn.emit(FrameRaised(service))
        _take(turn, act.slots)
        advance(turn, before=frame.question if frame is not None and frame.service == service else None)
        return
    if frame is not None and frame.service == service and not frame.waits:
        fill(turn, act)
        return
    turn.emit(FrameRaised(service))
    turn.emit(Resumed())
    if _take(turn, act.slots):
        advance(turn)
    else:
        put_question(turn)


def fill(turn: Turn, act: Act) -> None:
    """Take values for the service in hand, or replace some, and go on with it."""
    frame = turn.state.frame
    if frame is None:
        _fill_without_frame(turn, act)
        return
    if act.detail in turn.definition(frame).slots and not act.slots:
        if frame.question is not None and frame.question.slot == act.detail:
            ask_again(turn)
            return
        turn.emit(SlotsCleared((act.detail,)))
        ask_slot(turn, act.detail, attempt=0)
        return
    question = frame.question
    known, slots = frame.slots, turn.definition(frame).slots
    outdated = _outdated_picks(turn, act.slots)
    taken = _take(turn, act.slots)
    problem = _name_problem(turn, act.slots)
    if not taken:
        ask_again(turn)
        return
    if (
        not problem
        and question is not None
        and question.kind is QuestionKind.SLOT
        and _is_new({name: act.slots[name] for name in act.slots.keys() & slots.keys()}, known)
    ):
        _acknowledge(turn, act)
    if question is not None and question.slot in outdated:
        question = None
    advance(turn, before=question, failed=problem)


def _fill_without_frame(turn: Turn, act: Act) -> None:
    if act.service is not None and act.service in turn.catalogue:
        ask(turn, act)
    else:
        commands.unclear(turn, act)


def _acknowledge(turn: Turn, act: Act) -> None:
    """Implicit confirmation: the value goes into the next question's sentence, before it."""
    frame = turn.state.frame
    if frame is None:
        return
    service = turn.definition(frame)
    complete = all(name in frame.slots for name in service.required_slots(frame.slots))
    if service.effect is not Effect.WRITE or complete:
        return
    written = slot_values(service, frame.slots)["written"]
    heard = [written[name] for name in act.slots if name in written]
    if heard:
        turn.phrase("acknowledge", values=heard)


def _take(turn: Turn, slots: Mapping[str, SlotFill]) -> bool:
    """Put values, candidates and what was begun into the frame; whether there were values or candidates."""
    frame = turn.state.frame
    if frame is None:
        return False
    known = turn.definition(frame).slots
    values = {name: fill.value for name, fill in slots.items() if name in known and fill.value is not None}
    candidates = {
        name: fill.candidates
        for name, fill in slots.items()
        if name in known and fill.value is None and fill.candidates
    }
    begun = {
        name: fill.words for name, fill in slots.items() if name in known and fill.problem == "incomplete"
    }
    if begun:
        turn.emit(AnswersBegun(begun))
    if not values and not candidates:
        return False
    outdated = _outdated_picks(turn, slots) & set(frame.slots) - values.keys()
    if outdated:
        turn.emit(SlotsCleared(tuple(sorted(outdated))))
    turn.emit(SlotsFilled(values, candidates))
    return True


def _outdated_picks(turn: Turn, slots: Mapping[str, SlotFill]) -> set[str]:
    """The slots whose values the city offers for what ``slots`` change: they are to be offered anew."""
    frame = turn.state.frame
    if frame is None:
        return set()
    known = turn.definition(frame).slots
    changed = {
        name
        for name, fill in slots.items()
        if name in known
        and fill.value is not None
        and name in frame.slots
        and fill.value != frame.slots[name]
    }
    return {
        name
        for name, spec in known.items()
        if spec.picks is not None and changed & set().union(*map(_names, spec.picks.arguments.values()))
    }


def _names(expression: str) -> set[str]:
    return {variable.name for variable in expression_variables(expression)}


def _is_new(slots: Mapping[str, SlotFill], known: Mapping[str, Any]) -> bool:
    return any(fill.value is not None and fill.value != known.get(name) for name, fill in slots.items())


def _name_problem(turn: Turn, slots: Mapping[str, SlotFill]) -> bool:
    """Say why words that were meant as a value are none, for its slot's type where there is a sentence of its
    own (``problem_incomplete_address``); whether there was such a problem."""
    found = next(((name, fill.problem) for name, fill in slots.items() if fill.problem is not None), None)
    if found is None or turn.state.frame is None:
        return False
    name, problem = found
    spec = turn.definition(turn.state.frame).slots.get(name)
    own = f"problem_{problem}_{spec.type}" if spec is not None else ""
    turn.phrase(own if own in turn.phrases.templates else f"problem_{problem}")
    return True


def said(slots: Mapping[str, SlotFill]) -> dict[str, dict[str, Any]]:
    """The values and candidates of an act, as events keep them."""
    return {
        "slots": {name: fill.value for name, fill in slots.items() if fill.value is not None},
        "candidates": {
            name: fill.candidates for name, fill in slots.items() if fill.value is None and fill.candidates
        },
    }


def note_wishes(turn: Turn, acts: Sequence[Act]) -> None:
    """Keep what else was asked for in the same breath until the first wish is settled."""
    others = [act for act in acts[1:] if act.kind is ActKind.ASK and _is_served(turn, act)]
    if acts[0].kind is ActKind.ASK and others:
        turn.emit(WishesNoted(tuple(_wish(turn, act) for act in others)))


def _wish(turn: Turn, act: Act) -> dict[str, Any]:
    known = turn.catalogue[act.service or ""].slots
    slots = {name: fill for name, fill in act.slots.items() if name in known}
    return {"service": act.service, **said(slots)}


def _is_served(turn: Turn, act: Act) -> bool:
    service = turn.catalogue.get(act.service or "")
    return service is not None and service.is_served and not is_withheld(turn, service.id)
