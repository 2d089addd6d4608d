"""Lifts what old ears lose first, inside the band that a telephone carries (300 to 3,400 Hz). Pure.

Consonants lie above 1 kHz, where hearing fades with age (ISO 7029); a telephone cuts their upper half off
already. What is left of them is lifted by a high shelf, and what is then too loud is bent, not clipped.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from donghaeng.speech.engines import Samples
from donghaeng.speech.synthesise.loudness import bent

LOWEST_HZ: Final = 300.0
"""Below it a telephone carries nothing; taking it away leaves room for the rest."""
SHELF_HZ: Final = 1_000.0
"""Half of the lift is reached here, all of it an octave above."""

LOST_DB: Final = 3.2
REGAINED: Final = 0.2
"""Loudness (BS.1770) that a voice of ours loses without its lowest tones, and regains for each dB of lift;
made up for, so that telephones are as loud as pages."""


class Equaliser:
    """The filter of one line; keeps its state from piece to piece. Not thread-safe."""

    def __init__(self, rate: int, lift_db: float) -> None:
        """``rate``: samples a second; ``lift_db``: of what lies above 1 kHz, 0 for none."""
        self._sections = _sections(rate, lift_db) if lift_db else None
        self.reset()

    def reset(self) -> None:
        """A new answer begins."""
        self._state = np.zeros((len(self._sections), 2)) if self._sections is not None else None

    def feed(self, samples: Samples) -> Samples:
        """The next piece of the same length, lifted."""
        if self._sections is None or not len(samples):
            return samples
        filtered, self._state = sosfilt(self._sections, samples.astype(np.float64), zi=self._state)
        return bent(filtered.astype(np.float32))


def _sections(rate: int, lift_db: float) -> NDArray[np.float64]:
    """A high-pass and a high shelf of slope 1 (R. Bristow-Johnson, Audio EQ Cookbook) as second-order
    sections."""
    amplitude = 10.0 ** (lift_db / 40.0)
    angle = 2.0 * math.pi * SHELF_HZ / rate
    cosine = math.cos(angle)
    slope = math.sin(angle) * math.sqrt(2.0 * amplitude)
    plus, minus = amplitude + 1.0, amplitude - 1.0
    above = [
        amplitude * (plus + minus * cosine + slope),
        -2.0 * amplitude * (minus + plus * cosine),
        amplitude * (plus + minus * cosine - slope),
    ]
    below = [plus - minus * cosine + slope, 2.0 * (minus - plus * cosine), plus - minus * cosine - slope]
    shelf = np.array([*above, *below]) / below[0]
    high_pass: NDArray[np.float64] = butter(2, LOWEST_HZ, "highpass", fs=rate, output="sos")
    high_pass[0, :3] *= 10.0 ** ((LOST_DB - REGAINED * lift_db) / 20.0)
    return np.vstack([high_pass, shelf])
