"""`bench http` counts what it asked, at the server that each conversation began on."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from donghaeng.measuring import http_turns
from donghaeng.measuring.plain_http import Answer


class City:
    """A server that answers everything; every tenth turn fails where it is told to."""

    def __init__(self, name: str, *, failing: bool = False) -> None:
        self.name, self.failing = name, failing
        self.open: set[str] = set()
        self.most_open = 0
        self.turns: Counter[str] = Counter()
        self.opened = 0

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/v1/conversations", status_code=201)
        async def begin() -> dict[str, str]:
            self.opened += 1
            name = f"{self.name}{self.opened}"
            self.open.add(name)
            self.most_open = max(self.most_open, len(self.open))
            return {"conversation": name, "token": "t"}

        @app.post("/v1/conversations/{name}/turns")
        async def turn(name: str, request: Request):
            assert name in self.open
            assert request.headers["Idempotency-Key"]
            self.turns[name] += 1
            if self.failing and self.turns.total() % 10 == 0:
                return JSONResponse({}, 503)
            return {"ended": False}

        @app.delete("/v1/conversations/{name}")
        async def end(name: str) -> dict[str, str]:
            self.open.discard(name)
            return {}

        return app


class InProcess:
    """Asks a city in this process."""

    def __init__(self, city: City) -> None:
        self._client = httpx.AsyncClient(
            base_url="http://city", transport=httpx.ASGITransport(city.app()), timeout=10
        )

    async def ask(self, method, path, *, body=b"", headers=None) -> Answer:
        answer = await self._client.request(method, path, content=body, headers=headers)
        return Answer(answer.status_code, answer.content)


@pytest.mark.parametrize("failing", [False, True])
async def test_every_turn_and_error_is_counted(monkeypatch: pytest.MonkeyPatch, failing: bool) -> None:
    cities = {f"http://{name}": City(name, failing=failing) for name in "ab"}

    @contextmanager
    def clients(addresses):
        yield {one: InProcess(cities[one]) for one in addresses}

    monkeypatch.setattr(http_turns, "_clients", clients)
    figures = await http_turns.run(
        list(cities), [("하나", "둘"), ("셋",)], open_conversations=6, together=3, seconds=0.5
    )
    turns = sum((city.turns for city in cities.values()), Counter())
    assert figures["turns"] + figures["errors"] == turns.total() > 5
    assert (figures["errors"] > 0) is failing
    assert figures["error_kinds"] == ({"503": figures["errors"]} if failing else {})
    assert figures["conversations"] == sum(city.opened for city in cities.values())
    assert max(turns.values()) <= 2
    for city in cities.values():
        assert city.most_open == 3
