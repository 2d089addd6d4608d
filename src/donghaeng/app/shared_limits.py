"""Limits that hold for all processes of a city together, in its database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from donghaeng.store import Store, shared_limits


class SharedLimits:
    """The buckets of :mod:`donghaeng.store.shared_limits` by this process's clock."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    async def take(self, name: str, burst: float, per_second: float) -> float:
        """Take one; 0 where there was one, else the seconds until there is.

        Raises:
            StoreError: the database did not answer; nothing was counted, and nothing may be tried.
        """
        now = self._clock()
        return await self._store.transact(
            lambda tx: shared_limits.take(tx, name, burst=burst, per_second=per_second, now=now)
        )
