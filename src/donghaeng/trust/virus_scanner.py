"""Files that people hand in are looked through by clamd before anything reads them.

The wire is clamd's own (man clamd, ``INSTREAM``): a command, chunks of the file with their length before
them (four bytes, the highest first), an empty one last, and one line back. The packages for it are GPL or no
longer kept (docs/decisions/0070-virus-scanner.md).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from donghaeng.errors import ScannerUnavailable, VirusFound

CHUNK_BYTES: Final = 65_536
SECONDS: Final = 120.0
"""For one file: clamd itself gives a file up after two minutes (``MaxScanTime``)."""
MOST_ANSWER_BYTES: Final = 4_096
DEFAULT_PORT: Final = 3310
_Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class VirusScanner:
    """clamd at an address.

    Args:
        address: ``unix:///run/clamav/clamd.ctl`` or ``tcp://host:3310``.
        seconds: for a file, or for the question whether clamd is there.
    """

    address: str
    seconds: float = SECONDS

    async def check(self, data: bytes) -> None:
        """Look a file through.

        Raises:
            VirusFound: it holds what a signature describes.
            ScannerUnavailable: clamd is not there, too slow, or will not look at a file of this size.
        """
        await self.check_chunks(chunks_of(data))

    async def check_chunks(self, chunks: Iterable[bytes]) -> None:
        """Look a file through that comes in pieces, none of them empty. Raises as :meth:`check`."""
        async with self._asking(b"zINSTREAM\0") as (reader, writer):
            for chunk in chunks:
                writer.write(len(chunk).to_bytes(4, "big") + chunk)
                await writer.drain()
            writer.write(bytes(4))
            await writer.drain()
            answer = await _line(reader)
        if answer.endswith(" FOUND"):
            raise VirusFound(answer.removeprefix("stream: ").removesuffix(" FOUND"))
        if answer != "stream: OK":
            raise _unavailable(answer)

    async def is_there(self) -> bool:
        """Whether clamd answers."""
        try:
            async with self._asking(b"zPING\0") as (reader, _):
                return await _line(reader) == "PONG"
        except ScannerUnavailable:
            return False

    @asynccontextmanager
    async def _asking(self, command: bytes) -> AsyncIterator[_Line]:
        try:
            async with asyncio.timeout(self.seconds):
                reader, writer = await self._connected()
                try:
                    writer.write(command)
                    await writer.drain()
                    yield reader, writer
                finally:
                    writer.close()
        except TimeoutError:
            raise _unavailable(f"no answer in {self.seconds:g} s") from None
        except OSError as error:
            # clamd closes the line upon a file that is longer than it takes.
            raise _unavailable(error.strerror or type(error).__name__) from None

    async def _connected(self) -> _Line:
        parts = urlsplit(self.address)
        if parts.scheme == "unix":
            return await asyncio.open_unix_connection(parts.path, limit=MOST_ANSWER_BYTES)
        return await asyncio.open_connection(
            parts.hostname, parts.port or DEFAULT_PORT, limit=MOST_ANSWER_BYTES
        )


def chunks_of(data: bytes) -> Iterator[bytes]:
    """A file in memory in pieces, none of them empty."""
    return (data[begin : begin + CHUNK_BYTES] for begin in range(0, len(data), CHUNK_BYTES))


def scanner_at(address: str | None) -> VirusScanner | None:
    """The scanner of an installation; None where it has none."""
    return None if address is None else VirusScanner(address)


async def _line(reader: asyncio.StreamReader) -> str:
    try:
        line = await reader.readuntil(b"\0")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        raise _unavailable("it ended the line without an answer") from None
    return line[:-1].decode("utf-8", "replace")


def _unavailable(why: str) -> ScannerUnavailable:
    return ScannerUnavailable(
        f"the virus scanner did not look at the file: {why}",
        remedy="start clamd, or raise its StreamMaxLength; donghaeng doctor tries it",
    )
