"""Asterisk's AudioSocket: a TCP connection a call, sound and keys in frames of kind, length and payload.

Wire: one byte of kind, two of length (big-endian), payload (docs.asterisk.org, "AudioSocket"; Asterisk 18
and later). The dialplan names a UUID a call, which tells nothing of the caller.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog

from donghaeng.errors import AudioError, SettingsError
from donghaeng.phone.line import Key, PhoneDesk
from donghaeng.speech.audio import Resampler, pcm16_to_samples, samples_to_pcm16
from donghaeng.speech.engines import Samples

HANGUP: Final = 0x00
CALL: Final = 0x01
KEY: Final = 0x03
SOUND: Final = 0x10
"""Signed 16-bit samples, little-endian, 8,000 a second."""
RATES: Final = {
    SOUND + step: rate
    for step, rate in enumerate((8_000, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000))
}
"""Samples a second of each kind of sound; the kinds after the first are those of Asterisk 21 and later."""
ERROR: Final = 0xFF
RATE: Final = RATES[SOUND]
CALL_SECONDS: Final = 5.0
"""Within this a connection must say which call it is."""
PIECE_SECONDS: Final = 0.2
"""Longest piece of sound handed on."""
UUID_BYTES: Final = 16

_log = structlog.get_logger(__name__)


class AudioSocketServer:
    """Answers the calls that an Asterisk hands over."""

    def __init__(self, desk: PhoneDesk) -> None:
        self._desk = desk
        self._calls: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def listening(self, host: str, port: int) -> AsyncIterator[int]:
        """Listen while the block runs; yields the port (0 takes a free one).

        Raises:
            SettingsError: the address is taken or not allowed.
        """
        try:
            server = await asyncio.start_server(self._connected, host, port)
        except OSError as error:
            raise SettingsError(
                f"AudioSocket cannot listen at {host}:{port}: {error.strerror}",
                remedy="set DONGHAENG_AUDIOSOCKET_PORT to a free port",
            ) from error
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for call in self._calls:
                call.cancel()
            await asyncio.gather(*self._calls, return_exceptions=True)
            await server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call = asyncio.current_task()
        assert call is not None
        self._calls.add(call)
        try:
            await self._serve(reader, writer)
        except asyncio.CancelledError:
            # The process stops: the caller hears the line end.
            _log.info("a call was cut off by the end of the program")
        except Exception:  # one call that breaks must not end the others
            _log.exception("a call failed")
        finally:
            self._calls.discard(call)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await _frame(reader, CALL_SECONDS)
        if first is None or first[0] != CALL or len(first[1]) != UUID_BYTES:
            _log.warning("a connection that names no call", remedy="use AudioSocket(${UUID},host:port)")
            return

        async def write(frame: Samples) -> None:
            writer.write(_packed(SOUND, samples_to_pcm16(frame)))
            await writer.drain()

        reason = await self._desk.serve(_heard(reader), write, rate=RATE)
        _log.info("call.ended", reason=reason)
        with suppress(OSError):
            writer.write(_packed(HANGUP, b""))
            await writer.drain()


async def _heard(reader: asyncio.StreamReader) -> AsyncIterator[Samples | Key]:
    """Sound at the line's rate, whatever rate it comes in, and keys, until the caller hangs up; frames of
    other kinds are passed over."""
    rate, resampler = RATE, None
    while (frame := await _frame(reader, None)) is not None:
        kind, payload = frame
        if kind in (HANGUP, ERROR):
            return
        if kind == KEY and payload:
            yield Key(payload[:1].decode("ascii", errors="replace"))
        elif kind in RATES:
            if RATES[kind] != rate:
                rate = RATES[kind]
                resampler = Resampler(rate, RATE) if rate != RATE else None
            step = 2 * int(rate * PIECE_SECONDS)
            for at in range(0, len(payload), step):
                with suppress(AudioError):  # half a sample is dropped, the call goes on
                    samples = pcm16_to_samples(payload[at : at + step])
                    yield resampler.feed(samples) if resampler is not None else samples


async def _frame(reader: asyncio.StreamReader, patience: float | None) -> tuple[int, bytes] | None:
    """The next frame; None where the connection has ended, or says nothing for ``patience`` seconds."""
    try:
        async with asyncio.timeout(patience):
            head = await reader.readexactly(3)
            payload = await reader.readexactly(int.from_bytes(head[1:], "big"))
    except (TimeoutError, asyncio.IncompleteReadError, OSError):
        return None
    return head[0], payload


def _packed(kind: int, payload: bytes) -> bytes:
    return bytes([kind]) + len(payload).to_bytes(2, "big") + payload
