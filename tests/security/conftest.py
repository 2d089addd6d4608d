"""What tests of access share: the application with its console, a browser, and a real login server."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient
from tests.security.login_server import CLIENT, REDIRECT, SECRET, LoginServer, login_server
from tests.web.conftest import web_kit

from donghaeng.app.sign_on import open_sign_on
from donghaeng.settings import load_settings
from donghaeng.store import Store
from donghaeng.trust.permissions import Role
from donghaeng.web.app import create_app
from donghaeng.web.console.session import csrf_of

__all__ = ["web_kit"]

HOST = "https://desk.example"
HTML = {"accept": "text/html"}
ROLES = {"120-counsellors": "counsellor", "120-admins": "admin"}


class Clock:
    """The time as our server sees it; the login server has the machine's."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Wire:
    """What lies between our server and the login server: may change an answer on its way."""

    change: Callable[[httpx2.Request, bytes], bytes | httpx2.Response] | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Method and path of what was asked."""

    def transport(self) -> httpx2.AsyncBaseTransport:
        """As our client wants it."""
        wire, inner = self, httpx2.AsyncHTTPTransport(trust_env=False)

        class Tapped(httpx2.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
                wire.asked.append((request.method, request.url.path))
                answer = await inner.handle_async_request(request)
                body = await answer.aread()
                if wire.change is not None and answer.status_code == 200:
                    changed = wire.change(request, body)
                    if isinstance(changed, httpx2.Response):
                        return changed
                    body = changed
                kept = {"content-type": answer.headers.get("content-type", "")}
                return httpx2.Response(answer.status_code, headers=kept, content=body)

            async def aclose(self) -> None:
                await inner.aclose()

        return Tapped()

    def change_json(self, path: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """Let ``change`` make another object of what comes from addresses that end so."""

        def changed(request: httpx2.Request, body: bytes) -> bytes:
            if not request.url.path.rstrip("/").endswith(path):
                return body
            return json.dumps(change(json.loads(body))).encode()

        self.change = changed


@dataclass
class Desk:
    """Our server, with what decides about logins."""

    app: Any
    store: Store
    accounts: Any
    clock: Clock
    wire: Wire
    server: LoginServer | None
    sign_on: Any

    def browser(self) -> Browser:
        """A new browser."""
        return Browser(self)


class Browser:
    """A browser of one member of staff."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.client = TestClient(desk.app, base_url=HOST, follow_redirects=False)

    @property
    def token(self) -> str:
        return next(cookie.value for cookie in self.client.cookies.jar if "donghaeng_staff" in cookie.name)

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, headers=HTML, **more)

    def post(self, path: str, **fields: str) -> Any:
        headers = {"X-CSRF-Token": csrf_of(self.token), "HX-Request": "true"}
        return self.client.post(path, data=fields, headers=headers)

    def log_in(self, name: str, password: str) -> Any:
        """Log in by a password."""
        csrf = re.search(r'name="csrf" value="([0-9a-f]{64})"', self.client.get("/console/login").text)
        assert csrf is not None
        return self.client.post("/console/login", data={"name": name, "password": password, "csrf": csrf[1]})

    def sign_on(self, name: str, wanted: str = "/console/") -> Any:
        """Log in by the organisation's server; the answer to the way back."""
        began = self.get("/console/oidc/start", params={"next": wanted})
        assert began.status_code == 303, began.text
        assert self.desk.server is not None
        back = self.desk.server.browse(began.headers["location"], name)
        return self.get(f"{back.path}?{back.query.decode()}")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoginServer]:
    with login_server(tmp_path_factory.mktemp("login")) as running:
        running.add("kim", "120-counsellors", "everybody")
        running.add("lee", "everybody")
        yield running


class Maker:
    """Makes desks in a folder; takes settings, and the login server where there is one."""

    def __init__(self, kit: Any, folder: Path) -> None:
        self._kit = kit
        self._folder = folder
        self._open = ExitStack()

    def __call__(
        self,
        server: LoginServer | None = None,
        limits: Callable[[], float] = time.monotonic,
        second_factor: frozenset[Role] = frozenset(),
        **more: Any,
    ) -> Desk:
        oidc = {
            "oidc_issuer": server.issuer if server is not None else None,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SECRET,
            "oidc_redirect": REDIRECT,
            "oidc_roles": ROLES,
            "oidc_create_accounts": True,
        }
        tests = {"allow_test_clock": True, "rate_limit": "off"}
        settings = load_settings(data=self._folder, **{**tests, **oidc, **more})
        clock, wire = Clock(), Wire()
        plain = self._kit.services_over(self._kit.fake.FakeConversations(), settings)
        services = self._open.enter_context(self._kit.with_console(plain, self._folder, clock, second_factor))
        accounts = services.staff
        sign_on = open_sign_on(settings, accounts._store, accounts, clock=clock, transport=wire.transport)
        app = create_app(replace(services, sign_on=sign_on), clock=limits)
        return Desk(app, accounts._store, accounts, clock, wire, server, sign_on)

    def close(self) -> None:
        """Close every desk."""
        self._open.close()


@pytest.fixture
def make_desk(web_kit: Any, tmp_path: Path) -> Iterator[Maker]:
    maker = Maker(web_kit, tmp_path)
    yield maker
    maker.close()


@pytest.fixture(scope="module")
def shared_desk(
    web_kit: Any, server: LoginServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    maker = Maker(web_kit, tmp_path_factory.mktemp("desk"))
    yield maker(server)
    maker.close()


@pytest.fixture
def desk(shared_desk: Desk) -> Desk:
    """With the login server, whose groups give roles and make accounts; accounts stay from test to test."""
    shared_desk.wire.change = None
    shared_desk.wire.asked.clear()
    shared_desk.clock.ahead = timedelta()
    shared_desk.sign_on._client._known = None
    return shared_desk
