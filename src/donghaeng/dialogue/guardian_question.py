"""The question whether somebody may see receipt and status of the citizen's requests."""

from __future__ import annotations

from typing import Final

from donghaeng.dialogue.turn import Turn
from donghaeng.dialogue.wording import choice_card, write

_YEAR: Final = 12


def put_guardian_question(turn: Turn) -> None:
    """Say what would be seen, what never, and how long, and ask."""
    who = _who(turn)
    turn.phrase("guardian_ask", who=who, period=period(turn))
    _show_answers(turn)


def put_guardian_shortly(turn: Turn) -> None:
    """Ask for a yes or a no after words that were neither."""
    turn.phrase("yes_or_no")
    turn.phrase("guardian_ask_again", who=_who(turn))
    _show_answers(turn)


def asked_for(turn: Turn) -> str:
    """The words in which the consent was asked for."""
    return write(turn.phrases.templates["guardian_ask"], {"who": _who(turn), "period": period(turn)})


def period(turn: Turn) -> str:
    """How long a consent holds, as it is said."""
    years, months = divmod(turn.guardians.months, _YEAR)
    return f"{years}년" if years and not months else f"{turn.guardians.months}개월"


def _who(turn: Turn) -> str:
    return turn.state.guardian_asked or turn.guardians.someone


def _show_answers(turn: Turn) -> None:
    turn.show(choice_card([turn.phrases("yes_guardian"), turn.phrases("no_remember")]))
