"""The queue before an engine that speaks: what is needed first is made first.

A reply's later clauses are needed only when the ones before have sounded, so they can wait for the first word
of somebody else. Without this the clauses of a long reply stand before it.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Final, TypeVar

from donghaeng.speech.engines import Audio, EngineInfo, Synthesiser

T = TypeVar("T")

_DUE: Final = ContextVar("due", default=0.0)


def due_by(due: float, work: Callable[..., T], *arguments: Any) -> T:
    """Do ``work``, whose sound is needed at ``due``: earlier goes first, on one clock for all."""
    before = _DUE.set(due)
    try:
        return work(*arguments)
    finally:
        _DUE.reset(before)


class EngineQueue:
    """A synthesiser that makes so many clauses at a time, the one that is due first (:func:`due_by`) before
    the others. Blocks the calling thread. Thread-safe."""

    def __init__(self, inner: Synthesiser, most: int) -> None:
        """``most``: clauses that ``inner`` makes at a time."""
        self._inner = inner
        self._free = most
        self._waiting: list[tuple[float, int]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()

    @property
    def info(self) -> EngineInfo:
        """What the engine is."""
        return self._inner.info

    @property
    def rate(self) -> int:
        """Samples a second of everything it makes."""
        return self._inner.rate

    def synthesise(self, clause: str, *, speed: float = 1.0) -> Audio:
        """Speak one clause in its turn.

        Raises:
            EngineError: the engine failed.
        """
        mine = (_DUE.get(), next(self._numbers))
        with self._changed:
            heapq.heappush(self._waiting, mine)
            self._changed.wait_for(lambda: self._free > 0 and self._waiting[0] == mine)
            heapq.heappop(self._waiting)
            self._free -= 1
            self._changed.notify_all()
        try:
            return self._inner.synthesise(clause, speed=speed)
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()
