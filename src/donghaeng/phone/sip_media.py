"""Sound and keys of one SIP call, whatever the network loses and whatever the other side changes its mind to.

``aiortp`` puts packets back in order (four wait) and covers what is lost with a fading repetition, so that
the sound keeps its length. Its own counting of keys takes a straggler for a second press;
:mod:`donghaeng.phone.keys` does not.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from aiortp import PortAllocator
from aiosipua.rtp_bridge import CallSession
from aiosipua.sdp import SdpMessage, SdpNegotiationError, build_sdp

from donghaeng.errors import AudioError, InputError
from donghaeng.phone.keys import KeyPresses
from donghaeng.phone.line import FRAME_SECONDS, Key
from donghaeng.speech.audio import pcm16_to_samples, samples_to_pcm16
from donghaeng.speech.engines import Samples

RATE: Final = 8_000
PCMU, PCMA = 0, 8
"""Payload types of µ-law and A-law (RFC 3551)."""
EVENTS: Final = 101
"""Payload type of keys where the other side names none."""
MOST_WAITING: Final = 1_000
"""Frames (20 s) that may wait to be heard; more is thrown away."""
HELD: Final = frozenset({"sendonly", "inactive"})
"""Directions that put us on hold (RFC 3264 section 8.4)."""
NOWHERE: Final = "0.0.0.0"  # noqa: S104 (an address in an offer, none that is listened at)
"""The older way to say so."""


@dataclass(frozen=True, slots=True)
class MediaAddress:
    """Where sound is sent and received."""

    host: str
    advertised: str | None
    ports: PortAllocator


class CallMedia:
    """The sound and keys of one call."""

    def __init__(self, address: MediaAddress) -> None:
        self._address = address
        self._incoming: asyncio.Queue[Samples | Key | None] = asyncio.Queue(MOST_WAITING)
        self._session: CallSession | None = None
        self._port: int | None = None
        self._agreed: tuple[int, int] | None = None
        self._answers = 0
        self._held = False
        self.is_over = False

    async def offer(self) -> SdpMessage:
        """What we offer where we call; the other side's answer is taken by :meth:`agree`.

        Raises:
            RuntimeError: no port is free.
        """
        self._port, _ = await self._address.ports.allocate()
        host = self._address.advertised or self._address.host
        sdp = build_sdp(host, self._port, PCMU, "PCMU", dtmf_payload_type=EVENTS)
        sound = sdp.media[0]
        sound.formats.insert(1, str(PCMA))
        sound.attributes["rtpmap"].insert(1, f"{PCMA} PCMA/{RATE}")
        return sdp

    async def agree(self, offer: SdpMessage) -> SdpMessage:
        """Take an offer, the first or a later one, and answer it; the sound follows at once.

        Raises:
            InputError: no sound in it, or none that we speak.
            OSError, RuntimeError: no port is free.
        """
        where = offer.rtp_address
        if where is None or offer.audio is None:
            raise InputError("an offer without sound")
        port = self._port or (await self._address.ports.allocate())[0]
        try:
            session = self._negotiate(offer, port)
            agreed = (session.chosen_payload_type, _events(offer))
            if self._session is not None and agreed == self._agreed:
                self._session.update_remote(where)
            else:
                await self._change(session)
        except BaseException:
            if self._port is None:
                await self._address.ports.release(port)
            raise
        self._port, self._agreed = port, agreed
        self._held = offer.audio.direction in HELD or where[0] == NOWHERE
        return self._numbered(session.sdp_answer)

    async def heard(self) -> AsyncIterator[Samples | Key]:
        """Sound and keys until the call is over."""
        while (one := await self._incoming.get()) is not None:
            yield one

    async def write(self, frame: Samples) -> None:
        """Send one frame; while we are held nothing is sent, and nothing is heard but that the line lives."""
        if self.is_over:
            raise OSError("the call is over")
        if self._held:
            self._put(np.zeros(round(RATE * FRAME_SECONDS), np.float32))
        elif self._session is not None:
            self._session.rtp_session.send_audio_pcm_auto(samples_to_pcm16(frame))

    def hung_up(self) -> None:
        """The other side has ended the call."""
        self.is_over = True
        if self._incoming.full():
            self._incoming.get_nowait()
        self._incoming.put_nowait(None)

    async def close(self) -> None:
        """Give the ports back."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
        port, self._port = self._port, None
        if port is not None:
            await self._address.ports.release(port)

    def _negotiate(self, offer: SdpMessage, port: int) -> CallSession:
        try:
            return CallSession(
                self._address.host,
                port,
                offer,
                advertised_ip=self._address.advertised,
                supported_codecs=[PCMU, PCMA],
                dtmf_payload_type=_events(offer),
                symmetric_rtp=True,
                skip_audio_gaps=True,
            )
        except (SdpNegotiationError, ValueError, KeyError, IndexError) as error:
            raise InputError("an offer without sound that we speak", remedy="offer PCMU or PCMA") from error

    async def _change(self, session: CallSession) -> None:
        """Speak and hear through another session, on the port of the one before."""
        before, self._session = self._session, None
        if before is not None:
            await before.close()
            # The socket is closed by the loop's next turn; its port is wanted again.
            await asyncio.sleep(0)
        await session.start()
        session.on_audio = self._sound
        # The library has no way to bring one's own.
        session.rtp_session._dtmf_receiver = KeyPresses(lambda digit: self._put(Key(digit)))
        self._session = session

    def _numbered(self, answer: SdpMessage) -> SdpMessage:
        """The answer, its version counted on from the one before (RFC 3264 section 8)."""
        self._answers += 1
        origin = replace(answer.origin, session_id=str(self._port), session_version=str(self._answers))
        return replace(answer, origin=origin)

    def _sound(self, pcm: bytes, timestamp: int) -> None:
        del timestamp
        if self._held:
            return
        with contextlib.suppress(AudioError):
            self._put(pcm16_to_samples(pcm))

    def _put(self, one: Samples | Key) -> None:
        if not self._incoming.full():
            self._incoming.put_nowait(one)


def _events(offer: SdpMessage) -> int:
    """The number under which the offer wants keys."""
    codecs = offer.audio.codecs if offer.audio is not None else []
    named = (one.payload_type for one in codecs if one.encoding_name.lower() == "telephone-event")
    return next(named, EVENTS)
