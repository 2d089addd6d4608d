"""µ-law and A-law, the sound of telephones (ITU-T G.711): one byte a sample, 8,000 a second."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from donghaeng.speech.engines import Samples

RATE: Final = 8_000
"""Samples a second."""

Codes = NDArray[np.uint8]
Levels = NDArray[np.int16]


def _mu_law_levels() -> Levels:
    """The 16-bit sample of each code: sign, three bits of exponent, four of mantissa, inverted; bias 33."""
    codes = ~np.arange(256, dtype=np.uint8)
    exponent, mantissa = (codes >> 4) & 7, codes & 15
    size = ((2 * mantissa.astype(np.int32) + 33) << exponent) - 33
    return (np.where(codes & 0x80, -size, size) * 4).astype(np.int16)


def _a_law_levels() -> Levels:
    """The 16-bit sample of each code: even bits are inverted, the first chord is linear."""
    codes = np.arange(256, dtype=np.uint8) ^ 0x55
    exponent, mantissa = ((codes >> 4) & 7).astype(np.int32), (codes & 15).astype(np.int32)
    first = 2 * mantissa + 1
    size = np.where(exponent == 0, first, (first + 32) << np.maximum(exponent - 1, 0))
    return (np.where(codes & 0x80, size, -size) * 8).astype(np.int16)


class Law:
    """One of the two laws: bytes of codes to samples and back."""

    def __init__(self, levels: Levels) -> None:
        self._samples = levels.astype(np.float32) / np.float32(32_768.0)
        order = np.argsort(levels, kind="stable").astype(np.uint8)
        sorted_levels = levels[order].astype(np.int32)
        edges = (sorted_levels[1:] + sorted_levels[:-1]) // 2
        every = np.arange(-32_768, 32_768, dtype=np.int32)
        self._codes: Codes = order[np.searchsorted(edges, every, side="left")]

    def decode(self, data: bytes) -> Samples:
        """Codes as samples."""
        decoded: Samples = self._samples[np.frombuffer(data, dtype=np.uint8)]
        return decoded

    def encode(self, samples: Samples) -> bytes:
        """Samples as the nearest codes; what is beyond full scale is clipped."""
        levels = np.clip(np.round(samples.astype(np.float64) * 32_768.0), -32_768, 32_767).astype(np.int32)
        return self._codes[levels + 32_768].tobytes()


MU_LAW: Final = Law(_mu_law_levels())
A_LAW: Final = Law(_a_law_levels())
