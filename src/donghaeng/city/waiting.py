"""Somebody waits on the line while the city is asked: all reads of one turn share the time they may take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

TURN_S = 4.5
"""What a citizen's turn gives to reads: whatever comes of them, the citizen is told within five seconds."""
LEAST_S = 0.3
"""Less is not worth asking for."""


@dataclass(slots=True)
class Wait:
    """One turn's time. It begins with the first thing that is asked for."""

    seconds: float = TURN_S
    began: float | None = None

    def left(self, now: float) -> float:
        """Seconds left at ``now`` of a clock that only goes forward, always the same one."""
        if self.began is None:
            self.began = now
        return self.seconds - (now - self.began)


_waiting: ContextVar[Wait | None] = ContextVar("waiting", default=None)


@contextmanager
def somebody_waits(wait: Wait) -> Iterator[None]:
    """Reads within the block and its tasks take no longer than is left of ``wait``."""
    mark = _waiting.set(wait)
    try:
        yield
    finally:
        _waiting.reset(mark)


def seconds_left(now: float) -> float | None:
    """What is left of the time of whoever waits; None where nobody does."""
    wait = _waiting.get()
    return None if wait is None else wait.left(now)
