"""Forms where many ask at once: read apart, one after the other; nothing of a form is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, TypeVar

from donghaeng.errors import DocumentRefused
from donghaeng.office.forms import Blank, Filled
from donghaeng.office.forms_apart import FormReader

IDLE_SECONDS: Final = 60.0
"""Without a form for so long, the process that reads them is ended."""
MOST_AT_ONCE: Final = 3
"""Forms that are held in memory, waiting or read."""
T = TypeVar("T")


class FormDesk:
    """Opens forms to a loop.

    Args:
        reader: reads and fills apart.
        idle_seconds: see :data:`IDLE_SECONDS`.
    """

    def __init__(self, reader: FormReader, *, idle_seconds: float = IDLE_SECONDS) -> None:
        self._reader = reader
        self._idle_seconds = idle_seconds
        self._held = 0
        self._thread = ThreadPoolExecutor(1, "forms")
        self._ending: asyncio.TimerHandle | None = None

    async def blanks(self, name: str, data: bytes) -> tuple[Blank, ...]:
        """The labels that want filling.

        Raises:
            DocumentRefused: as :meth:`FormReader.blanks`, or too many forms are read already.
        """
        return await self._do(name, partial(self._reader.blanks, name, data))

    async def fill(self, name: str, data: bytes, values: Mapping[str, str]) -> Filled:
        """Fill a form.

        Raises:
            DocumentRefused: as :meth:`FormReader.fill`, or too many forms are read already.
        """
        return await self._do(name, partial(self._reader.fill, name, data, values))

    async def close(self) -> None:
        """End the process, when what it reads is read."""
        if self._ending is not None:
            self._ending.cancel()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._reader.close)
        self._thread.shutdown(wait=False)

    async def _do(self, name: str, work: Callable[[], T]) -> T:
        if self._held >= MOST_AT_ONCE:
            raise DocumentRefused(
                "too_slow", f"{name}: too many forms at once", remedy="try again in a minute"
            )
        self._held += 1
        loop = asyncio.get_running_loop()
        if self._ending is not None:
            self._ending.cancel()
        try:
            return await loop.run_in_executor(self._thread, work)
        finally:
            self._held -= 1
            self._ending = loop.call_later(self._idle_seconds, self._thread.submit, self._reader.close)
