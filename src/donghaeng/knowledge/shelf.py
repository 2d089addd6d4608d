"""The library where many ask at once, as pages do: nobody's wait for a file or the database stops the others.

Files are read one after the other, apart (:mod:`donghaeng.knowledge.documents.apart`); the process that reads
them ends when none has come for a while.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import Final, Protocol, TypeVar

from donghaeng.knowledge.details import Details
from donghaeng.knowledge.library import Added, Library

IDLE_SECONDS: Final = 60.0
"""Without a file for so long, the process that reads them is ended: it holds 100 MB and more."""
MOST_AT_ONCE: Final = 4
"""Files that are held in memory, being received, waiting or read; each may be 50 MB."""
T = TypeVar("T")


class Closing(Protocol):
    """What reads files for the library: it can be ended, and begins anew by itself."""

    def close(self) -> None:
        """End its process."""
        ...


class ShelfFull(Exception):
    """:data:`MOST_AT_ONCE` files are held already."""


class Shelf:
    """Opens the library to a loop.

    Args:
        library: the documents.
        reader: the library's own reader.
        idle_seconds: see :data:`IDLE_SECONDS`.
        most_at_once: see :data:`MOST_AT_ONCE`.
    """

    def __init__(
        self,
        library: Library,
        reader: Closing,
        *,
        idle_seconds: float = IDLE_SECONDS,
        most_at_once: int = MOST_AT_ONCE,
    ) -> None:
        self._library = library
        self._reader = reader
        self._idle_seconds = idle_seconds
        self._free = most_at_once
        # One thread: files queue here, and one whose asker went away still ends before the next begins.
        self._reading = ThreadPoolExecutor(1, "documents")
        self._ending: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Room for one file in memory, while the block runs.

        Raises:
            ShelfFull: there is none.
        """
        if self._free <= 0:
            raise ShelfFull
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1

    async def add(self, name: str, data: bytes, details: Details, *, staff: str) -> Added:
        """Keep a file of an account as a draft (:meth:`Library.add`); waits for the files that came before.

        Raises:
            DocumentRefused: as there.
            StoreError: nothing was stored.
        """
        return await self.reading(partial(self._library.add, name, data, details, publish=False, staff=staff))

    async def reading(self, work: Callable[[], T]) -> T:
        """Do something that reads a file with the shelf's own reader, after the files that came before."""
        loop = asyncio.get_running_loop()
        self._stay()
        try:
            return await loop.run_in_executor(self._reading, work)
        finally:
            self._stay()
            self._ending = loop.call_later(self._idle_seconds, self._reading.submit, self._reader.close)

    async def do(self, work: Callable[[Library], T]) -> T:
        """Do something with the library that reads no file, on a thread of its own.

        Raises:
            DocumentRefused: what ``work`` raises.
            StoreError: the database did not answer.
        """
        return await asyncio.to_thread(work, self._library)

    async def close(self) -> None:
        """End the reading. A file that is being read is waited for, as long as its time limit at most."""
        self._stay()
        await asyncio.to_thread(self._reading.shutdown, cancel_futures=True)
        self._reader.close()

    def _stay(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
