"""Synthesisers in a row: where one fails the next speaks, so that nobody is left without a voice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import structlog

from donghaeng.errors import EngineError
from donghaeng.speech.audio import resample
from donghaeng.speech.engines import Audio, EngineInfo, Synthesiser

FAILURES: Final = 2
"""Failures one after the other before an engine rests: one may lie in the clause."""
REST_SECONDS: Final = 30.0
"""How long it is asked last: an engine elsewhere that does not answer costs its whole patience each time."""

_log = structlog.get_logger(__name__)


class FallbackSynthesiser:
    """Speaks with the first of several engines that can. Thread-safe.

    Args:
        engines: at least one, the chosen one first.
        clock: seconds that only grow.
    """

    def __init__(
        self, engines: Sequence[Synthesiser], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._engines = tuple(engines)
        self._clock = clock
        self._failures = [0] * len(self._engines)
        self._rests_until = [0.0] * len(self._engines)
        self._lock = threading.Lock()

    @property
    def info(self) -> EngineInfo:
        """What the chosen engine is; sound of another names its own (:attr:`Audio.instead`)."""
        return self._engines[0].info

    @property
    def rate(self) -> int:
        """Samples a second of the chosen engine, whoever speaks."""
        return self._engines[0].rate

    def synthesise(self, clause: str, *, speed: float = 1.0) -> Audio:
        """Speak one clause with the first engine that makes sound of it.

        Raises:
            EngineError: none did.
        """
        failures: list[str] = []
        for place in self._order():
            engine = self._engines[place]
            try:
                sound = engine.synthesise(clause, speed=speed)
                _check(clause, sound)
            except Exception as error:  # a plug-in may raise anything; the caller is to hear an answer
                failures.append(f"{engine.info.name}: {type(error).__name__}")
                self._failed(place, engine, error)
                continue
            with self._lock:
                self._failures[place] = 0
            return sound if place == 0 else replace(resample(sound, self.rate), instead=engine.info)
        raise EngineError(f"no synthesiser made sound ({', '.join(failures)})")

    def _order(self) -> list[int]:
        """Places of the engines: those that rest come last."""
        now = self._clock()
        with self._lock:
            return sorted(range(len(self._engines)), key=lambda place: self._rests_until[place] > now)

    def _failed(self, place: int, engine: Synthesiser, error: Exception) -> None:
        with self._lock:
            self._failures[place] += 1
            if self._failures[place] >= FAILURES:
                self._rests_until[place] = self._clock() + REST_SECONDS
        _log.warning("a synthesiser failed", engine=engine.info.name, error=type(error).__name__)


class LaterSynthesiser:
    """A synthesiser that is loaded when it is first needed. Thread-safe."""

    def __init__(self, name: str, build: Callable[[], Synthesiser]) -> None:
        """``build`` may raise an EngineError; it is asked again the next time."""
        self._name = name
        self._build = build
        self._built: Synthesiser | None = None
        self._lock = threading.Lock()

    @property
    def info(self) -> EngineInfo:
        """What the engine is; its name alone until it is loaded."""
        return self._built.info if self._built else EngineInfo(self._name, "unknown", "not loaded yet")

    @property
    def rate(self) -> int:
        """Samples a second. Loads the engine and raises as it does."""
        return self._engine().rate

    def synthesise(self, clause: str, *, speed: float = 1.0) -> Audio:
        """Speak one clause.

        Raises:
            EngineError: the engine cannot be loaded, or failed.
        """
        return self._engine().synthesise(clause, speed=speed)

    def _engine(self) -> Synthesiser:
        with self._lock:
            if self._built is None:
                self._built = self._build()
            return self._built


def _check(clause: str, sound: Audio) -> None:
    """Raises EngineError where words have become silence or numbers that are none."""
    if not np.isfinite(sound.samples).all():
        raise EngineError("samples that are no numbers")
    if any("가" <= char <= "힣" for char in clause) and not sound.samples.any():
        raise EngineError("no sound")
