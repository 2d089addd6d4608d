"""The program itself, spoken to by the SDK's own client: over standard input and output, and over HTTP."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from mcp.client.streamable_http import streamable_http_client
from tests.mcp.kit import PROGRAM, SERVICES, SOFA, environment, running, small_catalogue, stdio

from mcp import Client

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

TOKEN = "a-token-of-the-test"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    small_catalogue(tmp_path)
    return tmp_path


@asynccontextmanager
async def over_http(address: str, mode: str, token: str | None = None) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        transport = streamable_http_client(f"{address}/mcp", http_client=http)
        async with Client(transport, mode=mode) as client:
            yield client


async def book(client: Client) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read back and confirm, twice; both answers to the yes."""
    asked = (await client.call_tool("bulky_waste", SOFA)).structured_content
    assert asked["status"] == "confirm"
    assert "수수료" in asked["text"]
    given = SOFA | {"confirmation": asked["confirmation"]["token"]}
    answers = [(await client.call_tool("bulky_waste", given)).structured_content for _ in range(2)]
    return answers[0], answers[1]


async def test_over_standard_input_and_output(folder: Path) -> None:
    async with Client(stdio(folder)) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == set(SERVICES)
        assert tools["bulky_waste"].annotations.destructive_hint is True
        bikes = (await client.call_tool("bike_station", {"place": "합정역"})).structured_content
        assert bikes["status"] == "ok"
        assert bikes["as_of"]
        first, second = await book(client)
        assert first["receipt"]
        assert first["receipt"] == second["receipt"]


async def test_an_ambiguous_stop_is_chosen_by_number(folder: Path) -> None:
    async with Client(stdio(folder), mode="legacy") as client:
        given: dict[str, Any] = {"stop": "합정역"}
        asked = (await client.call_tool("bus_arrival", given)).structured_content
        assert asked["status"] == "question"
        assert len(asked["question"]["options"]) > 1
        given |= {"choice": 2, "conversation": asked["conversation"]}
        answer = (await client.call_tool("bus_arrival", given)).structured_content
        assert answer["status"] in ("ok", "empty")
        assert answer["slots"]["stop"]["name"] == "합정역"


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_over_http_with_a_token(folder: Path, mode: str) -> None:
    with running(folder, "mcp", "--http", DONGHAENG_MCP_TOKEN=TOKEN) as (address, log):
        async with httpx.AsyncClient() as stranger:
            for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}):
                refused = await stranger.post(f"{address}/mcp", headers=headers, json={})
                assert refused.status_code == 401
                assert refused.headers["WWW-Authenticate"] == "Bearer"
        async with over_http(address, mode, TOKEN) as client:
            first, second = await book(client)
        assert first["receipt"]
        assert first["receipt"] == second["receipt"]
        written = log.read_text()
    assert '"bulky_waste"' in written
    assert not any(part in written for part in ("303호", "5678", TOKEN, "소파"))


async def test_a_confirmation_belongs_to_the_session_that_asked(folder: Path) -> None:
    with running(folder, "mcp", "--http") as (address, _):
        async with over_http(address, "legacy") as one, over_http(address, "legacy") as other:
            asked = (await one.call_tool("bulky_waste", SOFA)).structured_content
            given = SOFA | {"confirmation": asked["confirmation"]["token"]}
            refused = await other.call_tool("bulky_waste", given)
            assert refused.is_error
            assert refused.structured_content is None
            assert (await one.call_tool("bulky_waste", given)).structured_content["status"] == "ok"


async def test_the_limits_of_the_web_hold(folder: Path) -> None:
    with running(folder, "mcp", "--http") as (address, _):
        async with httpx.AsyncClient() as client:
            codes = [(await client.post(f"{address}/mcp", json={})).status_code for _ in range(200)]
            assert 429 in codes
            strange = {"Host": "evil.example"}
            host = await client.post(f"{address}/mcp", json={}, headers=strange)
        assert host.status_code in (421, 429)


async def test_the_server_offers_the_same_at_mcp(folder: Path) -> None:
    with running(folder, "serve", DONGHAENG_SYNTHESISER="fake", DONGHAENG_RECOGNISER="fake") as (address, _):
        async with over_http(address, "auto") as client:
            first, second = await book(client)
        assert first["receipt"] == second["receipt"]
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"{address}/readyz")).status_code in (200, 503)
            figures = (await client.get(f"{address}/metrics")).text
        assert 'donghaeng_turns_total{medium="tool",outcome="ok",service="bulky_waste"}' in figures


def test_it_does_not_listen_to_others_without_a_token(folder: Path) -> None:
    done = subprocess.run(
        [PROGRAM, "mcp", "--http", "--host", "0.0.0.0"],
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "DONGHAENG_MCP_TOKEN" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
