"""The sentences that a live line says itself, as they are spoken (``catalogue/lexicon/phrases.yaml``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Protocol

LONGEST_WAIT_MINUTES: Final = 10
"""A longer wait is told without a figure."""


class Phrase(Protocol):
    """Gives the written sentence of a name."""

    def __call__(self, name: str, /, **values: Any) -> str:
        """The sentence called ``name`` with its ``values``."""
        ...


def wait_in_words(phrase: Phrase, seconds: float | None) -> str:
    """How long a caller waits yet; nothing where it is not known."""
    if seconds is None:
        return ""
    minutes = max(1, round(seconds / 60))
    return phrase("queue_wait", minutes=minutes) if minutes <= LONGEST_WAIT_MINUTES else phrase("queue_long")


def place_in_words(phrase: Phrase, ahead: int) -> str:
    """How many wait before a caller."""
    return phrase("queue_ahead", count=ahead) if ahead else phrase("queue_next")


def unfit_in_words(phrase: Phrase, unfit: str) -> str:
    """Why no call can be promised for a time: ``hours``, ``past``, ``far``, or the name of a holiday."""
    match unfit:
        case "hours":
            return phrase("callback_unfit_hours")
        case "past":
            return phrase("callback_unfit_past")
        case "far":
            return phrase("callback_unfit_far")
        case holiday:
            return phrase("callback_unfit_holiday", holiday=holiday)


def counted_sentences(phrase: Phrase, most_waiting: int) -> Iterator[str]:
    """Every sentence of the queue that has a number in it, as it may be said."""
    for ahead in range(1, most_waiting):
        yield place_in_words(phrase, ahead)
    for minutes in range(1, LONGEST_WAIT_MINUTES + 1):
        yield wait_in_words(phrase, minutes * 60)
