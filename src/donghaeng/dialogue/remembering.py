"""Being remembered from one conversation to the next, and being forgotten: in any state, whatever is open."""

from __future__ import annotations

from typing import Final

from donghaeng.dialogue.commands import speak_at
from donghaeng.dialogue.consent import agreement, put_consent, put_consent_shortly, tell_remembered
from donghaeng.dialogue.consent_question import ConsentQuestion, go_back
from donghaeng.dialogue.effects import MemoryOutcome, MemoryRequest
from donghaeng.dialogue.events import (
    ConsentAnswered,
    ConsentAsked,
    Forgotten,
    HomeNamed,
    Remembered,
)
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
        go_back(turn)
    elif turn.state.known_again:
        turn.emit(ConsentAsked())
        put_consent(turn)
    else:
        turn.phrase("remember_not_in_practice" if turn.state.practice else "remember_not_here")
        go_back(turn)


def agree(turn: Turn) -> None:
    """A yes: what is known is kept before it is said that it is."""
    turn.emit(ConsentAnswered())
    turn.want(MemoryRequest(agreement(turn)))


QUESTION: Final = ConsentQuestion("remember_not", ConsentAnswered, put_consent, put_consent_shortly)


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
    go_back(turn)
