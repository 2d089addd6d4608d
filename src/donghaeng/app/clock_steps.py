"""Notices that the wall clock of this machine was set, so that nothing is ended by it that only looks old."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

SMALLEST: Final = timedelta(seconds=10)
"""A clock that is slewed never gains so much between two looks; one that is set may."""
QUIET_S: Final = 120.0
"""How long after a step nothing is judged by how old it is: signs of life that are given every few seconds,
or once a minute by a page in the background, have been renewed by then."""

_log = structlog.get_logger(__name__)


class ClockSteps:
    """Compares the wall clock with one that only goes forward.

    Args:
        clock: the wall clock.
        monotonic: seconds that only go forward.
    """

    def __init__(
        self, clock: Callable[[], datetime], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._last = clock(), monotonic()
        self._stepped: float | None = None

    def lately(self) -> bool:
        """Whether the clock was set within the last :data:`QUIET_S`; look often."""
        now, ticks = self._clock(), self._monotonic()
        then, ticked = self._last
        self._last = now, ticks
        step = (now - then) - timedelta(seconds=ticks - ticked)
        if abs(step) >= SMALLEST:
            self._stepped = ticks
            _log.warning("clock.stepped", seconds=round(step.total_seconds()))
        return self._stepped is not None and ticks - self._stepped < QUIET_S

    def unless_lately(self, work: Callable[[], Awaitable[int]]) -> Callable[[], Awaitable[int]]:
        """``work``, left out after a step."""

        async def careful() -> int:
            return 0 if self.lately() else await work()

        return careful
