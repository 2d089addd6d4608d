"""A synthesiser without a model: a tone as long as the words would take, for tests."""

from __future__ import annotations

from typing import Final

import numpy as np

from donghaeng.speech.engines import Audio, EngineInfo

RATE: Final = 24_000
SYLLABLE_SECONDS: Final = 0.15
"""Length of one syllable at speed 1."""
TONE_HERTZ: Final = 220.0
LEVEL: Final = 0.2


class FakeSynthesiser:
    """A sine tone of 0.15 s a Hangul syllable divided by the speed; ``spoken`` keeps the clauses."""

    info = EngineInfo(name="fake", version="1", model="tone")
    rate = RATE

    def __init__(self) -> None:
        self.spoken: list[str] = []

    def synthesise(self, clause: str, *, speed: float = 1.0) -> Audio:
        """The tone; a clause without Hangul is no sound."""
        self.spoken.append(clause)
        syllables = sum("가" <= char <= "힣" for char in clause)
        count = int(syllables * SYLLABLE_SECONDS / speed * RATE)
        angle = np.arange(count) * (2 * np.pi * TONE_HERTZ / RATE)
        return Audio((LEVEL * np.sin(angle)).astype(np.float32), RATE)
