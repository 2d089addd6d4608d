"""A wish for a person, with what the desk has to know of it."""

from __future__ import annotations

from typing import Final

from donghaeng.dialogue.effects import HandoverRequest
from donghaeng.dialogue.state import Frame, Question, QuestionKind
from donghaeng.dialogue.turn import Turn

COUNSELLOR = "counsellor"
"""The service behind "상담사", behind every offer of a person, and behind what only people carry out."""

CALLBACK_TIME: Final = "callback_time"
"""Its slot for the time of a call-back."""


def want_person_of(turn: Turn, frame: Frame, before: Question | None) -> None:
    """Ask for a person with what was said so far: the topic, the number and the time to call back.

    Args:
        turn: the turn.
        frame: the wish for a person.
        before: the question that the citizen has just answered; a time is agreed to only where it read it
            back.
    """
    time = frame.slots.get(CALLBACK_TIME)
    offered = before is not None and before.kind is QuestionKind.CHOICE and before.slot == CALLBACK_TIME
    want_person(
        turn,
        frame.slots.get("topic"),
        frame.slots.get("callback_phone"),
        times=(time,) if time is not None else frame.candidates.get(CALLBACK_TIME, ()),
        agreed=before is not None and offered and any(option.value == time for option in before.options),
    )


def want_person(
    turn: Turn,
    topic: str | None,
    phone: str | None,
    *,
    about: str | None = None,
    times: tuple[str, ...] = (),
    agreed: bool = False,
) -> None:
    """Ask for a person, with what the desk has to know: what it is about and how urgent it is.

    Args:
        turn: the turn.
        topic: in the citizen's words, or what was prepared.
        phone: where to call back.
        about: the service that people are to carry out; else what is in hand, or failed last, is told.
        times: when to call back.
        agreed: the citizen said yes to the one time.
    """
    state = turn.state
    known = (*reversed(state.frames), state.left)
    in_hand = next((one.service for one in known if one is not None and one.service != COUNSELLOR), None)
    rule = turn.person_topics.get(state.person_topic or "")
    reason = f"rule:{state.person_topic}" if rule is not None else "asked"
    turn.want(
        HandoverRequest(
            topic,
            phone,
            about or in_hand,
            "prepared" if about is not None else reason,
            urgent=state.alarm is not None or (rule is not None and rule.urgent),
            times=times,
            agreed=agreed,
        )
    )
