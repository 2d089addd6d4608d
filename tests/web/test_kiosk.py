"""The page as a kiosk: sleep and waking, physical sizes, volume, the end of a session and what it leaves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, Page, expect  # noqa: E402
from tests.chromium import chromium  # noqa: E402

from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.web.app import create_app  # noqa: E402

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
AUDIT = (HERE / "audit.js").read_text(encoding="utf-8")
SESSION = (HERE / "session_check.js").read_text(encoding="utf-8")
WIDE, TALL, TABLET = (1920, 1080), (1080, 1920), (1280, 800)
SCREENS = {
    "22 inch": (WIDE, 22, 12.0, 48),
    "24 inch": (WIDE, 24, 12.0, 43),
    "27 inch": (WIDE, 27, 12.0, 39),
    "32 inch": (WIDE, 32, 12.0, 33),
    "32 inch, upright": (TALL, 32, 12.0, 33),
    "10 inch tablet": (TABLET, 10.1, 7.25, 43),
}
"""Size in px, diagonal in inches, least height of type in mm and in px (facts of KS X 9211's tables)."""
LEAST_SIDE_MM, LEAST_AREA_MM2, LEAST_GAP_MM = 12.0, 150.0, 2.5
HIGHEST_MM = 1220
FINE = {"faint": [], "short": [], "cut": [], "broken": [], "wide": 0, "nameless": []}
CLEAN = """
() => {
  const copy = document.documentElement.cloneNode(true);
  for (const node of [copy, ...copy.querySelectorAll("*")]) {
    if (node.getAttribute("style") === "") node.removeAttribute("style");
  }
  copy.removeAttribute("data-notice-said");
  return copy.outerHTML.replace(/ class=""/g, "");
}
"""
KEPT = "[localStorage.length, sessionStorage.length, document.cookie, history.length, location.hash]"


@pytest.fixture(scope="module")
def conversations(web_kit):
    return web_kit.fake.FakeConversations()


@pytest.fixture(scope="module")
def address(web_kit, conversations) -> Iterator[str]:
    settings = load_settings(data=Path("/nonexistent"), allow_test_clock=True, rate_limit="off")
    with web_kit.serving.served(create_app(web_kit.services_over(conversations, settings))) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def kiosk(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens a kiosk, under its cover; its clock is the test's where ``clock`` is set."""
    contexts = []
    complaints: list[str] = []

    def open_page(
        query: str = "", *, size=WIDE, clock: bool = False, script: str | None = None, **options
    ) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            screen={"width": size[0], "height": size[1]},
            locale="ko-KR",
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        if script is not None:
            context.add_init_script(script)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        if clock:
            page.clock.install()
        page.goto(f"{address}/kiosk{query}")
        page.wait_for_selector("html[data-ready]")
        return page

    open_page.complaints = complaints
    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


COUNT_MICROPHONE = """
window.microphoneOpened = 0;
navigator.mediaDevices.getUserMedia = async () => {
  window.microphoneOpened += 1;
  throw new DOMException("none here", "NotFoundError");
};
"""


def write(page: Page, words: str) -> None:
    if not page.get_by_test_id("text").is_visible():
        page.get_by_test_id("write").click()
    page.get_by_test_id("text").fill(words)
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("heard")).to_have_text(words)


def wake(page: Page) -> None:
    page.get_by_test_id("cover").click()
    expect(page.get_by_test_id("cover")).to_be_hidden()


def told(page: Page, idle_s: float, *steps: object) -> list[list[object]]:
    return page.evaluate(SESSION, [idle_s, list(steps)])


def test_a_session_is_warned_of_20_seconds_ahead_and_every_sign_of_life_begins_it_anew(kiosk) -> None:
    page = kiosk()
    assert told(page, 90, 100) == [[70, "warn"], [90, "end"]]
    assert told(page, 90, 60, "touch", 69) == []
    assert told(page, 90, 80, "touch", 100) == [[70, "warn"], [80, "stay"], [150, "warn"], [170, "end"]]
    assert told(page, 90, 200) == [[70, "warn"], [90, "end"]], "it ends once"


def test_the_clock_of_a_session_stands_still_while_the_agent_speaks(kiosk) -> None:
    page = kiosk()
    assert told(page, 90, 60, "busy", 300, "free", 100) == [[370, "warn"], [390, "end"]]
    assert told(page, 90, 75, "busy", 30, "free", 100) == [[70, "warn"], [120, "end"]]


def test_the_warning_keeps_its_length_on_a_machine_that_slept_and_with_too_short_a_time(kiosk) -> None:
    page = kiosk()
    assert told(page, 90, "sleep", 30) == [[10_000, "warn"], [10_020, "end"]]
    assert told(page, 5, 100) == [[20, "warn"], [40, "end"]]


def test_a_touch_wakes_it_full_screen_and_says_where_to_press(kiosk) -> None:
    page = kiosk()
    assert page.evaluate("document.querySelector('main').inert")
    wake(page)
    assert not page.evaluate("document.querySelector('main').inert")
    page.wait_for_function("() => document.fullscreenElement === document.documentElement")
    expect(page.locator("html")).to_have_attribute("data-notice-said", "welcome")


def test_law_14_the_microphone_of_a_kiosk_opens_only_where_a_citizen_presses_it(kiosk) -> None:
    page = kiosk(script=COUNT_MICROPHONE)
    opened = "window.microphoneOpened"
    page.wait_for_timeout(300)
    assert page.evaluate(opened) == 0, "under the cover"
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'F13', bubbles: true}))")
    expect(page.get_by_test_id("cover")).to_be_hidden()
    page.mouse.move(400, 400)
    page.wait_for_timeout(300)
    assert page.evaluate(opened) == 0, "somebody came near"
    write(page, "육사일일 번 버스 언제 와요")
    expect(page.get_by_test_id("answer")).not_to_be_empty()
    assert page.evaluate(opened) == 0, "who writes is not listened to"
    page.locator("#microphone").click()
    page.wait_for_function(f"{opened} === 1")


