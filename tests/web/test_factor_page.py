"""The second factor and the first password in a real browser: taken over, asked for, and in every colour."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

import pyotp  # noqa: E402
from playwright.sync_api import Browser, expect  # noqa: E402
from tests.chromium import chromium  # noqa: E402
from tests.web.console_window import MODES, Window, faults, windows  # noqa: E402

from donghaeng.people.calling import SEOUL  # noqa: E402
from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.trust.permissions import Role  # noqa: E402
from donghaeng.web.app import create_app  # noqa: E402

pytestmark = pytest.mark.browser
BEGAN = datetime(2026, 11, 23, 10, 0, 1, tzinfo=SEOUL)
NEW = "아침에는 까치가 두 마리"


class Clock:
    def __init__(self) -> None:
        self.now = BEGAN

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def window(browser: Browser, web_kit, tmp_path: Path, clock: Clock) -> Iterator[Callable[..., Window]]:
    """Windows of a console in which every role needs a second factor; `new` has a first password."""
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    everybody = frozenset(Role)
    with web_kit.with_console(plain, tmp_path, clock, second_factor=everybody) as services:
        made = services.staff.add("new", "새 사람", Role.COUNSELLOR, web_kit.password, first=True)
        with ThreadPoolExecutor(1) as apart:  # the browser has a loop running in this thread
            apart.submit(lambda: asyncio.run(made)).result()
        with (
            web_kit.serving.served(create_app(services)) as address,
            windows(browser, address, web_kit.password) as opened,
        ):
            yield opened


@pytest.mark.parametrize("mode", MODES)
def test_somebody_new_takes_password_and_factor_over_and_logs_in_with_both(
    window, clock: Clock, mode: str
) -> None:
    here = window(**MODES[mode])
    here.log_in("new", "/console/account")
    expect(here.at("must")).to_contain_text("나만 아는 비밀번호로")
    assert faults(here.page) == []
    here.page.locator("#old").fill(here.password)
    here.page.locator("#new").fill(NEW)
    here.page.locator("#again").fill("다른 것")
    here.page.locator("#again").press("Enter")
    expect(here.page.locator("#alert")).to_contain_text("닫기")
    assert faults(here.page) == []
    here.page.locator("#again").fill(NEW)
    here.page.locator("#again").press("Enter")
    expect(here.page.locator("#alert .alert")).to_contain_text("바꿨어요")

    here.go("/console/desk")
    expect(here.at("must")).to_contain_text("인증 앱을 등록해 주세요")
    here.page.wait_for_selector("html[data-ready]")
    assert faults(here.page) == []
    here.page.locator("#password").fill(NEW)
    here.at("begin").click()
    expect(here.at("qr")).to_be_visible()
    assert faults(here.page) == []
    totp = pyotp.TOTP(here.at("secret").inner_text().replace(" ", ""))
    here.page.locator("#confirm").fill("000000")
    here.page.locator("#confirm").press("Enter")
    expect(here.page.locator("#alert")).to_contain_text("번호가 맞지 않거나")
    here.page.locator("#confirm").fill(totp.at(clock()))
    here.page.locator("#confirm").press("Enter")
    codes = here.at("recovery-codes").locator("code")
    expect(codes).to_have_count(8)
    assert faults(here.page) == []
    spare = codes.first.inner_text()
    here.page.get_by_role("link", name="적었어요").click()
    here.page.wait_for_url("**/console/")

    clock.now += timedelta(minutes=1)
    there = window(**MODES[mode])
    there.password = NEW
    there.go("/console/login?next=/console/account/factor")
    there.page.get_by_label("이름").fill("new")
    there.page.get_by_label("비밀번호").fill(NEW)
    there.page.keyboard.press("Enter")
    expect(there.at("login-code")).to_be_visible()
    assert faults(there.page) == []
    there.page.get_by_label("인증 번호").fill("000000")
    there.page.keyboard.press("Enter")
    expect(there.at("refusal")).to_be_visible()
    assert faults(there.page) == []
    there.page.get_by_label("인증 번호").fill(spare)
    there.page.keyboard.press("Enter")
    expect(there.at("standing")).to_contain_text("7개 남았어요")
    assert faults(there.page) == []
