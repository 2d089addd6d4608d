"""The page speaking with its browser's own voice, in a real browser over engines that need no model.

A headless browser has no Korean voice, so a stand-in for the browser's interface takes its place: it takes as
long as the words would and can be held and cancelled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, Page, expect  # noqa: E402
from tests.chromium import PATIENCE_MS, chromium, start, state_is  # noqa: E402
from tests.spoken import PHRASES  # noqa: E402

from donghaeng.conversation.live_desk import LiveDesk  # noqa: E402
from donghaeng.conversation.live_mouth import LiveOptions  # noqa: E402
from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.speech.audio import write_wav  # noqa: E402
from donghaeng.speech.engines import Audio  # noqa: E402
from donghaeng.speech.synthesise.browser import BrowserSynthesiser  # noqa: E402
from donghaeng.web.app import create_app  # noqa: E402

pytestmark = pytest.mark.browser

GREETING = "안녕하세요. 인공지능 상담원이에요. 무엇이 궁금하세요?"
WATCH_SOCKETS = """
window.sent = [];
window.pieces = 0;
window.WebSocket = class extends window.WebSocket {
  constructor(...given) {
    super(...given);
    window.line = this;
    this.addEventListener("message", ({ data }) => (window.pieces += typeof data === "string" ? 0 : 1));
  }
  send(data) {
    if (typeof data === "string") window.sent.push(JSON.parse(data));
    super.send(data);
  }
};
"""
KOREAN_VOICE = """
window.said = [];
window.speech = { waiting: [], paused: false, cancelled: 0, timer: null };
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
const speech = window.speech;
function next() {
  clearTimeout(speech.timer);
  if (speech.paused || !speech.waiting.length) return;
  const [utterance] = speech.waiting;
  speech.timer = setTimeout(() => {
    speech.waiting.shift();
    utterance.onend?.({});
    next();
  }, 40 * utterance.text.length);
}
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => [
    { lang: "en-US", localService: true },
    { lang: "kok-IN", localService: true, name: "Konkani" },
    { lang: "ko_KR", localService: true, name: "Yuna" },
  ],
  speak: (utterance) => {
    if (utterance.text) window.said.push(utterance);
    speech.waiting.push(utterance);
    next();
  },
  cancel: () => {
    const [current] = speech.waiting;
    speech.waiting = [];
    speech.cancelled += 1;
    clearTimeout(speech.timer);
    current?.onerror?.({ error: "canceled" });
  },
  pause: () => { speech.paused = true; clearTimeout(speech.timer); },
  resume: () => { speech.paused = false; next(); },
} });
"""


@pytest.fixture(scope="module")
def silence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "silence.wav"
    write_wav(Audio(np.zeros(48_000, np.float32), 48_000), path)
    return path


@pytest.fixture
def address(web_kit) -> Iterator[str]:
    settings = load_settings(data=Path("/nonexistent"), allow_test_clock=True, rate_limit="off")
    services = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    speech = replace(web_kit.speech.fake_speech([]), page_voice=BrowserSynthesiser())
    live = replace(services, live=LiveDesk(services.conversations, speech, LiveOptions(PHRASES)))
    with web_kit.serving.served(create_app(live)) as address:
        yield address
    speech.pool.close()


@pytest.fixture(scope="module")
def browser(silence: Path) -> Iterator[Browser]:
    with chromium(silence, repeated=True) as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, permissions=["microphone"])
    context.add_init_script(WATCH_SOCKETS + getattr(request, "param", KOREAN_VOICE))
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.wait_for_selector("html[data-ready]")
    yield page
    assert errors == []
    context.close()


def said(page: Page) -> str:
    return " ".join(page.evaluate("window.said.map(({ text }) => text)"))


def server_says(page: Page, kind: str) -> None:
    message = f'JSON.stringify({{ type: "{kind}", seq: 900, turn: 0 }})'
    page.evaluate(f'window.line.dispatchEvent(new MessageEvent("message", {{ data: {message} }}))')


def type_words(page: Page, words: str) -> None:
    page.get_by_test_id("write").click()
    page.get_by_test_id("text").fill(words)
    page.keyboard.press("Enter")


def test_the_greeting_is_spoken_by_the_browser_and_its_end_reported(page: Page) -> None:
    start(page)
    state_is(page, "speaking")
    state_is(page, "listening")
    assert said(page) == GREETING
    voices = page.evaluate("window.said.map(({ lang, rate, voice }) => [lang, rate, voice.name])")
    assert voices == [["ko-KR", 0.9, "Yuna"]] * 3
    assert page.evaluate("window.pieces") == 0
    assert page.evaluate("window.sent.some(({ type, own_voice }) => type === 'start' && own_voice)")
    assert page.evaluate("window.sent.some(({ type }) => type === 'played')")
    assert float(page.evaluate("document.documentElement.dataset.playedSeconds")) > 0.5


def test_louder_makes_the_browser_louder(page: Page) -> None:
    start(page)
    state_is(page, "listening")
    page.get_by_test_id("louder").click()
    page.get_by_test_id("again").click()
    volumes = page.evaluate("window.said.map(({ volume }) => volume)")
    assert volumes[3] > volumes[0] > 0
    assert said(page) == f"{GREETING} {GREETING}"


def test_it_waits_and_goes_on_and_stops_when_the_server_says_so(page: Page) -> None:
    start(page)
    state_is(page, "listening")
    type_words(page, "육사일일 번 버스")
    state_is(page, "speaking")
    server_says(page, "hold")
    assert page.evaluate("window.speech.paused")
    server_says(page, "go_on")
    assert not page.evaluate("window.speech.paused")
    state_is(page, "speaking")
    server_says(page, "hold")
    server_says(page, "interrupted")
    expect(page.get_by_test_id("microphone")).not_to_have_attribute("data-state", "speaking")
    assert page.evaluate("[window.speech.cancelled, window.speech.waiting.length, window.speech.paused]") == [
        1,
        0,
        False,
    ]


def test_a_press_stops_it_and_it_can_be_heard_again(page: Page) -> None:
    start(page)
    state_is(page, "speaking")
    page.get_by_test_id("microphone").click()
    expect(page.get_by_test_id("microphone")).not_to_have_attribute("data-state", "speaking")
    assert page.evaluate("window.speech.cancelled") == 1
    page.get_by_test_id("again").click()
    state_is(page, "speaking")
    state_is(page, "listening")
    assert said(page).endswith(GREETING)


def test_going_home_silences_it(page: Page) -> None:
    start(page)
    state_is(page, "speaking")
    page.get_by_test_id("home").click()
    state_is(page, "idle")
    assert page.evaluate("window.speech.waiting.length") == 0


VOICE_ELSEWHERE = KOREAN_VOICE.replace('"ko_KR", localService: true', '"ko_KR", localService: false')


@pytest.mark.parametrize("page", ["", VOICE_ELSEWHERE], indirect=True, ids=["none", "elsewhere"])
def test_a_browser_without_a_korean_voice_of_its_own_gets_sound(page: Page) -> None:
    start(page)
    state_is(page, "speaking")
    state_is(page, "listening")
    assert page.evaluate("window.sent.find(({ type }) => type === 'start').own_voice") is False
    assert page.evaluate("window.pieces") > 0
