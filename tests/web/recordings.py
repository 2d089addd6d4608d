"""Recordings that Chromium's fake microphone plays."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from donghaeng.speech.audio import Audio, write_wav

RATE = 48_000


def one_request(path: Path) -> Path:
    """A second and a half of silence, of sound, and a long silence."""
    tone = 0.5 * np.sin(2 * np.pi * 300 * np.arange(int(1.5 * RATE)) / RATE)
    sound = np.concatenate([np.zeros(int(1.5 * RATE)), tone, np.zeros(30 * RATE)])
    write_wav(Audio(sound.astype(np.float32), RATE), path)
    return path
