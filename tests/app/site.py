"""A server over a scripted city, as a client sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
from tests.conversation.scripted import World

from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.settings import load_settings
from donghaeng.store import Store, requests
from donghaeng.web.app import create_app
from donghaeng.web.services import WebServices


class Site:
    """A server over a scripted city, as a client sees it."""

    def __init__(self, world: World, store: Store, runtime: ConversationRuntime, client: httpx.AsyncClient):
        self.world, self.store, self.runtime, self.client = world, store, runtime, client
        self.conversation = ""
        self.token = ""

    async def open(self) -> None:
        answer = await self.client.post("/v1/conversations", json={"channel": "chat"})
        assert answer.status_code == 201, answer.text
        self.conversation, self.token = answer.json()["conversation"], answer.json()["token"]

    async def say(self, text: str, key: str) -> httpx.Response:
        return await self.client.post(
            f"/v1/conversations/{self.conversation}/turns",
            json={"text": text},
            headers={"Authorization": f"Bearer {self.token}", "Idempotency-Key": key},
        )

    async def receipt(self) -> str:
        """What the one confirmed turn says, however often it is asked."""
        answers = [await self.say("confirm", "yes") for _ in range(2)]
        assert [one.status_code for one in answers] == [200, 200]
        assert answers[0].json() == answers[1].json()
        return str(answers[0].json()["calls"][0]["receipt"])

    def made(self) -> list[str]:
        rows = self.store.look(lambda tx: requests.of_conversation(tx, self.conversation))
        return [one.receipt for one in rows]


async def serving(store: Store, world: World, folder: Path) -> AsyncIterator[Site]:
    runtime = world.runtime(store, "one")

    def database() -> bool:
        store.ping()
        return True

    services = WebServices(
        conversations=runtime,
        settings=load_settings(data=folder, allow_test_clock=True, rate_limit="off"),
        list_services=lambda: [],
        checks={"database": database},
    )
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield Site(world, store, runtime, client)


def refused(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 503, answer.text
    assert answer.headers["Retry-After"]
    problem: dict[str, Any] = answer.json()
    assert problem["type"] == "urn:donghaeng:problem:store-failed"
    assert problem["title"]
    return problem
