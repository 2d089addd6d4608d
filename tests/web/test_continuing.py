"""`/v1/conversations/continue`: right codes, wrong ones, and too many."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI

from donghaeng.web.app import create_app
from donghaeng.web.continuing import TRIES, TRIES_OF_ALL, CodeTries
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
    app: FastAPI = create_app(limited)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        answers = [await client.post(PATH, json={"code": f"99999{at}"}) for at in range(TRIES + 1)]
    assert [one.status_code for one in answers] == [404] * TRIES + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 120
    assert answers[-1].json()["type"].endswith("too-many-codes")


def test_many_addresses_share_a_limit_of_their_own() -> None:
    now = 0.0
    tries = CodeTries(lambda: now)
    allowed = sum(tries.take(f"10.0.{at}.1") == 0.0 for at in range(1_000))
    assert allowed == TRIES_OF_ALL
    now = 100.0
    assert sum(tries.take(f"10.1.{at}.1") == 0.0 for at in range(1_000)) == 10
