"""`/v1/conversations/continue`: right codes, wrong ones, and too many."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from donghaeng.app.shared_limits import SharedLimits
from donghaeng.errors import UnknownCode
from donghaeng.store import Store
from donghaeng.trust.sealing import Sealer
from donghaeng.web.app import create_app
from donghaeng.web.limits import LIMITS, Name
from donghaeng.web.services import WebServices

PATH = "/v1/conversations/continue"


async def test_a_code_brings_the_conversation_and_its_token(client: httpx.AsyncClient) -> None:
    opened = (await client.post("/v1/conversations", json={"channel": "phone"})).json()
    going_on = await client.post(PATH, json={"code": "012345"})
    assert going_on.status_code == 200
    assert going_on.json()["token"] == opened["token"]
    turn = await client.post(
        f"/v1/conversations/{opened['conversation']}/turns",
        json={"text": "안녕하세요"},
        headers={"Authorization": f"Bearer {going_on.json()['token']}"},
    )
    assert turn.status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"code": "999999"}, 404, "unknown-code"),
        ({"code": "1"}, 422, "invalid-input"),
        ({"code": 12345}, 422, "invalid-input"),
        ({}, 422, "invalid-input"),
        ([], 422, "invalid-input"),
        ({"code": "012345", "token": "x"}, 422, "invalid-input"),
        ({"code": "9" * 41}, 422, "invalid-input"),
    ],
)
async def test_wrong_codes_are_problems(
    client: httpx.AsyncClient, body: object, status: int, kind: str
) -> None:
    answer = await client.post(PATH, json=body)
    assert answer.status_code == status
    assert answer.json()["type"].endswith(kind)
    assert "999999" not in answer.text


async def test_guessing_is_stopped_after_a_few_tries(services: WebServices) -> None:
    limited = replace(services, settings=services.settings.model_copy(update={"rate_limit": "on"}))
    tries = int(LIMITS["codes"].burst)
    app: FastAPI = create_app(limited, clock=lambda: 0.0)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        answers = [await client.post(PATH, json={"code": f"99999{at}"}) for at in range(tries + 1)]
    assert [one.status_code for one in answers] == [404] * tries + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 120
    assert answers[-1].json()["type"].endswith("too-many-codes")


async def test_many_addresses_share_a_limit_of_their_own(services: WebServices) -> None:
    now = 0.0
    limited = replace(services, settings=services.settings.model_copy(update={"rate_limit": "on"}))
    app: FastAPI = create_app(limited, clock=lambda: now)

    async def tried(network: int) -> int:
        allowed = 0
        for at in range(100):
            transport = httpx.ASGITransport(app, client=(f"10.{network}.{at}.1", 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                allowed += (await client.post(PATH, json={"code": "999999"})).status_code == 404
        return allowed

    assert await tried(0) == LIMITS["codes_of_all"].burst
    now = 100.0
    assert await tried(1) == 10


@pytest.mark.parametrize(
    ("path", "name"),
    [(PATH, "codes_of_all"), ("/v1/guardian/sessions", "guardian_codes_of_all")],
)
async def test_many_processes_share_it_too(
    services: WebServices, tmp_path: Path, path: str, name: Name
) -> None:
    """Behind a load balancer a guesser meets every process of the city, each with buckets of its own."""

    class Nobody:
        async def open(self, code: str, address: str) -> str:
            raise UnknownCode("no such code")

    allowed = 0
    with Store.open(f"sqlite:///{tmp_path}/a.db", Sealer([b"k" * 32])) as store:
        together = SharedLimits(store, lambda: datetime(2026, 11, 23, 1, tzinfo=UTC))
        settings = services.settings.model_copy(update={"rate_limit": "on"})
        limited = replace(
            services,
            settings=settings,
            together=together,
            guardianship=Nobody(),  # type: ignore[arg-type]
        )
        for process in range(3):
            app = create_app(limited, clock=lambda: 0.0)
            for at in range(int(LIMITS[name].burst) // 2):
                transport = httpx.ASGITransport(app, client=(f"10.{process}.{at}.1", 1))
                async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                    answer = await client.post(path, json={"code": "999999"})
                allowed += answer.status_code in {401, 404}
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) >= 1
    assert allowed == LIMITS[name].burst
