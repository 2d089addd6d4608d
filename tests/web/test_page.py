"""The citizen page in a real browser, over the scripted runtime."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, BrowserContext, Page, expect  # noqa: E402
from tests.chromium import chromium  # noqa: E402

from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.web.app import create_app  # noqa: E402

pytestmark = pytest.mark.browser

AUDIT = (Path(__file__).parent / "audit.js").read_text(encoding="utf-8")
PHONE, DESKTOP = (390, 844), (1280, 800)
KIOSK_TALL, KIOSK_WIDE = (1080, 1920), (1920, 1080)
SCREENS = {
    "phone": (PHONE, "", 56, 19),
    "small-phone": ((320, 568), "", 56, 19),
    "desktop": (DESKTOP, "", 56, 19),
    "kiosk-tall": (KIOSK_TALL, "?kiosk=1", 64, 43),
    "kiosk-wide": (KIOSK_WIDE, "?kiosk=1", 64, 43),
}
"""Size, query, least side of a control and least size of type, all in px."""
LOOKED_AT = {"phone", "desktop", "kiosk-wide"}
"""Screens tried in every mode: colours do not depend on the size."""
MODES = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "high-contrast": {"contrast": "more"},
}


@pytest.fixture(scope="module")
def address(web_kit) -> Iterator[str]:
    settings = load_settings(data=Path("/nonexistent"), allow_test_clock=True, rate_limit="off")
    app = create_app(web_kit.services_over(web_kit.fake.FakeConversations(), settings))
    with web_kit.serving.served(app) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


class Visit:
    """One open page that notes what a browser complains about and whom it calls."""

    def __init__(self, context: BrowserContext, address: str, query: str = "") -> None:
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("console", lambda said: self._note(said.type, said.text))
        self.page.on("pageerror", lambda error: self._note("error", str(error)))
        self.page.on("request", lambda request: self._called(request.url, address))
        self.page.goto(f"{address}/{query}")
        self.page.wait_for_selector("html[data-ready]")
        if "kiosk" in query:
            self.at("cover").click()

    def _note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(text)

    def _called(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:", "blob:")):
            self.complaints.append(f"called {url}")

    def at(self, name: str):
        return self.page.get_by_test_id(name)

    def write(self, words: str) -> None:
        if not self.at("text").is_visible():
            self.at("write").click()
        self.at("text").fill(words)
        self.at("send").click()

    def focused(self) -> str:
        return self.page.evaluate(
            "document.activeElement.dataset.testid ?? document.activeElement.textContent.trim()"
        )

    def audit(self, target: int) -> dict:
        return self.page.evaluate(AUDIT.replace("TARGET", str(target)))


@pytest.fixture
def visit(browser: Browser, address: str):
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def open_page(size=PHONE, query: str = "", script: str | None = None, **options) -> Visit:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="ko-KR", reduced_motion="reduce", **options
        )
        contexts.append(context)
        if script:
            context.add_init_script(script)
        visits.append(Visit(context, address, query))
        return visits[-1]

    yield open_page
    for each in visits:
        assert each.complaints == []
    for context in contexts:
        context.close()


def test_typed_words_show_what_was_heard_the_answer_and_its_card(visit) -> None:
    here = visit()
    here.write("문 연 약국 좀 찾아줘요")
    expect(here.at("heard")).to_have_text("문 연 약국 좀 찾아줘요")
    expect(here.at("answer")).to_contain_text("지금 문 연 약국이 3곳 있어요.")
    expect(here.at("row")).to_have_count(3)
    expect(here.at("row").first).to_contain_text("250 m")
    expect(here.at("source")).to_contain_text("국립중앙의료원")
    assert here.page.get_by_role("link", name="전화 02-300-0001").get_attribute("href") == "tel:023000001"
    here.write("육사일일 번 버스")
    expect(here.at("answer")).to_contain_text("6411번 버스가 3분 뒤에 와요.")
    here.at("earlier").get_by_text("지난 대화 보기").click()
    expect(here.at("earlier")).to_contain_text("나: 문 연 약국 좀 찾아줘요")


def test_a_write_is_confirmed_by_a_tap_and_shows_its_receipt(visit) -> None:
    here = visit()
    here.write("소파 하나 버려야 하는데요")
    expect(here.at("choice")).to_have_text(["네", "아니요"])
    here.page.get_by_role("button", name="네", exact=True).click()
    expect(here.at("heard")).to_have_text("네")
    expect(here.at("card")).to_contain_text("마23-4567")
    expect(here.at("choice")).to_have_count(0)


@pytest.mark.parametrize("query", ["", "?kiosk=1"])
@pytest.mark.parametrize("way", ["tap", "key"])
def test_an_address_opens_on_the_citizens_own_tap_and_only_then(visit, query: str, way: str) -> None:
    here = visit(query=query)
    here.page.context.route("https://www.gov.kr/", lambda route: route.fulfill(body="정부24", status=200))
    here.write("정부이십사 열어 줘요")
    link = here.page.get_by_role("link", name="정부24 열기 새 창")
    expect(link).to_be_visible()
    expect(here.at("open")).to_have_count(1)
    assert len(here.page.context.pages) == 1
    assert link.get_attribute("rel") == "noopener noreferrer"
    with here.page.expect_popup() as opened:
        if way == "tap":
            link.click()
        else:
            link.focus()
            here.page.keyboard.press("Enter")
    opened.value.wait_for_load_state()
    assert opened.value.url == "https://www.gov.kr/"
    assert opened.value.evaluate("window.opener === null && document.referrer === ''")
    expect(here.at("answer")).to_contain_text("정부24는 서류를 떼는 곳이에요.")


def test_an_address_that_is_not_https_opens_nothing(visit) -> None:
    here = visit()
    here.write("정부이십사 열어 줘요")
    expect(here.at("row")).to_have_count(4)
    hrefs = here.page.locator("[data-testid=row] a").evaluate_all("(all) => all.map((each) => each.href)")
    assert hrefs == ["https://www.gov.kr/"]


def test_a_question_offers_choices_that_say_their_words(visit) -> None:
    here = visit()
    here.write("정류장이요")
    choice = here.page.get_by_role("button", name="홍대입구역 쪽")
    choice.focus()
    here.page.keyboard.press("Enter")
    expect(here.at("heard")).to_have_text("홍대입구역 쪽이요")
    assert here.focused() == "microphone"


def test_an_example_can_be_tapped(visit) -> None:
    here = visit()
    here.page.get_by_role("button", name="문 연 약국 좀 찾아 줘요").click()
    expect(here.at("answer")).to_contain_text("약국이 3곳")


def test_a_person_is_one_tap_away_from_the_first_moment(visit) -> None:
    here = visit()
    here.at("counsellor").click()
    expect(here.at("handover")).to_have_text("상담사를 기다리고 있어요. 순서는 2번째예요.")


def test_everything_can_be_done_with_the_keyboard_alone(visit) -> None:
    here = visit(DESKTOP)
    reached: list[str] = []
    for _ in range(13):
        here.page.keyboard.press("Tab")
        reached.append(here.focused())
        seen = here.page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert seen >= 4, reached
    assert reached[0] == "말하기 단추로 바로 가기"
    tools = ["louder", "larger", "contrast", "write", "place", "call", "home"]
    assert reached[4:13] == ["microphone", "counsellor", *tools]
    here.at("write").focus()
    here.page.keyboard.press("Enter")
    assert here.focused() == "text"
    here.page.keyboard.type("여권 만드는 데 며칠 걸려요")
    here.page.keyboard.press("Enter")
    expect(here.at("card")).to_contain_text("업무일로 4일")
    borders = (
        "[...document.querySelectorAll('#card > *')].map((part) => getComputedStyle(part).borderLeftWidth)"
    )
    assert set(here.page.evaluate(borders)) == {"0px"}  # the card alone has a frame
    expect(here.at("source")).to_contain_text("여권 발급 안내")


def test_the_way_back_to_the_start_asks_first_where_something_is_open(visit) -> None:
    here = visit()
    here.write("소파 버려야 해요")
    expect(here.at("choice")).to_have_count(2)
    here.at("home").click()
    expect(here.at("leave")).to_be_visible()
    here.page.keyboard.press("Escape")
    expect(here.at("answer")).to_contain_text("소파 1개")
    here.at("home").click()
    here.at("leave-yes").click()
    expect(here.at("examples")).to_be_visible()
    expect(here.at("answer")).to_be_hidden()
    here.write("약국")
    expect(here.at("row")).to_have_count(3)


def test_a_refused_microphone_leads_to_the_text_box(visit) -> None:
    refusal = "Promise.reject(new DOMException('no', 'NotAllowedError'))"
    here = visit(script=f"navigator.mediaDevices.getUserMedia = () => {refusal}")
    here.at("microphone").click()
    expect(here.at("notice")).to_contain_text("마이크를 쓸 수 없어요")
    expect(here.at("microphone-label")).to_have_text("눌러서 말씀하세요")
    assert here.focused() == "text"
    here.page.keyboard.type("약국")
    here.page.keyboard.press("Enter")
    expect(here.at("row")).to_have_count(3)
    expect(here.at("notice")).to_be_hidden()


def test_a_lost_network_is_said_plainly_and_the_talk_goes_on_after_it(visit) -> None:
    here = visit(
        script="window.setTimeout = ((set) => (f, ms) => set(f, Math.min(ms, 20)))(window.setTimeout)"
    )
    here.write("버스")
    expect(here.at("answer")).to_contain_text("6411번")
    here.page.context.set_offline(True)
    here.write("약국")
    expect(here.at("notice")).to_contain_text("인터넷 연결을 확인해 주세요.")
    here.complaints.clear()  # the browser's own word on the lost network
    here.page.context.set_offline(False)
    here.write("약국")
    expect(here.at("row")).to_have_count(3)
    expect(here.at("earlier")).to_contain_text("지난 대화 보기")


def test_a_conversation_that_is_gone_begins_anew(visit) -> None:
    here = visit()
    here.page.evaluate(
        'sessionStorage.setItem(\'donghaeng.conversation\', \'{"conversation":"c_x","token":"t"}\')'
    )
    here.page.reload()
    expect(here.at("microphone-label")).to_have_text("눌러서 이어 말씀하세요")
    here.write("약국")
    expect(here.at("row")).to_have_count(3)
    expect(here.at("notice")).to_contain_text("새로 시작했어요")
    here.complaints.clear()  # the browser's own word on the 404


def test_choices_of_sight_and_sound_are_kept_in_a_browser_and_not_on_a_kiosk(visit) -> None:
    for query, zoom in (("", "1.3"), ("?kiosk=1", "1")):
        here = visit(DESKTOP, query)
        here.at("larger").click()
        here.at("contrast").click()
        expect(here.at("contrast")).to_have_attribute("aria-pressed", "true")
        here.page.reload()
        here.page.wait_for_selector("html[data-ready]")
        if query:
            here.at("cover").click()
        assert here.page.evaluate("document.documentElement.style.getPropertyValue('--zoom') || '1'") == zoom
        pressed = "true" if not query else "false"
        expect(here.at("contrast")).to_have_attribute("aria-pressed", pressed)


def test_the_volume_has_four_steps_and_says_them(visit) -> None:
    here = visit()
    for words in ("소리 1단계 크게", "소리 2단계 크게", "소리 3단계 크게", "보통 소리"):
        here.at("louder").click()
        expect(here.at("state")).to_have_text(words)
    expect(here.at("louder")).to_have_text("크게")


def test_the_place_is_asked_for_only_on_a_tap_and_opens_the_conversation(visit) -> None:
    here = visit(geolocation={"latitude": 37.55, "longitude": 126.91}, permissions=["geolocation"])
    here.at("place").click()
    expect(here.at("located")).to_have_text("")
    here.at("locate").click()
    expect(here.at("located")).to_contain_text("이 근처로 안내해")
    here.at("district").select_option("마포구")
    with here.page.expect_request("**/v1/conversations") as sent:
        here.write("약국")
    opening = sent.value.post_data_json
    assert len(opening.pop("person")) == 32
    assert opening == {"channel": "web", "location": {"lat": 37.55, "lon": 126.91}, "home_district": "마포구"}


KEPT = "localStorage.getItem('donghaeng.person')"


def opened(here: Visit, words: str) -> dict:
    """Says the first words of a conversation; what it was opened with."""
    with here.page.expect_request("**/v1/conversations") as sent:
        here.write(words)
    expect(here.at("answer")).not_to_be_empty()
    return sent.value.post_data_json


def test_the_browser_keeps_its_key_only_after_the_citizen_wished_to_be_remembered(visit) -> None:
    here = visit()
    first = opened(here, "약국")["person"]
    assert here.page.evaluate(KEPT) is None
    here.page.reload()
    here.page.wait_for_selector("html[data-ready]")
    here.write("기억해 줘")
    expect(here.at("answer")).to_contain_text("기억했어요")
    assert here.page.evaluate(KEPT) == first
    here.at("home").click()
    assert opened(here, "약국")["person"] == first
    here.write("끝")
    assert opened(here, "약국")["person"] == first


def test_each_visit_that_is_not_to_be_remembered_has_a_key_of_its_own(visit) -> None:
    here = visit()
    first = opened(here, "약국")["person"]
    here.at("home").click()
    assert opened(here, "약국")["person"] != first
    assert here.page.evaluate(KEPT) is None


def test_what_is_remembered_is_erased_at_a_button_with_the_district_chosen_here(visit) -> None:
    here = visit()
    here.at("place").click()
    expect(here.at("remembered")).to_be_hidden()
    here.at("district").select_option("마포구")
    first = opened(here, "기억해 줘")["person"]
    expect(here.at("forget")).to_have_text("기억한 것 지우기")
    found = here.audit(56)
    assert found.pop("smallest") >= 18
    assert found == {"faint": [], "short": [], "cut": [], "broken": [], "wide": 0, "nameless": []}
    here.at("forget").click()
    expect(here.at("answer")).to_contain_text("모두 지웠어요")
    expect(here.at("remembered")).to_be_hidden()
    expect(here.at("district")).to_have_value("")
    assert here.page.evaluate(KEPT) is None
    assert here.focused() == "place"
    here.at("home").click()
    assert opened(here, "약국")["person"] != first


def test_a_window_of_its_own_key_leaves_what_another_keeps(visit) -> None:
    here = visit()
    opened(here, "약국")
    here.page.evaluate("localStorage.setItem('donghaeng.person', 'k'.repeat(32))")
    here.write("버스")
    expect(here.at("answer")).to_contain_text("6411번")
    assert here.page.evaluate(KEPT) == "k" * 32


def test_a_kiosk_gives_no_key_and_keeps_none(visit) -> None:
    here = visit(query="?kiosk=1")
    assert "person" not in opened(here, "약국")
    here.write("기억해 줘")
    here.at("place").click()
    expect(here.at("remembered")).to_be_hidden()
    assert here.page.evaluate(KEPT) is None


@pytest.mark.parametrize(
    ("screen", "mode"),
    [(screen, mode) for screen in SCREENS for mode in MODES if mode == "light" or screen in LOOKED_AT],
)
def test_every_size_and_mode_can_be_read_and_touched(visit, tmp_path: Path, screen: str, mode: str) -> None:
    size, query, target, type_size = SCREENS[screen]
    here = visit(size, query, **MODES[mode])
    moments = {
        "start": None,
        "list": "문 연 약국",
        "question": "정류장이요",
        "address": "정부이십사 열어 줘요",
        "receipt": "네",
        "confirm": "소파",
    }
    for moment, words in moments.items():
        if words:
            here.write(words)
            expect(here.at("heard")).to_have_text(words)
            expect(here.at("answer")).not_to_be_empty()
        found = here.audit(target)
        smallest = found.pop("smallest")
        assert smallest >= type_size - 0.1, moment
        assert found == {"faint": [], "short": [], "cut": [], "broken": [], "wide": 0, "nameless": []}, moment
        expect(here.at("ai-notice")).to_be_in_viewport()
        expect(here.at("counsellor")).to_be_in_viewport()
        expect(here.at("microphone")).to_be_in_viewport()
        here.page.screenshot(path=tmp_path / f"{screen}-{mode}-{moment}.png")


@pytest.mark.parametrize("mode", MODES)
def test_every_state_of_the_button_can_be_read(visit, mode: str) -> None:
    here = visit(PHONE, **MODES[mode])
    for state in (
        "listening",
        "hearing",
        "thinking",
        "connecting",
        "speaking",
        "reconnecting",
        "muted",
        "ended",
    ):
        here.at("microphone").evaluate("(button, state) => (button.dataset.state = state)", state)
        assert here.audit(56)["faint"] == [], state


@pytest.mark.parametrize("screen", ["phone", "desktop", "kiosk-wide"])
def test_twice_the_size_still_fits(visit, screen: str) -> None:
    size, query, target, _ = SCREENS[screen]
    here = visit(size, query)
    here.write("문 연 약국")
    expect(here.at("row")).to_have_count(3)
    for _ in range(3):
        here.at("larger").click()
        found = here.audit(target)
        assert found["wide"] == 0
        assert found["cut"] == []
        assert found["broken"] == []
    expect(here.at("larger")).to_have_text("글자 보통")


def test_forced_colours_keep_every_control_visible(visit) -> None:
    here = visit(forced_colors="active")
    edges = here.page.evaluate(
        "[...document.querySelectorAll('.tool, .microphone, .counsellor')]"
        ".map((button) => parseFloat(getComputedStyle(button).borderWidth))"
    )
    assert min(edges) >= 2


def test_sound_of_any_rate_reaches_the_ears_at_16_khz(visit) -> None:
    here = visit()
    levels = here.page.evaluate((Path(__file__).parent / "capture_check.js").read_text(encoding="utf-8"))
    for each in levels:
        assert each["size"] == 640
        assert each["frames"] in {24, 25}, each
        if each["hz"] == 1000:
            assert each["rms"] == pytest.approx(0.3535, rel=0.02), each
        else:
            assert each["rms"] < 0.005, each


OPEN_BY_PHONE = """fetch("/v1/conversations", {
  method: "POST", headers: {"Content-Type": "application/json"}, body: '{"channel": "phone"}',
}).then((answer) => answer.json())"""


def test_a_call_goes_on_here_with_the_code_that_was_said(visit) -> None:
    here = visit()
    here.at("call").click()
    expect(here.at("code")).to_be_focused()
    here.at("code").fill("99 99 99")
    here.at("continue").click()
    expect(here.at("notice")).to_contain_text("번호가 맞지 않거나")
    here.complaints.clear()  # the browser notes the refusal
    call = here.page.evaluate(OPEN_BY_PHONE)
    here.at("code").fill("012345")
    here.at("continue").click()
    expect(here.at("answer")).to_have_text(call["show"]["text"])
    expect(here.at("code")).to_be_hidden()
    expect(here.at("notice")).to_be_hidden()
    kept = here.page.evaluate("JSON.parse(sessionStorage.getItem('donghaeng.conversation')).token")
    assert kept == call["token"]
