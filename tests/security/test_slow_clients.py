"""Clients that send slowly, too much, or nonsense, against the real server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from tests.web.serving import served

from donghaeng.settings import load_settings
from donghaeng.web import bodies
from donghaeng.web.app import SERVER_OPTIONS, create_app
from donghaeng.web.patience import HEAD_SECONDS, PatientH11
from donghaeng.web.shell import MOST_HEAD_BYTES

SHORT = 0.4
"""The server's patience here; a client that is heard sends at once."""
LONG = 20.0
"""Ours: a connection that is still open by then is never closed."""


class Impatient(PatientH11):
    head_seconds = SHORT


@pytest.fixture(scope="module")
def address(web_kit: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    settings = load_settings(data=tmp_path_factory.mktemp("slow"), allow_test_clock=True, rate_limit="off")
    services = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with served(create_app(services), http=Impatient, timeout_keep_alive=1) as url:
        parts = urlsplit(url)
        assert parts.hostname is not None
        assert parts.port is not None
        yield parts.hostname, parts.port


@contextmanager
def connection(address: tuple[str, int]) -> Iterator[socket.socket]:
    with socket.create_connection(address, timeout=LONG) as line:
        yield line


def rest(line: socket.socket) -> bytes:
    """What comes until the server closes; fails where it never does."""
    found = bytearray()
    try:
        while chunk := line.recv(65_536):
            found += chunk
    except ConnectionResetError:
        pass
    return bytes(found)


@pytest.mark.parametrize(
    "said", [b"", b"G", b"GET /healthz HTTP/1.1\r\n", b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\r\n"]
)
def test_headers_that_never_end_are_not_waited_for(address: tuple[str, int], said: bytes) -> None:
    with connection(address) as line:
        line.sendall(said)
        assert rest(line) == b""


def test_a_letter_now_and_then_does_not_buy_time(address: tuple[str, int]) -> None:
    with connection(address) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ")
        line.settimeout(SHORT / 8)
        closed = False
        for _ in range(int(LONG / SHORT * 8)):
            try:
                line.sendall(b"a")
                closed = line.recv(1) == b""
            except TimeoutError:
                continue
            except OSError:
                closed = True
            if closed:
                break
        assert closed


def test_the_second_request_of_a_connection_is_not_waited_for_either(address: tuple[str, int]) -> None:
    with connection(address) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert line.recv(65_536).startswith(b"HTTP/1.1 200")
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost")
        assert b"HTTP/1.1" not in rest(line)


def test_a_slow_answer_is_waited_for(address: tuple[str, int]) -> None:
    """Patience is for headers alone: a call that takes longer than that is answered."""
    opening = b'{"channel":"web"}'
    with connection(address) as line:
        line.sendall(
            b"POST /v1/conversations HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n" % len(opening)
        )
        line.settimeout(SHORT * 2)
        with pytest.raises(TimeoutError):
            line.recv(1)
        line.settimeout(LONG)
        line.sendall(opening)
        assert line.recv(65_536).startswith(b"HTTP/1.1 201")


def test_a_body_that_never_ends_is_answered_with_a_problem(
    address: tuple[str, int], monkeypatch: Any
) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", SHORT)
    with connection(address) as line:
        line.sendall(
            b"POST /v1/conversations HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            b"Content-Length: 1000\r\nConnection: close\r\n\r\n{"
        )
        answer = rest(line)
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"urn:donghaeng:problem:too-slow" in answer


@pytest.mark.parametrize(
    "head",
    [
        b"X-Long: " + b"a" * (MOST_HEAD_BYTES + 1000) + b"\r\n",
        b"".join(b"X-%d: a\r\n" % number for number in range(MOST_HEAD_BYTES // 8)),
        b"Authorization: Bearer " + b"b" * (2 * MOST_HEAD_BYTES) + b"\r\n",
        b"Cookie: " + b"a=b;" * MOST_HEAD_BYTES + b"\r\n",
    ],
    ids=["one", "many", "token", "cookies"],
)
def test_oversized_headers_are_refused_unread(address: tuple[str, int], head: bytes) -> None:
    with connection(address) as line:
        with suppress(OSError):  # it may have closed already
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + head + b"\r\n")
        answer = rest(line)
    assert answer == b"" or answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 431"))
    with connection(address) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert rest(line).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\nContent-Length : 3\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /healthz\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /health z HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\r\n\r\n\r\n",
    ],
)
def test_requests_whose_end_is_in_doubt_are_refused(address: tuple[str, int], request_bytes: bytes) -> None:
    """Two lengths, or none that everybody reads alike, are how a request is smuggled past a proxy."""
    with connection(address) as line:
        line.sendall(request_bytes)
        answer = rest(line)
    assert not answer.startswith(b"HTTP/1.1 200")


def test_with_two_kinds_of_length_the_chunks_count(address: tuple[str, int]) -> None:
    smuggled = b"0\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    with connection(address) as line:
        line.sendall(
            b"POST /v1/conversations HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Length: %d\r\n\r\n" % len(smuggled) + smuggled
        )
        answer = rest(line)
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 415"))


async def test_forwarded_headers_count_from_the_proxy_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else anybody would be whom they say, and every address would have as many tries as it likes."""
    monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
    seen: list[tuple[str, str]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        del receive, send
        seen.append((scope["client"][0], scope["scheme"]))

    config = uvicorn.Config(app, log_config=None, **SERVER_OPTIONS)
    config.load()
    headers = [(b"x-forwarded-for", b"198.51.100.1"), (b"x-forwarded-proto", b"https")]
    for address in ("127.0.0.1", "203.0.113.9", "10.0.0.1"):
        scope = {"type": "http", "client": (address, 1), "scheme": "http", "headers": headers}
        await config.loaded_app(scope, None, None)
    assert seen == [("198.51.100.1", "https"), ("203.0.113.9", "http"), ("10.0.0.1", "http")]


def test_the_served_limits_are_these() -> None:
    assert SERVER_OPTIONS["http"] is PatientH11
    assert PatientH11.head_seconds == HEAD_SECONDS == 15.0
    assert SERVER_OPTIONS["h11_max_incomplete_event_size"] == MOST_HEAD_BYTES == 32_768
