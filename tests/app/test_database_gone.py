"""The database goes and comes back while citizens are served: told meanwhile, and nothing lost or twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from tests.app.site import Site, refused, serving
from tests.conversation.scripted import KEY, World
from tests.postgres import PASSWORD, Server

from donghaeng.store import Store, outbox
from donghaeng.store.outbox import LEASE
from donghaeng.trust.sealing import Sealer

pytestmark = pytest.mark.databases


@pytest.fixture
async def site(postgresql_server: Server, tmp_path: Path) -> AsyncIterator[Site]:
    world = World(tmp_path)
    address = postgresql_server.address(postgresql_server.migrated())
    with Store.open(address, Sealer([KEY])) as store:
        async for site in serving(store, world, tmp_path):
            yield site


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
