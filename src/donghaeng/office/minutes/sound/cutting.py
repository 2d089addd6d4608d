"""Cuts a long sound into pieces in which somebody speaks. Pure but for the voice activity it is given.

A piece ends where nobody speaks for :data:`PAUSE_SECONDS`, or at the likeliest silence before
:data:`LONGEST_SECONDS`. The same sound gives the same pieces, whatever the blocks that it comes in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from donghaeng.speech.activity.spans import SPEECH_PROBABILITY
from donghaeng.speech.engines import LISTEN_RATE, Samples, VoiceActivity

PAUSE_SECONDS: Final = 0.8
"""Silence after which the next words are another turn."""
LONGEST_SECONDS: Final = 25.0
"""A recogniser takes 30 s at most; Whisper cuts above 26 itself."""
SEARCH_SECONDS: Final = 8.0
"""How far back a silence is looked for where nobody pauses."""
MARGIN_SECONDS: Final = 0.3
"""Sound kept on either side of the speech."""
SHORTEST_SPEECH_SECONDS: Final = 0.25
"""Speech in sum below which a piece is a cough or a chair."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Sound in which somebody speaks."""

    number: int
    start: float
    """Seconds from the beginning of the recording."""
    samples: Samples

    @property
    def end(self) -> float:
        """Seconds."""
        return self.start + len(self.samples) / LISTEN_RATE


class Cutter:
    """Takes one recording block by block."""

    def __init__(self, activity: VoiceActivity) -> None:
        self._stream = activity.stream()
        self._size = self._stream.frame_samples
        self._rest: Samples = np.zeros(0, np.float32)
        self._frames: list[Samples] = []
        self._odds: list[float] = []
        self._first = 0
        """Frames of the recording before those that are held."""
        self._number = 0

    @property
    def seconds(self) -> float:
        """How far the recording has been listened to."""
        return (self._first + len(self._frames)) * self._size / LISTEN_RATE

    def feed(self, samples: Samples) -> Iterator[Piece]:
        """Take a block; the pieces that are complete."""
        held = np.concatenate([self._rest, samples])
        whole = len(held) // self._size * self._size
        self._rest = held[whole:]
        for at in range(0, whole, self._size):
            frame = held[at : at + self._size]
            self._frames.append(frame)
            self._odds.append(self._stream.probability(frame))
            yield from self._cut()

    def finish(self) -> Iterator[Piece]:
        """What is left at the end of the recording."""
        if len(self._rest):
            padded = np.pad(self._rest, (0, self._size - len(self._rest)))
            self._frames.append(padded)
            self._odds.append(self._stream.probability(padded))
            self._rest = self._rest[:0]
        yield from self._give(len(self._frames), len(self._frames))

    def _cut(self) -> Iterator[Piece]:
        pause = self._count(PAUSE_SECONDS)
        margin = self._count(MARGIN_SECONDS)
        odds = self._odds
        if not any(one >= SPEECH_PROBABILITY for one in odds[-pause:]):
            spoken = [at for at, one in enumerate(odds[:-pause]) if one >= SPEECH_PROBABILITY]
            if spoken:
                yield from self._give(spoken[-1] + 1 + margin, len(odds) - margin)
            elif len(odds) > pause + margin:
                self._drop(len(odds) - margin)
        elif len(odds) >= self._count(LONGEST_SECONDS):
            search = self._count(SEARCH_SECONDS)
            lowest = len(odds) - search + int(np.argmin(odds[-search:]))
            yield from self._give(lowest + 1, lowest + 1)

    def _give(self, end: int, dropped: int) -> Iterator[Piece]:
        """The speech among the frames before ``end``; the frames before ``dropped`` are let go."""
        spoken = [at for at, one in enumerate(self._odds[:end]) if one >= SPEECH_PROBABILITY]
        if len(spoken) * self._size >= SHORTEST_SPEECH_SECONDS * LISTEN_RATE:
            margin = self._count(MARGIN_SECONDS)
            start, end = max(0, spoken[0] - margin), min(end, spoken[-1] + 1 + margin)
            samples = np.concatenate(self._frames[start:end])
            at = (self._first + start) * self._size / LISTEN_RATE
            yield Piece(self._number, round(at, 3), samples)
            self._number += 1
        self._drop(dropped)

    def _drop(self, count: int) -> None:
        del self._frames[:count], self._odds[:count]
        self._first += count

    def _count(self, seconds: float) -> int:
        return int(seconds * LISTEN_RATE / self._size)
