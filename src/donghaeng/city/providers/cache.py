"""Answers kept for as long as their data stay what they are, and a while longer for when nothing comes."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from donghaeng.errors import ProviderError

T = TypeVar("T")

MAX_ENTRIES = 512


@dataclass(slots=True)
class Patience:
    """How old data one call of an operation may be given, and how old they were.

    ``longest_s`` counts from the end of the refresh time of each piece that the call is made of.
    """

    longest_s: float
    as_of: datetime | None = None
    """When the oldest piece that was past its refresh time was fetched; None: none was."""
    error: ProviderError | None = None
    """Why it was not fetched anew."""


_patience: ContextVar[Patience | None] = ContextVar("patience", default=None)


@contextmanager
def patience(longest_s: float) -> Iterator[Patience]:
    """Let the cache give what is past its refresh time, within the block and its tasks, where fetching fails.

    Args:
        longest_s: how long past it, seconds; 0 = never.
    """
    given = Patience(longest_s)
    mark = _patience.set(given)
    try:
        yield given
    finally:
        _patience.reset(mark)


@dataclass(slots=True)
class _Entry:
    made: datetime
    value: Any
    series: Hashable


class AnswerCache:
    """The newest answers by key, each for its own refresh time.

    Time is the caller's: an entry serves calls whose ``now`` is at or after the moment it was made, and
    less than the refresh time after it. Callers that miss the same key at once share one fetch and its end.
    Where the fetch fails, the newest kept answer is given within the call's :func:`patience`.
    """

    def __init__(self, max_entries: int = MAX_ENTRIES) -> None:
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._newest: dict[Hashable, Hashable] = {}
        """Key of the newest entry of each series."""
        self._fetching: dict[Hashable, asyncio.Future[Any]] = {}
        self._max = max_entries

    async def get(
        self,
        key: Hashable,
        refresh_seconds: float,
        now: datetime,
        fetch: Callable[[], Awaitable[T]],
        *,
        series: Hashable = None,
    ) -> T:
        """The kept answer, or what ``fetch`` gives; a fetch that raises leaves nothing behind.

        Args:
            key: what is asked for.
            refresh_seconds: how long the answer stays what it is.
            now: the caller's clock.
            fetch: asks the provider.
            series: what ``key`` is one issue of, where a key names an issue (a forecast of eight o'clock):
                an older issue stands in when this one cannot be fetched. The key itself unless given.

        Raises:
            ProviderError: from ``fetch``, and nothing that is young enough is kept.
        """
        series = key if series is None else series
        entry = self._entries.get(key)
        if entry is not None and _age(entry, now) < timedelta(seconds=refresh_seconds):
            self._entries.move_to_end(key)
            value: T = entry.value
            return value
        fetching = self._fetching.get(key)
        if fetching is None:
            fetching = self._fetching[key] = asyncio.ensure_future(fetch())
            fetching.add_done_callback(partial(self._fetched, key, series, now))
        try:
            return await asyncio.shield(fetching)
        except ProviderError as error:
            stale: T = self._stale(series, refresh_seconds, now, error)
            return stale

    def _fetched(self, key: Hashable, series: Hashable, now: datetime, fetching: asyncio.Future[Any]) -> None:
        del self._fetching[key]
        if fetching.cancelled() or fetching.exception() is not None:
            return
        self._entries[key] = _Entry(now, fetching.result(), series)
        self._entries.move_to_end(key)
        self._newest[series] = key
        while len(self._entries) > self._max:
            gone, entry = self._entries.popitem(last=False)
            if self._newest.get(entry.series) == gone:
                del self._newest[entry.series]

    def _stale(self, series: Hashable, refresh_seconds: float, now: datetime, error: ProviderError) -> Any:
        """The newest answer of a series, noted as what it is.

        Raises:
            ProviderError: ``error``; there is none that is young enough.
        """
        given = _patience.get()
        entry = self._entries.get(self._newest.get(series))
        if given is None or given.longest_s <= 0 or entry is None:
            raise error
        if not _age(entry, now) < timedelta(seconds=refresh_seconds + given.longest_s):
            raise error
        given.as_of = entry.made if given.as_of is None else min(given.as_of, entry.made)
        given.error = error
        return entry.value


def _age(entry: _Entry, now: datetime) -> timedelta:
    """How old an entry is; one that was made after ``now`` (a clock was set back) is older than any."""
    age = now - entry.made
    return age if age >= timedelta(0) else timedelta.max
