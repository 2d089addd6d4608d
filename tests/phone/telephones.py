"""One telephone of each kind, used alike: a call that talks, listens, presses keys and is hung up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol

from tests.phone.baresip import free_port
from tests.phone.calling import AudioSocketPhone
from tests.phone.sip_phone import SipPhone
from tests.phone.test_media_streams import SECRET, START, Stream, answering
from websockets.asyncio.client import connect

from donghaeng.phone.audiosocket import AudioSocketServer
from donghaeng.phone.sip import SipServer
from donghaeng.speech.engines import Samples

KINDS = ("audiosocket", "media streams", "sip")


class Telephone(Protocol):
    """A call from the caller's side; time moves while it talks or listens."""

    heard: list[Samples]
    over: bool

    async def talk(self, samples: Samples) -> None: ...

    async def listen(self, seconds: float) -> None: ...

    def loud_seconds(self) -> float: ...

    async def hang_up(self) -> None: ...


Dial = Callable[[], Awaitable[Any]]


@asynccontextmanager
async def exchange_of(kind: str, exchange: Any) -> AsyncIterator[Dial]:
    """Lines of a kind into ``exchange`` (its ``desk`` and ``live``); what it yields dials one."""
    if kind == "audiosocket":
        async with AudioSocketServer(exchange.desk).listening("127.0.0.1", 0) as port:

            async def dial() -> AudioSocketPhone:
                phone = AudioSocketPhone()
                await phone.dial(port)
                return phone

            yield dial
    elif kind == "sip":
        port, media = free_port(), free_port() & ~1
        async with SipServer(exchange.desk, media_ports=(media, media + 40)).listening("127.0.0.1", port):

            async def ring() -> SipPhone:
                phone = SipPhone()
                await phone.dial(port)
                return phone

            yield ring
    else:
        async with answering(exchange) as address:

            async def stream() -> Stream:
                line = await connect(f"{address}/{SECRET}")
                phone = Stream(line)
                await phone.send(START)
                return phone

            yield stream
