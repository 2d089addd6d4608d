"""What is done to a sound before it is recognised. Pure."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.signal import butter, sosfilt

from donghaeng.speech.audio import levelled
from donghaeng.speech.engines import LISTEN_RATE, Samples

RUMBLE_HZ: Final = 40
"""Below it there is no voice, but what traffic, wind and handled microphones make; it must not set the
level. From 60 Hz on, recordings are recognised no better (docs/measurements.md)."""
_HIGH_PASS: Final = butter(2, RUMBLE_HZ, "highpass", fs=LISTEN_RATE, output="sos")


def cleaned(samples: Samples) -> Samples:
    """16 kHz sound without rumble, at the level of speech."""
    return levelled(np.asarray(sosfilt(_HIGH_PASS, samples), dtype=np.float32))
