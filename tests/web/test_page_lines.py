"""The page when the network goes: it says so, comes back by itself, and nobody has to say anything twice."""

from __future__ import annotations

import re
import threading
import time
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
from donghaeng.web.app import create_app  # noqa: E402

pytestmark = pytest.mark.browser

HEARD = "문 연 약국 좀 찾아줘요"
OFFLINE_S = 25.0
QUIET_S, TONE_S = 9.0, 2.0
"""The microphone is silent until the greeting has been heard, then somebody speaks."""
HURRY = """
const since = performance.now.bind(performance);
window.hurry = 1;
performance.now = () => since() * window.hurry;
window.setTimeout = ((set) => (f, ms) => set(f, ms / window.hurry))(window.setTimeout);
"""
KEPT = """
async (steps) => {
  const { KeptSound } = await import("/page/kept-sound.js");
  const kept = new KeptSound();
  kept.begin();
  let number = 0;
  const feed = (seconds, loudness) => {
    for (let i = 0; i < Math.round(seconds / 0.04); i += 1) kept.add(number++, loudness);
  };
  for (const [what, value] of steps) {
    if (what === "quiet") feed(value, 0);
    else if (what === "loud") feed(value, 0.8);
    else if (what === "speaks") kept.speaks(value);
    else if (what === "since") return { pending: kept.pending, frames: kept.since(value), number };
    else kept[what]();
  }
}
"""


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "request.wav"
    rate = 48_000
    tone = 0.5 * np.sin(2 * np.pi * 300 * np.arange(int(TONE_S * rate)) / rate)
    sound = np.concatenate([np.zeros(int(QUIET_S * rate)), tone, np.zeros(90 * rate)])
    write_wav(Audio(sound.astype(np.float32), rate), path)
    return path


@pytest.fixture
def conversations(web_kit):
    return web_kit.fake.FakeConversations()


@pytest.fixture
def speech(web_kit):
    speech = web_kit.speech.fake_speech([HEARD] * 5)
    yield speech
    speech.pool.close()


@pytest.fixture
def cable(web_kit, conversations, speech):
    settings = load_settings(data=Path("/nonexistent"), allow_test_clock=True, rate_limit="off")
    services = web_kit.services_over(conversations, settings)
    live = replace(services, live=LiveDesk(services.conversations, speech, LiveOptions(PHRASES)))
    with web_kit.serving.served(create_app(live)) as address, web_kit.cable.Cable(address).laid() as cable:
        yield cable


@pytest.fixture(scope="module")
def browser(recording: Path) -> Iterator[Browser]:
    with chromium(recording) as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, cable) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, permissions=["microphone"])
    context.add_init_script(HURRY)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(cable.address)
    page.wait_for_selector("html[data-ready]")
    yield page
    assert errors == []
    context.close()


def write(page: Page, words: str) -> None:
    if not page.get_by_test_id("text").is_visible():
        page.get_by_test_id("write").click()
    page.get_by_test_id("text").fill(words)
    page.get_by_test_id("send").click()


def taken(conversations, words: str) -> int:
    (talk,) = conversations.talks.values()
    return sum(turn["heard"] == words for turn in talk.turns)


def wait_until_taken(conversations, words: str) -> None:
    until = time.monotonic() + PATIENCE_MS / 1000
    while not taken(conversations, words):
        assert time.monotonic() < until, f"{words!r} did not arrive"
        threading.Event().wait(0.02)


def played(page: Page) -> float:
    return float(page.evaluate("document.documentElement.dataset.playedSeconds"))


