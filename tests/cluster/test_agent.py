"""What an agent is told, and how its application starts and stops with its server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from donghaeng.cluster.agent import AgentApp, Message, Receive, Send, agent_settings
from donghaeng.cluster.shape import AgentOptions
from donghaeng.errors import EngineBusy, SettingsError
from donghaeng.settings import load_settings
from donghaeng.web.problems import of_error

OPTIONS = AgentOptions(places=7, waiting=3)
CITY = "http://127.0.0.1:8400"


def test_an_agent_has_its_engines_elsewhere_and_its_own_places() -> None:
    given = load_settings(sandbox_url=CITY, recogniser="whisper")
    mine = agent_settings(given, OPTIONS)
    assert (mine.recogniser, mine.synthesiser, mine.embedder) == ("cluster", "cluster", "cluster")
    assert (mine.max_live, mine.max_waiting) == (7, 3)
    assert mine.database_url == given.database_url


def test_too_much_to_do_is_an_answer_that_says_when_to_come_again() -> None:
    told = of_error(EngineBusy("recogniser: too much to do"))
    assert (told.kind.status, told.kind.title.split(". ")[-1]) == (503, "잠시 후 다시 말씀해 주세요.")
    assert int(told.headers["Retry-After"]) > 0


def test_a_sandbox_city_in_each_agent_is_refused() -> None:
    with pytest.raises(SettingsError, match="DONGHAENG_SANDBOX_URL"):
        agent_settings(load_settings(sandbox_url=None, city="sandbox"), OPTIONS)


def test_several_machines_need_the_same_keys() -> None:
    far = {"sandbox_url": CITY, "database": "postgresql://db/donghaeng"}
    with pytest.raises(SettingsError, match="DONGHAENG_KEY"):
        agent_settings(load_settings(**far), OPTIONS)
    with pytest.raises(SettingsError, match="DONGHAENG_VAULT_KEYS"):
        agent_settings(load_settings(**far, key="k" * 43 + "="), OPTIONS)
    both = load_settings(**far, key="k" * 43 + "=", vault_keys="1:" + "v" * 43 + "=")
    assert agent_settings(both, OPTIONS).max_live == 7


async def test_the_application_is_open_while_its_server_runs() -> None:
    seen: list[str] = []

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        seen.append(scope["path"])

    @asynccontextmanager
    async def opened() -> AsyncIterator[Any]:
        seen.append("open")
        yield app
        seen.append("closed")

    agent = AgentApp(opened)
    inbox: asyncio.Queue[Message] = asyncio.Queue()
    sent: asyncio.Queue[Message] = asyncio.Queue()
    life = asyncio.create_task(agent({"type": "lifespan"}, inbox.get, sent.put))
    await inbox.put({"type": "lifespan.startup"})
    assert (await sent.get())["type"] == "lifespan.startup.complete"
    await agent({"type": "http", "path": "/healthz"}, inbox.get, sent.put)
    await inbox.put({"type": "lifespan.shutdown"})
    assert (await sent.get())["type"] == "lifespan.shutdown.complete"
    await life
    assert seen == ["open", "/healthz", "closed"]
