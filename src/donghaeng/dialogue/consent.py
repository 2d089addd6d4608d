"""What may be remembered of a citizen, and the question that asks for their consent to it."""

from __future__ import annotations

from typing import Any

from donghaeng.dialogue.effects import Agreement
from donghaeng.dialogue.state import Pace, State
from donghaeng.dialogue.turn import Turn
from donghaeng.dialogue.wording import choice_card, write

SCRIPT = "1"
"""Version of the sentence ``remember_ask``. It tells the four things that a consent needs (개인정보 보호법
제15조제2항): what for, what, how long, and that a no costs nothing. Another wording is another version."""


def to_remember(state: State) -> dict[str, Any]:
    """What would be kept of the citizen now; None for what is not known or is as usual."""
    pace, usual = state.pace, Pace()
    return {
        "home_district": state.home_district if state.home_said else None,
        "last_stop": dict(state.last_stop) if state.last_stop is not None else None,
        "speed": pace.speed if pace.speed != usual.speed else None,
        "volume_db": pace.volume_db if pace.volume_db != usual.volume_db else None,
    }


def put_consent(turn: Turn) -> None:
    """Ask whether what is known, and what will be said of the same kind later, is to be remembered."""
    home, stop = _known(turn.state)
    turn.phrase("remember_ask", home=home, stop=stop)
    _show_answers(turn)


def put_consent_shortly(turn: Turn) -> None:
    """Ask for a yes or a no after words that were neither."""
    turn.phrase("yes_or_no")
    turn.phrase("remember_ask_again")
    _show_answers(turn)


def tell_remembered(turn: Turn) -> None:
    """Say what is remembered."""
    home, stop = _known(turn.state)
    turn.phrase("remember_already", home=home, stop=stop)


def agreement(turn: Turn) -> Agreement:
    """The consent that was just given, in the words in which it was asked for and given."""
    home, stop = _known(turn.state)
    asked = write(turn.phrases.templates["remember_ask"], {"home": home, "stop": stop})
    return Agreement(to_remember(turn.state), SCRIPT, asked, turn.heard)


def _known(state: State) -> tuple[str | None, str | None]:
    known = to_remember(state)
    stop = known["last_stop"]
    return known["home_district"], stop["name"] if stop is not None else None


def _show_answers(turn: Turn) -> None:
    turn.show(choice_card([turn.phrases("yes_remember"), turn.phrases("no_remember")]))
