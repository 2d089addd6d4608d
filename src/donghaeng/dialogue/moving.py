"""From the telephone to the page: in any state, whatever is open. The call may go on or end."""

from __future__ import annotations

from typing import Final

from donghaeng.dialogue.effects import PageCodeOutcome, PageCodeRequest
from donghaeng.dialogue.filling import put_question
from donghaeng.dialogue.questions import offer_person
from donghaeng.dialogue.turn import Turn
from donghaeng.trust.page_codes import spoken_code
from donghaeng.understanding.acts import Act

TELEPHONE: Final = "phone"
"""The channel without a screen."""


def to_page(turn: Turn, act: Act) -> None:
    """Ask for a code; where the citizen sees a page already, say so."""
    del act
    if turn.state.channel == TELEPHONE:
        turn.want(PageCodeRequest())
    else:
        turn.phrase("to_page_here")
        _go_back(turn)


def tell_page_code(turn: Turn, outcome: PageCodeOutcome) -> None:
    """Say the code and how it is used, and go back to what was open."""
    if outcome.code is None:
        turn.phrase("to_page_not")
    else:
        turn.phrase("to_page", code=spoken_code(outcome.code))
    _go_back(turn)


def _go_back(turn: Turn) -> None:
    if turn.state.offer:
        offer_person(turn)
    elif turn.state.frame is not None or turn.state.guesses:
        put_question(turn)
