"""The WebSocket's edge: whatever a client does, one clear answer, and the server lives on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from starlette.testclient import TestClient, WebSocketDenialResponse, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect
from tests.profiles import examples
from tests.spoken import PHRASES

from donghaeng.conversation.live_desk import LiveDesk
from donghaeng.conversation.live_mouth import LiveOptions
from donghaeng.web import limits, voice
from donghaeng.web.app import create_app
from donghaeng.web.services import WebServices

START = {"type": "start", "sample_rate": 16_000, "channel": "web"}
SILENCE = b"\0\0" * 640


@pytest.fixture
def live(services: WebServices, web_kit) -> Iterator[WebServices]:
    speech = web_kit.speech.fake_speech(["문 연 약국 찾아줘요"])
    desk = LiveDesk(
        services.conversations,
        speech,
        LiveOptions(PHRASES),
        admission=services.admission,
        count=services.figures.live,
    )
    yield replace(services, live=desk)
    speech.pool.close()


@pytest.fixture
def client(live: WebServices) -> Iterator[TestClient]:
    with TestClient(create_app(live)) as client:
        yield client


def next_of(socket: WebSocketTestSession, *kinds: str) -> dict[str, Any]:
    """The next JSON message of one of ``kinds``; every one on the way is checked."""
    while True:
        message = socket.receive()
        if message["type"] == "websocket.close":
            raise WebSocketDisconnect(message["code"], message.get("reason"))
        if message.get("text") is None:
            assert len(message["bytes"]) % 2 == 0
            continue
        content = json.loads(message["text"])
        assert isinstance(content["seq"], int)
        if content["type"] in kinds:
            return content


def closed(socket: WebSocketTestSession) -> int:
    """Read to the end; the close code."""
    with pytest.raises(WebSocketDisconnect) as caught:
        next_of(socket, "nothing")
    return caught.value.code


def ready_or_code(socket: WebSocketTestSession) -> str | int:
    try:
        return next_of(socket, "ready")["type"]
    except WebSocketDisconnect as gone:
        return gone.code


def test_a_conversation_opens_speaks_and_takes_typed_words(client: TestClient) -> None:
    with client.websocket_connect("/v1/voice") as socket:
        socket.send_json(START)
        ready = next_of(socket, "ready")
        assert ready["sample_rate"] == 24_000
        assert next_of(socket, "reply")["say"].startswith("안녕하세요")
        next_of(socket, "audio_start")
        assert socket.receive()["bytes"]
        socket.send_json({"type": "text", "text": "문 연 약국"})
        assert next_of(socket, "reply")["service"] == "pharmacy"
    with client.websocket_connect("/v1/voice") as socket:
        socket.send_json({**START, "resume": ready["token"]})
        assert next_of(socket, "ready")["conversation"] == ready["conversation"]
        assert next_of(socket, "reply")["service"] == "pharmacy"


def test_a_goodbye_closes_normally(client: TestClient) -> None:
    with client.websocket_connect("/v1/voice") as socket:
        socket.send_json(START)
        next_of(socket, "ready")
        socket.send_json({"type": "text", "text": "이제 끝"})
        assert next_of(socket, "ended")["reason"] == "ended"
        assert closed(socket) == 1000


def test_an_unknown_token_is_said_and_closed(client: TestClient) -> None:
    with client.websocket_connect("/v1/voice") as socket:
        socket.send_json({**START, "resume": "nobody"})
        assert next_of(socket, "error")["code"] == "unknown_conversation"
        assert closed(socket) == 4404


def test_a_second_start_is_one_error_and_nothing_is_lost(client: TestClient) -> None:
    with client.websocket_connect("/v1/voice") as socket:
        socket.send_json(START)
        next_of(socket, "ready")
        socket.send_json(START)
        assert next_of(socket, "error")["code"] == "already_started"
        socket.send_json({"type": "text", "text": "버스"})
        assert next_of(socket, "reply", "ended")["type"] == "reply"


def test_a_client_that_never_starts_gives_its_place_back(
    client: TestClient, live: WebServices, monkeypatch
) -> None:
    monkeypatch.setattr(voice, "START_SECONDS", 0.05)
    for first in (None, "hello", {"type": "commit"}):
        with client.websocket_connect("/v1/voice") as socket:
            if first is not None:
                socket.send_json(first)
                assert next_of(socket, "error")["code"] == "start_first"
            assert closed(socket) == 1008
    assert live.admission.taken == 0


def test_a_client_that_sleeps_is_let_go_and_can_come_back(client: TestClient, monkeypatch) -> None:
    monkeypatch.setattr(voice, "IDLE_SECONDS", 0.05)
    with client.websocket_connect("/v1/voice") as socket:
        socket.send_json(START)
        token = next_of(socket, "ready")["token"]
        assert closed(socket) == 4408
    with client.websocket_connect("/v1/voice") as socket:
        socket.send_json({**START, "resume": token})
        assert next_of(socket, "ready")["token"] == token


@pytest.mark.parametrize(
    "data", ["x" * (voice.MOST_MESSAGE_BYTES + 1), b"\0" * (voice.MOST_MESSAGE_BYTES + 2)]
)
def test_a_giant_message_closes_the_connection(client: TestClient, data: str | bytes) -> None:
    with client.websocket_connect("/v1/voice") as socket:
        socket.send_json(START)
        next_of(socket, "ready")
        if isinstance(data, str):
            socket.send_text(data)
        else:
            socket.send_bytes(data)
        assert closed(socket) == 1009


def test_callers_beyond_capacity_are_told_aloud_to_come_later(client: TestClient, live: WebServices) -> None:
    with client.websocket_connect("/v1/voice") as one, client.websocket_connect("/v1/voice") as two:
        for socket in (one, two):
            socket.send_json(START)
            next_of(socket, "ready")
        assert "donghaeng_live_sessions 2.0" in client.get("/metrics").text
        with client.websocket_connect("/v1/voice") as three:
            three.send_json(START)
            next_of(three, "audio_start")
            assert three.receive()["bytes"]
            assert next_of(three, "ended")["reason"] == "busy"
            assert closed(three) == 1013
    with client.websocket_connect("/v1/voice") as four:
        four.send_json(START)
        next_of(four, "ready")
    assert live.admission.taken == 0


def test_without_engines_voice_is_refused_plainly(services: WebServices) -> None:
    with TestClient(create_app(services)) as client, client.websocket_connect("/v1/voice") as socket:
        assert next_of(socket, "error")["code"] == "no_speech"
        assert closed(socket) == 1013


def test_a_flood_of_sound_is_thrown_away_and_the_talk_goes_on(client: TestClient) -> None:
    with client.websocket_connect("/v1/voice") as socket:
        socket.send_json(START)
        next_of(socket, "ready")
        for _ in range(2_500):
            socket.send_bytes(SILENCE)
        assert next_of(socket, "error")["code"] == "too_fast"
        socket.send_json({"type": "text", "text": "버스"})
        while next_of(socket, "reply").get("service") != "bus_arrival":
            pass


def test_connections_above_the_rate_limit_are_denied(live: WebServices, settings, monkeypatch) -> None:
    monkeypatch.setattr(limits.TokenBuckets, "take", lambda self, address: 3.2)
    strict = replace(live, settings=settings.model_copy(update={"rate_limit": "on"}))
    with (
        TestClient(create_app(strict)) as client,
        pytest.raises(WebSocketDenialResponse) as denied,
        client.websocket_connect("/v1/voice"),
    ):
        pass
    assert denied.value.status_code == 429
    assert denied.value.headers["retry-after"] == "4"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
kinds = st.sampled_from(["start", "text", "dtmf", "commit", "played", "stop", ""])
fields = st.sampled_from(
    [
        "sample_rate",
        "channel",
        "resume",
        "last_seq",
        "location",
        "home_district",
        "text",
        "digit",
        "seq",
        "practice",
        "person",
    ]
)
messages = st.one_of(
    st.builds(
        lambda kind, rest: {**rest, "type": kind}, kinds, st.dictionaries(fields, anything, max_size=4)
    ),
    st.sampled_from(
        [
            START,
            {"type": "text", "text": "버스"},
            {"type": "dtmf", "digit": "1"},
            {"type": "commit"},
            {"type": "played", "seq": 2},
        ]
    ),
).map(json.dumps)
frames = st.lists(
    st.one_of(messages, messages, st.text(max_size=60), st.binary(max_size=400), st.just(SILENCE)),
    max_size=12,
)


@hypothesis_settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(frames=frames)
def test_no_client_brings_the_server_down(
    client: TestClient, live: WebServices, frames: list[str | bytes]
) -> None:
    with client.websocket_connect("/v1/voice") as socket:
        for frame in frames:
            if isinstance(frame, str):
                socket.send_text(frame)
            else:
                socket.send_bytes(frame)
        socket.send_json(START)
        assert ready_or_code(socket) in {"ready", 1000, 1008, 4404}
    with client.websocket_connect("/v1/voice") as socket:
        socket.send_json(START)
        assert next_of(socket, "ready", "ended")["type"] == "ready"
    assert live.admission.taken == 0
