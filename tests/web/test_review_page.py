"""The reviewers' page in a real browser: by keys alone, without loading it anew, accessible in every mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, expect  # noqa: E402
from tests.chromium import chromium  # noqa: E402
from tests.review.office import Office  # noqa: E402
from tests.review.small import small_catalogue  # noqa: E402
from tests.web.reviewing import WORDS, with_review  # noqa: E402
from tests.web.test_desk_page import MODES, Window, faults  # noqa: E402

from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.web.app import create_app  # noqa: E402

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_catalogue(tmp_path_factory.mktemp("base") / "catalogue")


@pytest.fixture
def office_and_address(web_kit, base: Path, tmp_path: Path) -> Iterator[tuple[Office, str]]:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with (
        web_kit.with_console(plain, tmp_path) as services,
        with_review(services, base, tmp_path) as (full, office),
        web_kit.serving.served(create_app(full)) as address,
    ):
        office.fill(WORDS, "비가 오려나 몰라", "약을 사야 해요")
        yield office, address


@pytest.fixture
def office(office_and_address) -> Office:
    return office_and_address[0]


@pytest.fixture
def window(browser: Browser, office_and_address, web_kit) -> Iterator[Callable[..., Window]]:
    contexts, windows = [], []

    def opened(name: str, **options) -> Window:
        size = {"width": 1400, "height": 900}
        context = browser.new_context(viewport=size, locale="ko-KR", reduced_motion="reduce", **options)
        contexts.append(context)
        here = Window(context, office_and_address[1], web_kit.password)
        windows.append(here)
        here.log_in(name, "/console/review")
        return here

    yield opened
    # htmx notes a refusal that the page shows.
    shown = "Response Status Error Code 422"
    complaints = [said for each in windows for said in each.complaints if shown not in said]
    for context in contexts:
        context.close()
    assert complaints == []


def test_from_an_item_to_a_served_change_by_keys_and_by_a_second_person(window, office: Office) -> None:
    here = window("reviewer")
    page = here.page
    page.evaluate("window.same = true")
    rows = here.at("clusters").get_by_role("button")
    expect(rows).to_have_count(3)
    page.keyboard.press("j")
    while page.evaluate("document.activeElement.textContent").find(WORDS) < 0:
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(here.at("items")).to_contain_text(WORDS)
    page.get_by_role("button", name="앞뒤 대화 보기").click()
    expect(here.at("around")).to_contain_text("잘 못 들었어요")
    page.keyboard.press("e")
    expect(here.at("change-kind")).to_be_focused()
    here.at("change-kind").select_option("word")
    expect(page.get_by_label("사람들이 하는 말")).to_be_visible()
    here.at("change-kind").select_option("example")
    page.get_by_label("더할 예문").fill("")
    page.get_by_label("더할 예문").fill("돌확이요 900101-1234567")
    here.at("propose").click()
    expect(here.at("alert")).to_contain_text("개인의 번호가 있어요")
    page.get_by_label("더할 예문").fill("돌확에 물이 얼 날씨예요")
    here.at("propose").click()
    expect(here.at("effect")).to_contain_text("아직 재지 않았어요")
    expect(rows).to_have_count(2)
    page.keyboard.press("m")
    expect(here.at("effect")).to_contain_text("지금은 안 되고, 더하면 돼요")
    expect(here.at("publish")).to_have_count(0)

    other = window("supervisor")
    other.page.keyboard.press("p")
    other.at("proposals").get_by_role("button").first.click()
    other.at("publish").get_by_role("button").click()
    expect(other.at("case")).to_have_attribute("data-state", "published")
    while not other.at("history").is_visible():  # keys do nothing while an answer is on its way
        other.page.keyboard.press("l")
        other.page.wait_for_load_state("networkidle")
    expect(other.at("history")).to_contain_text("적용")
    other.at("history").get_by_role("button").first.click()
    other.at("roll-back").get_by_label("되돌리는 까닭").fill("너무 넓어요")
    other.at("roll-back").get_by_role("button").click()
    expect(other.at("case")).to_have_attribute("data-state", "rolled_back")
    assert page.evaluate("window.same") is True


@pytest.mark.parametrize("mode", MODES)
def test_every_part_of_the_page_is_accessible(window, mode: str) -> None:
    here = window("supervisor", **MODES[mode])
    page = here.page
    assert faults(page) == []
    here.at("clusters").get_by_role("button").first.click()
    expect(here.at("items")).to_be_visible()
    page.get_by_role("button", name="앞뒤 대화 보기").first.click()
    expect(here.at("around")).to_be_visible()
    open_all = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
    fields = {"word": "표준 낱말", "passage": "출처 주소", "rule": "예문 (한", "example": "더할 예문"}
    for change, label in fields.items():
        here.at("change-kind").select_option(change)
        expect(page.get_by_label(label)).to_be_visible()
        page.evaluate(open_all)
        assert faults(page) == []
    page.get_by_label("더할 예문").fill("돌확에 물이 얼 날씨예요")
    here.at("propose").click()
    expect(here.at("effect")).to_be_visible()
    page.evaluate(open_all)
    assert faults(page) == []
    here.at("measure").click()
    expect(here.at("effect")).to_contain_text("대화 시험")
    assert faults(page) == []
    here.at("open-proposals").click()
    expect(here.at("proposals")).to_be_visible()
    assert faults(page) == []
    here.at("open-history").click()
    expect(here.at("history")).to_be_visible()
    assert faults(page) == []
    page.locator("#help").click()
    assert faults(page) == []
