"""Tells the agent's own voice, come back through the microphone, from somebody who speaks. Pure.

Browsers and telephones cancel echo; a bare microphone beside a loudspeaker does not. How loud the voice comes
back is learnt while the legal notice is read, which nobody can interrupt. What is then no louder than that is
the agent itself.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np

from donghaeng.speech.engines import Samples

QUIET_DB: Final = -55.0
"""A voice below this makes no echo worth a thought."""
LOUDEST_DB: Final = -3.0
"""What is as loud as the voice was played is no echo of it."""
MARGIN_DB: Final = 6.0
"""What is louder than the echo by so much is somebody else."""
SHARE: Final = 0.75
"""Share of the pieces heard during the notice that lie below the echo's level; a citizen who talks into it
for less than the rest is not taken for echo."""
FEWEST: Final = 20
"""Pieces (0.6 s) before the echo is known; until then all that is heard during the notice counts as echo."""
MOST: Final = 200
SILENCE_DB: Final = -120.0


class EchoGuard:
    """The echo of one line."""

    def __init__(self) -> None:
        self._ratios: deque[float] = deque(maxlen=MOST)
        self._coupling_db: float | None = None

    @property
    def coupling_db(self) -> float | None:
        """How much quieter than it was played the voice comes back; None where not known yet."""
        return self._coupling_db

    def is_echo(self, heard_db: float, played_db: float, *, notice: bool) -> bool:
        """Whether a piece of sound is the agent's own voice.

        Args:
            heard_db: level at the microphone, in dB below full scale.
            played_db: the loudest that the loudspeaker has played within the delay of the line.
            notice: the legal notice sounds: what is heard now teaches how loud the echo is.
        """
        if played_db < QUIET_DB:
            return False
        ratio = heard_db - played_db
        if ratio > LOUDEST_DB:
            return False
        if notice:
            self._ratios.append(ratio)
            if len(self._ratios) >= FEWEST:
                self._coupling_db = sorted(self._ratios)[int(SHARE * (len(self._ratios) - 1))]
        if self._coupling_db is None:
            return notice
        return ratio < self._coupling_db + MARGIN_DB


def level_db(samples: Samples) -> float:
    """Level of a piece of sound in dB below full scale."""
    power = float(np.mean(np.square(samples, dtype=np.float64))) if len(samples) else 0.0
    return max(SILENCE_DB, 10.0 * float(np.log10(power))) if power > 0.0 else SILENCE_DB
