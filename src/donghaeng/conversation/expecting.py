"""What the open question of a conversation expects, for the ears."""

from __future__ import annotations

from donghaeng.conversation.memory import Live
from donghaeng.dialogue.state import QuestionKind
from donghaeng.speech.engines import Hints


def hints_of(live: Live) -> Hints:
    """What the recogniser and the turn-taking may lean on."""
    question, frame = live.state.question, live.state.frame
    if question is None or frame is None:
        return Hints()
    service = live.edition.catalogue[frame.service]
    spec = service.slots.get(question.slot or "")
    labels = tuple(option.label for option in question.options)
    phrases = labels if question.kind is QuestionKind.CHOICE else ()
    return Hints(question.kind.expects, spec.type if spec is not None else None, phrases)
