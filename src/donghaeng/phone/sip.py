"""A SIP telephone that answers: calls of a trunk or of a telephone, without a telephone system in between.

Signalling and media are ``aiosipua`` and ``aiortp`` (RFC 3261, 3550, 4733); sound is G.711, sent every 20 ms.
There is no login: whoever reaches the port is answered, so it belongs into the telephone network.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any, Final

import structlog
from aiortp import PortAllocator
from aiosipua import IncomingCall, SipUAS
from aiosipua.rtp_bridge import CallSession
from aiosipua.transport import UdpSipTransport

from donghaeng.errors import AudioError, SettingsError
from donghaeng.phone.line import Key, PhoneDesk
from donghaeng.speech.audio import pcm16_to_samples, samples_to_pcm16
from donghaeng.speech.engines import Samples

RATE: Final = 8_000
PCMU, PCMA = 0, 8
"""Payload types of µ-law and A-law (RFC 3551)."""
SILENT_SECONDS: Final = 60.0
"""A call without any sound for so long is half open; telephones that suppress silence send comfort noise."""
NOT_ACCEPTABLE, BUSY, FORBIDDEN = 488, 486, 403
MOST_WAITING: Final = 1_000
"""Frames (20 s) that may wait to be heard; more is thrown away."""

_log = structlog.get_logger(__name__)


class SipServer:
    """Answers calls over UDP."""

    def __init__(
        self,
        desk: PhoneDesk,
        *,
        media_ports: tuple[int, int],
        advertised: str | None = None,
        peers: Collection[str] = (),
    ) -> None:
        """Answer through ``desk``.

        Args:
            desk: serves the lines.
            media_ports: first and last port of the sound; each call takes two.
            advertised: address that callers reach this machine at, where it is not the one listened at.
            peers: addresses that may call; every one when empty.
        """
        self._desk = desk
        self._ports = PortAllocator(media_ports)
        self._advertised = advertised
        self._peers = frozenset(peers)
        self._calls: dict[str, _Call] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def listening(self, host: str, port: int) -> AsyncIterator[None]:
        """Listen while the block runs.

        Raises:
            SettingsError: the address is taken or not allowed.
        """
        self._host = host
        seen_at = (self._advertised, port) if self._advertised is not None else None
        server = SipUAS(_Udp(local_addr=(host, port)), advertised_addr=seen_at)
        server.on_invite = self._called
        server.on_bye = lambda call, request: self._over(call)
        server.on_cancel = lambda request, address: self._cancelled(request.call_id)
        server.on_ack_timeout = self._over
        server.on_session_expired = self._over
        try:
            await server.start()
        except OSError as error:
            raise SettingsError(
                f"SIP cannot listen at {host}:{port}: {error.strerror}",
                remedy="set DONGHAENG_SIP_PORT to a free port",
            ) from error
        try:
            yield
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await server.stop()

    def _called(self, call: IncomingCall) -> None:
        if self._peers and call.source_addr[0] not in self._peers:
            call.reject(FORBIDDEN)
            return
        task = asyncio.create_task(self._serve(call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _over(self, call: IncomingCall) -> None:
        self._cancelled(call.call_id)

    def _cancelled(self, call_id: str | None) -> None:
        known = self._calls.get(call_id or "")
        if known is not None:
            known.hung_up()

    async def _serve(self, call: IncomingCall) -> None:
        if call.sdp_offer is None:
            call.reject(NOT_ACCEPTABLE)
            return
        try:
            port, _ = await self._ports.allocate()
        except RuntimeError:
            _log.warning("no port for sound is left", remedy="widen DONGHAENG_SIP_MEDIA_PORTS")
            call.reject(BUSY)
            return
        try:
            await self._talk(call, port)
        except Exception:  # one call that breaks must not end the others
            _log.exception("a call failed")
        finally:
            self._calls.pop(call.call_id, None)
            await self._ports.release(port)

    async def _talk(self, call: IncomingCall, port: int) -> None:
        try:
            media = CallSession(
                self._host,
                port,
                call.sdp_offer,  # type: ignore[arg-type]
                advertised_ip=self._advertised,
                supported_codecs=[PCMU, PCMA],
                symmetric_rtp=True,
            )
        except (ValueError, KeyError, IndexError):
            call.reject(NOT_ACCEPTABLE)
            return
        line = self._calls[call.call_id] = _Call(media)
        await media.start()
        try:
            call.accept(media.sdp_answer)
            reason = await self._desk.serve(line.heard(), line.write, rate=RATE)
            _log.info("call.ended", reason=reason)
        finally:
            await media.close()
            with contextlib.suppress(OSError, ValueError, RuntimeError):
                if not line.is_over:
                    call.hangup()


class _Udp(UdpSipTransport):
    """Datagrams in and out; the library's own receiver wants a type that sockets of Python 3.11 are not."""

    async def start(self) -> None:
        """Listen.

        Raises:
            OSError: the address is taken or not allowed.
        """
        loop = asyncio.get_running_loop()
        self._udp_transport, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(self._dispatch), local_addr=self.local_addr
        )


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, take: Callable[[bytes, tuple[str, int]], None]) -> None:
        self._take = take

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        self._take(data, (str(addr[0]), int(addr[1])))


class _Call:
    """The sound and keys of one call."""

    def __init__(self, media: CallSession) -> None:
        self._media = media
        self._incoming: asyncio.Queue[Samples | Key | None] = asyncio.Queue(MOST_WAITING)
        self.is_over = False
        media.on_audio = self._sound
        media.on_dtmf = lambda digit, duration: self._put(Key(digit))

    def hung_up(self) -> None:
        """The caller has ended the call."""
        self.is_over = True
        if self._incoming.full():
            self._incoming.get_nowait()
        self._incoming.put_nowait(None)

    async def heard(self) -> AsyncIterator[Samples | Key]:
        """Sound and keys until the caller hangs up or falls silent for long."""
        while True:
            try:
                async with asyncio.timeout(SILENT_SECONDS):
                    one = await self._incoming.get()
            except TimeoutError:
                return
            if one is None:
                return
            yield one

    async def write(self, frame: Samples) -> None:
        """Send one frame."""
        if self.is_over or self._media.rtp_session is None:
            raise OSError("the call is over")
        self._media.rtp_session.send_audio_pcm_auto(samples_to_pcm16(frame))

    def _sound(self, pcm: bytes, timestamp: int) -> None:
        del timestamp
        with contextlib.suppress(AudioError):
            self._put(pcm16_to_samples(pcm))

    def _put(self, one: Samples | Key) -> None:
        if not self._incoming.full():
            self._incoming.put_nowait(one)
