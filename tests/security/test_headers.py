"""Every answer of the application carries the security headers, whatever was asked and however it went."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.routing import Mount, Route
from starlette.testclient import TestClient
from tests.security.conftest import HOST, HTML, Maker
from tests.web.conftest import PASSWORD

from donghaeng.web import console, office
from donghaeng.web.app import _ROUTERS, create_app
from donghaeng.web.pages import PAGE_FOLDER
from donghaeng.web.shell import SECURITY_HEADERS

STREAMS = {"/console/desk/events", "/console/desk/{handover}/events"}
"""Never end; their headers are those of every other answer of the console."""
ENDS_THE_SESSION = {"/console/logout", "/console/account/leave"}
FILES = {
    "/page": PAGE_FOLDER,
    "/console/static": Path(console.__file__).parent / "static",
    "/console/vendor": Path(console.__file__).parent / "vendor",
    "/office/static": Path(office.__file__).parent / "static",
}
HOSTED = re.compile(r"(?:src|href|action)=[\"'](?:https?:)?//", re.I)


def broken() -> list[dict[str, Any]]:
    raise RuntimeError("a secret inside")


@pytest.fixture(scope="module")
def app(web_kit: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    maker = Maker(web_kit, tmp_path_factory.mktemp("headers"))
    desk = maker(widget_origins=("https://www.seoul.go.kr",))
    app = create_app(replace(desk.app.state.services, list_services=broken))

    async def added(request: Any) -> None:
        del request
        raise RuntimeError("a secret inside")

    # As the tools and the telephone's address are: put in after the application was made.
    app.router.routes.append(Route("/mcp", added))
    yield app
    maker.close()


@pytest.fixture(scope="module")
def client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url=HOST, follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def staff(app: FastAPI) -> TestClient:
    """A supervisor's browser."""
    client = TestClient(app, base_url=HOST, follow_redirects=False, raise_server_exceptions=False)
    csrf = re.search(r'name="csrf" value="([0-9a-f]{64})"', client.get("/console/login").text)
    assert csrf is not None
    fields = {"name": "supervisor", "password": PASSWORD, "csrf": csrf[1]}
    assert client.post("/console/login", data=fields).status_code == 303
    return client


def routes(app: FastAPI) -> list[tuple[str, str]]:
    routers = (*_ROUTERS, *console.ROUTERS, *office.ROUTERS)
    every = [*app.routes, *(route for router in routers for route in router.routes)]
    return sorted(
        {
            (method, route.path)
            for route in every
            if isinstance(route, Route) and route.path not in STREAMS
            for method in route.methods or {"GET"}
        }
    )


def filled(path: str) -> str:
    return re.sub(
        r"\{(\w+)(?::\w+)?\}", lambda match: "1" if match[1] in {"version", "number"} else "x_1", path
    )


def directives(headers: Mapping[str, str]) -> dict[str, str]:
    parts = (one.strip().partition(" ") for one in headers["content-security-policy"].split(";"))
    return {name: value for name, _, value in parts}


def check(answer: Any, path: str) -> None:
    headers = answer.headers
    widget = path in {"/widget", "/widget.js"} and answer.status_code == 200
    for name, value in SECURITY_HEADERS.items():
        if name == "Content-Security-Policy" or (
            widget and name in {"X-Frame-Options", "Cross-Origin-Resource-Policy"}
        ):
            continue
        assert headers.get(name) == value, (path, name)
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    policy = directives(headers)
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'", path
    assert policy["form-action"] == (
        "'self'"
        if "text/html" in headers.get("content-type", "") and path.startswith("/console")
        else policy["form-action"]
    )
    ancestors = "https://www.seoul.go.kr" if path == "/widget" and answer.status_code == 200 else "'none'"
    assert policy["frame-ancestors"] == ancestors, path
    assert "unsafe" not in headers["content-security-policy"]
    assert "*" not in headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers
    if answer.content and answer.status_code not in {204, 304}:
        kind = headers["content-type"]
        assert kind, path
        if kind.startswith(("text/", "application/xml")):
            assert "charset=utf-8" in kind, (path, kind)
    if "text/html" in headers.get("content-type", ""):
        assert not HOSTED.search(answer.text), "nothing is loaded from elsewhere"
        assert not re.search(
            r"<script(?![^>]*\bsrc=)[^>]*>|<style|\son\w+=|javascript:", answer.text, re.I
        ), path


