"""Live connections: from which pages, how many, and with which tokens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect
from tests.spoken import PHRASES

from donghaeng.conversation.live_desk import LiveDesk
from donghaeng.conversation.live_mouth import LiveOptions
from donghaeng.settings import load_settings
from donghaeng.web import voice
from donghaeng.web.app import create_app
from donghaeng.web.limits import LIMITS
from donghaeng.web.services import WebServices
from donghaeng.web.voice import CLOSE_CODES

START = {"type": "start", "sample_rate": 16000, "channel": "web"}
OWN = "http://voice.example"


@pytest.fixture
def services(web_kit: Any, tmp_path: Path) -> Iterator[WebServices]:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    services = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    speech = web_kit.speech.fake_speech([])
    desk = LiveDesk(
        services.conversations,
        speech,
        LiveOptions(PHRASES),
        admission=services.admission,
        count=lambda _: None,
    )
    yield replace(services, live=desk)
    speech.pool.close()


def told_until_the_end(socket: WebSocketTestSession) -> tuple[list[str], int]:
    """The kinds of messages that come, and the code under which the line is closed."""
    kinds = []
    while (message := socket.receive())["type"] != "websocket.close":
        if message.get("text") is not None:
            kinds.append(json.loads(message["text"])["type"])
    return kinds, message["code"]


@pytest.fixture
def client(services: Any) -> Iterator[TestClient]:
    with TestClient(create_app(services), base_url=OWN) as client:
        yield client


def connect(client: TestClient, origin: str | None, path: str = "/v1/voice") -> Any:
    headers = {} if origin is None else {"origin": origin}
    return client.websocket_connect(f"ws://voice.example{path}", headers=headers)


@pytest.mark.parametrize("origin", [None, OWN, "http://VOICE.example"])
def test_programs_and_our_own_pages_are_served(client: TestClient, origin: str | None) -> None:
    """A program names no origin, and carries no cookie that counts here: its token is in its first frame."""
    with connect(client, origin) as socket:
        socket.send_json(START)
        assert socket.receive_json()["type"] == "ready"


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "https://voice.example.evil.example",
        "http://voice.example:81",
        "http://voice.example@evil.example",
        "null",
        "",
        "http://[",
        "file://",
    ],
)
def test_pages_of_other_sites_are_refused_before_anything_is_said(client: TestClient, origin: str) -> None:
    with pytest.raises(WebSocketDisconnect) as refused, connect(client, origin):
        pass
    assert refused.value.code == 4403


@pytest.mark.parametrize("token", ["x", "b" * 64, "b" * 10_000, "", "' OR 1=1", "../../x", "\x00"])
def test_hostile_tokens_resume_nothing(
    client: TestClient, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voice, "START_SECONDS", 0.3)  # what is no start at all is not waited for long
    with connect(client, None) as socket:
        socket.send_json({**START, "resume": token})
        kinds, code = told_until_the_end(socket)
    assert code in {4404, 1008}
    assert not {"ready", "reply"} & set(kinds)


def test_a_flood_of_messages_ends_the_line(services: Any) -> None:
    strict = replace(services, settings=services.settings.model_copy(update={"rate_limit": "on"}))
    app = create_app(strict, clock=lambda: 0.0)
    with TestClient(app, base_url=OWN) as client, connect(client, OWN) as socket:
        socket.send_json(START)
        for number in range(int(LIMITS["socket_messages"].burst)):
            socket.send_json({"type": "played", "seq": number})
        assert told_until_the_end(socket)[1] == CLOSE_CODES["too_many"]


def test_connections_are_limited_by_address(services: Any) -> None:
    strict = replace(services, settings=services.settings.model_copy(update={"rate_limit": "on"}))
    app = create_app(strict, clock=lambda: 0.0)

    def opened(address: str) -> bool:
        client = TestClient(app, base_url=OWN, client=(address, 1))
        try:
            with connect(client, OWN):
                return True
        except WebSocketDenialResponse as refused:
            return (refused.status_code, refused.headers["retry-after"]) != (429, "1")

    burst = int(LIMITS["sockets"].burst)
    assert [opened("203.0.113.7") for _ in range(burst + 1)] == [True] * burst + [False]
    assert opened("203.0.113.8")
