"""A SIP telephone that answers: calls of a trunk or of a telephone, without a telephone system in between.

Signalling and media are ``aiosipua`` and ``aiortp`` (RFC 3261, 3550, 4733); sound is G.711, sent every 20 ms.
There is no login: whoever reaches the port is answered, so it belongs into the telephone network.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any, Final

import structlog
from aiortp import PortAllocator
from aiosipua import IncomingCall, OutgoingCall, SipUAC, SipUAS
from aiosipua.dialog import DialogState
from aiosipua.message import SipRequest, SipResponse
from aiosipua.transport import UdpSipTransport

from donghaeng.errors import InputError, SettingsError
from donghaeng.people.calling import Tried
from donghaeng.phone.line import PhoneDesk
from donghaeng.phone.sip_media import RATE, CallMedia, MediaAddress

NOT_ACCEPTABLE, BUSY, FORBIDDEN = 488, 486, 403
BUSY_CODES: Final = frozenset({486, 600, 603})
"""Answers of a telephone that is in use or turned the call down."""
RINGS_SECONDS: Final = 30.0
"""How long we let a telephone ring."""
FIRST_WAIT: Final = 0.5
LONGEST_WAIT: Final = 4.0
GIVEN_UP_AFTER: Final = 32.0
"""A request over UDP is sent again after half a second, then after twice as long, up to 4 s, for 32 s: T1, T2
and 64 × T1 of RFC 3261 section 17.1."""

KOREA: Final = "82"
_NUMBER: Final = re.compile(r"(?:sips?|tel):(?P<abroad>\+)?(?P<number>[0-9][0-9().-]{2,24})(?=[@;>]|$)")
"""The number in a SIP or telephone address (RFC 3261 section 19.1, RFC 3966); ``+`` before a country."""

Talk = Callable[[CallMedia], Awaitable[Tried]]

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
        self._calls: dict[str, CallMedia] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def listening(self, host: str, port: int) -> AsyncIterator[None]:
        """Listen while the block runs.

        Raises:
            SettingsError: the address is taken or not allowed.
        """
        self._media = MediaAddress(host, self._advertised, self._ports)
        seen_at = (self._advertised, port) if self._advertised is not None else None
        transport = _Udp(local_addr=(host, port))
        self._server = server = _Signalling(
            transport, uac=SipUAC(transport, advertised_addr=seen_at), advertised_addr=seen_at
        )
        server.on_invite = self._called
        server.on_reinvite = self._changed
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
        self._begin(self._serve(call))

    def _changed(self, call: IncomingCall) -> None:
        """The other side wants other sound: another codec, another address, or to put us on hold."""
        self._begin(self._agree_anew(call))

    async def ring(self, number: str, trunk: tuple[str, int], caller: str, talk: Talk) -> Tried:
        """Call a number, and talk where somebody answers.

        Args:
            number: digits.
            trunk: address that the call is sent to.
            caller: number that the other telephone shows.
            talk: talks over the call's sound; it is over when that returns.
        """
        media = CallMedia(self._media)
        uac = self._server.uac
        assert uac is not None
        here = self._advertised or self._media.host
        target = f"{trunk[0]}:{trunk[1]}"
        call = None
        try:
            call = uac.send_invite(
                f"sip:{caller}@{here}", f"sip:{number}@{target}", trunk, sdp_offer=await media.offer()
            )
            self._calls[call.call_id] = media
            self._server.insist(call.invite, trunk)
            tried = await _taken_up(call)
            if tried is not Tried.ANSWERED:
                return tried
            if call.sdp_answer is None:
                return Tried.FAILED
            await media.agree(call.sdp_answer)
            return await talk(media)
        except (InputError, OSError, RuntimeError) as error:
            _log.warning("outgoing_call.failed", error=type(error).__name__)
            return Tried.FAILED
        finally:
            if call is not None:
                self._calls.pop(call.call_id, None)
                if not media.is_over:
                    last = call.hangup(uac) or call.cancel(uac)
                    if last is not None:
                        self._server.insist(last, trunk)
                uac.remove_call(call.call_id)
            await media.close()

    def _begin(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _over(self, call: IncomingCall) -> None:
        self._cancelled(call.call_id)

    def _cancelled(self, call_id: str | None) -> None:
        known = self._calls.get(call_id or "")
        if known is not None:
            known.hung_up()

    async def _serve(self, call: IncomingCall) -> None:
        media = self._calls[call.call_id] = CallMedia(self._media)
        try:
            await self._talk(call, media)
        except Exception:  # one call that breaks must not end the others
            _log.exception("a call failed")
        finally:
            self._calls.pop(call.call_id, None)
            await media.close()
            if not media.is_over:
                bye = call.hangup()
                if bye is not None:
                    self._server.insist(bye, call.source_addr)
            self._server.forget(call)

    async def _talk(self, call: IncomingCall, media: CallMedia) -> None:
        answer = await self._agreed(call, media)
        if answer is None or media.is_over or call.dialog.state is DialogState.TERMINATED:
            return
        call.accept(answer)
        caller = shown_number(call.caller)
        reason = await self._desk.serve(media.heard(), media.write, rate=RATE, caller=caller)
        _log.info("call.ended", reason=reason)

    async def _agree_anew(self, call: IncomingCall) -> None:
        media = self._calls.get(call.call_id)
        if media is None:
            call.reject(NOT_ACCEPTABLE)
            return
        try:
            answer = await media.agree(call.sdp_offer) if call.sdp_offer is not None else None
        except (InputError, OSError, RuntimeError):
            # What was agreed before goes on (RFC 3261 section 14.2); `reject` would end the call.
            call._send_response(NOT_ACCEPTABLE, "Not Acceptable Here")
            return
        call.accept(answer or call.sdp_answer)

    async def _agreed(self, call: IncomingCall, media: CallMedia) -> Any:
        """Our answer to the call's offer; None where the call was turned away."""
        try:
            if call.sdp_offer is None:
                raise InputError("a call without an offer")
            return await media.agree(call.sdp_offer)
        except InputError:
            call.reject(NOT_ACCEPTABLE)
        except (OSError, RuntimeError):
            _log.warning("no port for sound is left", remedy="widen DONGHAENG_SIP_MEDIA_PORTS")
            call.reject(BUSY)
        return None


