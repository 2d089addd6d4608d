"""A real WebSocket client that speaks as a telephone service does."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import pytest
import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from tests.phone.calling import FRAME, Exchange, tone
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from donghaeng.phone import media_streams
from donghaeng.phone.g711 import MU_LAW
from donghaeng.phone.media_streams import media_streams_routes
from donghaeng.speech.engines import Samples

SECRET = "sixteen-characters-at-least"
START = {
    "event": "start",
    "streamSid": "MZ1",
    "start": {
        "streamSid": "MZ1",
        "callSid": "CA1",
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
    },
}


class Stream:
    """What a telephone service does with one call."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.heard: list[Samples] = []
        self.over = False

    async def send(self, message: dict[str, Any]) -> None:
        await self._socket.send(json.dumps(message))

    async def talk(self, samples: Samples) -> None:
        """Say something, a frame for each frame that is heard."""
        for at in range(0, len(samples), FRAME):
            if not await self._hear():
                return
            payload = base64.b64encode(MU_LAW.encode(samples[at : at + FRAME])).decode()
            await self.send({"event": "media", "media": {"track": "inbound", "payload": payload}})

    async def only_listen(self, seconds: float) -> None:
        """Send nothing meanwhile."""
        for _ in range(round(seconds / 0.02)):
            if not await self._hear():
                return

    async def _hear(self) -> bool:
        try:
            message = json.loads(await self._socket.recv())
        except ConnectionClosed:
            self.over = True
            return False
        assert message["event"] == "media"
        assert message["streamSid"] == "MZ1"
        self.heard.append(MU_LAW.decode(base64.b64decode(message["media"]["payload"])))
        return True

    async def listen(self, seconds: float) -> None:
        await self.talk(np.zeros(int(seconds * 8_000), np.float32))

    async def hang_up(self) -> None:
        await self.send({"event": "stop"})
        await self._socket.close()

    def loud_seconds(self) -> float:
        return sum(float(np.abs(one).max()) > 0.01 for one in self.heard) * 0.02


@asynccontextmanager
async def answering(exchange: Exchange) -> AsyncIterator[str]:
    app = Starlette(routes=media_streams_routes(exchange.desk, SecretStr(SECRET)))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve([listening]))
        port = listening.getsockname()[1]
        try:
            yield f"ws://127.0.0.1:{port}/phone/media-streams"
        finally:
            await exchange.live.close()
            server.should_exit = True
            await serving


async def test_a_caller_is_greeted_heard_and_answered() -> None:
    exchange = Exchange(heard=("문 연 약국 있어요",))
    async with answering(exchange) as address, connect(f"{address}/{SECRET}") as line:
        stream = Stream(line)
        await stream.send({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        await stream.send(START)
        await stream.listen(9.0)
        assert stream.loud_seconds() == pytest.approx(8.0, abs=0.3)
        stream.heard.clear()
        await stream.talk(tone(1.0))
        await stream.listen(4.0)
        assert [said.text for said in exchange.conversations.said] == ["문 연 약국 있어요"]
        assert stream.loud_seconds() > 1.0
        await stream.send({"event": "dtmf", "dtmf": {"track": "inbound_track", "digit": "0"}})
        await stream.listen(1.0)
        assert exchange.conversations.said[-1].dtmf == "0"
        await stream.send({"event": "stop"})
        await stream.listen(5.0)
        assert stream.over


async def test_a_waiting_caller_is_offered_a_call_to_the_number_that_the_service_tells() -> None:
    exchange = Exchange({"handover": {"state": "callback"}}, places=1, most_waiting=1)
    taken = exchange.admission.join()
    assert taken is not None
    start = {**START["start"], "customParameters": {"from": "+821012345678"}}  # type: ignore[dict-item]
    async with answering(exchange) as address, connect(f"{address}/{SECRET}") as line:
        stream = Stream(line)
        await stream.send({**START, "start": start})
        await stream.listen(2.0)
        for _ in range(2):
            await stream.send({"event": "dtmf", "dtmf": {"digit": "1"}})
            await stream.listen(1.0)
        await stream.listen(30.0)
        assert stream.over
    assert "010-1234-5678" in (exchange.conversations.said[0].text or "")


async def test_the_secret_comes_as_a_parameter_and_not_in_the_address() -> None:
    exchange = Exchange()
    given = {**START["start"], "customParameters": {"secret": SECRET}}  # type: ignore[dict-item]
    async with answering(exchange) as address, connect(address) as line:
        stream = Stream(line)
        await stream.send({**START, "start": given})
        await stream.listen(1.0)
        assert not stream.over
        await stream.hang_up()


@pytest.mark.parametrize(
    "parameters", [None, "no object", {}, {"secret": SECRET[:-1]}, {"secret": [SECRET]}, {"secret": "\ud800"}]
)
async def test_without_the_secret_nobody_is_let_in(parameters: Any) -> None:
    exchange = Exchange()
    given = {**START["start"], "customParameters": parameters}  # type: ignore[dict-item]
    async with answering(exchange) as address, connect(address) as line:
        await line.send(json.dumps({**START, "start": given}))
        with pytest.raises(ConnectionClosed):
            await line.recv()
    assert exchange.admission.taken == 0


async def test_a_stream_that_only_chatters_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_streams, "START_SECONDS", 0.3)
    exchange = Exchange()

    async def chatter(line: ClientConnection) -> None:
        while True:
            await line.send('{"event": "connected"}')
            await asyncio.sleep(0.02)

    async with answering(exchange) as address, connect(address) as line:
        chattering = asyncio.create_task(chatter(line))
        with pytest.raises(ConnectionClosed):
            await line.recv()
        chattering.cancel()


async def test_a_wrong_secret_is_turned_away() -> None:
    exchange = Exchange()
    async with answering(exchange) as address:
        with pytest.raises(InvalidStatus):
            await connect(f"{address}/something-else-of-some-length")
    assert exchange.conversations.openings == []


@pytest.mark.parametrize(
    "start",
    [
        {"event": "stop", "start": None},
        {**START, "start": {"streamSid": "MZ1", "mediaFormat": {"encoding": "audio/opus"}}},
        {"event": "start", "start": {}},
    ],
)
async def test_a_stream_in_another_form_is_let_go(start: dict[str, Any]) -> None:
    exchange = Exchange()
    async with answering(exchange) as address, connect(f"{address}/{SECRET}") as line:
        await line.send(json.dumps(start))
        if start["event"] == "start":
            with pytest.raises(ConnectionClosed):
                await line.recv()
    assert exchange.conversations.openings == []


async def test_what_cannot_be_read_is_passed_over_and_the_call_goes_on() -> None:
    exchange = Exchange(heard=("문 연 약국 있어요",))
    async with answering(exchange) as address, connect(f"{address}/{SECRET}") as line:
        stream = Stream(line)
        await stream.send(START)
        for junk in (
            "{",
            "[]",
            '{"event": "media"}',
            '{"event": "media", "media": {"payload": "%%%"}}',
            "x" * 70_000,
        ):
            await line.send(junk)

        await stream.send({"event": "dtmf", "dtmf": "0"})
        await stream.send({"event": "media", "media": {"track": "outbound", "payload": "AAAA"}})
        await stream.listen(9.0)
        await stream.talk(tone(1.0))
        await stream.listen(2.0)
        assert [said.text for said in exchange.conversations.said] == ["문 연 약국 있어요"]
