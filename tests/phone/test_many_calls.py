"""Two hundred quick calls leave nothing: no task, no socket, no thread, no port, no memory of a call."""

from __future__ import annotations

import asyncio
import threading

import psutil
from tests.phone.baresip import free_port
from tests.phone.calling import AudioSocketPhone, Exchange, FrameClock
from tests.phone.sip_phone import SipPhone

from donghaeng.conversation.live_desk import GRACE_SECONDS
from donghaeng.phone.audiosocket import AudioSocketServer
from donghaeng.phone.sip import SipServer

CALLS = 200
TURNS_OF_THE_LOOP = 50


async def settled(exchange: Exchange) -> tuple[int, int, int]:
    """Tasks, open files and threads once nobody is expected back any more."""
    async with asyncio.timeout(10):
        await exchange.quiet.wait()
    clock = exchange.desk._clock
    assert isinstance(clock, FrameClock)
    clock.hand.advance(GRACE_SECONDS + 1)
    for _ in range(TURNS_OF_THE_LOOP):
        await asyncio.sleep(0)
    assert exchange.live.sessions == 0
    return len(asyncio.all_tasks()), psutil.Process().num_fds(), threading.active_count()


async def test_quick_calls_over_audiosocket() -> None:
    exchange = Exchange()
    async with AudioSocketServer(exchange.desk).listening("127.0.0.1", 0) as port:

        async def call(index: int) -> None:
            phone = AudioSocketPhone()
            await phone.dial(port)
            await phone.listen(0.02 * (index % 5))
            await (phone.hang_up() if index % 2 else phone.close())

        await call(1)
        before = await settled(exchange)
        for index in range(CALLS):
            await call(index)
        assert await settled(exchange) == before
        assert len(exchange.conversations.openings) >= CALLS * 0.7
        await exchange.live.close()


async def test_quick_calls_over_sip() -> None:
    exchange, port, media = Exchange(), free_port(), free_port() & ~1
    server = SipServer(exchange.desk, media_ports=(media, media + 20))
    async with server.listening("127.0.0.1", port):

        async def call(index: int) -> None:
            phone = SipPhone(codec=8 * (index % 2))
            await phone.dial(port)
            await phone.listen(0.02 * (index % 5))
            await phone.hang_up()

        await call(1)
        before = await settled(exchange)
        for index in range(CALLS):
            await call(index)
        assert await settled(exchange) == before
        assert len(exchange.conversations.openings) >= CALLS * 0.7
        assert server._calls == {}
        assert server._ports._allocated == set()
        assert server._server.active_calls == {}
        assert server._server.transactions._server == {}
        await exchange.live.close()