async def _taken_up(call: OutgoingCall) -> Tried:
    try:
        await call.wait_answered(RINGS_SECONDS)
    except TimeoutError:
        return Tried.NO_ANSWER
    except RuntimeError:
        return Tried.BUSY if call._reject_code in BUSY_CODES else Tried.FAILED
    return Tried.ANSWERED


class _Signalling(SipUAS):
    """The library's server, for a network that loses and repeats datagrams."""

    def __init__(self, transport: UdpSipTransport, **options: Any) -> None:
        super().__init__(transport, **options)
        self._insisting: dict[tuple[str, str], asyncio.Task[None]] = {}

    def insist(self, request: SipRequest, address: tuple[str, int]) -> None:
        """Send a request again and again until it is answered or given up."""
        cseq = request.cseq
        key = (request.call_id or "", cseq.method if cseq is not None else "")
        task = self._insisting[key] = asyncio.create_task(self._resend(request, address))
        task.add_done_callback(lambda done: self._insisting.pop(key, None))

    def forget(self, call: IncomingCall) -> None:
        """Drop what the library keeps of a call that is over."""
        call._stop_retransmissions()
        self._calls.pop(call.call_id, None)
        self._remove_invite_transaction(call.invite)

    async def stop(self) -> None:
        """Stop insisting and close the transport."""
        insisting = list(self._insisting.values())
        for task in insisting:
            task.cancel()
        await asyncio.gather(*insisting, return_exceptions=True)
        await super().stop()

    def _on_message(self, msg: SipRequest | SipResponse, addr: tuple[str, int]) -> None:
        if isinstance(msg, SipRequest):
            if self._is_repeated(msg):
                return
        elif msg.cseq is not None:
            waiting = self._insisting.get((msg.call_id or "", msg.cseq.method))
            if waiting is not None:
                waiting.cancel()
        super()._on_message(msg, addr)

    def _is_repeated(self, request: SipRequest) -> bool:
        """Whether it is an INVITE that is being answered; the answer is repeated by itself."""
        known = self._calls.get(request.call_id or "")
        return request.method == "INVITE" and known is not None and request.cseq == known.invite.cseq

    async def _resend(self, request: SipRequest, address: tuple[str, int]) -> None:
        wait, waited = FIRST_WAIT, 0.0
        while waited < GIVEN_UP_AFTER:
            await asyncio.sleep(wait)
            waited += wait
            wait = min(wait * 2, LONGEST_WAIT)
            with contextlib.suppress(OSError):
                self.transport.send(request, address)


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


def shown_number(uri: str) -> str | None:
    """The number that a telephone shows of itself, as it is dialled in Korea; None where its SIP address has
    none, or one of another country."""
    found = _NUMBER.search(uri)
    if found is None:
        return None
    digits = re.sub(r"\D", "", found["number"])
    if found["abroad"] is None:
        return digits
    return f"0{digits[2:]}" if digits.startswith(KOREA) else None
