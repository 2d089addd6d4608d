"""What scores mean: from the strength of each way of finding an act to how often it is right.

The tables are measured on ``bench/acts/acts.jsonl`` with ``bench/acts.py --sources``; the error that remains
on utterances never tuned to is the "expected calibration error" of ``bench/acts.py bench/acts/unseen.jsonl``
(docs/measurements.md).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class FoundBy(StrEnum):
    """How an act was found."""

    WHOLE = "whole"
    """A pattern matched all of the utterance."""
    PART = "part"
    """A pattern matched a part of it."""
    CLAUSE = "clause"
    """A pattern or an example matched one of several sentences."""
    LEARNT = "learnt"
    """The act that examples make likeliest."""
    OPEN_QUESTION = "open question"
    """A value for the slot that was asked for, or one of the options."""
    VALUES = "values"
    """Values for slots that were not asked for."""
    CORRECTION = "correction"
    """Words that take something back, with a value or the name of a slot."""
    RANKING = "ranking"
    """The service that examples make likeliest."""
    UNDECIDED = "undecided"
    """The one or two services that examples make likeliest, together."""
    ALARM_PATTERN = "alarm pattern"
    ALARM_LEARNT = "alarm learnt"
    NOTHING = "nothing"
    """Nothing was found."""


Knots = tuple[tuple[float, float], ...]
"""``(strength, share right)``, by strength; straight lines between."""

MEASURED: Final[Mapping[FoundBy, Knots]] = {
    FoundBy.WHOLE: ((1.0, 0.98),),
    FoundBy.PART: ((1.0, 0.96),),
    FoundBy.CLAUSE: ((1.0, 0.96),),
    FoundBy.LEARNT: ((0.4, 0.5), (0.5, 0.65), (0.7, 0.75), (0.8, 0.93), (1.0, 0.98)),
    FoundBy.OPEN_QUESTION: ((0.0, 0.2), (1.0, 0.96)),
    FoundBy.VALUES: ((0.0, 0.2), (1.0, 0.9)),
    FoundBy.CORRECTION: ((0.0, 0.2), (1.0, 0.97)),
    FoundBy.RANKING: ((0.0, 0.0), (1.0, 0.98)),
    FoundBy.UNDECIDED: ((0.0, 0.0), (1.0, 0.98)),
    FoundBy.ALARM_PATTERN: ((1.0, 0.96),),
    FoundBy.ALARM_LEARNT: ((0.4, 0.5), (0.55, 0.8), (1.0, 0.97)),
    FoundBy.NOTHING: ((1.0, 0.6),),
}


def calibrated(found_by: FoundBy, strength: float = 1.0) -> float:
    """How often an act found in this way, with this strength (0 … 1), is what the citizen meant."""
    knots = MEASURED[found_by]
    place = bisect_right(knots, (strength, 2.0))
    if place == 0:
        return knots[0][1]
    if place == len(knots):
        return knots[-1][1]
    (left, low), (right, high) = knots[place - 1], knots[place]
    return low + (high - low) * (strength - left) / (right - left)
