"""Attempts at going round limits, origins and forms are events of their own, and name nobody's address."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from mcp.server import Server
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from tests.security.conftest import HOST, HTML, Browser, Desk
from tests.web.conftest import PASSWORD

from donghaeng.app.tools import standalone
from donghaeng.mcp.http import McpEndpoint
from donghaeng.settings import load_settings
from donghaeng.trust.logging import set_up_logging
from donghaeng.web.attempts import ATTEMPTS
from donghaeng.web.figures import Figures
from donghaeng.web.limits import LIMITS
from donghaeng.web.shell import MOST_HEAD_BYTES

ADDRESS = "203.0.113.7"
_JSON = {"content-type": "application/json"}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    stream = io.StringIO()
    set_up_logging("info", stream=stream)
    yield stream
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)


@pytest.fixture
def limited(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk(rate_limit="on", limits=lambda: 0.0)


def client_of(desk: Desk, address: str = ADDRESS) -> TestClient:
    return TestClient(desk.app, base_url=HOST, follow_redirects=False, client=(address, 1))


def attempts(log: io.StringIO) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    return [line for line in lines if line["event"] == "attempt"]


def test_each_way_of_going_round_is_an_event_of_its_own(limited: Desk, log: io.StringIO) -> None:
    client = client_of(limited)
    token = "c" * 64
    opened = client.post("/v1/conversations", json={}).json()
    mine = {"authorization": f"Bearer {opened['token']}"}
    turns = f"/v1/conversations/{opened['conversation']}/turns"
    asked: dict[str, Callable[[], Any]] = {
        "no-token": lambda: client.get("/v1/conversations/c_x"),
        "unknown-conversation": lambda: client.get(
            "/v1/conversations/c_x", headers={"authorization": f"Bearer {token}"}
        ),
        "malformed-json": lambda: client.post("/v1/conversations", content=b"{", headers=_JSON),
        "invalid-input": lambda: client.post("/v1/conversations", json={"canary": 1}),
        "unsupported-media-type": lambda: client.post(turns, content=b"x", headers=mine),
        "headers-too-large": lambda: client.get("/v1/services", headers={"x": "y" * MOST_HEAD_BYTES}),
        "method-not-allowed": lambda: client.delete("/v1/services"),
        "forged-form": lambda: client.post("/console/login", data={"name": "counsellor", "csrf": "x"}),
    }
    for kind, ask in asked.items():
        before = len(attempts(log))
        ask()
        (event,) = attempts(log)[before:]
        assert event["kind"] == kind
        assert event["level"] == "warning"
        assert event["timestamp"].endswith("Z")
        assert event["route"]
    assert len({event["source"] for event in attempts(log)}) == 1


def test_foreign_pages_are_events(make_desk: Any, server: Any, log: io.StringIO) -> None:
    client = client_of(make_desk(server))
    refused = client.get("/console/oidc/start", headers={"sec-fetch-site": "cross-site"} | HTML)
    assert refused.status_code == 200, "the login's page"
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/v1/voice", headers={"origin": "https://evil.example"}),
    ):
        pass
    assert [event["kind"] for event in attempts(log)] == ["foreign-origin", "foreign-origin"]
    assert [event["route"] for event in attempts(log)] == ["/console/oidc/start", "/v1/voice"]


def test_who_asks_too_often_is_an_event(limited: Desk, log: io.StringIO) -> None:
    client = client_of(limited)
    burst = int(LIMITS["requests"].burst)
    answers = [client.get("/v1/services").status_code for _ in range(burst + 2)]
    assert answers.count(429) == 2
    assert [event["kind"] for event in attempts(log)] == ["too-many-requests"] * 2
    for _ in range(int(LIMITS["sockets"].burst) + 1):
        with (
            pytest.raises(WebSocketDisconnect),
            client.websocket_connect("/v1/voice", headers={"origin": "https://evil.example"}),
        ):
            pass
    assert attempts(log)[-1]["kind"] == "too-many-requests"


def test_a_wrong_code_and_many_of_them_are_events(limited: Desk, log: io.StringIO) -> None:
    client = client_of(limited)
    for _ in range(int(LIMITS["codes"].burst) + 1):
        client.post("/v1/conversations/continue", json={"code": "123456"})
    kinds = [event["kind"] for event in attempts(log)]
    assert set(kinds) <= {"unknown-code", "too-many-codes"}
    assert kinds[-1] == "too-many-codes"
    assert "123456" not in log.getvalue()


def test_a_refusal_of_staff_has_one_line_with_who_and_where_from(limited: Desk, log: io.StringIO) -> None:
    browser = Browser(limited)
    browser.client = client_of(limited)
    assert browser.log_in("counsellor", PASSWORD).status_code == 303
    assert browser.get("/console/accesses").status_code == 403
    assert browser.client.post("/console/account/leave", headers=HTML).status_code == 403
    browser.log_in("counsellor", "wrong words here")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    told = [line for line in lines if line["event"] in {"login", "refused", "attempt"}]
    assert [line["event"] for line in told] == ["login", "refused", "refused", "login"]
    assert len({line["source"] for line in told}) == 1
    assert {line["account"] for line in told} == {told[0]["account"]}, "the one that was tried, by its id"
    assert all(line["account"].startswith("st_") for line in told)


def test_a_name_that_no_account_has_stands_in_no_log(limited: Desk, log: io.StringIO) -> None:
    browser = Browser(limited)
    browser.log_in("a-password-in-the-wrong-field", "x")
    (line,) = [
        json.loads(line) for line in log.getvalue().splitlines() if json.loads(line)["event"] == "login"
    ]
    assert (line["outcome"], line.get("account")) == ("wrong", None)
    assert "wrong-field" not in log.getvalue()


def test_no_address_and_nothing_that_was_sent_stands_in_an_event(limited: Desk, log: io.StringIO) -> None:
    addresses = [ADDRESS, "198.51.100.9", "2001:db8:1:2::3"]
    for address in addresses:
        client = client_of(limited, address)
        client.get("/v1/conversations/c_canary", headers={"authorization": "Bearer canary-token"})
        client.post("/v1/conversations", json={"canary": "010-1234-5678"})
    assert len(attempts(log)) == 2 * len(addresses)
    assert len({event["source"] for event in attempts(log)}) == len(addresses)
    for secret in (*addresses, "2001:db8:1:2::/64", "canary", "1234-5678"):
        assert secret not in log.getvalue()
    known = {"event", "kind", "route", "source", "account", "level", "timestamp", "trace", "logger"}
    assert set().union(*attempts(log)) <= known


def test_a_part_that_knows_no_problems_is_watched_from_outside(log: io.StringIO, tmp_path: Any) -> None:
    """The tools' address answers by the bare status."""
    endpoint = McpEndpoint(Server("tools"), "t" * 32)
    settings = load_settings(data=tmp_path)
    client = TestClient(standalone(endpoint, settings, Figures()), client=(ADDRESS, 1))
    assert client.post("/mcp", json={}).status_code == 401
    (event,) = attempts(log)
    assert (event["kind"], event["route"]) == ("http-401", "/mcp")


def test_faults_of_ours_are_no_attempts() -> None:
    assert ATTEMPTS & {"unexpected", "store-failed", "city-failed", "no-place", "not-found"} == set()
