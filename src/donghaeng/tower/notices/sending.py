"""Sends notices, each once as far as the way can tell, and again until it went through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from donghaeng.errors import ProviderError
from donghaeng.store import Store, notices
from donghaeng.store.notices import Notice, Waiting, Way

FIRST_DELAY: Final = timedelta(seconds=30)
LONGEST_DELAY: Final = timedelta(minutes=30)
MOST_ATTEMPTS: Final = 24
"""Some ten hours; what comes later than that stands in the console all the same."""

_log = structlog.get_logger(__name__)


class NoticeRefused(ProviderError):
    """The way will never take this notice."""


class Carrier(Protocol):
    """A way out."""

    async def send(self, notice: Notice) -> None:
        """Send one. ``notice.key`` is the same for each attempt.

        Raises:
            NoticeRefused: it will never be taken.
            ProviderError: it may be taken later.
        """
        ...

    async def aclose(self) -> None:
        """Close connections."""
        ...


class NoticeSender:
    """Sends the notices that wait, for one process.

    Args:
        store: the database.
        carriers: the ways that the settings name.
        owner: this process.
        clock: the program's own time.
    """

    def __init__(
        self, store: Store, carriers: Mapping[Way, Carrier], *, owner: str, clock: Callable[[], datetime]
    ) -> None:
        self.carriers = carriers
        self._store = store
        self._owner = owner
        self._clock = clock

    async def send_waiting(self, limit: int = 20) -> int:
        """Send what is due; how many went through. Run it now and then.

        Raises:
            StoreError: the database refused; what it could not note is sent again with its key.
        """
        if not self.carriers:
            return 0
        now = self._clock()
        rows = await self._store.transact(
            lambda tx: notices.claim(tx, self._owner, self.carriers, now, limit=limit)
        )
        return sum([await self._send(row) for row in rows])

    async def aclose(self) -> None:
        """Close connections."""
        for carrier in self.carriers.values():
            await carrier.aclose()

    async def _send(self, row: Waiting) -> bool:
        try:
            await self.carriers[row.way].send(row.notice)
        except ProviderError as error:
            await self._not_sent(row, error)
            return False
        now = self._clock()
        await self._store.transact(lambda tx: notices.mark(tx, row, "sent", now))
        return True

    async def _not_sent(self, row: Waiting, error: ProviderError) -> None:
        now, reason = self._clock(), type(error).__name__
        given_up = isinstance(error, NoticeRefused) or row.attempts >= MOST_ATTEMPTS
        _log.warning("notice.not_sent", kind=row.way, error=reason, given_up=given_up)
        until = now + min(FIRST_DELAY * 2 ** min(row.attempts - 1, 10), LONGEST_DELAY)
        await self._store.transact(
            lambda tx: (
                notices.mark(tx, row, "failed", now, error=reason)
                if given_up
                else notices.postpone(tx, row, self._owner, until, error=reason)
            )
        )
