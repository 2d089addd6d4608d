"""Being remembered from one conversation to the next, and being forgotten: in any state, whatever is open."""

from __future__ import annotations

from donghaeng.dialogue.commands import MISSES_BEFORE_PERSON, speak_at
from donghaeng.dialogue.consent import agreement, put_consent, put_consent_shortly, tell_remembered
from donghaeng.dialogue.effects import MemoryOutcome, MemoryRequest
from donghaeng.dialogue.events import (
    ConsentAnswered,
    ConsentAsked,
    Forgotten,
    HomeNamed,
    Missed,
    Remembered,
)
from donghaeng.dialogue.filling import offer_person, put_question
from donghaeng.dialogue.turn import Turn
from donghaeng.understanding.acts import Act

HOME = "home_district"
"""The slot of a wish to be remembered that names the district where the citizen lives."""


def remember(turn: Turn, act: Act) -> None:
    """Say what would be kept and ask; the wish said again is a yes to that question."""
    speak_at(turn, act.detail or "")
    home = act.slots.get(HOME)
    if home is not None and home.value is not None:
        turn.emit(HomeNamed(home.value))
    if turn.state.consent_asked:
        agree(turn)
    elif turn.state.remembers:
        tell_remembered(turn)
        _go_back(turn)
    elif turn.state.known_again:
        turn.emit(ConsentAsked())
        put_consent(turn)
    else:
        turn.phrase("remember_not_in_practice" if turn.state.practice else "remember_not_here")
        _go_back(turn)


def agree(turn: Turn) -> None:
    """A yes: what is known is kept before it is said that it is."""
    turn.emit(ConsentAnswered())
    turn.want(MemoryRequest(agreement(turn)))


def disagree(turn: Turn) -> None:
    """A no: nothing is kept."""
    turn.emit(ConsentAnswered())
    turn.phrase("remember_not")
    _go_back(turn)


def misheard(turn: Turn) -> None:
    """Neither a yes nor a no: asked once more in short, then whole; the third time nothing is kept, and a
    person is offered."""
    turn.emit(Missed())
    if turn.state.misses == 1:
        put_consent_shortly(turn)
    elif turn.state.misses < MISSES_BEFORE_PERSON:
        turn.phrase("sorry")
        put_consent(turn)
    else:
        turn.emit(ConsentAnswered())
        turn.phrase("remember_not")
        offer_person(turn)


def forget(turn: Turn, act: Act) -> None:
    """Erase whatever is kept, at once and without asking back."""
    del act
    if turn.state.known_again:
        turn.want(MemoryRequest())
    else:
        tell_memory(turn, MemoryOutcome(remembers=False))


def tell_memory(turn: Turn, outcome: MemoryOutcome) -> None:
    """Say what was done, and go back to what was open."""
    if outcome.remembers:
        turn.emit(Remembered())
        turn.phrase("remember_done")
    else:
        turn.emit(Forgotten())
        turn.phrase("forgotten" if outcome.erased else "nothing_remembered")
    _go_back(turn)


def _go_back(turn: Turn) -> None:
    if turn.state.offer:
        offer_person(turn)
    elif turn.state.frame is not None or turn.state.guesses:
        put_question(turn)
    else:
        turn.phrase("what_else")
