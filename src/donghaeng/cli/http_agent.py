"""The agent behind HTTP, for conversation tests against a running server (CONTRACT 3)."""

from __future__ import annotations

import uuid
from typing import Any

import httpx

from donghaeng.conversation.scenario_runner import JsonObject
from donghaeng.conversation.scenarios import Scenario
from donghaeng.errors import DonghaengError, InputError

TURN_SECONDS = 60.0
"""Patience with one turn."""


class HttpAgent:
    """Implements :class:`~donghaeng.conversation.scenario_runner.Agent` with the calls of CONTRACT 3.

    Args:
        client: with the server's address as its base.
    """

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._tokens: dict[str, str] = {}

    async def open(self, scenario: Scenario) -> JsonObject:
        """Open a conversation with the scenario's clock and city."""
        body = {
            "channel": scenario.channel,
            "location": scenario.location,
            "home_district": scenario.home_district,
            "now": scenario.now.isoformat(),
            "city": scenario.city.model_dump(mode="json", exclude_none=True),
        }
        given = {key: value for key, value in body.items() if value is not None}
        reply = await self._call("POST", "/v1/conversations", None, given)
        self._tokens[reply["conversation"]] = reply["token"]
        return reply

    async def say(self, reply: JsonObject, text: str) -> JsonObject:
        """Take one typed turn."""
        return await self._call("POST", f"{_path(reply)}/turns", reply, {"text": text})

    async def writes(self, reply: JsonObject) -> list[JsonObject]:
        """Writes that the conversation's city accepted."""
        answer = await self._call("GET", f"{_path(reply)}/city", reply)
        return list(answer["writes"])

    async def transcript(self, reply: JsonObject) -> JsonObject:
        """The stored transcript."""
        return await self._call("GET", _path(reply), reply)

    async def _call(
        self, method: str, path: str, reply: JsonObject | None, body: JsonObject | None = None
    ) -> JsonObject:
        headers = {"Idempotency-Key": uuid.uuid4().hex} if method == "POST" else {}
        if reply is not None:
            headers["Authorization"] = f"Bearer {self._tokens[reply['conversation']]}"
        try:
            answer = await self._client.request(method, path, json=body, headers=headers)
        except httpx.HTTPError as error:
            raise DonghaengError(f"{method} {path}: {type(error).__name__}: {error}") from error
        content: Any = _content(answer)
        if answer.is_error or not isinstance(content, dict):
            detail = content.get("detail") if isinstance(content, dict) else answer.text[:200]
            raise DonghaengError(f"{method} {path}: HTTP {answer.status_code}: {detail}")
        return content


async def must_answer(client: httpx.AsyncClient) -> None:
    """See whether a server is there at all.

    Raises:
        InputError: nobody answers at the address.
    """
    try:
        await client.get("/healthz")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise InputError(
            f"{client.base_url}: {type(error).__name__}",
            remedy="start a server there: DONGHAENG_ALLOW_TEST_CLOCK=1 DONGHAENG_RATE_LIMIT=off make run",
        ) from None


def _path(reply: JsonObject) -> str:
    return f"/v1/conversations/{reply['conversation']}"


def _content(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
