"""Conversation tokens: unguessable, and good for one conversation alone."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.conversation.scripted import World

from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.errors import UnknownConversation
from donghaeng.settings import load_settings
from donghaeng.trust.tokens import TOKEN_BYTES, make_token
from donghaeng.web.app import create_app
from donghaeng.web.limits import LIMITS

HOME = Opening(home_district="마포구")
CALLS = [
    ("GET", ""),
    ("POST", "/turns"),
    ("GET", "/messages"),
    ("GET", "/city"),
    ("DELETE", ""),
]
HOSTILE = [
    "x",
    "b" * 64,
    "B" * 64,
    "b" * 500,
    "b" * 20_000,
    "' OR '1'='1",
    "../../etc/passwd",
    "null",
    "undefined",
    "%00",
    "{}",
    "eyJhbGciOiJub25lIn0.e30.",
    "c_known",
]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
async def client(world: World, web_kit: Any, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The real runtime and its store behind the real routes."""
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    with world.process() as runtime:
        app = create_app(web_kit.services_over(runtime, settings))
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as opened:
            yield opened


async def begin(client: httpx.AsyncClient) -> dict[str, Any]:
    return (await client.post("/v1/conversations", json={"home_district": "마포구"})).json()


async def ask(client: httpx.AsyncClient, method: str, path: str, token: str) -> httpx.Response:
    body = {"json": {"text": "소파"}} if method == "POST" else {}
    return await client.request(method, path, headers={"Authorization": f"Bearer {token}".encode()}, **body)


def test_tokens_have_256_random_bits_and_no_pattern() -> None:
    assert TOKEN_BYTES * 8 == 256
    tokens = [make_token() for _ in range(2_000)]
    assert len(set(tokens)) == len(tokens)
    assert {len(token) for token in tokens} == {64}
    for place in range(0, 64, 7):
        counts = Counter(token[place] for token in tokens)
        entropy = -sum(n / 2_000 * math.log2(n / 2_000) for n in counts.values())
        assert entropy > 3.95, "of 4 bits a letter"


@pytest.mark.parametrize(("method", "tail"), CALLS)
async def test_a_token_of_another_conversation_opens_nothing(
    client: httpx.AsyncClient, method: str, tail: str
) -> None:
    mine, other = await begin(client), await begin(client)
    path = f"/v1/conversations/{mine['conversation']}{tail}"
    answer = await ask(client, method, path, other["token"])
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:donghaeng:problem:unknown-conversation")
    unknown = await ask(client, method, f"/v1/conversations/c_nothing{tail}", other["token"])
    alike = unknown.text.replace("c_nothing", mine["conversation"])
    assert alike == answer.text, "it does not tell which conversations there are"
    assert (await ask(client, "GET", f"/v1/conversations/{mine['conversation']}", mine["token"])).is_success


@pytest.mark.parametrize("name", ["token", "access_token", "authorization", "Authorization"])
async def test_a_token_in_the_address_opens_nothing(client: httpx.AsyncClient, name: str) -> None:
    mine = await begin(client)
    path = f"/v1/conversations/{mine['conversation']}"
    for value in (mine["token"], f"Bearer {mine['token']}"):
        answer = await client.get(path, params={name: value})
        assert (answer.status_code, answer.json()["type"]) == (401, "urn:donghaeng:problem:no-token")


@pytest.mark.parametrize(("method", "tail"), CALLS)
async def test_hostile_tokens_open_nothing(client: httpx.AsyncClient, method: str, tail: str) -> None:
    mine = await begin(client)
    for token in HOSTILE:
        answer = await ask(client, method, f"/v1/conversations/{mine['conversation']}{tail}", token)
        assert answer.status_code in {401, 404}, token[:50]
        assert answer.headers["content-type"] == "application/problem+json"
        assert token[:200] not in answer.text or len(token) < 8


async def test_an_idempotency_key_of_another_conversation_gives_nothing_of_it(
    client: httpx.AsyncClient,
) -> None:
    mine, other = await begin(client), await begin(client)
    key = "the-very-same-key"

    async def say(whose: dict[str, Any], text: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {whose['token']}", "Idempotency-Key": key}
        path = f"/v1/conversations/{whose['conversation']}/turns"
        return (await client.post(path, json={"text": text}, headers=headers)).json()

    first = await say(mine, "소파")
    assert first["service"] == "bulky_waste"
    theirs = await say(other, "thanks")
    assert theirs["conversation"] == other["conversation"]
    assert (theirs["service"], theirs["slots"]) == (None, {})
    assert await say(mine, "thanks") == first, "within its own conversation it still does"
    assert await say(other, "소파") == theirs


async def test_a_key_of_another_conversation_writes_nothing_twice_or_never(world: World) -> None:
    """The same key with two tokens is two requests, each once."""
    with world.process() as runtime:

        async def book(runtime: ConversationRuntime) -> None:
            opened = await runtime.open(HOME)
            whose = (opened.conversation, opened.token)
            await runtime.turn(*whose, Said(text="소파"), idempotency_key="k1")
            for _ in range(2):
                await runtime.turn(*whose, Said(text="confirm"), idempotency_key="k2")

        await book(runtime)
        await book(runtime)
    assert len(world.city.sent) == 2


async def test_no_token_resumes_another_conversation(world: World) -> None:
    with world.process() as runtime:
        mine, other = await runtime.open(HOME), await runtime.open(HOME)
        assert (await runtime.resume(mine.token)).conversation == mine.conversation
        with pytest.raises(UnknownConversation):
            await runtime.turn(mine.conversation, other.token, Said(text="소파"))
        for token in ("", "b" * 64, mine.token[:-1], mine.token.upper()):
            with pytest.raises(UnknownConversation):
                await runtime.resume(token)


async def test_turns_are_limited_by_conversation_and_by_nobody_elses_doing(
    web_kit: Any, tmp_path: Path
) -> None:
    settings = load_settings(data=tmp_path, allow_test_clock=True)
    services = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    now = [0.0]
    transport = httpx.ASGITransport(create_app(replace(services), clock=lambda: now[0]))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        mine, other = await begin(client), await begin(client)
        path = f"/v1/conversations/{mine['conversation']}/turns"
        burst = int(LIMITS["turns"].burst)
        foreign = [(await ask(client, "POST", path, other["token"])).status_code for _ in range(burst + 1)]
        assert foreign == [404] * burst + [429]
        assert (await ask(client, "POST", path, mine["token"])).status_code == 200
        own = [(await ask(client, "POST", path, mine["token"])) for _ in range(burst)]
        assert own[-1].status_code == 429
        assert own[-1].headers["retry-after"] == "1"
        now[0] += 1.0
        assert (await ask(client, "POST", path, mine["token"])).status_code == 200


async def test_openings_are_limited_by_address(web_kit: Any, tmp_path: Path) -> None:
    services = web_kit.services_over(web_kit.fake.FakeConversations(), load_settings(data=tmp_path))
    app = create_app(services, clock=lambda: 0.0)

    async def opened(address: str, times: int) -> list[int]:
        transport = httpx.ASGITransport(app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return [(await client.post("/v1/conversations", json={})).status_code for _ in range(times)]

    burst = int(LIMITS["openings"].burst)
    assert await opened("203.0.113.7", burst + 1) == [201] * burst + [429]
    assert await opened("203.0.113.8", 1) == [201]