@pytest.mark.parametrize("logged_in", [False, True], ids=["stranger", "staff"])
def test_every_route_carries_them(
    app: FastAPI, client: TestClient, staff: TestClient, logged_in: bool
) -> None:
    asked = routes(app)
    assert len(asked) > 90
    statuses = set()
    for method, path in asked:
        if path in ENDS_THE_SESSION:
            continue
        answer = (staff if logged_in else client).request(method, filled(path), headers=HTML)
        check(answer, path)
        statuses.add(answer.status_code)
    assert {200, 307, 308, 404, 500} <= statuses, "pages, redirects and errors were among them"


def test_a_method_that_a_route_does_not_take_is_refused_with_them(app: FastAPI, client: TestClient) -> None:
    for path in sorted({path for _, path in routes(app)} - {"/mcp"}):
        for method in ("PATCH", "TRACE", "CONNECT", "X" * 20):
            answer = client.request(method, filled(path))
            assert answer.status_code in {404, 405}, (method, path)
            check(answer, path)


@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        ("GET", "/nowhere", {}, 404),
        ("GET", "/console/nowhere", {}, 404),
        ("GET", "/page/nowhere.js", {}, 404),
        ("GET", "/page/", {}, 404),
        (
            "POST",
            "/v1/conversations",
            {"headers": {"content-type": "application/json", "content-length": "9999999999"}},
            413,
        ),
        ("POST", "/v1/conversations", {"content": b"x"}, 415),
        ("POST", "/v1/conversations", {"json": {"channel": "fax"}}, 422),
        (
            "POST",
            "/v1/conversations",
            {"content": b"{", "headers": {"content-type": "application/json"}},
            400,
        ),
        ("GET", "/v1/conversations/c_1", {}, 401),
        ("GET", "/healthz", {"headers": {"x-long": "a" * 40_000}}, 431),
        ("GET", "/healthz?" + "a" * 40_000, {}, 431),
        ("GET", "/v1/services", {}, 500),
        ("GET", "/mcp", {}, 500),
        ("POST", "/v1/conversations/c_1/turns", {"headers": {"authorization": "Bearer x"}}, 415),
    ],
)
def test_every_error_carries_them_and_keeps_its_inside(
    client: TestClient, method: str, path: str, more: dict[str, Any], status: int
) -> None:
    answer = client.request(method, path, **more)
    assert answer.status_code == status
    check(answer, path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_every_file_carries_them_and_says_what_it_is(app: FastAPI, client: TestClient) -> None:
    mounts = {route.path for route in app.routes if isinstance(route, Mount)}
    assert mounts == set(FILES), "every folder that is served is walked"
    kinds = {
        ".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml",
        ".woff2": "font/woff2", ".png": "image/png", ".wasm": "application/wasm", ".json": "application/json",
        ".webmanifest": "application/manifest+json",
    }  # fmt: skip
    for address, folder in FILES.items():
        for file in sorted(folder.rglob("*")):
            if not file.is_file():
                continue
            answer = client.get(f"{address}/{file.relative_to(folder)}")
            assert answer.status_code == 200
            check(answer, address)
            if file.suffix in kinds:
                assert answer.headers["content-type"].startswith(kinds[file.suffix]), file
    for kept in ("/page/page.js", "/console/static/console.js"):
        assert client.get(kept).headers["cache-control"] == "no-cache"


def test_what_is_somebodys_is_kept_by_no_cache(client: TestClient, staff: TestClient) -> None:
    for path in ("/v1/conversations/c_1", "/v1/services", "/mcp"):
        assert client.get(path).headers["cache-control"] == "no-store"
    for path in ("/console/", "/console/account", "/console/desk", "/console/login"):
        assert staff.get(path, headers=HTML).headers["cache-control"] == "no-store"


def test_without_encryption_nothing_is_promised(app: FastAPI) -> None:
    plain = TestClient(app, base_url="http://desk.example")
    assert "strict-transport-security" not in plain.get("/healthz").headers
