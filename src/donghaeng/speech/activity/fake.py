"""Voice activity from loudness alone: for tests and as a reference."""

from __future__ import annotations

import math
from typing import Final

from donghaeng.speech.audio import rms
from donghaeng.speech.engines import EngineInfo, Samples

FRAME_SAMPLES: Final = 512
SILENT_DB: Final = -50.0
"""Level below which a frame is silence for certain (dB of full scale)."""
LOUD_DB: Final = -30.0
"""Level above which a frame is speech for certain."""


class EnergyActivity:
    """Takes every loud frame for speech."""

    info = EngineInfo(name="fake", version="1", model="level")

    def stream(self) -> EnergyStream:
        """Start listening to a new stream."""
        return EnergyStream()


class EnergyStream:
    """A stream without memory."""

    frame_samples = FRAME_SAMPLES

    def probability(self, frame: Samples) -> float:
        """0 at −50 dB and below, 1 at −30 dB and above, straight between."""
        level = 20 * math.log10(max(rms(frame), 1e-9))
        return min(1.0, max(0.0, (level - SILENT_DB) / (LOUD_DB - SILENT_DB)))

    def reset(self) -> None:
        """Nothing to forget."""
