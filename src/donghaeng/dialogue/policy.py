"""The policy: what the agent does about each act, in each state. Pure and total.

``Policy.begin`` starts a turn; :meth:`Policy.hear` takes the acts of an utterance, :meth:`Policy.proceed`
what came of the effects; when a turn wants no more effects, ``turn.finish()`` is the reply. One handler
answers one kind of act; a service never has a handler of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from donghaeng.city.emergencies import Emergencies
from donghaeng.city.operations import Effect
from donghaeng.city.services import Catalogue
from donghaeng.dialogue import commands
from donghaeng.dialogue.effects import Outcome
from donghaeng.dialogue.events import (
    AnswersBegun,
    Asked,
    FrameClosed,
    FrameOpened,
    FrameRaised,
    GuessAnswered,
    Missed,
    OfferAnswered,
    Resumed,
    ServicesGuessed,
    SlotsCleared,
    SlotsFilled,
    Understood,
    UtteranceHeard,
    WriteSettled,
)
from donghaeng.dialogue.filling import (
    advance,
    ask_again,
    ask_confirmation,
    ask_slot,
    offer_person,
    put_guess,
    put_question,
    request_call,
)
from donghaeng.dialogue.outcomes import take_outcomes
from donghaeng.dialogue.state import QuestionKind, State
from donghaeng.dialogue.turn import Turn
from donghaeng.dialogue.wording import Phrases, slot_values
from donghaeng.understanding.acts import Act, ActKind, SlotFill
from donghaeng.understanding.calibration import FoundBy

MOST_GUESSES = 2
"""Services among which the citizen is asked to choose when the words do not decide."""
MAX_FRAMES = 4
"""Services that may wait on one another; a deeper one replaces the top."""
SURE_YES = 0.9
"""Score from which a yes lets a write go out; below it the citizen is asked for "네" or "아니요"."""
SURE_NO = 0.7
"""Score from which a no to what was read back is believed; a bare "됐어요" may mean either."""
COUNSELLOR = "counsellor"
"""The service behind "상담사" and behind every offer of a person."""

_LEAVE_OFFER_OPEN = frozenset(
    {ActKind.CONFIRM, ActKind.DENY, ActKind.UNCLEAR, ActKind.SILENCE, ActKind.REPEAT}
    | {ActKind.SLOWER, ActKind.FASTER, ActKind.LOUDER, ActKind.QUIETER}
)
"""Acts after which the offer of a person still stands, and the question which service is meant; by any other
the citizen has passed over it."""
_LED_NOWHERE = frozenset({ActKind.UNCLEAR, ActKind.UNSURE, ActKind.SILENCE})
"""Acts that count towards the offer of a person."""
_TAKE_UP = frozenset({ActKind.FILL, ActKind.CORRECT, ActKind.CHOOSE, ActKind.BACK})
"""Acts that are about the service that waits, and so take it up again."""


class Policy:
    """Decides. Holds only what is read-only: catalogue, sentences, emergencies."""

    def __init__(self, catalogue: Catalogue, phrases: Phrases, emergencies: Emergencies) -> None:
        self.catalogue = catalogue
        self.phrases = phrases
        self.emergencies = emergencies

    def begin(self, state: State, now: datetime) -> Turn:
        """A new turn on ``state``."""
        return Turn(state, now, catalogue=self.catalogue, phrases=self.phrases, emergencies=self.emergencies)

    def greet(self, turn: Turn) -> None:
        """The opening: that this is an AI, how to reach a person, what may be asked."""
        turn.phrase("greeting_practice" if turn.state.practice else "greeting")

    def hear(self, turn: Turn, text: str, acts: Sequence[Act]) -> None:
        """Take the acts of one utterance, most important first."""
        turn.emit(UtteranceHeard(text, tuple(_summary(act) for act in acts)))
        act = acts[0]
        if act.kind not in _LED_NOWHERE and turn.state.misses:
            turn.emit(Understood())
        if act.kind is not ActKind.EMERGENCY:
            commands.tell_news(turn)
        if turn.state.offer and act.kind not in _LEAVE_OFFER_OPEN:
            turn.emit(OfferAnswered())
        if turn.state.guesses and act.kind not in _LEAVE_OFFER_OPEN | {ActKind.CHOOSE}:
            turn.emit(GuessAnswered())
        if turn.state.paused and act.kind in _TAKE_UP:
            turn.emit(Resumed())
        _HANDLERS[act.kind](turn, act)

    def settle_later(self, turn: Turn, service: str, receipt: str | None) -> None:
        """Note that a write was settled after its turn; the next turn tells it."""
        turn.emit(WriteSettled(service, receipt))

    def proceed(self, turn: Turn, outcomes: Sequence[Outcome]) -> None:
        """Go on after effects were carried out."""
        take_outcomes(turn, outcomes)


def _summary(act: Act) -> dict[str, Any]:
    summary = {key: value for key, value in asdict(act).items() if key in ("service", "detail") and value}
    return {"kind": act.kind.value, "score": round(act.score, 3), **summary, "slots": sorted(act.slots)}


def _ask(turn: Turn, act: Act) -> None:
    service = act.service
    if service is None or service not in turn.catalogue:
        commands.out_of_scope(turn, act)
        return
    if not turn.catalogue[service].is_served:
        commands.not_yet(turn, act)
        return
    if any(frame.service == service for frame in turn.state.frames):
        _take_up(turn, service, act)
        return
    if len(turn.state.frames) >= MAX_FRAMES and turn.catalogue[service].effect is not Effect.HANDOVER:
        turn.emit(FrameClosed("cancelled"))
    last = turn.state.last
    follows = act.detail == "follow_up" and last is not None and last.service == service
    turn.emit(FrameOpened(service, dict(last.slots) if follows and last is not None else {}))
    _take(turn, act.slots)
    advance(turn)


def _take_up(turn: Turn, service: str, act: Act) -> None:
    """A wish for a service that is in hand already, or that waits below another one."""
    frame = turn.state.frame
    if frame is not None and frame.service == service and not frame.waits:
        _fill(turn, act)
        return
    turn.emit(FrameRaised(service))
    turn.emit(Resumed())
    if _take(turn, act.slots):
        advance(turn)
    else:
        put_question(turn)


def _fill(turn: Turn, act: Act) -> None:
    frame = turn.state.frame
    if frame is None:
        _fill_without_frame(turn, act)
        return
    if act.detail in turn.definition(frame).slots and not act.slots:
        turn.emit(SlotsCleared((act.detail,)))
        ask_slot(turn, act.detail, attempt=0)
        return
    question = frame.question
    known = frame.slots
    taken = _take(turn, act.slots)
    problem = _name_problem(turn, act.slots)
    if not taken:
        ask_again(turn)
        return
    if (
        not problem
        and question is not None
        and question.kind is QuestionKind.SLOT
        and _is_new(act.slots, known)
    ):
        _acknowledge(turn, act)
    advance(turn, before=question, failed=problem)


def _fill_without_frame(turn: Turn, act: Act) -> None:
    if act.service is not None and act.service in turn.catalogue:
        _ask(turn, act)
    else:
        commands.unclear(turn, act)


def _acknowledge(turn: Turn, act: Act) -> None:
    """Implicit confirmation: the value goes into the next question's sentence, before it."""
    frame = turn.state.frame
    if frame is None:
        return
    service = turn.definition(frame)
    if service.effect.value != "write" or all(name in frame.slots for name in service.required_slots):
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
    turn.emit(SlotsFilled(values, candidates))
    return True


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


