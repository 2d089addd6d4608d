"""The page's sound on telephones: unlocked by a touch, back after an interruption, told by a soft tone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, Page, expect  # noqa: E402
from tests.chromium import chromium, start, state_is  # noqa: E402
from tests.spoken import PHRASES  # noqa: E402

from donghaeng.conversation.live_desk import LiveDesk  # noqa: E402
from donghaeng.conversation.live_mouth import LiveOptions  # noqa: E402
from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.speech.audio import write_wav  # noqa: E402
from donghaeng.speech.engines import Audio  # noqa: E402
from donghaeng.web.app import create_app  # noqa: E402

pytestmark = pytest.mark.browser

AUDIT = (Path(__file__).parent / "audit.js").read_text(encoding="utf-8")
PHONES = {"small": (320, 568), "usual": (360, 740), "iPhone": (393, 852), "large": (430, 932)}
LEAST_SIDE = 44
WATCH = """
window.contexts = [];
window.gestures = 0;
window.tones = 0;
window.AudioContext = class extends window.AudioContext {
  constructor(...given) {
    super(...given);
    this.madeIn = navigator.userActivation.isActive;
    window.contexts.push(this);
  }
};
window.OscillatorNode = class extends window.OscillatorNode {
  constructor(...given) {
    super(...given);
    window.tones += 1;
  }
};
"""


@pytest.fixture(scope="module")
def silence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "silence.wav"
    write_wav(Audio(np.zeros(60 * 48_000, np.float32), 48_000), path)
    return path


@pytest.fixture(scope="module")
def address(web_kit) -> Iterator[str]:
    settings = load_settings(data=Path("/nonexistent"), allow_test_clock=True, rate_limit="off")
    services = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    speech = web_kit.speech.fake_speech()
    app = create_app(replace(services, live=LiveDesk(services.conversations, speech, LiveOptions(PHRASES))))
    with web_kit.serving.served(app) as address:
        yield address
    speech.pool.close()


@pytest.fixture(scope="module")
def browser(silence: Path) -> Iterator[Browser]:
    with chromium(silence) as browser:
        yield browser


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens the page on an emulated telephone."""
    contexts = []
    errors: list[str] = []

    def open_page(size=PHONES["iPhone"], query: str = "") -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            device_scale_factor=3,
            is_mobile=True,
            has_touch=True,
            permissions=["microphone"],
            reduced_motion="reduce",
            locale="ko-KR",
        )
        context.add_init_script(WATCH)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{address}/{query}")
        page.wait_for_selector("html[data-ready]")
        return page

    yield open_page
    assert errors == []
    for context in contexts:
        context.close()


def test_sound_is_unlocked_within_the_first_touch_and_not_before(phone) -> None:
    page = phone()
    assert page.evaluate("window.contexts.length") == 0
    start(page, touch=True)
    assert page.evaluate("window.contexts[0].madeIn")
    assert page.evaluate("window.contexts[0].state") == "running"


def test_sound_that_a_telephone_call_took_away_comes_back_with_the_next_touch(phone) -> None:
    page = phone()
    start(page, touch=True)
    state_is(page, "speaking")
    page.evaluate("window.contexts[0].suspend()")
    notice = page.get_by_test_id("notice")
    expect(notice).to_have_text("소리가 멈췄어요. 화면을 한 번 눌러 주세요.")
    page.locator("h1").tap()
    expect(notice).to_be_hidden()
    page.wait_for_function("() => window.contexts[0].state === 'running'")
    state_is(page, "listening")


def test_the_microphone_is_woken_together_with_the_sound(phone) -> None:
    page = phone()
    start(page, touch=True)
    page.evaluate("Promise.all(window.contexts.map((each) => each.suspend()))")
    expect(page.get_by_test_id("notice")).to_contain_text("소리가 멈췄어요")
    page.locator("h1").tap()
    page.wait_for_function("() => window.contexts.every((each) => each.state === 'running')")


def test_a_soft_tone_tells_whose_turn_it_is_where_it_is_wanted(phone) -> None:
    page = phone()
    start(page, touch=True)
    state_is(page, "speaking")
    state_is(page, "listening")
    assert page.evaluate("window.tones") == 0
    page.get_by_test_id("place").tap()
    page.get_by_test_id("cue").check()
    page.get_by_test_id("again").tap()
    state_is(page, "speaking")
    state_is(page, "listening")
    assert page.evaluate("window.tones") == 2
    page.reload()
    page.wait_for_selector("html[data-ready]")
    page.get_by_test_id("place").tap()
    expect(page.get_by_test_id("cue")).to_be_checked()


def test_on_a_kiosk_the_tone_is_there_from_the_start(phone) -> None:
    page = phone((1080, 1920), "?kiosk")
    page.get_by_test_id("cover").tap()
    start(page, touch=True)
    state_is(page, "speaking")
    state_is(page, "listening")
    assert page.evaluate("window.tones") == 2


@pytest.mark.parametrize("name", PHONES)
def test_a_conversation_fits_every_telephone(phone, name: str) -> None:
    page = phone(PHONES[name])
    start(page, touch=True)
    state_is(page, "listening")
    page.get_by_test_id("write").tap()
    page.get_by_test_id("place").tap()
    for words in ("문 연 약국", "정류장이요", "소파"):
        page.get_by_test_id("text").fill(words)
        page.get_by_test_id("send").tap()
        expect(page.get_by_test_id("heard")).to_have_text(words)
        found = page.evaluate(AUDIT.replace("TARGET", str(LEAST_SIDE)))
        assert found.pop("smallest") >= 19 - 0.1
        assert found == {"faint": [], "short": [], "cut": [], "broken": [], "wide": 0, "nameless": []}
        for one in ("microphone", "counsellor", "ai-notice"):
            expect(page.get_by_test_id(one)).to_be_in_viewport(ratio=1)
        for one in ("again", "slower", "louder", "larger", "contrast", "write", "place", "home", "mute"):
            page.get_by_test_id(one).scroll_into_view_if_needed()
            expect(page.get_by_test_id(one)).to_be_visible()
