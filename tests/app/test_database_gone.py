"""The database goes and comes back while citizens are served: told meanwhile, and nothing lost or twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from tests.conversation.scripted import KEY, World
from tests.postgres import PASSWORD, Server

from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.settings import load_settings
from donghaeng.store import Store, outbox, requests
from donghaeng.store.outbox import LEASE
from donghaeng.trust.sealing import Sealer
from donghaeng.web.app import create_app
from donghaeng.web.services import WebServices

pytestmark = pytest.mark.databases


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


@pytest.fixture
async def site(postgresql_server: Server, tmp_path: Path) -> AsyncIterator[Site]:
    world = World(tmp_path)
    address = postgresql_server.address(postgresql_server.migrated())
    with Store.open(address, Sealer([KEY])) as store:
        runtime = world.runtime(store, "one")

        def database() -> bool:
            store.ping()
            return True

        services = WebServices(
            conversations=runtime,
            settings=load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off"),
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


async def test_a_confirmed_request_waits_for_the_database(site: Site, postgresql_server: Server) -> None:
    await site.open()
    assert (await site.say("소파", "ask")).json()["expects"] == "confirm"
    postgresql_server.stop("immediate")
    with structlog.testing.capture_logs() as logged:
        told = [refused(await site.say("confirm", "yes")) for _ in range(2)]
        assert (await site.client.get("/readyz")).status_code == 503
        assert (await site.client.get("/healthz")).status_code == 200
    assert site.world.city.sent == [], "what is not recorded is not sent"
    assert PASSWORD not in f"{told} {logged}"
    assert logged
    postgresql_server.start()
    assert (await site.client.get("/readyz")).status_code == 200
    receipt = await site.receipt()
    assert len(site.world.city.sent) == 1
    assert site.made() == [receipt]


async def test_what_the_city_accepted_while_it_was_gone_is_told_once(
    site: Site, postgresql_server: Server
) -> None:
    await site.open()
    await site.say("소파", "ask")
    site.world.city.after = lambda: postgresql_server.stop("immediate")
    refused(await site.say("confirm", "yes"))
    site.world.city.after = lambda: None
    postgresql_server.start()
    assert len(site.store.look(outbox.pending)) == 1
    site.world.clock.now += LEASE + timedelta(seconds=1)
    assert await site.runtime.send_waiting() == 1
    assert len(set(site.world.city.sent)) == 1
    assert len(site.world.city.accepted) == 1
    (receipt,) = site.made()
    again = await site.client.get(
        f"/v1/conversations/{site.conversation}", headers={"Authorization": f"Bearer {site.token}"}
    )
    assert again.status_code == 200
    assert site.made() == [receipt]
    assert site.store.look(outbox.pending) == []


async def test_a_new_caller_is_told_and_later_served(site: Site, postgresql_server: Server) -> None:
    postgresql_server.stop("fast")
    refused(await site.client.post("/v1/conversations", json={"channel": "chat"}))
    postgresql_server.start()
    await site.open()
    assert (await site.say("날씨", "w")).status_code == 200
