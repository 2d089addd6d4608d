"""The console in a real browser: the desk by keys alone, what is new, the counsellor's voice, 200 waiting."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, expect  # noqa: E402
from tests.chromium import chromium  # noqa: E402
from tests.web.console_window import MODES, PICTURES, Window, faults, windows  # noqa: E402

from donghaeng.people.cases import LineKind, Urgency  # noqa: E402
from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.web.app import create_app  # noqa: E402

pytestmark = pytest.mark.browser

MOST_WAITING = 200
MOST_SECONDS_TO_PAINT = 1.5
"""From a new conversation to its row on the screen, with both on one machine of two cores."""
MOST_LONG_TASK_MS = 250


@pytest.fixture
def desk_and_address(web_kit, tmp_path: Path) -> Iterator[tuple]:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with (
        web_kit.with_console(plain, tmp_path) as services,
        web_kit.serving.served(create_app(services)) as address,
    ):
        yield services.desk, address


@pytest.fixture
def desk(desk_and_address):
    return desk_and_address[0]


@pytest.fixture
def address(desk_and_address) -> str:
    return desk_and_address[1]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def window(browser: Browser, address: str, web_kit) -> Iterator[Callable[..., Window]]:
    with windows(browser, address, web_kit.password) as opened:
        yield opened


def fill(desk, count: int = 6) -> None:
    for number in range(count):
        channel = ("phone", "web", "kiosk", "chat")[number % 4]
        urgency = Urgency.URGENT if number == 3 else Urgency.NORMAL
        desk.add(f"h_{number}", channel=channel, urgency=urgency, live_voice=channel == "phone")
    desk.add("h_late", state="callback", channel="phone")


def test_a_page_that_shuts_people_out_is_found(window) -> None:
    here = window()
    here.page.set_content('<html lang="ko"><title>x</title><main><h1>x</h1><img src="data:,"><input></main>')
    assert {found.partition(":")[0] for found in faults(here.page)} == {"image-alt", "label"}


@pytest.mark.parametrize("mode", MODES)
def test_every_page_of_the_console_is_accessible(window, desk, mode: str) -> None:
    fill(desk)
    here = window(**MODES[mode])
    here.go("/console/login")
    assert faults(here.page) == []
    here.log_in("admin", "/console/")
    assert faults(here.page) == []
    for path in ("/console/accesses", "/console/account", "/console/account/factor", "/console/switch"):
        here.go(path)
        assert faults(here.page) == []
    here.go("/console/desk")
    expect(here.at("refused")).to_be_visible()
    assert faults(here.page) == []
    here.log_in("counsellor")
    expect(here.at("queue").get_by_role("button")).to_have_count(6)
    assert faults(here.page) == []
    here.page.locator("#row-h_3").click()
    expect(here.at("claim")).to_be_visible()
    assert faults(here.page) == []
    here.at("claim").click()
    expect(here.at("words")).to_be_focused()
    for part in here.page.locator("details").all():
        part.evaluate("(details) => { details.open = true; }")
    desk.soon(lambda: desk.happen("h_3", LineKind.CITIZEN, "가슴이 답답해요", detail="medical"))
    expect(here.at("lines")).to_contain_text("긴급 상황")
    assert faults(here.page) == []
    here.page.locator("#help").click()
    assert faults(here.page) == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("path", ["/", "/?kiosk=1", "/kiosk/screen", "/listen"])
def test_every_page_of_citizens_is_accessible(window, path: str, mode: str) -> None:
    here = window(**MODES[mode])
    here.go(path)
    here.page.wait_for_load_state("networkidle")
    assert faults(here.page) == []


def test_the_strong_colours_are_chosen_and_kept(window) -> None:
    here = window(color_scheme="light")
    here.log_in("counsellor")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert here.page.evaluate(ground) != "rgb(0, 0, 0)"
    here.page.locator("#contrast").click()
    assert here.page.evaluate(ground) == "rgb(0, 0, 0)"
    here.go("/console/")
    assert here.page.evaluate(ground) == "rgb(0, 0, 0)"


COUNT_TONES = """
window.tones = 0;
const Tone = window.OscillatorNode;
window.OscillatorNode = class extends Tone { constructor(...all) { super(...all); window.tones += 1; } };
"""


def test_what_is_new_is_heard_and_seen(window, desk) -> None:
    desk.add("h_1")
    here = window(script=COUNT_TONES)
    here.log_in("counsellor")
    expect(here.page).to_have_title("(1) 상담 · 동행")
    here.page.mouse.click(900, 700)  # a gesture, before which no page may sound
    expect(here.at("queue").get_by_role("button")).to_have_count(1)
    desk.soon(lambda: desk.add("h_2"))
    expect(here.page).to_have_title("(2) 상담 · 동행")
    expect(here.page.locator("#news")).to_have_text("새 상담이 1건 들어왔어요. 모두 2분이 기다려요.")
    here.page.wait_for_function("window.tones === 2")
    here.page.locator("#sound").click()
    expect(here.page.locator("#sound")).to_have_attribute("aria-pressed", "false")
    desk.soon(lambda: desk.add("h_3"))
    expect(here.page).to_have_title("(3) 상담 · 동행")
    assert here.page.evaluate("window.tones") == 2


def test_a_whole_conversation_by_keys_alone_without_loading_the_page_anew(window, desk) -> None:
    fill(desk)
    here = window()
    here.log_in("counsellor")
    page = here.page
    page.evaluate("window.same = true")
    keys = page.keyboard
    keys.press("j")
    expect(page.locator("#row-h_3")).to_be_focused()  # the urgent one is first
    keys.press("j")
    keys.press("k")
    keys.press("Enter")
    expect(here.at("claim")).to_be_visible()
    keys.press("c")
    expect(here.at("words")).to_be_focused()
    expect(here.at("case")).to_have_attribute("data-handover", "h_3")
    keys.type("네, 제가 도와드릴게요. c j x")
    keys.press("Control+Enter")
    expect(here.at("lines")).to_contain_text("네, 제가 도와드릴게요. c j x")
    expect(here.at("words")).to_have_value("")
    expect(here.at("words")).to_be_focused()
    desk.soon(lambda: desk.happen("h_3", LineKind.CITIZEN, "<i>고마워요</i>"))
    expect(here.at("lines")).to_contain_text("<i>고마워요</i>")
    keys.press("Alt+1")
    expect(here.at("words")).to_have_value("잠시만 기다려 주세요.")
    keys.press("Escape")
    keys.press("n")
    expect(page.locator("#note")).to_be_focused()
    keys.press("Escape")
    keys.press("x")
    expect(page.locator("#outcome")).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    expect(here.at("case")).to_contain_text("상담을 마쳤어요.")
    assert desk.history[-1].detail == "visit"
    assert page.evaluate("window.same") is True


def test_letters_under_the_korean_layout_work_and_can_be_switched_off(window, desk) -> None:
    fill(desk)
    here = window()
    here.log_in("counsellor")
    page = here.page
    press = "(key) => document.body.dispatchEvent(new KeyboardEvent('keydown', {...key, bubbles: true}))"
    page.evaluate(press, {"key": "ㅓ", "code": "KeyJ"})
    expect(page.locator("#row-h_3")).to_be_focused()
    page.evaluate(press, {"key": "?", "code": "Slash"})
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_label("글자 하나로 된 단축키 쓰기").uncheck()
    page.get_by_role("dialog").get_by_role("button", name="닫기").click()
    page.keyboard.press("c")
    expect(here.at("mine").get_by_role("button")).to_have_count(0)
    assert not any(line.kind is LineKind.CLAIMED for line in desk.history)


def test_a_suggested_answer_is_used_edited_or_put_away(window, desk) -> None:
    for number in range(3):
        desk.add(f"h_{number}")
    here = window()
    here.log_in("counsellor")
    here.page.keyboard.press("c")
    here.at("use").click()
    expect(here.at("lines")).to_contain_text("만 65세부터")
    here.page.keyboard.press("Escape")
    here.at("edit").click()
    expect(here.at("words")).to_have_value("기초연금은 만 65세부터 신청할 수 있어요.")
    here.at("words").fill("예순다섯 살부터예요.")
    here.at("send").click()
    expect(here.at("lines")).to_contain_text("예순다섯")
    here.at("reject").click()
    expect(here.at("suggestion")).to_have_count(0)
    assert [(verdict, text) for _, verdict, text in desk.judged] == [
        ("used", "기초연금은 만 65세부터 신청할 수 있어요."),
        ("edited", "예순다섯 살부터예요."),
        ("rejected", ""),
    ]


def test_a_conversation_that_was_taken_away_says_so(window, desk) -> None:
    desk.add("h_1")
    here = window()
    here.log_in("counsellor")
    here.page.keyboard.press("c")
    expect(here.at("words")).to_be_visible()

    def take() -> None:
        from dataclasses import replace

        desk.rows["h_1"] = replace(desk.rows["h_1"], owner="st_other")
        desk.happen("h_1", LineKind.RETURNED)

    desk.soon(take)
    expect(here.at("case")).to_contain_text("이 상담은 이제 다른 분이 맡고 있어요.")
    expect(here.at("words")).to_have_count(0)


def test_the_end_of_the_login_shows_by_itself(window, desk) -> None:
    here, other = window(), window()
    here.log_in("counsellor")
    other.log_in("supervisor")
    other.at("logout").click()
    other.page.wait_for_url("**/console/login*")
    assert len(desk.left) == 1
    here.page.context.clear_cookies()
    here.page.locator("#ready").click()
    here.page.wait_for_url(re.compile(r"/console/login\?next=/console/desk$"))


def test_the_counsellor_hears_and_speaks(window, desk) -> None:
    desk.add("h_1", channel="phone", live_voice=True)
    here = window(permissions=["microphone"])
    here.log_in("counsellor")
    here.page.keyboard.press("c")
    expect(here.at("spoken")).to_contain_text("전화로 읽어 드려요")
    here.at("voice").click()
    expect(here.page.locator("#voice-state")).to_contain_text("통화 중이에요")
    expect(here.at("voice")).to_have_attribute("aria-pressed", "true")
    here.at("voice").click()
    expect(here.page.locator("#voice-state")).to_contain_text("통화를 끊었어요")


PAINTED = """
window.long = [];
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) window.long.push(task.duration);
}).observe({ type: "longtask", buffered: true });
window.painted = {};
addEventListener("DOMContentLoaded", () => {
  new MutationObserver(() => {
    for (const row of document.querySelectorAll("#queue [data-handover]")) {
      const name = row.dataset.handover;
      if (name in window.painted) continue;
      window.painted[name] = 0;
      requestAnimationFrame(() => setTimeout(() => { window.painted[name] = Date.now(); }));
    }
  }).observe(document.documentElement, { childList: true, subtree: true });
});
"""


def test_two_hundred_waiting_do_not_make_the_page_slow(window, desk, record_property) -> None:
    for number in range(MOST_WAITING - 20):
        desk.add(f"h_{number}")
    here = window(script=PAINTED)
    here.log_in("counsellor")
    page = here.page
    page.keyboard.press("c")
    expect(here.at("words")).to_be_focused()
    page.evaluate("window.long.length = 0")
    happened: dict[str, float] = {}
    for number in range(20):
        name = f"new_{number}"

        def add(name: str = name) -> None:
            happened[name] = time.time()
            desk.add(name)

        desk.soon(add)
        page.keyboard.type("네 ")
        page.wait_for_function("(name) => window.painted[name] > 0", arg=name)
    painted = page.evaluate("window.painted")
    waits = sorted(painted[name] / 1000 - at for name, at in happened.items())
    long = page.evaluate("window.long")
    for name, value in (
        ("p50_s", waits[9]),
        ("most_s", waits[-1]),
        ("longest_task_ms", max(long, default=0)),
    ):
        record_property(name, round(value, 3))
    assert here.at("words").input_value() == "네 " * 20
    assert waits[-1] < MOST_SECONDS_TO_PAINT
    assert max(long, default=0) < MOST_LONG_TASK_MS


def test_pictures_for_the_guide(window, desk, tmp_path: Path) -> None:
    for name, topic, channel, urgency in (
        ("h_1", "소파를 버리고 싶은데 잘 안 돼요", "phone", Urgency.NORMAL),
        ("h_2", "가슴이 답답해요", "kiosk", Urgency.URGENT),
        ("h_3", "기초연금은 몇 살부터예요?", "web", Urgency.NORMAL),
    ):
        desk.add(name, topic=topic, channel=channel, urgency=urgency, live_voice=channel == "phone")
    folder = tmp_path
    here = window(color_scheme="light")
    here.go("/console/login")
    here.page.screenshot(path=folder / "console-login.png")
    here.log_in("counsellor")
    expect(here.at("queue").get_by_role("button")).to_have_count(3)
    here.page.screenshot(path=folder / "desk-queue.png")
    here.page.locator("#row-h_1").click()
    here.at("claim").click()
    expect(here.at("words")).to_be_focused()
    desk.soon(lambda: desk.happen("h_1", LineKind.CITIZEN, "거기 사람이에요?"))
    expect(here.at("lines")).to_contain_text("거기 사람이에요?")
    here.at("words").fill("네, 상담사예요. 소파 버리는 것을 도와드릴게요.")
    here.at("send").click()
    expect(here.at("lines")).to_contain_text("도와드릴게요")
    here.page.screenshot(path=folder / "desk-talk.png")
    made = sorted(path.name for path in folder.glob("*.png"))
    assert made == ["console-login.png", "desk-queue.png", "desk-talk.png"]
    if PICTURES:
        for name in made:
            shutil.copy(folder / name, Path(PICTURES) / name)
