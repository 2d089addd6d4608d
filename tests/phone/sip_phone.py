"""A SIP telephone of plain sockets: what it sends, in which order and what is lost is up to the test."""

from __future__ import annotations

import asyncio
import re
import struct
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from tests.phone.baresip import free_port
from tests.phone.calling import FRAME

from donghaeng.phone.g711 import A_LAW, MU_LAW
from donghaeng.speech.engines import Samples

LAWS = {0: MU_LAW, 8: A_LAW}
DIGITS = "0123456789*#"
Spoil = Callable[[list[bytes]], list[bytes | None]]
"""What the network makes of packets; None where one is lost."""


class _Socket(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.received: asyncio.Queue[bytes] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.received.put_nowait(data)


class SipPhone:
    """One telephone with at most one call."""

    def __init__(self, codec: int = 0, events: int = 101) -> None:
        self.codec, self.events = codec, events
        self.heard: list[Samples] = []
        self.heard_types: list[int] = []
        self.over = False
        self.answer = ""
        self.answers: list[bytes] = []
        self._sequence, self._clock, self._cseq = 7, 160, 1
        self._to_tag = ""

    async def plug_in(self) -> None:
        loop = asyncio.get_running_loop()
        self.sip_port, self.rtp_port = free_port(), free_port()
        self._sip_line, self._sip = await loop.create_datagram_endpoint(
            _Socket, local_addr=("127.0.0.1", self.sip_port)
        )
        self._rtp_line, self._rtp = await loop.create_datagram_endpoint(
            _Socket, local_addr=("127.0.0.1", self.rtp_port)
        )

    def unplug(self) -> None:
        self._sip_line.close()
        self._rtp_line.close()

    # signalling

    def offer(self, direction: str = "sendrecv", codec: int | None = None) -> str:
        codec = self.codec if codec is None else codec
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0"]
        lines += [f"m=audio {self.rtp_port} RTP/AVP {codec} {self.events}"]
        lines += [f"a=rtpmap:{self.events} telephone-event/8000", f"a={direction}", ""]
        return "\r\n".join(lines)

    def request(self, method: str, body: str = "", *, cseq: int | None = None) -> bytes:
        cseq = self._cseq if cseq is None else cseq
        here = f"127.0.0.1:{self.sip_port}"
        tag = f";tag={self._to_tag}" if self._to_tag else ""
        lines = [f"{method} sip:120@127.0.0.1 SIP/2.0", f"Via: SIP/2.0/UDP {here};branch=z9hG4bK{here}{cseq}"]
        lines += [f"From: <sip:a@{here}>;tag=1", f"To: <sip:120@127.0.0.1>{tag}", f"Call-ID: call-{here}"]
        lines += [f"CSeq: {cseq} {method}", f"Contact: <sip:a@{here}>", "Max-Forwards: 70"]
        lines += ["Content-Type: application/sdp"] if body else []
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode()

    def send(self, data: bytes) -> None:
        self._sip_line.sendto(data, ("127.0.0.1", self.server))

    async def until(self, status: int, method: str = "INVITE") -> str:
        """The answer with this status; answers before it are passed over."""
        async with asyncio.timeout(5):
            while True:
                text = (await self._sip.received.get()).decode()
                self.answers.append(text.encode())
                if text.startswith("BYE "):
                    self._acknowledge(text)
                elif text.startswith(f"SIP/2.0 {status}") and f" {method}\r\n" in text:
                    return text

    async def dial(self, server: int) -> None:
        self.server = server
        await self.plug_in()
        self.send(self.request("INVITE", self.offer()))
        await self._take_up(await self.until(200))

    async def change(self, *, codec: int | None = None, direction: str = "sendrecv") -> str:
        """Agree on other sound; what was answered."""
        self._cseq += 1
        self.codec = self.codec if codec is None else codec
        self.send(self.request("INVITE", self.offer(direction)))
        answer = await self.until(200)
        await self._take_up(answer)
        return answer

    async def _take_up(self, answer: str) -> None:
        tag = re.search(r"\r\nTo:[^\r]*;tag=([^;\r]+)", answer)
        port = re.search(r"m=audio (\d+) ", answer)
        assert tag is not None
        assert port is not None
        self._to_tag, self._far = tag[1], int(port[1])
        self.answer = answer
        self.send(self.request("ACK"))

    async def hang_up(self) -> None:
        self._cseq += 1
        self.send(self.request("BYE"))
        await self.until(200, "BYE")
        self.unplug()

    def _acknowledge(self, bye: str) -> None:
        kept = [
            line
            for line in bye.split("\r\n")
            if line.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq")
        ]
        self.send("\r\n".join(["SIP/2.0 200 OK", *kept, "Content-Length: 0", "", ""]).encode())
        self.over = True

    # sound

    def packets(self, samples: Samples) -> list[bytes]:
        """The sound in packets of 20 ms."""
        made = []
        for at in range(0, len(samples), FRAME):
            made.append(
                self._packet(self.codec, LAWS[self.codec].encode(samples[at : at + FRAME]), self._clock)
            )
            self._clock += FRAME
        return made

    def press_packets(self, digit: str, frames: int = 5) -> list[bytes]:
        """A press: packets that tell how long it lasts so far, the end three times."""
        at, event = self._clock, DIGITS.index(digit)
        lengths = [FRAME * (index + 1) for index in range(frames)]
        told = [struct.pack("!BBH", event, 10, length) for length in lengths]
        told += [struct.pack("!BBH", event, 0x80 | 10, lengths[-1])] * 3
        self._clock += FRAME * (frames + 3)
        return [self._packet(self.events, payload, at) for payload in told]

    def _packet(self, kind: int, payload: bytes, clock: int) -> bytes:
        self._sequence += 1
        return (
            struct.pack("!BBHII", 0x80, kind, self._sequence & 0xFFFF, clock & 0xFFFFFFFF, 0xCAFE) + payload
        )

    async def send_packets(self, packets: Sequence[bytes | None]) -> None:
        """Send packets as fast as the other side takes them."""
        for packet in packets:
            if packet is not None:
                self._rtp_line.sendto(packet, ("127.0.0.1", self._far))
            await asyncio.sleep(0.001)

    async def talk(self, samples: Samples, spoil: Spoil = list) -> None:
        """Say something, a frame for each frame that is heard."""
        for packet in spoil(self.packets(samples)):
            if not await self._hear():
                return
            if packet is not None:
                self._rtp_line.sendto(packet, ("127.0.0.1", self._far))

    async def listen(self, seconds: float) -> None:
        await self.talk(np.zeros(int(seconds * 8_000), np.float32))

    async def only_listen(self, seconds: float) -> None:
        """Send nothing meanwhile."""
        for _ in range(round(seconds / 0.02)):
            if not await self._hear():
                return

    async def press(self, digit: str) -> None:
        for packet in self.press_packets(digit):
            self._rtp_line.sendto(packet, ("127.0.0.1", self._far))

    async def _hear(self) -> bool:
        while not self._sip.received.empty():
            message = self._sip.received.get_nowait().decode()
            if message.startswith("BYE "):
                self._acknowledge(message)
        if self.over:
            return False
        try:
            async with asyncio.timeout(2):
                packet = await self._rtp.received.get()
        except TimeoutError:
            return not self.over
        self.heard_types.append(packet[1] & 0x7F)
        self.heard.append(LAWS[packet[1] & 0x7F].decode(packet[12:]))
        return True

    def loud_seconds(self) -> float:
        return sum(float(np.abs(one).max()) > 0.01 for one in self.heard) * 0.02