@pytest.mark.timeout(150)
def test_25_seconds_without_network_lose_nothing_and_nothing_is_done_twice(
    page: Page, cable, conversations
) -> None:
    start(page)
    state_is(page, "speaking")
    state_is(page, "listening")
    cable.deafen()
    for words in ("육사일일 번 버스", "문 연 약국"):
        write(page, words)
        wait_until_taken(conversations, words)
    cable.pull()
    state_is(page, "reconnecting")
    expect(page.get_by_test_id("notice")).to_contain_text("연결이 끊겼어요. 다시 잇고 있어요.")
    expect(page.get_by_test_id("state")).to_have_text("다시 잇고 있어요")
    expect(page.locator("html")).to_have_attribute("data-notice-said", "lost")
    # Real time, once: nothing but the clock decides how long the network is away.
    threading.Event().wait(OFFLINE_S)
    state_is(page, "reconnecting")
    before = played(page)
    cable.plug_in()
    expect(page.get_by_test_id("answer")).to_contain_text("약국이 3곳", timeout=PATIENCE_MS)
    page.get_by_test_id("earlier").get_by_text("지난 대화 보기").click()
    expect(page.get_by_test_id("earlier")).to_contain_text("6411번 버스가 3분 뒤에 와요.")
    expect(page.get_by_test_id("notice")).to_be_hidden()
    page.wait_for_function(
        "(before) => Number(document.documentElement.dataset.playedSeconds) > before", arg=before
    )
    assert [taken(conversations, words) for words in ("육사일일 번 버스", "문 연 약국")] == [1, 1]
    write(page, "여권")
    expect(page.get_by_test_id("answer")).to_contain_text("4일", timeout=PATIENCE_MS)
    assert len(conversations.talks) == 1


def test_a_line_that_died_without_a_word_is_found_out_and_typed_words_arrive_once(
    page: Page, cable, conversations
) -> None:
    start(page)
    state_is(page, "speaking")
    state_is(page, "listening")
    page.evaluate("window.hurry = 4")
    cable.kill()
    write(page, "육사일일 번 버스")
    state_is(page, "reconnecting")
    assert taken(conversations, "육사일일 번 버스") == 0
    cable.plug_in()
    expect(page.get_by_test_id("answer")).to_contain_text("6411번 버스가 3분", timeout=PATIENCE_MS)
    assert taken(conversations, "육사일일 번 버스") == 1
    state_is(page, "listening")


@pytest.mark.timeout(120)
def test_a_sentence_that_the_network_cut_in_two_is_heard_whole(
    page: Page, cable, conversations, speech
) -> None:
    start(page)
    state_is(page, "hearing")
    cable.pull()
    state_is(page, "reconnecting")
    cable.plug_in()
    expect(page.get_by_test_id("heard")).to_have_text(HEARD, timeout=PATIENCE_MS)
    expect(page.get_by_test_id("answer")).to_contain_text("약국이 3곳", timeout=PATIENCE_MS)
    longest = max(seconds for seconds, _ in speech.ears.recogniser.heard)
    assert TONE_S - 0.3 <= longest <= TONE_S + 1.0
    assert taken(conversations, HEARD) == 1


def test_only_what_was_begun_before_the_line_was_lost_is_kept_for_later(page: Page) -> None:
    def kept(*steps: tuple) -> dict:
        return page.evaluate(KEPT, [list(step) for step in steps])

    cut_in_two = kept(
        ("quiet", 2), ("alive",), ("loud", 1), ("speaks", True), ("lose",), ("loud", 1), ("quiet", 3),
        ("loud", 2), ("since", 2.0),
    )  # fmt: skip
    assert cut_in_two["pending"]
    assert cut_in_two["frames"] == list(range(50, 50 + 25 + 25 + 25))
    begun_later = kept(("quiet", 2), ("alive",), ("lose",), ("loud", 2), ("quiet", 2), ("since", 0.0))
    assert begun_later == {"pending": False, "frames": [], "number": 150}
    unheard = kept(("quiet", 2), ("alive",), ("loud", 1), ("quiet", 2), ("lose",), ("since", 1.0))
    assert unheard["pending"]
    assert unheard["frames"][0] == 25
    heard = kept(("loud", 1), ("alive",), ("quiet", 1), ("lose",), ("since", 0.0))
    assert not heard["pending"]
    long = kept(("quiet", 100), ("speaks", True), ("lose",), ("loud", 100), ("since", 0.0))
    assert len(long["frames"]) <= 20 / 0.04 + 2


def test_a_citizen_who_is_told_that_it_goes_on_is_told_so_in_the_words_of_the_page(page: Page, cable) -> None:
    start(page)
    cable.pull()
    state_is(page, "reconnecting")
    cable.plug_in()
    expect(page.get_by_test_id("notice")).to_be_hidden(timeout=PATIENCE_MS)
    expect(page.get_by_test_id("microphone")).to_have_attribute(
        "data-state", re.compile("speaking|listening"), timeout=PATIENCE_MS
    )
