"""A network cable between browser and server that can be pulled out: a TCP proxy in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

CHUNK = 65_536


class Cable:
    """Carries bytes both ways unless told otherwise. ``address`` is what the browser opens."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._up = True
        self._deaf = False
        self._dead = False
        self.address = ""

    @contextmanager
    def laid(self) -> Iterator[Cable]:
        """The cable while the block runs."""
        thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        thread.start()
        server = self._do(asyncio.start_server(self._carry, "127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            self.pull()
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join(5)

    def pull(self) -> None:
        """Pull it out: every connection breaks, and none can be made."""
        self._up = False
        self._do(self._drop())

    def plug_in(self) -> None:
        """Plug it in again."""
        self._up, self._deaf, self._dead = True, False, False

    def deafen(self) -> None:
        """What the server says is lost; what the browser says arrives."""
        self._deaf = True

    def kill(self) -> None:
        """Nothing arrives any more, and nobody is told."""
        self._dead = True

    def _do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _drop(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()
        self._writers.clear()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._up:
            writer.transport.abort()
            return
        away, back = await asyncio.open_connection(*self._target)
        self._writers |= {writer, back}
        await asyncio.gather(
            self._pump(reader, back, to_browser=False), self._pump(away, writer, to_browser=True)
        )

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, to_browser: bool
    ) -> None:
        with contextlib.suppress(OSError):
            dead = self._dead
            while data := await reader.read(CHUNK):
                # A line that died stays dead: only a new one carries again.
                dead = dead or self._dead or (to_browser and self._deaf)
                if not dead:
                    writer.write(data)
                    await writer.drain()
        writer.close()
