"""When a question is asked again (spaced repetition): the scheduler of FSRS. Pure; the time is given.

A question answered wrongly comes back tomorrow, one known later and later, so that nine of ten are remembered
on the day (docs/decisions/0058-practice-calls.md says why this library).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from fsrs import Card, Rating, Scheduler

from donghaeng.errors import InputError

RETENTION: Final = 0.9
LONGEST_DAYS: Final = 180
"""Law and forms change: nothing rests for longer than half a year."""
_SCHEDULER: Final = Scheduler(
    desired_retention=RETENTION,
    learning_steps=(),
    relearning_steps=(),
    maximum_interval=LONGEST_DAYS,
    enable_fuzzing=False,  # the same answers give the same days
)


@dataclass(frozen=True, slots=True)
class Memory:
    """How well one question is remembered, as it is stored."""

    item: str
    """``<lesson>/<number>``."""
    due: datetime
    card: Mapping[str, Any]
    """The scheduler's own figures."""


def answered(item: str, before: Memory | None, *, right: bool, sure: bool, at: datetime) -> Memory:
    """What is remembered after an answer.

    Args:
        item: the question.
        before: its memory; None at the first answer.
        right: whether the answer was.
        sure: whether the learner was; a guess that hits comes back sooner.
        at: when, with its offset.

    Raises:
        InputError: the time has no offset.
    """
    if at.tzinfo is None:
        raise InputError("a time without offset", remedy="give it with +09:00")
    at = at.astimezone(UTC)
    card = Card.from_dict(before.card) if before is not None else Card(card_id=1, due=at)  # type: ignore[arg-type]
    rating = Rating.Again if not right else Rating.Good if sure else Rating.Hard
    card, _ = _SCHEDULER.review_card(card, rating, review_datetime=at)
    return Memory(item, card.due, dict(card.to_dict()))


def due(memories: Iterable[Memory], at: datetime, most: int) -> tuple[Memory, ...]:
    """What is to be asked again now, the longest overdue first, at most ``most``."""
    return tuple(
        sorted((one for one in memories if one.due <= at), key=lambda one: (one.due, one.item))[:most]
    )