@pytest.mark.parametrize(("query", "key"), [("", "F13"), ("?key=F9", "F9"), ("?key=k", "k")])
def test_somebody_who_comes_near_wakes_it(kiosk, query: str, key: str) -> None:
    page = kiosk(query)
    other = "F8"
    page.evaluate(
        "(key) => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}))", other
    )
    expect(page.get_by_test_id("cover")).to_be_visible()
    page.evaluate(
        "(key) => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}))", key
    )
    expect(page.get_by_test_id("cover")).to_be_hidden()
    expect(page.locator("html")).to_have_attribute("data-notice-said", "welcome")


def test_the_keyboard_alone_wakes_it_and_ends_it(kiosk) -> None:
    page = kiosk()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("cover")).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "microphone"
    page.get_by_test_id("finish").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("cover")).to_be_visible()


def test_a_citizen_who_left_is_warned_and_everything_is_wiped(kiosk, conversations) -> None:
    page = kiosk("?idle=60", clock=True)
    wake(page)
    before, kept = page.evaluate(CLEAN), page.evaluate(KEPT)
    with page.expect_response("**/v1/conversations") as opened:
        write(page, "소파 버려야 해요")
    page.get_by_role("button", name="네", exact=True).click()
    expect(page.get_by_test_id("card")).to_contain_text("마23-4567")
    write(page, "상담사")
    for tool in ("larger", "contrast", "louder", "place"):
        page.get_by_test_id(tool).click()
    page.get_by_test_id("district").select_option("마포구")
    page.get_by_test_id("earlier").get_by_text("지난 대화 보기").click()
    page.get_by_test_id("text").fill("김복순 공일공")
    page.clock.run_for(39_000)
    expect(page.get_by_test_id("stay")).to_be_hidden()
    page.clock.run_for(1_500)
    expect(page.get_by_test_id("stay")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-notice-said", "stay")
    expect(page.get_by_test_id("stay-left")).to_contain_text("초 뒤에 처음 화면으로")
    page.get_by_test_id("stay-yes").click()
    expect(page.get_by_test_id("stay")).to_be_hidden()
    expect(page.get_by_test_id("answer")).not_to_be_empty()
    page.clock.run_for(40_500)
    expect(page.get_by_test_id("stay")).to_be_visible()
    with page.expect_response(lambda answer: answer.request.method == "DELETE") as ended:
        page.clock.run_for(21_000)
    assert ended.value.status == 200
    assert conversations.talks[opened.value.json()["conversation"]].ended
    expect(page.get_by_test_id("cover")).to_be_visible()
    wake(page)
    assert page.evaluate(CLEAN) == before
    assert page.evaluate(KEPT) == kept
    assert page.get_by_test_id("text").input_value() == ""
    assert page.get_by_test_id("district").input_value() == ""


def test_an_answer_that_comes_after_the_end_is_shown_to_nobody(kiosk) -> None:
    page = kiosk()
    wake(page)
    before = page.evaluate(CLEAN)
    waiting = []

    def hold(route) -> None:
        waiting.append(route)

    page.route("**/turns", hold)
    page.get_by_test_id("write").click()
    page.get_by_test_id("text").fill("소파 버려야 해요")
    with page.expect_request("**/turns"):
        page.get_by_test_id("send").click()
    page.get_by_test_id("finish").click()
    expect(page.get_by_test_id("cover")).to_be_visible()
    with page.expect_response("**/turns"):
        waiting[0].continue_()
    wake(page)
    assert page.evaluate(CLEAN) == before
    kiosk.complaints.clear()  # the browser's own word on the turn of an ended conversation


def test_the_end_asks_first_where_something_is_open(kiosk) -> None:
    page = kiosk()
    wake(page)
    write(page, "소파 버려야 해요")
    page.get_by_test_id("finish").click()
    page.get_by_test_id("leave-yes").click()
    expect(page.get_by_test_id("cover")).to_be_visible()


@pytest.mark.parametrize("name", SCREENS)
def test_type_and_controls_have_their_size_in_millimetres(kiosk, tmp_path: Path, name: str) -> None:
    size, inch, least_mm, px = SCREENS[name]
    page = kiosk(f"?inch={inch}", size=size)
    per_mm = float(np.hypot(*size) / (inch * 25.4))
    wake(page)
    for words in (None, "문 연 약국", "정류장이요", "소파"):
        if words:
            write(page, words)
        found = page.evaluate(AUDIT.replace("TARGET", str(LEAST_SIDE_MM * per_mm)))
        smallest = found.pop("smallest")
        assert smallest / per_mm >= least_mm
        assert smallest == pytest.approx(px, abs=0.7)
        assert found == FINE, words
        # On a small screen the page scrolls beneath the way out: its neighbours change.
        fixed = ".finish, " if size != TABLET else ""
        boxes = page.evaluate(
            f"[...document.querySelectorAll('{fixed}.tool, .microphone, .counsellor, .choice')]"
            ".map((node) => [node, node.getBoundingClientRect()])"
            ".filter(([node, {x, y, width, height}]) => [0.02, 0.98].every((part) =>"
            " node.contains(document.elementFromPoint(x + width / 2, y + height * part))))"
            ".map(([, {x, y, width, height}]) => [x, y, width, height])"
        )
        assert len(boxes) >= (10 if size != TABLET else 0 if words else 2)
        for x, y, width, height in boxes:
            assert width * height / per_mm**2 >= LEAST_AREA_MM2
            for other in boxes:
                across = max(other[0] - x - width, x - other[0] - other[2])
                down = max(other[1] - y - height, y - other[1] - other[3])
                if other != [x, y, width, height]:
                    assert max(across, down) >= LEAST_GAP_MM * per_mm - 1
        writing = size == TABLET and words is not None  # the open panel takes the room of the button
        for one in ("ai-notice", "finish", *(() if writing else ("microphone", "counsellor"))):
            expect(page.get_by_test_id(one)).to_be_in_viewport(ratio=1)
        page.screenshot(path=tmp_path / "kiosk.png")


@pytest.mark.parametrize("zooms", range(4))
def test_the_way_out_stays_in_sight_at_every_size_of_type(kiosk, zooms: int) -> None:
    for size in (WIDE, TALL):
        page = kiosk("?inch=27", size=size)
        wake(page)
        write(page, "문 연 약국")
        for _ in range(zooms):
            page.get_by_test_id("larger").click()
        page.get_by_test_id("answer").scroll_into_view_if_needed()
        expect(page.get_by_test_id("finish")).to_be_in_viewport(ratio=1)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_touched_is_within_reach_of_a_wheelchair(kiosk) -> None:
    inch, floor = 32, 700
    page = kiosk(f"?inch={inch}&floor={floor}", size=TALL)
    per_mm = float(np.hypot(*TALL) / (inch * 25.4))
    wake(page)
    for words in (None, "정류장이요", "소파"):
        if words:
            write(page, words)
        tops = page.evaluate(
            "[...document.querySelectorAll('button, a[href], input, select, summary')]"
            ".map((node) => node.getBoundingClientRect()).filter((box) => box.width > 1)"
            ".filter((box) => box.bottom > 0 && box.top < innerHeight).map((box) => box.top)"
        )
        heights = [floor + (TALL[1] - top) / per_mm for top in tops]
        covered = page.evaluate("document.querySelector('.head').getBoundingClientRect().bottom")
        assert floor + (TALL[1] - covered) / per_mm <= HIGHEST_MM + 1
        assert len(heights) > 8
        assert sum(height <= HIGHEST_MM + 1 for height in heights) >= len(heights) - 1
    write(page, "소파")
    page.get_by_test_id("finish").click()
    top = page.get_by_test_id("leave").bounding_box()["y"]
    assert floor + (TALL[1] - top) / per_mm <= HIGHEST_MM


@pytest.mark.parametrize("mode", [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"contrast": "more"}])
def test_cover_and_warning_can_be_read_in_every_mode(kiosk, mode: dict[str, str]) -> None:
    page = kiosk("?idle=40", clock=True, **mode)
    assert page.evaluate(AUDIT.replace("TARGET", "64"))["faint"] == []
    wake(page)
    page.clock.run_for(20_500)
    expect(page.get_by_test_id("stay")).to_be_visible()
    found = page.evaluate(AUDIT.replace("TARGET", "64"))
    assert found.pop("smallest") >= 43 - 0.1
    assert found == FINE
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stay")).to_be_hidden()
    expect(page.get_by_test_id("cover")).to_be_hidden()


