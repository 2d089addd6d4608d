"""A wish for a person, with what the desk has to know of it."""

from __future__ import annotations

from donghaeng.dialogue.effects import HandoverRequest
from donghaeng.dialogue.turn import Turn

COUNSELLOR = "counsellor"
"""The service behind "상담사", behind every offer of a person, and behind what only people carry out."""


def want_person(turn: Turn, topic: str | None, phone: str | None, *, about: str | None = None) -> None:
    """Ask for a person, with what the desk has to know: what it is about and how urgent it is.

    Args:
        topic: in the citizen's words, or what was prepared.
        phone: where to call back.
        about: the service that people are to carry out; else what is in hand, or failed last, is told.
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
        )
    )
