"""The page speaks with its browser's own Korean voice; the server only tells how long that will take.

Such sound exists for the session's sense of time alone (who has the word, what is echo) and is never sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from donghaeng.speech.engines import Audio, EngineInfo
from donghaeng.speech.synthesise.cache import Private
from donghaeng.speech.synthesise.clauses import USUAL_SPEED, split_clauses

RATE: Final = 8_000
SYLLABLE_SECONDS: Final = 0.25
"""At speed 1, longer than any voice takes: the page tells when it has finished, and only sooner can be made
good."""
LEVEL: Final = 0.1
"""Stands for the level of a voice (−20 dB), by which its echo is told from a citizen who speaks."""


class BrowserSynthesiser:
    """Says how long the page will speak."""

    info = EngineInfo("browser", "1", "the browser's own voice")
    rate = RATE

    def synthesise(self, clause: str, *, speed: float = 1.0) -> Audio:
        """A steady value as long as the clause will last at most."""
        syllables = sum("가" <= char <= "힣" for char in clause)
        return Audio(np.full(int(syllables * SYLLABLE_SECONDS / speed * RATE), LEVEL, np.float32), RATE)

    def speak(
        self,
        spoken: str,
        speed: float = USUAL_SPEED,
        volume_db: float = 0.0,
        *,
        private: Private | None = None,
    ) -> Iterator[Audio]:
        """What :meth:`PhraseCache.speak` gives, clause by clause."""
        del volume_db, private
        for clause in split_clauses(spoken, speed=speed):
            sound = self.synthesise(clause.text, speed=speed)
            pause = np.zeros(RATE * clause.pause_ms // 1000, np.float32)
            yield Audio(np.concatenate([sound.samples, pause]), RATE)
