"""Answers kept for as long as their data stay what they are."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

T = TypeVar("T")

MAX_ENTRIES = 512


@dataclass(slots=True)
class _Entry:
    made: datetime
    value: Any


class AnswerCache:
    """The newest answers by key, each for its own refresh time.

    Time is the caller's: an entry serves calls whose ``now`` is at or after the moment it was made, and
    less than the refresh time after it. Callers that miss the same key at once share one fetch.
    """

    def __init__(self, max_entries: int = MAX_ENTRIES) -> None:
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._locks: dict[Hashable, asyncio.Lock] = {}
        self._max = max_entries

    async def get(
        self, key: Hashable, refresh_seconds: float, now: datetime, fetch: Callable[[], Awaitable[T]]
    ) -> T:
        """The kept answer, or what ``fetch`` gives; a fetch that raises leaves nothing behind."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        try:
            async with lock:
                entry = self._entries.get(key)
                if entry and timedelta(0) <= now - entry.made < timedelta(seconds=refresh_seconds):
                    self._entries.move_to_end(key)
                    return cast("T", entry.value)
                value = await fetch()
                self._entries[key] = _Entry(now, value)
                self._entries.move_to_end(key)
                while len(self._entries) > self._max:
                    self._entries.popitem(last=False)
                return value
        finally:
            if not lock.locked() and not getattr(lock, "_waiters", None):
                self._locks.pop(key, None)