def _confirm(turn: Turn, act: Act) -> None:
    question = turn.state.question
    frame = turn.state.frame
    if question is None and turn.state.paused:
        commands.go_on(turn)
    elif question is None:
        commands.attend(turn, act)
    elif question.kind is QuestionKind.OFFER:
        turn.emit(OfferAnswered())
        call_person(turn, act)
    elif question.kind is QuestionKind.GUESS:
        _take_guess(turn, 0 if len(question.options) == 1 else -1)
    elif question.kind is QuestionKind.CONFIRM and not _is_sure_yes(act):
        _ask_yes_or_no(turn)
    elif question.kind is QuestionKind.CONFIRM and frame is not None:
        request_call(turn, frame, turn.definition(frame))
    elif question.kind is QuestionKind.REPAIR:
        ask_confirmation(turn, attempt=0)
    elif question.kind is QuestionKind.CHOICE and len(question.options) == 1 and question.slot:
        turn.emit(SlotsFilled({question.slot: question.options[0].value}))
        advance(turn)
    else:
        ask_again(turn)


def _deny(turn: Turn, act: Act) -> None:
    question = turn.state.question
    if question is None:
        turn.phrase("as_you_like")
    elif question.kind is QuestionKind.OFFER:
        turn.emit(OfferAnswered())
        if turn.state.frame is None:
            turn.phrase("as_you_like")
        else:
            turn.phrase("without_person")
            put_question(turn)
    elif question.kind is QuestionKind.GUESS:
        _deny_guess(turn)
    elif question.kind is QuestionKind.CONFIRM and act.score < SURE_NO:
        _ask_yes_or_no(turn)
    elif question.kind is QuestionKind.CONFIRM:
        turn.emit(Asked(QuestionKind.REPAIR))
        turn.phrase("what_is_wrong")
    elif question.kind is QuestionKind.REPAIR and act.score < SURE_NO:
        ask_confirmation(turn, attempt=0)
    elif question.kind is QuestionKind.REPAIR:
        commands.cancel(turn, act)
    elif question.kind is QuestionKind.CHOICE and question.slot is not None:
        turn.emit(SlotsCleared((question.slot,)))
        ask_slot(turn, question.slot, attempt=1)
    else:
        ask_again(turn)


