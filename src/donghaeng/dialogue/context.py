"""What understanding may know of a state."""

from __future__ import annotations

from datetime import datetime

from donghaeng.dialogue.state import QuestionKind, State
from donghaeng.understanding.acts import Context


def context_of(state: State, now: datetime) -> Context:
    """The context in which the next utterance is read."""
    question, frame = state.question, state.frame
    in_hand = frame if not state.paused else None
    repairs = question is not None and question.kind is QuestionKind.REPAIR
    return Context(
        now=now,
        expects="confirm" if repairs else (question.kind.expects if question is not None else "open"),
        service=in_hand.service if in_hand is not None else None,
        asks=question.slot if question is not None else None,
        slots=in_hand.slots if in_hand is not None else {},
        begun=in_hand.begun if in_hand is not None else {},
        options=tuple(option.label for option in question.options) if question is not None else (),
        option_values=tuple(option.value for option in question.options) if question is not None else (),
        last_service=state.last.service if state.last is not None else None,
        last_slots=state.last.slots if state.last is not None else {},
        left_service=state.left.service if state.left is not None else None,
        left_slots=state.left.slots if state.left is not None else {},
        last_answer=state.last.answer if state.last is not None else {},
        answered=state.sourced is not None and state.sourced.fresh,
        waits=frame.service if frame is not None and state.paused else None,
        said=state.said,
        accepted=bool(state.accepted),
        home_district=state.home_district,
        here=state.here,
    )
