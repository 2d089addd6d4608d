"""Windows of the console in a real browser: logged in, complaints noted, looked over by axe-core."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

pytest.importorskip("playwright.sync_api")

from axe_playwright_python.sync_playwright import Axe  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, Page  # noqa: E402

MODES = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "high-contrast": {"contrast": "more"},
}
PICTURES = os.environ.get("PICTURES")
"""Folder that the guides' pictures go into, where they shall be made anew (`PICTURES=docs/images`)."""


class Window:
    """One window; notes what the browser complains about."""

    def __init__(self, context: BrowserContext, address: str, password: str) -> None:
        self.address = address
        self.password = password
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self._note(said.type, said.text))

    def _note(self, kind: str, text: str) -> None:
        # The browser and htmx both note a refusal, which is an answer as any other.
        if kind == "error" and "status of 4" not in text and "Status Error Code 4" not in text:
            self.complaints.append(text)

    def at(self, name: str):
        return self.page.get_by_test_id(name)

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def log_in(self, name: str, path: str = "/console/desk") -> None:
        self.go(f"/console/login?next={path}")
        self.page.get_by_label("이름").fill(name)
        self.page.get_by_label("비밀번호").fill(self.password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"**{path}")
        self.page.wait_for_selector("html[data-ready]")


@contextmanager
def windows(browser: Browser, address: str, password: str) -> Iterator[Callable[..., Window]]:
    """Opens windows, each in a context of its own; fails where the browser complained in one."""
    contexts: list[BrowserContext] = []
    every: list[Window] = []

    def opened(script: str | None = None, **options) -> Window:
        size = {"width": 1400, "height": 900}
        context = browser.new_context(viewport=size, locale="ko-KR", reduced_motion="reduce", **options)
        contexts.append(context)
        if script:
            context.add_init_script(script)
        every.append(Window(context, address, password))
        return every[-1]

    yield opened
    complaints = [said for each in every for said in each.complaints]
    for context in contexts:
        context.close()
    assert complaints == [], complaints


def faults(page: Page) -> list[str]:
    """What axe-core finds wrong, one line each."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]
    ]


def look_over(here: Window, name: str) -> None:
    """axe-core in every colour scheme, and the guide's picture where it is made anew."""
    for mode in MODES.values():
        here.page.emulate_media(
            color_scheme=mode.get("color_scheme", "light"),  # type: ignore[arg-type]
            contrast=mode.get("contrast"),  # type: ignore[arg-type]
        )
        assert faults(here.page) == []
    here.page.emulate_media(color_scheme="light", contrast="no-preference")
    if PICTURES:
        here.page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True, caret="initial")
