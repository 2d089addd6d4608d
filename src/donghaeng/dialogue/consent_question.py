"""What a question that asks for a consent does with a no and with words that are neither a yes nor a no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from donghaeng.dialogue.commands import MISSES_BEFORE_PERSON
from donghaeng.dialogue.event import Event
from donghaeng.dialogue.events import Missed
from donghaeng.dialogue.filling import put_question
from donghaeng.dialogue.questions import offer_person
from donghaeng.dialogue.turn import Turn


@dataclass(frozen=True, slots=True)
class ConsentQuestion:
    """One such question."""

    refused: str
    """The sentence that nothing is done."""
    answered: Callable[[], Event]
    put: Callable[[Turn], None]
    """Asks with all that a consent needs to be told."""
    put_shortly: Callable[[Turn], None]

    def refuse(self, turn: Turn) -> None:
        """A no: nothing is kept or shown."""
        turn.emit(self.answered())
        turn.phrase(self.refused)
        go_back(turn)

    def misheard(self, turn: Turn) -> None:
        """Neither a yes nor a no: asked once more in short, then whole; the third time it counts as a no, and
        a person is offered."""
        turn.emit(Missed())
        if turn.state.misses == 1:
            self.put_shortly(turn)
        elif turn.state.misses < MISSES_BEFORE_PERSON:
            turn.phrase("sorry")
            self.put(turn)
        else:
            turn.emit(self.answered())
            turn.phrase(self.refused)
            offer_person(turn)


def go_back(turn: Turn) -> None:
    """On with what was open before."""
    if turn.state.offer:
        offer_person(turn)
    elif turn.state.frame is not None or turn.state.guesses:
        put_question(turn)
    else:
        turn.phrase("what_else")
