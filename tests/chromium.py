"""A real browser with a microphone that plays a recording, and what every test of the page does with it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

sync_api = pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, BrowserType, Page, expect  # noqa: E402

PATIENCE_MS = 20_000
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)


@contextmanager
def chromium(
    microphone: Path | None = None, *, repeated: bool = False, flags: tuple[str, ...] = ()
) -> Iterator[Browser]:
    """Chromium; its microphone hears the recording once, or over and over."""
    with sync_api.sync_playwright() as playwright:
        browser = _launched(playwright.chromium, microphone, repeated=repeated, flags=flags)
        yield browser
        browser.close()


@contextmanager
def beside(browser: Browser, microphone: Path, *, repeated: bool = False) -> Iterator[Browser]:
    """Another Chromium beside ``browser``, with a microphone of its own."""
    other = _launched(browser.browser_type, microphone, repeated=repeated)
    yield other
    other.close()


def _launched(
    kind: BrowserType, microphone: Path | None, *, repeated: bool, flags: tuple[str, ...] = ()
) -> Browser:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.fail("Chromium is not installed: apt-get install chromium")
    if microphone is not None:
        flags += (f"--use-file-for-fake-audio-capture={microphone}{'' if repeated else '%noloop'}",)
    return kind.launch(executable_path=program, args=[*FLAGS, *flags])


def state_is(page: Page, state: str, timeout: float = PATIENCE_MS) -> None:
    """Wait until the page listens, speaks, thinks …"""
    expect(page.get_by_test_id("microphone")).to_have_attribute("data-state", state, timeout=timeout)


def start(page: Page, *, touch: bool = False) -> None:
    """Press the microphone and wait for the greeting."""
    microphone = page.get_by_test_id("microphone")
    microphone.tap() if touch else microphone.click()
    expect(page.get_by_test_id("answer")).to_contain_text("인공지능", timeout=PATIENCE_MS)
