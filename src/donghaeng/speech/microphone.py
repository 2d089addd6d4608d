"""What is wrong with a microphone, by its sound alone: nothing comes, or everything is too loud. Pure."""

from __future__ import annotations

from typing import Final

import numpy as np

from donghaeng.speech.engines import Samples

FLAT: Final = 2.5 / 32_768
"""A frame that varies by no more than this (two steps of 16 bits) holds no sound: the quietest room makes a
microphone vary by more."""
DEAD_SECONDS: Final = 6.0
"""So long without any sound from the beginning is no quiet citizen but a dead or muted microphone."""
FULL_SCALE: Final = 0.99
CLIPPED_SHARE: Final = 0.04
"""Of the samples of an utterance; our own voice has it when amplified by 13 dB."""
CLIPPED_TURNS: Final = 2
"""Utterances in a row: one shout is no wrong setting."""


class MicrophoneCheck:
    """Watches one line."""

    def __init__(self, rate: int) -> None:
        """``rate``: samples a second of the line."""
        self._rate = rate
        self._alive = False
        self._flat_seconds = 0.0
        self._clipped = self._spoken = 0
        self._clipped_turns = 0

    def feed(self, samples: Samples, *, speaking: bool) -> None:
        """Take sound that was listened to; ``speaking``: a turn of the citizen is under way."""
        if not len(samples):
            return
        if not self._alive:
            self._alive = float(samples.max() - samples.min()) > FLAT
            self._flat_seconds += len(samples) / self._rate
        if speaking:
            self._clipped += int(np.count_nonzero(np.abs(samples) >= FULL_SCALE))
            self._spoken += len(samples)
        elif self._spoken:
            clipped = self._clipped / self._spoken >= CLIPPED_SHARE
            self._clipped_turns = self._clipped_turns + 1 if clipped else 0
            self._clipped = self._spoken = 0

    @property
    def dead(self) -> bool:
        """Nothing at all has come for :data:`DEAD_SECONDS` since the line began."""
        return not self._alive and self._flat_seconds >= DEAD_SECONDS

    @property
    def too_loud(self) -> bool:
        """The last :data:`CLIPPED_TURNS` utterances went beyond full scale."""
        return self._clipped_turns >= CLIPPED_TURNS
