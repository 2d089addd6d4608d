"""Text messages to citizens: what sends them, and the sender that sends each once.

An entry point of :data:`MESSAGE_PROVIDERS` names a class whose instances are a :class:`MessageProvider`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from donghaeng.errors import MessageRefused, ProviderError
from donghaeng.store import Store, messages
from donghaeng.store.messages import MessageRow

MESSAGE_PROVIDERS: Final = "donghaeng.message_providers"
"""Entry-point group of the providers."""

FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(minutes=10)
MOST_ATTEMPTS: Final = 24
"""About three hours of trying; a summary that comes later than that only confuses."""

_log = structlog.get_logger(__name__)


class MessageProvider(Protocol):
    """Sends text messages."""

    @property
    def name(self) -> str:
        """For `donghaeng doctor` and logs."""
        ...

    async def send(self, number: str, text: str, *, key: str) -> str:
        """Send one message; the provider's reference of it. The same ``key`` again sends nothing twice, as
        far as the provider can tell, and gives the first reference.

        Args:
            number: ``010-1234-5678``.
            text: Korean, no line breaks.
            key: the same for each attempt of a message.

        Raises:
            MessageRefused: it will never be sent (a number that does not exist).
            ProviderError: it may be sent later.
        """
        ...

    async def aclose(self) -> None:
        """Close files and connections."""
        ...


class MessageSender:
    """Sends the messages that wait, for one process."""

    def __init__(
        self, store: Store, provider: MessageProvider, *, owner: str, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._provider = provider
        self._owner = owner
        self._clock = clock

    async def send_waiting(self, limit: int = 20) -> int:
        """Send the messages that are due; how many were sent. Run it now and then.

        Raises:
            StoreError: the database refused; what it could not note is sent again with its key.
        """
        rows = await self._store.transact(
            lambda tx: messages.claim(tx, self._owner, self._clock(), limit=limit)
        )
        sent = 0
        for row in rows:
            sent += await self._send(row)
        return sent

    async def _send(self, row: MessageRow) -> bool:
        if not row.number:
            await self._not_sent(row, MessageRefused(self._provider.name, "its number can be read no more"))
            return False
        try:
            reference = await self._provider.send(row.number, row.text, key=row.key)
        except ProviderError as error:
            await self._not_sent(row, error)
            return False
        at = self._clock()
        await self._store.transact(lambda tx: messages.mark_sent(tx, row.key, reference=reference, at=at))
        return True

    async def _not_sent(self, row: MessageRow, error: ProviderError) -> None:
        at, reason = self._clock(), type(error).__name__
        given_up = isinstance(error, MessageRefused) or row.attempts >= MOST_ATTEMPTS
        _log.warning("message.not_sent", provider=self._provider.name, error=reason, given_up=given_up)
        until = at + min(FIRST_DELAY * 2 ** min(row.attempts, 10), LONGEST_DELAY)
        await self._store.transact(
            lambda tx: (
                messages.mark_failed(tx, row.key, self._owner, error=reason, at=at)
                if given_up
                else messages.postpone(tx, row.key, self._owner, error=reason, until=until)
            )
        )
