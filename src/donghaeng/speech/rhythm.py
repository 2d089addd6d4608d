"""How long a caller pauses inside what they say, learnt while they speak. Pure.

Older speakers pause more often and longer (Kim and Lee 2022), and one fixed silence cuts them off; learning
each person's own pauses made long conversations possible (doi:10.1177/20556683221133367).
"""

from __future__ import annotations

from collections import deque
from typing import Final

USUAL_SECONDS: Final = 0.6
"""A pause that the usual silences leave room for."""
MOST_STRETCH: Final = 1.6
FEWEST: Final = 3
"""Pauses before anything is learnt from them."""
LATEST: Final = 12
"""Pauses that count: people change with the topic."""
LONGER_THAN: Final = 0.8
"""Share of the pauses that the rhythm has to cover."""
LONGEST_SECONDS: Final = 3.0
"""A longer pause is a thought, no rhythm."""


class Rhythm:
    """The pauses of one caller."""

    def __init__(self) -> None:
        self._pauses: deque[float] = deque(maxlen=LATEST)

    def went_on_after(self, seconds: float) -> None:
        """The caller was silent for ``seconds`` and then spoke on."""
        if 0.0 < seconds <= LONGEST_SECONDS:
            self._pauses.append(seconds)

    @property
    def stretch(self) -> float:
        """By how much silences are to be longer for this caller: 1 to :data:`MOST_STRETCH`."""
        if len(self._pauses) < FEWEST:
            return 1.0
        usual = sorted(self._pauses)[int(LONGER_THAN * (len(self._pauses) - 1))]
        return min(MOST_STRETCH, max(1.0, usual / USUAL_SECONDS))
