"""A member of staff at the console, without a window: logs in, reads, sends what the pages send."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from donghaeng.web.console.session import csrf_of

HTML = {"accept": "text/html"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


class StaffBrowser:
    """A browser of one member of staff; ``within`` stands before every path of ``get`` and ``post``."""

    def __init__(self, app, password: str, *, base: str = "http://desk.example", within: str = "") -> None:
        self.client = TestClient(app, base_url=base, follow_redirects=False)
        self.password = password
        self.within = within

    @classmethod
    def of(cls, app, name: str, password: str, *, within: str = ""):
        """Logged in."""
        browser = cls(app, password, within=within)
        assert browser.log_in(name).status_code == 303
        return browser

    def log_in(self, name: str, password: str | None = None, wanted: str = "/console/"):
        form = self.client.get("/console/login")
        csrf = re.search(r'name="csrf" value="([0-9a-f]{64})"', form.text)
        assert csrf is not None
        fields = {"name": name, "password": password or self.password, "csrf": csrf[1], "next": wanted}
        return self.client.post("/console/login", data=fields)

    @property
    def token(self) -> str:
        return next(cookie.value for cookie in self.client.cookies.jar if "donghaeng_staff" in cookie.name)

    @property
    def headers(self) -> dict[str, str]:
        return {"X-CSRF-Token": csrf_of(self.token), "HX-Request": "true"}

    def get(self, path: str):
        return self.client.get(self.within + path, headers=HTML)

    def post(self, path: str, **fields: str):
        return self.client.post(self.within + path, data=fields, headers={**FORM, **self.headers})
