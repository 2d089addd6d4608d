"""What a live session sends: numbered, kept for a while for a client that lost its line, bounded."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from typing import Any, Final

KEPT_MESSAGES: Final = 128
"""Messages kept for a client that comes back."""
KEPT_TYPES: Final = frozenset({"heard", "reply", "error", "ended"})
"""What is said again to a client that comes back; sound, turn-taking and words that were not final yet belong
to their moment."""
MOST_WAITING_BYTES: Final = 8_000_000
"""Bytes that a client may leave unread (two and a half minutes of sound) before it counts as gone."""


class Outlet:
    """The queue towards one connection. ``None`` ends it."""

    def __init__(self, most_bytes: int = MOST_WAITING_BYTES) -> None:
        self._queue: asyncio.Queue[str | bytes | None] = asyncio.Queue()
        self._waiting = 0
        self._most = most_bytes
        self.over = asyncio.Event()

    @property
    def closed(self) -> bool:
        """Whether it takes no more."""
        return self.over.is_set()

    def put(self, data: str | bytes) -> None:
        """Queue a message; a client that leaves too much unread is closed."""
        if self.closed:
            return
        self._waiting += len(data)
        if self._waiting > self._most:
            self.close()
        else:
            self._queue.put_nowait(data)

    def close(self) -> None:
        """Send what is queued, then end."""
        if not self.closed:
            self.over.set()
            self._queue.put_nowait(None)

    async def get(self) -> str | bytes | None:
        """The next message; ``None`` once it has ended."""
        data = await self._queue.get()
        if data is not None:
            self._waiting -= len(data)
        return data


class Outbox:
    """Numbers messages and hands them to the connection of the moment.

    JSON messages carry ``seq``, counted from 1 without gaps over all connections of the session; binary
    frames carry none and belong to the message before them.
    """

    def __init__(self, after: int = 0) -> None:
        """``after``: number of the last message that the client has of this session."""
        self._seq = after
        self._kept: deque[tuple[int, dict[str, Any]]] = deque(maxlen=KEPT_MESSAGES)
        self._outlet: Outlet | None = None

    @property
    def attached(self) -> bool:
        """Whether somebody reads."""
        return self._outlet is not None and not self._outlet.closed

    @property
    def seq(self) -> int:
        """Number of the last message."""
        return self._seq

    def go_on_after(self, seq: int) -> None:
        """Number what follows from ``seq`` on, where that is higher."""
        self._seq = max(self._seq, seq)

    def attach(self, outlet: Outlet) -> None:
        """Send to this connection from now on; an older one is closed."""
        if self._outlet is not None:
            self._outlet.close()
        self._outlet = outlet

    def detach(self, outlet: Outlet) -> bool:
        """Forget this connection; false where another has taken its place."""
        if self._outlet is not outlet:
            return False
        self._outlet = None
        return True

    def close(self) -> None:
        """End the connection of the moment."""
        if self._outlet is not None:
            self._outlet.close()

    def send(self, kind: str, **fields: Any) -> int:
        """Send one JSON message; returns its number."""
        self._seq += 1
        if kind in KEPT_TYPES and fields.get("final", True):
            self._kept.append((self._seq, {"type": kind, **fields}))
        if self._outlet is not None:
            self._outlet.put(json.dumps({"type": kind, "seq": self._seq, **fields}, ensure_ascii=False))
        return self._seq

    def send_sound(self, pcm: bytes) -> None:
        """Send a piece of the answer's sound."""
        if self._outlet is not None:
            self._outlet.put(pcm)

    def send_missed(self, seq: int) -> set[str]:
        """Send again, under new numbers, what a client that saw ``seq`` last has missed; the types sent."""
        missed = [message for number, message in self._kept if number > seq]
        for message in missed:
            self.send(**{"kind" if key == "type" else key: value for key, value in message.items()})
        return {message["type"] for message in missed}
