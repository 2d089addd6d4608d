"""A client for our own servers that costs little beside them: a measurement takes its citizens' part of the
same cores, and a full client takes a third of what the server needs for a turn.

It knows what our servers send: HTTP/1.1 with a length, no redirects, no compression, no TLS.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import urlsplit

ANSWER_SECONDS: Final = 30.0
KEEP_ALIVE_SECONDS: Final = 3.0
"""Shorter than the server keeps an idle connection: none is used that it is just closing."""
_LENGTH: Final = b"content-length:"


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    body: bytes


class _Line(NamedTuple):
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class PlainClient:
    """Keeps connections to one server; as many as requests are under way at once.

    Args:
        address: ``http://host:port``.
    """

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._idle: list[tuple[float, _Line]] = []

    async def ask(
        self, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request, a body as JSON, and wait for the whole answer.

        Raises:
            OSError: the server cannot be reached, or takes too long (``TimeoutError``).
            EOFError: the connection ended within the answer (``asyncio.IncompleteReadError``).
            ValueError: what came is no answer of ours.
        """
        async with asyncio.timeout(ANSWER_SECONDS):
            line = await self._line()
            try:
                line.writer.write(self._request(method, path, body, headers or {}))
                answer = await _read(line.reader)
            except BaseException:
                line.writer.close()
                raise
        self._idle.append((time.monotonic(), line))
        return answer

    def close(self) -> None:
        """End all connections."""
        for _, line in self._idle:
            line.writer.close()
        self._idle.clear()

    async def _line(self) -> _Line:
        while self._idle:
            since, line = self._idle.pop()
            if time.monotonic() - since < KEEP_ALIVE_SECONDS and not line.reader.at_eof():
                return line
            line.writer.close()
        return _Line(*await asyncio.open_connection(self._host, self._port))

    def _request(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        told = {
            "Host": f"{self._host}:{self._port}",
            "Content-Length": str(len(body)),
            **({"Content-Type": "application/json"} if body else {}),
            **headers,
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


async def _read(reader: asyncio.StreamReader) -> Answer:
    first, *rest = (await reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
    length = next((int(one[len(_LENGTH) :]) for one in rest if one.startswith(_LENGTH)), None)
    if not first.startswith(b"http/1.1 ") or length is None:
        raise ValueError("no answer of HTTP/1.1 with a length")
    return Answer(int(first[9:12]), await reader.readexactly(length))
