"""Destroys what is due once a day while the server runs: part of the composition root."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Final

import structlog

from donghaeng.errors import DonghaengError
from donghaeng.store import Store
from donghaeng.store.retaining import Due, destroy_due
from donghaeng.trust.retention import load_retention

LOOK_EVERY_S: Final = 600.0
QUIET_HOUR: Final = 3
"""From this hour of the city's day on: few people talk then. A server that starts later catches up."""

_log = structlog.get_logger(__name__)


class Retainer:
    """Does each day's destruction once; several processes may, and find nothing left to do."""

    def __init__(self, store: Store, catalogue: Path, data: Path, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._catalogue = catalogue
        self._data = data
        self._clock = clock
        self._done: date | None = None

    async def once_a_day(self) -> int:
        """Destroy what is due unless that was done today; how many rows and files went.

        Raises:
            DonghaengError: the rules are wrong or the database refused; the next look tries again.
        """
        now = self._clock()
        if self._done == now.date() or now.hour < QUIET_HOUR:
            return 0
        found = await asyncio.to_thread(self._destroy, now)
        self._done = now.date()
        count = sum(due.count for due in found)
        _log.info("retention.done", count=count)
        return count

    def _destroy(self, now: datetime) -> list[Due]:
        return destroy_due(self._store, load_retention(self._catalogue), now, self._data)


async def keep_retaining(retainer: Retainer) -> None:
    """Look again and again, for ever; an error is logged."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        try:
            await retainer.once_a_day()
        except (DonghaengError, OSError) as error:
            _log.warning("retention.failed", error=type(error).__name__)
