"""The narrower question: which of one or two services is meant."""

from __future__ import annotations

from donghaeng.dialogue import commands
from donghaeng.dialogue.events import GuessAnswered, Missed, ServicesGuessed, Understood
from donghaeng.dialogue.filling import put_question
from donghaeng.dialogue.questions import offer_person, put_guess
from donghaeng.dialogue.taking import ask, said
from donghaeng.dialogue.turn import Turn
from donghaeng.understanding.acts import Act, ActKind, SlotFill

MOST_GUESSES = 2
"""Services among which the citizen is asked to choose when the words do not decide."""


def guess(turn: Turn, act: Act) -> None:
    """The words may ask for one of a few services: ask which, and take none in hand yet."""
    offered = [one for one in act.alternatives if one.service in turn.catalogue][:MOST_GUESSES]
    if not offered:
        commands.unclear(turn, act)
        return
    turn.emit(Missed())
    if turn.state.misses >= commands.MISSES_BEFORE_PERSON:
        offer_person(turn)
        return
    words = {one.service: said(one.slots) for one in offered}
    turn.emit(ServicesGuessed({one.service: turn.catalogue[one.service].name for one in offered}, words))
    put_guess(turn)


def take_guess(turn: Turn, index: int) -> None:
    """The citizen said which of the services offered is meant."""
    if not 0 <= index < len(turn.state.guesses):
        put_guess(turn)
        return
    meant = turn.state.guesses[index]
    slots = {name: SlotFill(value) for name, value in meant.slots.items()}
    slots |= {name: SlotFill(None, candidates=found) for name, found in meant.candidates.items()}
    turn.emit(GuessAnswered())
    turn.emit(Understood())
    ask(turn, Act(ActKind.ASK, service=meant.service, slots=slots))


def deny_guess(turn: Turn) -> None:
    """None of the services offered is meant."""
    turn.emit(GuessAnswered())
    if turn.state.frame is not None:
        put_question(turn)
    else:
        turn.phrase("guess_wrong")
