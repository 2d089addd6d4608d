"""Practice: how it begins and ends, and what is said in it where others would be told that they were not
understood. That nothing is done is no matter of words: the practice conversation has a city of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from donghaeng.dialogue import commands
from donghaeng.dialogue.events import (
    ConversationEnded,
    OfferAnswered,
    Resumed,
    ServicesGuessed,
)
from donghaeng.dialogue.filling import ask_again, put_question, return_to_frame
from donghaeng.dialogue.guessing import MOST_GUESSES
from donghaeng.dialogue.learning_events import (
    DoubtAnswered,
    EmergencyDoubted,
    PracticeBegan,
    PracticeEnded,
)
from donghaeng.dialogue.questions import hint, put_guess
from donghaeng.dialogue.state import QuestionKind
from donghaeng.dialogue.turn import Turn
from donghaeng.dialogue.withheld import is_withheld
from donghaeng.dialogue.wording import choice_card
from donghaeng.understanding.acts import Act, ActKind


def just_left(turn: Turn) -> bool:
    """Whether these words ended a practice beside this conversation."""
    return any(isinstance(event, PracticeEnded) for event in turn.events)


def practise(turn: Turn, act: Act) -> None:
    """Begin; what is in hand waits, untouched. Whoever practises already is told what may be said."""
    del act
    if turn.state.practice:
        turn.phrase("practice_already")
        put_question(turn)
        return
    turn.emit(PracticeBegan())
    turn.phrase("practice_began")
    _show_examples(turn)


def stop_practice(turn: Turn, act: Act) -> None:
    """Back to where it was begun; a conversation that was practice from its beginning is over."""
    del act
    if just_left(turn):
        turn.phrase("practice_stopped")
        _go_on(turn)
    elif turn.state.practice:
        turn.emit(ConversationEnded("goodbye"))
        turn.phrase("practice_over")
    else:
        turn.phrase("practice_none")
        put_question(turn)


def for_real(turn: Turn, act: Act) -> None:
    """Back, and ask whether what was practised shall be done. Nothing of what was said in practice is taken
    over: a service that is agreed to begins anew."""
    if not just_left(turn):
        stop_practice(turn, act)
        return
    turn.phrase("practice_for_real")
    service = turn.catalogue.get(act.service or "")
    if service is None or not service.is_served or is_withheld(turn, service.id):
        _go_on(turn)
        return
    turn.emit(ServicesGuessed({service.id: service.name}, {service.id: {}}))
    put_guess(turn)


def _go_on(turn: Turn) -> None:
    if turn.state.frame is not None or turn.state.wishes:
        return_to_frame(turn)
    else:
        turn.phrase("what_else")


# In a practice conversation


def _help(turn: Turn, act: Act) -> None:
    """Words that led nowhere, or none: encouragement, what may be said, and the question again."""
    del act
    question = turn.state.question
    if turn.state.doubted is not None:
        turn.say(turn.emergencies[turn.state.doubted].reply)
        put_question(turn)
    elif question is None:
        hint(turn, None)
        _show_examples(turn)
    elif question.kind is QuestionKind.GUESS:
        hint(turn, question)
        put_guess(turn)
    elif question.kind is QuestionKind.OFFER:
        turn.emit(OfferAnswered())
        hint(turn, None)
        put_question(turn)
    else:
        ask_again(turn)


def _guess(turn: Turn, act: Act) -> None:
    """Which of one or two services is meant; it may be asked as often as it takes."""
    offered = [one.service for one in act.alternatives if one.service in turn.catalogue][:MOST_GUESSES]
    if not offered:
        _help(turn, act)
        return
    names = {service: turn.catalogue[service].name for service in offered}
    turn.emit(ServicesGuessed(names, {service: {} for service in offered}))
    put_guess(turn)


def _out_of_scope(turn: Turn, act: Act) -> None:
    del act
    turn.phrase("out_of_scope")
    if turn.state.frame is not None:
        put_question(turn)
    else:
        hint(turn, None)
        _show_examples(turn)


def _calm(turn: Turn, act: Act) -> None:
    del act
    turn.phrase("calm")
    if turn.state.question is not None:
        put_question(turn)
    else:
        hint(turn, None)


def _emergency(turn: Turn, act: Act) -> None:
    """The number at once, as ever, and one question: whether it is real. Told of twice it is."""
    doubted = turn.state.doubted is not None
    commands.emergency(turn, act)
    if doubted:
        turn.emit(DoubtAnswered())
        return
    turn.emit(EmergencyDoubted(act.detail or ""))
    turn.phrase("practice_emergency")


def _confirm(turn: Turn, act: Act) -> None:
    """A yes to that question: the number again, and no word of practice after it."""
    kind = turn.state.doubted or ""
    commands.emergency(turn, Act(ActKind.EMERGENCY, act.score, detail=kind))
    turn.emit(DoubtAnswered())


def _deny(turn: Turn, act: Act) -> None:
    """A no to it: relief, and on with the practice."""
    del act
    turn.emit(DoubtAnswered())
    turn.phrase("practice_emergency_not")
    if turn.state.paused:
        turn.emit(Resumed())
    if turn.state.frame is not None:
        put_question(turn)
    else:
        hint(turn, None)


_HANDLERS: Final[Mapping[ActKind, Callable[[Turn, Act], None]]] = {
    ActKind.UNCLEAR: _help,
    ActKind.SILENCE: _help,
    ActKind.UNSURE: _guess,
    ActKind.OUT_OF_SCOPE: _out_of_scope,
    ActKind.ABUSE: _calm,
    ActKind.EMERGENCY: _emergency,
}
_TO_DOUBT: Final[Mapping[ActKind, Callable[[Turn, Act], None]]] = {
    ActKind.CONFIRM: _confirm,
    ActKind.DENY: _deny,
    ActKind.PRACTISE: _deny,
}
LEAVE_DOUBT_OPEN: Final = frozenset({ActKind.UNCLEAR, ActKind.SILENCE, ActKind.REPEAT, ActKind.EMERGENCY})
"""Acts after which it is still to be told whether an emergency is real."""


def handler_in_practice(turn: Turn, act: Act) -> Callable[[Turn, Act], None] | None:
    """What answers an act otherwise than in a conversation that is none; None where nothing does."""
    if not turn.state.practice:
        return None
    if turn.state.doubted is not None:
        if act.kind in _TO_DOUBT:
            return _TO_DOUBT[act.kind]
        if act.kind not in LEAVE_DOUBT_OPEN:
            turn.emit(DoubtAnswered())
    return _HANDLERS.get(act.kind)


def _show_examples(turn: Turn) -> None:
    turn.show(choice_card(turn.phrases("practice_examples").split(" / ")))
