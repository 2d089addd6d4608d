"""A helper beside the citizen: the citizen agrees to it, and the helper is told what to let her say.

The agent goes on speaking to the citizen herself. The helper is shown nothing but what is said here; what was
remembered of the citizen is left out from then on. It ends with the conversation.
"""

from __future__ import annotations

from typing import Any, Final

from donghaeng.dialogue.commands import speak_at
from donghaeng.dialogue.consent_question import ConsentQuestion, go_back
from donghaeng.dialogue.learning_events import HelperAgreed, HelperAnswered, HelperAsked
from donghaeng.dialogue.state import Question, QuestionKind
from donghaeng.dialogue.turn import Turn
from donghaeng.dialogue.wording import choice_card
from donghaeng.understanding.acts import Act, ActKind

SCRIPT: Final = "helper/1"
"""Version of the sentence ``helper_ask``. It tells who, what for, what, how long, and that a no costs nothing
(개인정보 보호법 제15조 제2항). Another wording is another version."""


def helper_is_here(turn: Turn, act: Act) -> None:
    """Ask the citizen, whoever said it."""
    del act
    if turn.state.helper:
        turn.phrase("helper_already")
        go_back(turn)
        return
    turn.emit(HelperAsked())
    put_helper_question(turn)


def agree_to_helper(turn: Turn) -> None:
    """A yes: from now on slower, and with words for the helper."""
    turn.emit(HelperAnswered())
    turn.emit(HelperAgreed(SCRIPT, turn.phrases("helper_ask"), turn.heard))
    speak_at(turn, ActKind.SLOWER)
    turn.phrase("helper_agreed")
    go_back(turn)


def put_helper_question(turn: Turn) -> None:
    """Ask with all that a consent needs to be told."""
    turn.phrase("helper_ask")
    _show_answers(turn)


def put_helper_shortly(turn: Turn) -> None:
    """Ask for a yes or a no after words that were neither."""
    turn.phrase("yes_or_no")
    turn.phrase("helper_ask_again")
    _show_answers(turn)


QUESTION: Final = ConsentQuestion("helper_not", HelperAnswered, put_helper_question, put_helper_shortly)


def for_helper(turn: Turn) -> dict[str, Any] | None:
    """What the helper is shown: what to let the citizen say, and sayings that fit; None without a helper."""
    if not turn.state.helper or turn.state.ended:
        return None
    question = turn.state.question
    match question.kind if question is not None else None:
        case None:
            return _told(turn.phrases("helper_open"), turn.phrases("practice_examples").split(" / ")[:2])
        case QuestionKind.SLOT if question is not None and question.slot is not None:
            return _told(
                turn.phrases("helper_slot", name=_name(turn, question)), [turn.phrases("helper_unknown")]
            )
        case QuestionKind.CHOICE | QuestionKind.COURSE if question is not None:
            return _told(turn.phrases("helper_choice"), [option.label for option in question.options])
        case _:
            return _told(turn.phrases("helper_yes_or_no"), ["네", "아니요"])


def _told(prompt: str, says: list[str]) -> dict[str, Any]:
    return {"prompt": prompt, "says": says}


def _name(turn: Turn, question: Question) -> str:
    frame = turn.state.frame
    assert frame is not None
    return turn.definition(frame).slots[question.slot or ""].name


def _show_answers(turn: Turn) -> None:
    turn.show(choice_card([turn.phrases("yes_helper"), turn.phrases("no_remember")]))
