"""How long the server waits for a request: who sends a letter at a time keeps no connection (slowloris)."""

from __future__ import annotations

import asyncio
from typing import ClassVar, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS: Final = 15.0
"""For the first line and the headers together, counted from the connection or from their first byte."""


class PatientH11(H11Protocol):
    """uvicorn's HTTP, with an end to its patience: it waits for ever for the rest of a request's headers."""

    head_seconds: ClassVar[float] = HEAD_SECONDS

    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take what came; wait on where the headers are not whole yet."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._forget()
        super().connection_lost(exc)

    def _watch(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._forget()
        elif self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_seconds, self._give_up)

    def _forget(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _give_up(self) -> None:
        self._head_timer = None
        # A connection that became a live line, or waits for its next request, is not this one's to end.
        mine = self.transport.get_protocol() is self and self.timeout_keep_alive_task is None
        if mine and self.conn.their_state is h11.IDLE:
            self.transport.close()
