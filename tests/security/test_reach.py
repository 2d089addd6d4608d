"""Addresses that others write lead to no machine inside: documents, imported operations, messengers."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import httpx2
import pytest

from donghaeng.channels.kakao.callback import is_callback
from donghaeng.city.providers.imported import carry, connect
from donghaeng.city.providers.reach import NotReached, PinnedToolTransport, PinnedTransport, Reach
from donghaeng.errors import InputError
from donghaeng.knowledge.fetching import Fetcher
from donghaeng.trust.addresses import is_public

PUBLIC = "93.184.215.14"
WAYS_IN = [
    "http://127.0.0.1/",
    "http://localhost/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://0/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[0:0:0:0:0:ffff:a9fe:a9fe]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.7:5432/",
    "http://192.168.0.1/",
    "http://100.64.0.1/",
    "http://0.0.0.0/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
]
"""Names of machines inside that need no name server: numbers in every base, and IPv4 within IPv6."""
NO_WEB = [
    "file:///etc/passwd",
    "ftp://93.184.215.14/",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "data:text/plain,x",
    "dict://127.0.0.1:11211/",
    "http://user:word@93.184.215.14/",
    "http:///etc/passwd",
    "//93.184.215.14/",
    "http://",
]


@pytest.fixture(scope="module")
def inside() -> Iterator[tuple[str, list[str]]]:
    """A machine inside that must not be asked, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("content-length", "6")
            self.end_headers()
            self.wfile.write(b"secret")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("address", WAYS_IN)
def test_a_document_is_fetched_from_no_machine_inside(address: str) -> None:
    with (
        Fetcher(seconds=1.0) as fetcher,
        pytest.raises(InputError, match="public internet|no such host|no address"),
    ):
        fetcher.fetch(address)


@pytest.mark.parametrize("address", NO_WEB)
def test_a_document_is_fetched_by_no_other_protocol(address: str) -> None:
    with Fetcher(seconds=1.0) as fetcher, pytest.raises(InputError):
        fetcher.fetch(address)


def test_a_redirect_leads_to_no_machine_inside(inside: tuple[str, list[str]]) -> None:
    address, asked = inside
    leads = httpx.MockTransport(lambda _: httpx.Response(302, headers={"location": f"http://{address}/"}))
    resolved = {"seoul.example": [PUBLIC]}
    with (
        Fetcher(resolve=lambda host, _: resolved.get(host, [host]), transport=leads) as fetcher,
        pytest.raises(InputError, match="public internet"),
    ):
        fetcher.fetch("http://seoul.example/")
    assert asked == []


@pytest.mark.parametrize("found", [["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["::ffff:10.0.0.1"], []])
def test_a_name_that_is_looked_up_as_a_machine_inside_is_refused(found: list[str]) -> None:
    with (
        Fetcher(
            resolve=lambda *_: found, transport=httpx.MockTransport(lambda _: httpx.Response(200))
        ) as one,
        pytest.raises(InputError, match="public internet"),
    ):
        one.fetch("https://seoul.example/")


# Imported operations


@pytest.mark.parametrize("address", WAYS_IN)
async def test_an_imported_operation_reaches_no_machine_inside(address: str) -> None:
    carried = carry()
    with pytest.raises((httpx.ConnectError, httpx.InvalidURL), match="public internet|no address|Invalid"):
        await carried.client.get(address)
    await carried.client.aclose()


@pytest.mark.parametrize("address", WAYS_IN[:8])
async def test_a_tool_server_is_sought_on_no_machine_inside(address: str) -> None:
    async with httpx2.AsyncClient(transport=PinnedToolTransport(Reach())) as client:
        with pytest.raises(
            (httpx2.ConnectError, httpx2.InvalidURL), match="public internet|no address|Invalid"
        ):
            await client.get(address)


async def test_a_host_on_the_list_is_reached(inside: tuple[str, list[str]]) -> None:
    address, asked = inside
    carried = carry(["127.0.0.1"])
    assert (await carried.client.get(f"http://{address}/listed")).text == "secret"
    await carried.client.aclose()
    async with httpx2.AsyncClient(transport=PinnedToolTransport(Reach(["127.0.0.1"]))) as client:
        assert (await client.get(f"http://{address}/tools")).text == "secret"
    assert asked[-2:] == ["/listed", "/tools"]


async def test_the_connection_goes_to_the_address_that_was_looked_at() -> None:
    """A name server that answers otherwise the second time (DNS rebinding) is asked but once."""
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200)

    reach = Reach(resolve=lambda *_: next(answers))
    async with httpx.AsyncClient(transport=PinnedTransport(reach, httpx.MockTransport(answer))) as client:
        await client.get("https://gateway.example/rooms")
        (request,) = sent
        assert request.url.host == PUBLIC
        assert request.headers["host"] == "gateway.example"
        assert request.extensions["sni_hostname"] == "gateway.example"
        with pytest.raises(httpx.ConnectError):
            await client.get("https://gateway.example/rooms")
    assert len(sent) == 1


async def test_redirects_of_an_imported_operation_are_not_followed() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"location": "http://169.254.169.254/"})

    carried = carry()
    transport = PinnedTransport(Reach(resolve=lambda *_: [PUBLIC]), httpx.MockTransport(answer))
    async with httpx.AsyncClient(
        transport=transport, follow_redirects=carried.client.follow_redirects
    ) as client:
        assert (await client.get("https://gateway.example/")).status_code == 302
    await carried.client.aclose()
    assert asked == [PUBLIC]


async def test_no_program_is_started_unless_the_list_says_so(tmp_path: object) -> None:
    async with AsyncExitStack() as stack:
        with pytest.raises(NotReached, match="SERVICE_HOSTS"):
            await connect(f"stdio: touch {tmp_path}/harmed", {}, stack, Reach(["gateway.internal"]))
    assert Reach(["stdio"]).may_start_programs()


def test_a_slow_name_server_holds_up_nobody_else() -> None:
    def slow(host: str, port: int) -> Sequence[str]:
        del host, port
        started.set()
        assert release.wait(20)
        return [PUBLIC]

    started, release = threading.Event(), threading.Event()

    async def both() -> None:
        looking = asyncio.create_task(Reach(resolve=slow).address_of("gateway.example", 443))
        await asyncio.to_thread(started.wait, 20)
        release.set()  # reached although the look-up is not done: the loop is free
        assert await looking == PUBLIC

    asyncio.run(both())


# Others


@pytest.mark.parametrize(
    "address",
    [
        "http://bot-api.kakao.com/x",
        "https://kakao.com.evil.example/",
        "https://evil.example/kakao.com",
        "https://kakao.com:8443/",
        "https://a@kakao.com/",
        "https://127.0.0.1/",
        "https://evilkakao.com/",
        "https://kakao.com\\@evil.example/",
        "",
        None,
    ],
)
def test_a_messengers_callback_goes_to_the_messenger_alone(address: str | None) -> None:
    assert not is_callback(address)


def test_public_is_judged_by_the_number_alone() -> None:
    assert is_public(PUBLIC)
    for name in ("localhost", "2130706433", "0x7f000001", "127.1", "seoul.go.kr"):
        assert not is_public(name), "a name is looked up first"
    assert socket.inet_aton("127.1") == socket.inet_aton("2130706433")
