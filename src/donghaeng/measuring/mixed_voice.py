"""A voice of which a chosen share of the sound is in the cache, for measurements of capacity."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator

import numpy as np

from donghaeng.speech.engines import Audio
from donghaeng.speech.synthesise.cache import PhraseCache, Private
from donghaeng.speech.synthesise.clauses import USUAL_SPEED, split_clauses


class MixedVoice:
    """Speaks like ``kept``, but whether a clause counts as cached is drawn anew each time it is said.

    A clause that counts as cached comes from ``kept`` (which makes it if it never was said); any other is
    made by the engine, whatever is cached. What is said first (the greeting, which servers rehearse) comes
    from ``kept`` each time and does not count. Thread-safe.
    """

    def __init__(self, kept: PhraseCache, share: float, *, seed: int) -> None:
        """``share``: part of the clauses that may come from ``kept``, 0 … 1; ``seed``: of the draws."""
        self._kept = kept
        self._fresh = PhraseCache(None, kept.synthesiser, memory_bytes=0)
        self._share = share
        self._random = random.Random(seed)  # noqa: S311  no secret hangs on it
        self._first: str | None = None
        self._lock = threading.Lock()
        self._cached = self._all = 0.0

    @property
    def made(self) -> int:
        """Clauses that the engine made so far."""
        return self._kept.stats.made + self._fresh.stats.made

    @property
    def share(self) -> float | None:
        """Part of the sound so far that the engine need not make; None for no sound."""
        return round(self._cached / self._all, 3) if self._all else None

    def speak(
        self,
        spoken: str,
        speed: float = USUAL_SPEED,
        volume_db: float = 0.0,
        *,
        private: Private | None = None,
    ) -> Iterator[Audio]:
        """The sound of ``spoken``, a clause at a time."""
        with self._lock:
            self._first = self._first or spoken
        if spoken == self._first:
            yield from self._kept.speak(spoken, speed, volume_db, private=private)
            return
        for clause in split_clauses(spoken, speed=speed):
            with self._lock:
                voice = self._kept if self._random.random() < self._share else self._fresh
            made = self._kept.stats.made
            said = voice.in_one_piece(clause.text, speed)
            pause = np.zeros(said.rate * clause.pause_ms // 1000, np.float32)
            sound = Audio(np.concatenate([said.samples, pause]), said.rate)
            with self._lock:
                self._all += sound.seconds
                if voice is self._kept and self._kept.stats.made == made:
                    self._cached += sound.seconds
            yield sound
