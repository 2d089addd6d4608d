from __future__ import annotations

import asyncio
import io
import json
import wave
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI

from donghaeng.conversation.admission import Admission
from donghaeng.conversation.reply import Reply
from donghaeng.errors import ProviderTimeout, StoreError
from donghaeng.web import conversations as conversation_routes
from donghaeng.web.app import create_app
from donghaeng.web.bodies import AUDIO_LIMIT_BYTES, JSON_LIMIT_BYTES, TEXT_LIMIT
from donghaeng.web.problems import MEDIA_TYPE, Problem
from donghaeng.web.services import WebServices

SECRET = "900101-1234567"


def wav(seconds: float = 0.5) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(b"\0\0" * int(16_000 * seconds))
    return file.getvalue()


def problem_of(response: httpx.Response, status: int, kind: str) -> Problem:
    """The problem document, checked against what every one must hold."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == MEDIA_TYPE
    problem = Problem.model_validate(response.json())
    assert problem.status == status
    assert problem.type == f"urn:donghaeng:problem:{kind}"
    assert any("가" <= letter <= "힣" for letter in problem.title)
    assert "Traceback" not in response.text
    return problem


class Talk:
    """A conversation over HTTP."""

    def __init__(self, client: httpx.AsyncClient, first: Reply) -> None:
        self.client = client
        self.first = first
        self.path = f"/v1/conversations/{first.conversation}"
        self.headers = {"Authorization": f"Bearer {first.token}"}

    async def say(self, body: object, **headers: str) -> httpx.Response:
        return await self.client.post(f"{self.path}/turns", json=body, headers={**self.headers, **headers})

    async def play(self, sound: bytes, media: str = "audio/wav", **headers: str) -> httpx.Response:
        every = {**self.headers, "Content-Type": media, **headers}
        return await self.client.post(f"{self.path}/turns", content=sound, headers=every)


@pytest.fixture
async def talk(client: httpx.AsyncClient) -> Talk:
    response = await client.post("/v1/conversations", json={"channel": "web"})
    assert response.status_code == 201
    return Talk(client, Reply.model_validate(response.json()))


async def test_a_conversation_opens_with_all_that_the_channel_knows(
    client: httpx.AsyncClient, conversations
) -> None:
    body = {
        "channel": "kiosk",
        "location": {"lat": 37.55, "lon": 126.91},
        "home_district": "마포구",
        "now": "2026-11-23T10:00:00+09:00",
        "practice": True,
        "person": "0123456789abcdef0123456789abcdef",
        "city": {"seed": 3, "faults": [{"service": "weather", "kind": "timeout"}], "full": []},
    }
    response = await client.post("/v1/conversations", json=body)
    reply = Reply.model_validate(response.json())
    opening = conversations.talks[reply.conversation].opening
    assert response.status_code == 201
    assert (opening.channel, opening.home_district, opening.practice) == ("kiosk", "마포구", True)
    assert opening.person == body["person"]
    assert (opening.location.lat, opening.location.lon) == (37.55, 126.91)
    assert opening.now.isoformat() == "2026-11-23T10:00:00+09:00"
    assert opening.city.faults == ({"service": "weather", "kind": "timeout"},)


async def test_typed_words_keys_and_recordings_are_turns(talk: Talk) -> None:
    typed = await talk.say({"text": "육사일일 번 버스 언제 와요"})
    key = await talk.say({"dtmf": "0"})
    spoken = await talk.play(wav())
    assert typed.json()["service"] == "bus_arrival"
    assert key.json()["handover"]["state"] == "queued"
    assert spoken.json()["heard"] == "육사일일 번 버스 언제 와요"
    assert [reply.json()["turn"] for reply in (typed, key, spoken)] == [1, 2, 3]


async def test_blank_words_count_as_silence(talk: Talk) -> None:
    reply = await talk.say({"text": " \n "})
    assert reply.json()["say"].startswith("듣고 있어요")


async def test_the_same_idempotency_key_gives_the_same_reply(talk: Talk, conversations) -> None:
    headers = {"Idempotency-Key": "k-1"}
    first = await talk.say({"text": "버스"}, **headers)
    again = await talk.say({"text": "버스"}, **headers)
    other = await talk.say({"text": "버스"}, **{"Idempotency-Key": "k-2"})
    assert first.json() == again.json()
    assert other.json()["turn"] == first.json()["turn"] + 1
    assert len(conversations.talks[talk.first.conversation].turns) == 3


@pytest.mark.parametrize("key", ["", "a b", "x" * 201])
async def test_an_impossible_idempotency_key_is_refused(talk: Talk, key: str) -> None:
    problem = problem_of(await talk.say({"text": "버스"}, **{"Idempotency-Key": key}), 422, "invalid-input")
    assert "idempotency-key" in problem.errors[0].pointer.lower()


async def test_the_transcript_needs_the_conversations_own_token(
    talk: Talk, client: httpx.AsyncClient
) -> None:
    await talk.say({"text": "버스"})
    own = await client.get(talk.path, headers=talk.headers)
    assert [turn["heard"] for turn in own.json()["turns"]] == [None, "버스"]
    missing = await client.get(talk.path)
    problem_of(missing, 401, "no-token")
    assert missing.headers["www-authenticate"] == "Bearer"
    stranger = await client.get(talk.path, headers={"Authorization": "Bearer not-the-token"})
    nobody = await client.get("/v1/conversations/c_none", headers=talk.headers)
    problem_of(stranger, 404, "unknown-conversation")
    assert stranger.json() == nobody.json()


async def test_a_closed_conversation_takes_no_turn(talk: Talk, client: httpx.AsyncClient) -> None:
    goodbye = await client.delete(talk.path, headers=talk.headers)
    assert goodbye.status_code == 200
    assert goodbye.json()["ended"] is True
    problem_of(await talk.say({"text": "버스"}), 409, "conversation-ended")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/text"),
        ({"text": 3}, "#/text"),
        ({"text": "가", "dtmf": "1"}, "#/text"),
        ({"dtmf": "x"}, "#/dtmf"),
        ({"text": "가", "more": 1}, "#/more"),
        ([], "#"),
        ("가", "#"),
    ],
)
async def test_a_turn_that_is_none_says_where_it_is_wrong(talk: Talk, body: object, pointer: str) -> None:
    problem = problem_of(await talk.say(body), 422, "invalid-input")
    assert [each.pointer for each in problem.errors] == [pointer]


@pytest.mark.parametrize(
    "body",
    [
        {"channel": "pigeon"},
        {"location": {"lat": 91, "lon": 0}},
        {"home_district": "파주시"},
        {"now": "2026-11-23T10:00:00"},
        {"practice": "yes"},
        {"city": {"seed": -1}},
        {"person": "too-short"},
        {"person": "x" * 129},
        {"person": "열쇠" * 20},
        {"person": "with blanks and more than 22"},
    ],
)
async def test_an_impossible_opening_is_refused(client: httpx.AsyncClient, body: object) -> None:
    problem_of(await client.post("/v1/conversations", json=body), 422, "invalid-input")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b'{"text": "\\ud800"}', b"[" * 50_000],
)
async def test_a_body_that_is_no_json_is_refused(talk: Talk, content: bytes) -> None:
    response = await talk.play(content, media="application/json")
    problem_of(response, 400, "malformed-json")


async def test_errors_never_repeat_what_was_sent(talk: Talk, client: httpx.AsyncClient) -> None:
    wrong = await talk.say({"text": [SECRET], SECRET: 1})
    district = await client.post("/v1/conversations", json={"home_district": SECRET})
    assert SECRET not in district.text
    assert json.dumps(wrong.json()["errors"]).count(SECRET) <= 1  # as the name of a member, never as a value


async def test_long_text_is_taken_at_the_door_and_refused_within(talk: Talk) -> None:
    within = problem_of(await talk.say({"text": "가" * TEXT_LIMIT}), 422, "invalid-input")
    assert "characters" in within.detail
    assert within.errors == []
    beyond = problem_of(await talk.say({"text": "가" * (TEXT_LIMIT + 1)}), 422, "invalid-input")
    assert beyond.errors[0].pointer == "#/text"
    longest = json.dumps({"text": "\N{GRINNING FACE}" * (TEXT_LIMIT + 1)}).encode()
    escaped = problem_of(await talk.play(longest, media="application/json"), 422, "invalid-input")
    assert escaped.errors[0].pointer == "#/text"


async def test_bodies_above_the_limit_are_not_read(talk: Talk) -> None:
    problem_of(await talk.play(b"x" * (JSON_LIMIT_BYTES + 1), media="application/json"), 413, "too-large")
    read = 0

    async def endless():
        nonlocal read
        while True:
            read += 1
            yield b"\0" * 1_000_000

    response = await talk.client.post(
        f"{talk.path}/turns", content=endless(), headers={**talk.headers, "Content-Type": "audio/wav"}
    )
    problem_of(response, 413, "too-large")
    assert read <= AUDIO_LIMIT_BYTES // 1_000_000 + 2


@pytest.mark.parametrize("sound", [b"", b"RIFF", b"\0" * 1000, wav(0), wav(61)])
async def test_sound_that_cannot_be_heard_is_one_clear_problem(talk: Talk, sound: bytes) -> None:
    problem_of(await talk.play(sound), 422, "bad-audio")
    assert (await talk.say({"text": "버스"})).status_code == 200


@pytest.mark.parametrize("media", ["", "text/plain", "audio/mpeg", "application/xml"])
async def test_another_media_type_is_refused(talk: Talk, media: str) -> None:
    problem_of(await talk.play(b"{}", media=media), 415, "unsupported-media-type")


async def test_addresses_and_methods_that_do_not_exist(client: httpx.AsyncClient) -> None:
    problem_of(await client.get("/v1/nothing"), 404, "not-found")
    problem_of(await client.get("/page/nothing.js"), 404, "not-found")
    problem_of(await client.get("/page/%2e%2e/app.py"), 404, "not-found")
    wrong = await client.put("/v1/conversations/c_1")
    problem_of(wrong, 405, "method-not-allowed")
    assert wrong.headers["allow"] == "DELETE, GET"
    assert (await client.post("/openapi.json")).headers["allow"] == "GET, HEAD"
    problem_of(await client.post("/page/index.html"), 405, "method-not-allowed")


async def test_the_test_clock_is_forbidden_where_it_is_not_set(services: WebServices, settings) -> None:
    sober = replace(services, settings=settings.model_copy(update={"allow_test_clock": False}))
    transport = httpx.ASGITransport(create_app(sober))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        clock = await client.post("/v1/conversations", json={"now": "2026-11-23T10:00:00+09:00"})
        problem_of(clock, 403, "test-clock-forbidden")
        opened = await Talk(
            client, Reply.model_validate((await client.post("/v1/conversations", json={})).json())
        ).client.get("/v1/conversations/c_1/city", headers={"Authorization": "Bearer x"})
        problem_of(opened, 404, "not-found")


async def test_what_the_city_accepted_is_shown_under_the_test_clock(talk: Talk, client) -> None:
    response = await client.get(f"{talk.path}/city", headers=talk.headers)
    assert response.json() == {"writes": []}


async def test_a_recording_waits_for_its_place(services: WebServices) -> None:
    places = Admission(2)
    transport = httpx.ASGITransport(create_app(replace(services, admission=places)))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        opened = await client.post("/v1/conversations", json={"channel": "web"})
        talk = Talk(client, Reply.model_validate(opened.json()))
        async with places.place(), places.place():
            waiting = asyncio.create_task(talk.play(wav()))
            async with asyncio.timeout(30):
                while not places.waiting:  # noqa: ASYNC110  the waiting is what is looked for
                    await asyncio.sleep(0)
            assert not waiting.done()
            assert places.taken == 2
        assert (await waiting).status_code == 200
        assert places.taken == 0


async def test_a_recording_is_refused_when_no_place_comes_free(
    talk: Talk, services: WebServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation_routes, "PLACE_WAIT_SECONDS", 0.01)
    async with services.admission.place(), services.admission.place():
        refused = await talk.play(wav())
        problem_of(refused, 503, "no-place")
        assert int(refused.headers["retry-after"]) > 0
        problem_of(
            await talk.client.post(
                "/v1/conversations/c_none/turns",
                content=wav(),
                headers={**talk.headers, "Content-Type": "audio/wav"},
            ),
            404,
            "unknown-conversation",
        )


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (RuntimeError(f"secret {SECRET}"), 500, "unexpected"),
        (StoreError(f"sqlite:///home/{SECRET} is locked"), 503, "store-failed"),
        (ProviderTimeout("topis", f"no answer on {SECRET}"), 502, "city-failed"),
    ],
)
async def test_faults_of_the_server_keep_their_inside(
    talk: Talk, conversations, monkeypatch, capsys, error: Exception, status: int, kind: str
) -> None:
    async def fail(*args: object, **kwargs: object) -> Reply:
        raise error

    monkeypatch.setattr(conversations, "turn", fail)
    response = await talk.say({"text": SECRET})
    problem_of(response, status, kind)
    assert SECRET not in response.text
    assert response.headers["content-security-policy"]
    captured = capsys.readouterr()
    assert SECRET not in captured.out + captured.err
    assert type(error).__name__ in captured.out + captured.err


async def test_the_log_names_routes_and_never_what_was_asked_for(talk: Talk, client, capsys) -> None:
    await client.get(f"{talk.path}?q=김복순", headers=talk.headers)
    captured = capsys.readouterr()
    lines = captured.out + captured.err
    assert "/v1/conversations/{conversation}" in lines
    assert talk.first.conversation not in lines
    assert talk.first.token not in lines
    assert "김복순" not in lines


@pytest.mark.parametrize("path", ["/", "/page/nothing", "/healthz", "/v1/services", "/listen"])
async def test_every_answer_carries_the_security_headers(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "microphone=(self)" in headers["permissions-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == ("no-cache" if path in {"/", "/listen"} else "no-store")


async def test_the_catalogue_is_listed(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/v1/services")).json()["services"]
    assert [entry["id"] for entry in listed] == ["bus_arrival", "pharmacy"]
    assert listed[0]["domain"] == "transport"


async def test_health_and_readiness(client: httpx.AsyncClient, services: WebServices) -> None:
    assert (await client.get("/healthz")).json()["status"] == "ok"
    ready = (await client.get("/readyz")).json()
    places = {"places": 2, "taken": 0, "waiting": 0}
    parts = ["database", "recogniser"]
    assert ready == {"ready": True, "parts": parts, "live": places, "machine": "on"}

    def broken() -> bool:
        raise OSError("no such file")

    lame = replace(
        services, checks={"database": broken, "embedder": lambda: False, "recogniser": lambda: True}
    )
    transport = httpx.ASGITransport(create_app(lame))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as other:
        problem = problem_of(await other.get("/readyz"), 503, "not-ready")
        assert [each.pointer for each in problem.errors] == ["part:database", "part:embedder"]
        assert (await other.get("/healthz")).status_code == 200


async def test_figures_count_turns_and_calls_without_people(talk: Talk, client: httpx.AsyncClient) -> None:
    await talk.say({"text": "육사일일 번 버스"})
    await talk.say({"text": "상담사"})
    await talk.say({"text": 3})
    text = (await client.get("/metrics")).text
    assert 'donghaeng_turns_total{medium="text",outcome="ok",service="bus_arrival"} 1.0' in text
    assert 'donghaeng_calls_total{effect="read",outcome="ok",service="bus_arrival"} 1.0' in text
    assert "donghaeng_handovers_total 1.0" in text
    assert 'donghaeng_problems_total{kind="invalid-input"} 1.0' in text
    assert 'donghaeng_turn_seconds_count{medium="text"} 2.0' in text
    assert talk.first.conversation not in text


async def test_without_a_recogniser_recordings_are_refused_plainly(services: WebServices) -> None:
    deaf = replace(services, spoken_turn=None)
    transport = httpx.ASGITransport(create_app(deaf))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        talk = Talk(client, Reply.model_validate((await client.post("/v1/conversations", json={})).json()))
        problem_of(await talk.play(wav()), 501, "speech-unavailable")


async def test_documents_on_every_route_are_problem_documents(app: FastAPI) -> None:
    document = app.openapi()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert list(response["content"]) == [MEDIA_TYPE], (path, method, status)


async def test_while_memory_is_short_no_new_conversation_begins_and_the_others_go_on(
    services: WebServices,
) -> None:
    room = True
    short = replace(services, admission=Admission(2, has_room=lambda: room))
    transport = httpx.ASGITransport(create_app(short))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        opened = await client.post("/v1/conversations", json={"channel": "web"})
        talk = Talk(client, Reply.model_validate(opened.json()))
        room = False
        refused = await client.post("/v1/conversations", json={"channel": "web"})
        problem_of(refused, 503, "no-place")
        assert refused.headers["Retry-After"]
        assert (await talk.say({"text": "버스 언제 와요"})).status_code == 200
        assert (await talk.play(wav())).status_code == 200
        room = True
        assert (await client.post("/v1/conversations", json={"channel": "web"})).status_code == 201