def test_the_volume_ranges_over_18_db_in_small_steps_and_is_reset_for_the_next_citizen(kiosk) -> None:
    page = kiosk()
    wake(page)
    levels = page.evaluate(
        """async () => {
          const { chain } = await import("/page/sound-output.js");
          const { Preferences } = await import("/page/preferences.js");
          const found = [];
          for (const db of new Preferences({ kiosk: true }).volumes) {
            const context = new OfflineAudioContext(1, 24000, 24000);
            const buffer = context.createBuffer(1, 24000, 24000);
            const data = buffer.getChannelData(0);
            // As loud as the agent speaks (-20 dB RMS), in syllables with a crest of 12 dB.
            for (let i = 0; i < data.length; i += 1) {
              const syllable = Math.exp(-((i % 4800) / 1200));
              data[i] = 0.4 * syllable * Math.sin((2 * Math.PI * 220 * i) / 24000);
            }
            const source = new AudioBufferSourceNode(context, { buffer });
            source.connect(chain(context, db));
            source.start();
            const made = (await context.startRendering()).getChannelData(0);
            let sum = 0;
            for (const sample of made) sum += sample * sample;
            found.push(10 * Math.log10(sum / made.length));
          }
          return found;
        }"""
    )
    steps = np.diff(levels)
    assert levels[-1] - levels[0] >= 18.0
    assert (steps > 1.0).all()
    assert (steps <= 12.0).all()
    for _ in range(3):
        page.get_by_test_id("louder").click()
    expect(page.get_by_test_id("louder")).to_be_disabled()
    expect(page.get_by_test_id("state")).to_have_text("소리 3단계 크게")
    page.get_by_test_id("finish").click()
    wake(page)
    page.get_by_test_id("quieter").click()
    expect(page.get_by_test_id("state")).to_have_text("소리 1단계 작게")
    expect(page.get_by_test_id("quieter")).to_be_disabled()


def test_the_operators_ruler_gives_the_address_with_the_pixels_of_a_millimetre(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, screen={"width": 1280, "height": 800}
    )
    page = context.new_page()
    page.goto(f"{address}/kiosk/screen")
    page.wait_for_selector("html[data-ready]")
    page.get_by_test_id("width").fill("428")
    page.get_by_test_id("floor").fill("750")
    assert page.get_by_test_id("card").bounding_box()["width"] == pytest.approx(428, abs=1)
    link = page.get_by_test_id("address").get_attribute("href")
    assert link is not None
    assert re.search(r"kiosk=1&mm=5\.000&floor=750&key=F13&idle=90$", link)
    page.goto(link)
    page.wait_for_selector("html[data-ready]")
    assert page.evaluate("document.documentElement.style.getPropertyValue('--mm')") == "5.0000px"
    context.close()
