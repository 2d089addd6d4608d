"""What a line still has to play: paced out frame by frame, held, cleared. Pure."""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np

from donghaeng.phone.equaliser import Equaliser
from donghaeng.speech.audio import Resampler, pcm16_to_samples, resample
from donghaeng.speech.engines import Audio, Samples

MOST_SECONDS: Final = 180.0
"""Sound that may wait; more is thrown away from the front, for nobody listens to it any more."""


class Outgoing:
    """The answer on its way to a telephone. Not thread-safe."""

    def __init__(self, rate: int, *, lift_db: float = 0.0) -> None:
        """``rate``: samples a second of the line; ``lift_db``: see :class:`Equaliser`."""
        self.rate = rate
        self.held = False
        self._resampler: Resampler | None = None
        self._equaliser = Equaliser(rate, lift_db)
        self._waiting: deque[Samples | int] = deque()
        """Sound, and numbers of messages that are due once all sound before them has been taken."""
        self._samples = 0

    @property
    def seconds(self) -> float:
        """Sound that waits."""
        return self._samples / self.rate

    def begin(self, rate: int) -> None:
        """An answer of ``rate`` samples a second begins."""
        self._resampler = Resampler(rate, self.rate)
        self._equaliser.reset()
        self.held = False

    def push(self, pcm: bytes) -> None:
        """Queue a piece of the answer, 16-bit PCM at the rate of :meth:`begin`."""
        if self._resampler is not None:
            self._append(self._resampler.feed(pcm16_to_samples(pcm)))

    def add(self, sound: Audio) -> None:
        """Queue sound that belongs to no answer."""
        self._append(resample(sound, self.rate).samples)

    def finish(self, seq: int) -> None:
        """The answer is complete; ``seq`` is due when it has been played."""
        if self._resampler is not None:
            self._append(self._resampler.feed(np.zeros(0, np.float32), last=True))
            self._resampler = None
        self._waiting.append(seq)

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
        self._samples = 0
        self._resampler = None
        self.held = False

    def take(self, count: int) -> tuple[Samples, tuple[int, ...]]:
        """The next ``count`` samples, silence where there are none, and the numbers that are due now."""
        taken = np.zeros(count, np.float32)
        due: list[int] = []
        filled = 0
        while self._waiting and not self.held:
            first = self._waiting[0]
            if isinstance(first, int):
                due.append(first)
                self._waiting.popleft()
                continue
            if filled == count:
                break
            piece = first[: count - filled]
            taken[filled : filled + len(piece)] = piece
            filled += len(piece)
            self._samples -= len(piece)
            if len(piece) < len(first):
                self._waiting[0] = first[len(piece) :]
            else:
                self._waiting.popleft()
        return taken, tuple(due)

    def _append(self, samples: Samples) -> None:
        if not len(samples):
            return
        self._waiting.append(self._equaliser.feed(samples))
        self._samples += len(samples)
        while self.seconds > MOST_SECONDS:
            first = self._waiting.popleft()
            self._samples -= len(first) if not isinstance(first, int) else 0