def _choose(turn: Turn, act: Act) -> None:
    question = turn.state.question
    index = int(act.detail) if act.detail and act.detail.isdigit() else -1
    if question is None:
        commands.unclear(turn, act)
        return
    if question.kind is QuestionKind.GUESS:
        _take_guess(turn, index)
        return
    if question.slot is None or not 0 <= index < len(question.options):
        ask_again(turn)
        return
    turn.emit(SlotsFilled({question.slot: question.options[index].value}))
    advance(turn)


def _is_sure_yes(act: Act) -> bool:
    """Whether a yes may let a write go out: one that was only learnt from examples may not."""
    return act.score >= SURE_YES and act.found_by != FoundBy.LEARNT


def _ask_yes_or_no(turn: Turn) -> None:
    """The narrower question before anything that cannot be undone."""
    turn.phrase("yes_or_no")
    ask_again(turn)


def _guess(turn: Turn, act: Act) -> None:
    """The words may ask for one of a few services: ask which, and take none in hand yet."""
    offered = [one for one in act.alternatives if one.service in turn.catalogue][:MOST_GUESSES]
    if not offered:
        commands.unclear(turn, act)
        return
    turn.emit(Missed())
    if turn.state.misses >= commands.MISSES_BEFORE_PERSON:
        offer_person(turn)
        return
    said = {
        one.service: {
            "slots": {name: fill.value for name, fill in one.slots.items() if fill.value is not None},
            "candidates": {
                name: fill.candidates
                for name, fill in one.slots.items()
                if fill.value is None and fill.candidates
            },
        }
        for one in offered
    }
    turn.emit(ServicesGuessed({one.service: turn.catalogue[one.service].name for one in offered}, said))
    put_guess(turn)


def _take_guess(turn: Turn, index: int) -> None:
    if not 0 <= index < len(turn.state.guesses):
        put_guess(turn)
        return
    guess = turn.state.guesses[index]
    slots = {name: SlotFill(value) for name, value in guess.slots.items()}
    slots |= {name: SlotFill(None, candidates=found) for name, found in guess.candidates.items()}
    turn.emit(GuessAnswered())
    turn.emit(Understood())
    _ask(turn, Act(ActKind.ASK, service=guess.service, slots=slots))


def _deny_guess(turn: Turn) -> None:
    turn.emit(GuessAnswered())
    if turn.state.frame is not None:
        put_question(turn)
    else:
        turn.phrase("guess_wrong")


def call_person(turn: Turn, act: Act) -> None:
    """Hand over to a person, whatever is in hand; it waits meanwhile."""
    _ask(turn, Act(ActKind.ASK, act.score, COUNSELLOR, act.slots))


_HANDLERS: Mapping[ActKind, Callable[[Turn, Act], None]] = {
    ActKind.ASK: _ask,
    ActKind.FILL: _fill,
    ActKind.CORRECT: _fill,
    ActKind.CONFIRM: _confirm,
    ActKind.DENY: _deny,
    ActKind.CHOOSE: _choose,
    ActKind.DONT_KNOW: commands.dont_know,
    ActKind.SKIP: commands.dont_know,
    ActKind.CANCEL: commands.cancel,
    ActKind.CONTINUE: commands.go_on,
    ActKind.BACK: commands.back,
    ActKind.START_OVER: commands.start_over,
    ActKind.REPEAT: commands.repeat,
    ActKind.SLOWER: commands.slower,
    ActKind.FASTER: commands.faster,
    ActKind.LOUDER: commands.louder,
    ActKind.QUIETER: commands.quieter,
    ActKind.HELP: commands.help_out,
    ActKind.THANKS: commands.thanks,
    ActKind.GREETING: commands.attend,
    ActKind.GOODBYE: commands.goodbye,
    ActKind.CHITCHAT: commands.chat,
    ActKind.UNSURE: _guess,
    ActKind.ABUSE: commands.calm,
    ActKind.EMERGENCY: commands.emergency,
    ActKind.OUT_OF_SCOPE: commands.out_of_scope,
    ActKind.UNCLEAR: commands.unclear,
    ActKind.SILENCE: commands.silence,
}
