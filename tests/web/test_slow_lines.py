"""Live lines that never read, or vanish without a word: each loses its place and its memory, and nobody else
notices."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest
from tests.spoken import PHRASES

from donghaeng.conversation import live_outbox
from donghaeng.conversation.live_desk import LiveDesk
from donghaeng.conversation.live_mouth import LiveOptions
from donghaeng.web.app import create_app
from donghaeng.web.services import WebServices

PATIENCE_S = 60.0
LOOKS = 1200


@pytest.fixture
def site(services: WebServices, web_kit) -> Iterator[tuple[str, WebServices]]:
    speech = web_kit.speech.fake_speech()
    desk = LiveDesk(
        services.conversations,
        speech,
        LiveOptions(PHRASES),
        admission=services.admission,
        count=services.figures.live,
    )
    whole = replace(services, live=desk)
    with web_kit.serving.served(create_app(whole)) as address:
        yield address, whole
    speech.pool.close()


@contextmanager
def connected(address: str) -> Iterator[socket.socket]:
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE_S) as line:
        yield line


def until(holds: Callable[[], bool]) -> None:
    """Look again and again."""
    for _ in range(LOOKS):
        if holds():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it never came true")


def frame(text: str) -> bytes:
    """A WebSocket message of a client (RFC 6455, 5.2); its mask is all zeros."""
    data = text.encode()
    size = struct.pack("!B", 0x80 | len(data)) if len(data) < 126 else struct.pack("!BH", 0xFE, len(data))
    return b"\x81" + size + b"\0\0\0\0" + data


@contextmanager
def live_line(address: str) -> Iterator[socket.socket]:
    """A live line that has said `start`; nothing of it is read but the handshake."""
    with connected(address) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.sendall(
            b"GET /v1/voice HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        assert line.recv(12) == b"HTTP/1.1 101"
        line.sendall(frame(json.dumps({"type": "start", "sample_rate": 16_000, "channel": "web"})))
        yield line


def test_a_line_that_never_reads_is_let_go_and_its_memory_is_bounded(
    site: tuple[str, WebServices], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, services = site
    most = 300_000
    outlets: list[live_outbox.Outlet] = []
    real = live_outbox.Outlet.put

    def watched(self: live_outbox.Outlet, data: str | bytes) -> None:
        outlets.append(self)
        real(self, data)
        assert self._queue.qsize() == 0 or self._waiting <= most + len(data)

    monkeypatch.setattr(live_outbox.Outlet.__init__, "__defaults__", (most,))
    monkeypatch.setattr(live_outbox.Outlet, "put", watched)
    with live_line(address) as line:
        until(lambda: services.admission.taken == 1)
        number = 0

        def talks_on() -> bool:
            nonlocal number
            number += 1
            with suppress(OSError):
                line.sendall(frame(json.dumps({"type": "text", "text": f"문 연 약국 {number}"})))
            return services.admission.taken == 0

        until(talks_on)
    assert outlets
    assert outlets[-1].closed
    with live_line(address):
        until(lambda: services.admission.taken == 1)


def test_a_line_that_is_cut_gives_its_place_back(site: tuple[str, WebServices]) -> None:
    address, services = site
    with live_line(address) as line:
        until(lambda: services.admission.taken == 1)
        # A reset instead of a goodbye, as when a router forgets the connection.
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    until(lambda: services.admission.taken == 0)
