"""The benches' own client over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from donghaeng.measuring import plain_http
from donghaeng.measuring.plain_http import PlainClient

OK = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
Answering = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(answering: Answering) -> AsyncIterator[PlainClient]:
    server = await asyncio.start_server(answering, "127.0.0.1", 0)
    client = PlainClient(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    try:
        yield client
    finally:
        client.close()
        server.close()
        await server.wait_closed()


class Server:
    """Answers what it is given, piece by piece, and keeps what it was asked."""

    def __init__(self, *pieces: bytes, then_ends: bool = False) -> None:
        self.pieces, self.then_ends = pieces, then_ends
        self.asked: list[bytes] = []
        self.connections = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
                self.asked.append(head + await reader.readexactly(length))
                for piece in self.pieces:
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0)
                if self.then_ends:
                    break
        except asyncio.IncompleteReadError:
            pass
        writer.close()


async def test_a_request_is_sent_and_its_answer_read_however_it_is_cut() -> None:
    server = Server(*(OK[place : place + 1] for place in range(len(OK))))
    async with serving(server) as client:
        answer = await client.ask("POST", "/v1/x", body=b'{"a": 1}', headers={"Idempotency-Key": "7"})
    assert answer == (201, b"{}")
    head, _, body = server.asked[0].partition(b"\r\n\r\n")
    assert head.split(b"\r\n")[0] == b"POST /v1/x HTTP/1.1"
    assert {b"Idempotency-Key: 7", b"Content-Type: application/json"} <= set(head.split(b"\r\n"))
    assert body == b'{"a": 1}'


async def test_a_connection_is_used_again_and_each_request_under_way_has_its_own() -> None:
    server = Server(OK)
    async with serving(server) as client:
        for _ in range(3):
            await client.ask("GET", "/")
        assert server.connections == 1
        await asyncio.gather(client.ask("GET", "/"), client.ask("GET", "/"))
        assert server.connections == 2


@pytest.mark.parametrize("seconds", [0.0, plain_http.KEEP_ALIVE_SECONDS])
async def test_a_connection_that_ended_or_was_idle_for_long_is_not_used(
    monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr(plain_http, "KEEP_ALIVE_SECONDS", seconds)
    server = Server(OK, then_ends=seconds > 0)
    async with serving(server) as client:
        await client.ask("GET", "/")
        line = client._idle[0][1]
        if seconds:
            await line.reader.read()
        assert (await client.ask("GET", "/")).status == 201
    assert server.connections == 2


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (OK[:20], asyncio.IncompleteReadError),
        (OK[:-1], asyncio.IncompleteReadError),
        (b"HTTP/1.1 200 OK\r\n\r\n", ValueError),
        (b"SSH-2.0\r\n\r\n", ValueError),
    ],
)
async def test_what_is_no_whole_answer_is_an_error_and_its_connection_is_not_kept(
    said: bytes, error: type[Exception]
) -> None:
    async with serving(Server(said, then_ends=True)) as client:
        with pytest.raises(error):
            await client.ask("GET", "/")
        assert not client._idle
