"""A service's owner in a real browser: writes it, tries it by words and voice, runs its tests, sees what it
would be confused with, submits; another person publishes, a citizen hears it, one step takes it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, Page, expect  # noqa: E402
from tests.chromium import chromium  # noqa: E402
from tests.review.owners import HARD, MARK  # noqa: E402
from tests.review.small import small_catalogue  # noqa: E402
from tests.web.console_window import Window, look_over, windows  # noqa: E402
from tests.web.owning import Site, with_owners  # noqa: E402

from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.web.app import create_app  # noqa: E402

pytestmark = pytest.mark.browser
ONE = "/console/services/weather"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def served(web_kit, tmp_path: Path) -> Iterator[tuple[str, Site]]:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    base = small_catalogue(tmp_path / "catalogue")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with (
        web_kit.with_console(plain, tmp_path) as services,
        with_owners(services, base, tmp_path) as (full, site),
    ):
        heard = web_kit.services_over(site.runtime, settings).conversations
        with web_kit.serving.served(create_app(replace(full, conversations=heard))) as address:
            yield address, site


def citizen_hears(address: str) -> str:
    """What a citizen who asks for the weather now hears."""
    with httpx.Client(base_url=address) as client:
        opened = client.post("/v1/conversations", json={"channel": "chat"}).json()
        headers = {"Authorization": f"Bearer {opened['token']}", "Idempotency-Key": "1"}
        path = f"/v1/conversations/{opened['conversation']}/turns"
        return str(client.post(path, json={"text": "날씨"}, headers=headers).json()["show"]["text"])


def settled(page: Page) -> None:
    """htmx has put in place what it was given, and waits for nothing."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def test_from_a_draft_to_what_a_citizen_hears_and_back(
    browser: Browser, served: tuple[str, Site], web_kit
) -> None:
    address, site = served
    before = citizen_hears(address)
    with windows(browser, address, web_kit.password) as opened:
        owner = opened(permissions=["microphone"])
        owner.log_in("service_owner", "/console/services")
        look_over(owner, "services-list")
        page = owner.page
        page.get_by_role("link", name="날씨").click()
        expect(owner.at("edit")).to_have_attribute("data-mode", "form")

        write(owner)
        try_out(owner, site)
        run(owner)
        look_over(owner, "service-owner")
        owner.at("submit").get_by_label("살펴볼 사람에게").fill("조심하시라는 말을 더했어요")
        owner.at("submit").get_by_role("button").click()
        expect(owner.at("told")).to_contain_text("올렸어요")
        expect(owner.at("publish")).to_have_count(0)
        assert citizen_hears(address) == before

        other = opened()
        other.log_in("supervisor", ONE)
        other.at("measure").click()
        expect(other.at("effect")).to_contain_text("다른 시험")
        look_over(other, "service-publish")
        other.at("publish").get_by_role("button").click()
        expect(other.at("told")).to_contain_text("적용했어요")
        assert MARK in citizen_hears(address)
        settled(other.page)
        other.at("roll-back").get_by_label("되돌리는 까닭").fill("말이 너무 길어요")
        other.at("roll-back").get_by_role("button").click()
        expect(other.at("told")).to_contain_text("되돌렸어요")
        assert citizen_hears(address) == before


def write(owner: Window) -> None:
    """The form by keys: a row more, elsewhere and undone, a warning, two lines changed, saved."""
    page = owner.page
    page.locator("#part-slots > summary").click()
    page.locator("#do-add-slots").press("Enter")
    added = page.locator("[name='s.slots.2.#key']")
    expect(added).to_be_focused()
    expect(page.locator("#unsaved")).to_have_text("저장하지 않은 것이 있어요.")
    added.fill("hour")
    settled(page)
    page.locator("#do-up-slots-2").press("Enter")
    expect(page.locator("[name='s.slots.1.#key']")).to_have_value("hour")
    expect(page.locator("#do-up-slots-1")).to_be_focused()
    settled(page)
    for left in (2, 1):
        page.keyboard.press("Alt+z")
        expect(page.locator(f"[name='s.slots.{left}.#key']")).to_have_value("hour" if left == 2 else "date")
        settled(page)
    while not page.locator("#undo").is_disabled():
        page.keyboard.press("Alt+z")
        settled(page)
    expect(page.locator("[name='s.slots.2.#key']")).to_have_count(0)
    examples = page.get_by_label("시민이 하는 말 (꼭)")
    examples.fill(f"{HARD}\n{examples.input_value()}")
    page.locator("#part-reply > summary").click()
    words = page.get_by_label("잘됐을 때")
    words.fill(f"{MARK} {words.input_value()}")
    page.keyboard.press("Control+s")
    expect(owner.at("told")).to_have_text("저장했어요.")
    expect(owner.at("differences")).to_contain_text(HARD)
    settled(page)
    page.get_by_role("button", name="글로 고치기").click()
    expect(owner.at("edit")).to_have_attribute("data-mode", "text")
    text = page.get_by_label("서비스의 글")
    kept = text.input_value()
    text.fill(kept.replace("effect: read", "effect: dance"))
    settled(page)
    owner.at("save").click()
    expect(owner.at("faults")).to_contain_text("4번째 줄")
    settled(page)
    page.get_by_label("서비스의 글").fill(kept)
    owner.at("save").click()
    expect(owner.at("faults")).to_have_count(0)
    settled(page)
    page.get_by_role("button", name="칸으로 고치기").click()
    expect(owner.at("edit")).to_have_attribute("data-mode", "form")
    settled(page)


def try_out(owner: Window, site: Site) -> None:
    """By words, then by voice while a button is held."""
    page, lines = owner.page, owner.at("trial-lines")
    page.locator("#trial-words").fill("날씨")
    page.keyboard.press("Enter")
    expect(lines).to_contain_text(MARK)
    expect(lines).to_contain_text("서비스: weather")
    expect(page.locator("html")).to_have_attribute("data-spoke", site.voice.spoke[-1])
    settled(page)
    count = lines.get_by_role("listitem").count()
    owner.at("mic").focus()
    page.wait_for_selector("html[data-listens]")
    page.keyboard.down("Space")
    expect(page.locator("#trial-said")).to_have_text("듣고 있어요.")
    page.keyboard.up("Space")
    expect(lines.get_by_role("listitem")).to_have_count(count + 2)
    assert len(site.voice.heard) == 1


def run(owner: Window) -> None:
    """Its tests and its confusions."""
    settled(owner.page)
    owner.at("run-tests").click()
    expect(owner.at("verdict")).to_contain_text("모두 통과했어요")
    settled(owner.page)
    owner.at("run-confusions").click()
    expect(owner.at("confusions")).to_contain_text("얼었어요")
    expect(owner.at("harms")).to_contain_text("가져와요")
    settled(owner.page)
