"""The citizen page speaking and listening in a real browser, over engines that need no model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.spoken import PHRASES

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, Page, expect  # noqa: E402
from tests.chromium import PATIENCE_MS, chromium, start, state_is  # noqa: E402
from tests.web.recordings import one_request  # noqa: E402

from donghaeng.conversation.admission import Admission  # noqa: E402
from donghaeng.conversation.live_desk import LiveDesk  # noqa: E402
from donghaeng.conversation.live_mouth import LiveOptions  # noqa: E402
from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.web.app import create_app  # noqa: E402

pytestmark = pytest.mark.browser

HEARD = "문 연 약국 좀 찾아줘요"
WATCH_SOCKETS = """
window.sockets = [];
window.WebSocket = class extends window.WebSocket {
  constructor(...given) {
    if (window.noMoreSockets) given[0] = new URL("/v1/nothing", location.href.replace("http", "ws"));
    super(...given);
    window.sockets.push(this);
    this.addEventListener("open", () => document.documentElement.dataset.lines = window.sockets.length);
  }
};
"""
HURRY = """
const since = performance.now.bind(performance);
window.hurry = 1;
performance.now = () => since() * window.hurry;
window.setTimeout = ((set) => (f, ms) => set(f, ms / window.hurry))(window.setTimeout);
"""


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return one_request(tmp_path_factory.mktemp("sound") / "request.wav")


@pytest.fixture
def admission(request: pytest.FixtureRequest) -> Admission:
    """The places; all taken where the test says so."""
    places = Admission(2)
    if getattr(request, "param", None) == "full":
        places.resize(1)
        places.join()
    return places


@pytest.fixture
def address(web_kit, admission: Admission) -> Iterator[str]:
    settings = load_settings(data=Path("/nonexistent"), allow_test_clock=True, rate_limit="off")
    services = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    speech = web_kit.speech.fake_speech([HEARD] * 5)
    desk = LiveDesk(services.conversations, speech, LiveOptions(PHRASES), admission=admission)
    live = replace(services, live=desk)
    with web_kit.serving.served(create_app(live)) as address:
        yield address
    speech.pool.close()


@pytest.fixture(scope="module")
def browser(recording: Path) -> Iterator[Browser]:
    with chromium(recording) as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, permissions=["microphone"])
    context.add_init_script(WATCH_SOCKETS + HURRY)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.wait_for_selector("html[data-ready]")
    yield page
    assert errors == []
    context.close()


def played_seconds(page: Page) -> float:
    return float(page.evaluate("document.documentElement.dataset.playedSeconds"))


def test_one_press_greets_hears_answers_aloud_and_shows_it(page: Page) -> None:
    start(page)
    state_is(page, "speaking")
    expect(page.get_by_test_id("heard")).to_have_text(HEARD, timeout=PATIENCE_MS)
    expect(page.get_by_test_id("answer")).to_contain_text("지금 문 연 약국이 3곳", timeout=PATIENCE_MS)
    expect(page.get_by_test_id("row")).to_have_count(3)
    state_is(page, "listening")
    assert played_seconds(page) > 2.0


@pytest.mark.parametrize("admission", ["full"], indirect=True)
def test_a_full_house_is_waited_for_in_turn_or_left_with_a_number(page: Page, admission: Admission) -> None:
    page.get_by_test_id("microphone").click()
    state_is(page, "queued")
    expect(page.get_by_test_id("answer")).to_contain_text("119에 전화하세요")
    expect(page.get_by_test_id("answer")).to_contain_text("바로 다음 차례예요")
    page.get_by_test_id("choice").filter(has_text="전화해 주세요").click()
    expect(page.get_by_test_id("answer")).to_contain_text("번호를 써 주세요")
    page.get_by_test_id("write").click()
    page.get_by_test_id("text").fill("010-1234-5678")
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("answer")).to_contain_text("010-1234-5678")
    assert admission.waiting == 1
    page.get_by_test_id("choice").filter(has_text="네").click()
    state_is(page, "idle")
    expect(page.get_by_test_id("answer")).to_contain_text("전화드릴게요")
    assert admission.waiting == 0


def test_speech_stops_at_a_press_and_can_be_heard_again(page: Page) -> None:
    start(page)
    state_is(page, "speaking")
    page.get_by_test_id("microphone").click()
    expect(page.get_by_test_id("microphone")).not_to_have_attribute("data-state", "speaking")
    before = played_seconds(page)
    page.get_by_test_id("again").click()
    state_is(page, "speaking")
    expect(page.get_by_test_id("microphone")).not_to_have_attribute(
        "data-state", "speaking", timeout=PATIENCE_MS
    )
    assert played_seconds(page) > before + 1


def test_typed_words_go_over_the_open_line(page: Page) -> None:
    start(page)
    page.get_by_test_id("write").click()
    page.get_by_test_id("text").fill("육사일일 번 버스")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("answer")).to_contain_text("6411번 버스가 3분", timeout=PATIENCE_MS)
    assert page.evaluate("window.sockets.length") == 1


def test_the_microphone_can_be_switched_off_and_on(page: Page) -> None:
    start(page)
    page.get_by_test_id("mute").click()
    expect(page.get_by_test_id("mute")).to_be_hidden()
    state_is(page, "muted")
    page.get_by_test_id("microphone").click()
    expect(page.get_by_test_id("mute")).to_be_visible()
    assert page.evaluate("window.sockets.length") == 1


def test_a_lost_line_comes_back_to_the_same_conversation(page: Page) -> None:
    start(page)
    kept = "JSON.parse(sessionStorage.getItem('donghaeng.conversation')).conversation"
    before = page.evaluate(kept)
    page.evaluate("window.sockets.at(-1).close()")
    expect(page.locator("html")).to_have_attribute("data-lines", "2", timeout=PATIENCE_MS)
    page.get_by_test_id("write").click()
    page.get_by_test_id("text").fill("육사일일 번 버스")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("answer")).to_contain_text("6411번 버스가 3분", timeout=PATIENCE_MS)
    assert page.evaluate(kept) == before


def test_when_the_line_stays_lost_the_talk_goes_on_in_writing(page: Page) -> None:
    start(page)
    page.evaluate("window.noMoreSockets = true; window.sockets.at(-1).close()")
    state_is(page, "reconnecting")
    page.evaluate("window.hurry = 200")
    expect(page.get_by_test_id("notice")).to_contain_text("소리 연결이 끊겼어요", timeout=PATIENCE_MS)
    page.get_by_test_id("text").fill("육사일일 번 버스")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("answer")).to_contain_text("6411번 버스가 3분", timeout=PATIENCE_MS)
    state_is(page, "idle")


def test_an_old_conversation_that_is_gone_begins_anew(page: Page) -> None:
    page.evaluate(
        'sessionStorage.setItem(\'donghaeng.conversation\', \'{"conversation":"c_x","token":"t"}\')'
    )
    page.reload()
    state_is(page, "resumable")
    start(page)
    expect(page.get_by_test_id("notice")).to_contain_text("새로 시작했어요")


def test_a_typed_conversation_goes_on_by_voice(page: Page) -> None:
    page.get_by_test_id("write").click()
    page.get_by_test_id("text").fill("소파 버려야 해요")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("choice")).to_have_count(2)
    page.get_by_test_id("microphone").click()
    state_is(page, "speaking")
    expect(page.get_by_test_id("answer")).to_contain_text("소파 1개")
    page.get_by_role("button", name="네", exact=True).click()
    expect(page.get_by_test_id("card")).to_contain_text("마23-4567", timeout=PATIENCE_MS)


def test_a_goodbye_is_heard_to_its_end_before_the_button_changes(page: Page) -> None:
    start(page)
    page.get_by_test_id("write").click()
    page.get_by_test_id("text").fill("이제 끝")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("answer")).to_have_text("네, 안녕히 계세요.", timeout=PATIENCE_MS)
    state_is(page, "speaking")
    state_is(page, "ended")
    page.get_by_test_id("microphone").click()
    expect(page.get_by_test_id("answer")).to_contain_text("인공지능", timeout=PATIENCE_MS)
