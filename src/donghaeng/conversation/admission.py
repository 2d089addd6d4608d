"""Admission control: how many people can speak to this process at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class NoPlace(Exception):
    """Every place is taken, and none came free in time."""


class Admission:
    """A fixed number of places for live sound. Waiting callers get theirs in the order they came."""

    def __init__(self, places: int) -> None:
        if places < 1:
            raise ValueError("at least one place is needed")
        self.places = places
        self._free = asyncio.Semaphore(places)
        self._taken = 0

    @property
    def taken(self) -> int:
        """Places in use."""
        return self._taken

    @asynccontextmanager
    async def place(self, wait_seconds: float = 0.0) -> AsyncIterator[None]:
        """Hold one place for the length of the block.

        Args:
            wait_seconds: how long to wait for one; with 0 there must be one at once.

        Raises:
            NoPlace: none came free in time.
        """
        if wait_seconds <= 0 and self._free.locked():
            raise NoPlace
        try:
            async with asyncio.timeout(wait_seconds if wait_seconds > 0 else None):
                await self._free.acquire()
        except TimeoutError:
            raise NoPlace from None
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1
            self._free.release()
