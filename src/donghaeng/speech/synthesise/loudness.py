"""Every clause equally loud, whichever engine made it: ITU-R BS.1770-4 as EBU R 128 uses it.

Loudness is measured over blocks of 0.4 s. A clause such as "네," is shorter; it is measured over one block of
its own length, because silence put around it would count as part of it and make it up to 3 dB too loud.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyloudnorm
from scipy.signal import resample_poly

from donghaeng.speech.engines import Audio, Samples

TARGET_LUFS: Final = -18.0
"""Loudness of every clause: what AES TD1008 recommends for speech that is streamed. Broadcasting's −23 is
made for living rooms; a small loudspeaker and old ears want more. At −18, of 64 clauses of ours 3 are held
back by their peaks (by 0.6 LU at most), at −16 a third."""
CEILING: Final = 0.9
"""Largest true peak (−0.9 dBTP), so that a codec behind it does not clip."""
BLOCK_SECONDS: Final = 0.4
LEAST_SECONDS: Final = 0.05
"""Shorter sounds have no loudness."""
SILENT_LUFS: Final = -70.0
"""The absolute gate of BS.1770: below it nothing was said."""
KNEE: Final = 0.8
"""Above this share of full scale sound that is made louder is bent instead of clipped."""
LIMIT: Final = 0.98
"""What bent peaks approach, as a share of full scale."""
OVERSAMPLED: Final = 4
"""How finely a peak between samples is looked for (BS.1770-4, annex 2)."""
STAMP: Final = f"{TARGET_LUFS:g} LUFS, peak {CEILING:g}"
"""Part of the key of every kept clause."""


def loudness(audio: Audio) -> float:
    """Integrated loudness in LUFS; −inf for silence and for what is too short."""
    if audio.seconds < LEAST_SECONDS or not audio.samples.any():
        return -np.inf
    block = min(BLOCK_SECONDS, (len(audio.samples) - 1) / audio.rate)
    meter = pyloudnorm.Meter(audio.rate, block_size=block)
    return float(meter.integrated_loudness(audio.samples.astype(np.float64)))


def true_peak(samples: Samples) -> float:
    """The largest value that the sound reaches, between its samples too."""
    if not len(samples):
        return 0.0
    between = resample_poly(samples.astype(np.float64), OVERSAMPLED, 1)
    return float(max(np.abs(samples).max(), np.abs(between).max()))


def equally_loud(audio: Audio) -> Audio:
    """The sound at :data:`TARGET_LUFS`, or as near as its peaks allow; silence stays as it is."""
    level = loudness(audio)
    if level < SILENT_LUFS:
        return audio
    gain = min(10.0 ** ((TARGET_LUFS - level) / 20.0), CEILING / true_peak(audio.samples))
    return Audio((audio.samples * np.float32(gain)).astype(np.float32), audio.rate, audio.instead)


def bent(samples: Samples) -> Samples:
    """The same sound with what passes the knee bent below full scale; each sample by itself."""
    size = np.abs(samples)
    room = LIMIT - KNEE
    over = KNEE + room * np.tanh((size - KNEE) / room)
    return np.where(size > KNEE, np.sign(samples) * over, samples).astype(np.float32)
