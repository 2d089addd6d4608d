"""Tells whoever waits in this process that something has changed; what has, they read themselves."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Bell:
    """Rung after a change has been committed. To be used on one event loop."""

    def __init__(self) -> None:
        self.count = 0
        """How often it was rung: to be looked at before reading, and given to :meth:`after`."""
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Wake everybody up."""
        self.count += 1
        waiting, self._waiting = self._waiting, set()
        for one in waiting:
            if not one.done():
                one.set_result(None)

    async def after(self, count: int, *, seconds: float) -> None:
        """Return once it was rung after ``count``, or after ``seconds`` at the latest: what other processes
        do rings no bell here."""
        if self.count != count:
            return
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await waiting
        finally:
            self._waiting.discard(waiting)
