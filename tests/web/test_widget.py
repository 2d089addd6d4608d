"""The chat in a page of somebody else, on another origin and under a policy that forbids what is inline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

from axe_playwright_python.sync_playwright import Axe  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, Page, expect  # noqa: E402
from starlette.applications import Starlette  # noqa: E402
from starlette.requests import Request  # noqa: E402
from starlette.responses import HTMLResponse  # noqa: E402
from starlette.routing import Route  # noqa: E402
from tests.chromium import chromium  # noqa: E402

from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.web.app import create_app  # noqa: E402

pytestmark = pytest.mark.browser

AUDIT = (Path(__file__).parent / "audit.js").read_text(encoding="utf-8")
PHONE, DESKTOP = (390, 844), (1280, 800)
MODES = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "high-contrast": {"contrast": "more"},
}


class City:
    """The agent, and pages of the city on other origins: of the same site, of another one, and of one that
    may not show the chat."""

    def __init__(self) -> None:
        self.agent = self.host = self.other_site = self.stranger = ""

    def page(self, request: Request) -> HTMLResponse:
        policy = (
            f"default-src 'none'; script-src {self.agent}; frame-src {self.agent}; style-src 'none'; "
            "base-uri 'none'; require-trusted-types-for 'script'"
        )
        html = (
            "<!doctype html><html lang=ko><title>구청</title><h1>구청 소식</h1><a href='/two'>다음</a>"
            f"<script src='{self.agent}/widget.js' defer></script></html>"
        )
        headers = {"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"}
        return HTMLResponse(html, headers=headers)


@pytest.fixture(scope="module")
def runtime(web_kit):
    return web_kit.fake.FakeConversations()


@pytest.fixture(scope="module")
def city(web_kit, runtime) -> Iterator[City]:
    made = City()
    host = Starlette(routes=[Route("/", made.page), Route("/two", made.page)])
    with web_kit.serving.served(host) as host_address:
        made.host = host_address
        made.other_site = host_address.replace("127.0.0.1", "localhost")
        made.stranger = host_address.replace("127.0.0.1", "stranger.localhost")
        settings = load_settings(
            data=Path("/nonexistent"),
            allow_test_clock=True,
            rate_limit="off",
            widget_origins=(made.host, made.other_site),
        )
        with web_kit.serving.served(create_app(web_kit.services_over(runtime, settings))) as made.agent:
            yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


class Visit:
    """The city's page, what the browser complains about, and what is asked of the agent."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("console", lambda said: self._note(said.type, said.text))
        self.page.on("pageerror", lambda error: self._note("error", str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(address)

    def _note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(text)

    @property
    def opener(self):
        return self.page.get_by_role("button", name="동행에게 물어보기")

    @property
    def frame(self):
        return self.page.frame_locator("iframe[title='동행 상담 (인공지능)']")

    def at(self, name: str):
        return self.frame.get_by_test_id(name)

    def open(self) -> None:
        self.opener.click()
        expect(self.at("text")).to_be_focused()

    def write(self, words: str) -> None:
        self.at("text").fill(words)
        self.at("send").click()

    def answers(self, words: str) -> None:
        expect(self.at("answer").last).to_contain_text(words)


@pytest.fixture
def visit(browser: Browser, city: City):
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def open_page(size=DESKTOP, address: str | None = None, **options) -> Visit:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="ko-KR", reduced_motion="reduce", **options
        )
        contexts.append(context)
        visits.append(Visit(context, address or city.host))
        return visits[-1]

    yield open_page
    for each in visits:
        assert each.complaints == []
    for context in contexts:
        context.close()


def test_words_written_in_another_page_are_answered_under_a_strict_policy(visit) -> None:
    here = visit()
    here.open()
    expect(here.at("ai-notice")).to_be_visible()
    here.write("문 연 약국 좀 찾아줘요")
    here.answers("지금 문 연 약국이 3곳 있어요.")
    expect(here.at("mine")).to_contain_text("문 연 약국 좀 찾아줘요")
    link = here.frame.get_by_role("link", name="전화 02-300-0001")
    assert link.get_attribute("href") == "tel:023000001"
    expect(here.at("source")).to_contain_text("국립중앙의료원")


def test_nothing_is_asked_of_the_agent_before_somebody_opens_the_chat(visit, city: City) -> None:
    here = visit()
    expect(here.opener).to_be_visible()
    assert [url for url in here.asked if url.startswith(city.agent)] == [f"{city.agent}/widget.js"]


def test_the_page_around_sees_nothing_of_the_conversation(visit) -> None:
    here = visit()
    here.open()
    here.write("버스")
    here.answers("6411번 버스가 3분 뒤에 와요.")
    seen = here.page.evaluate(
        """() => {
          const frame = document.querySelector("donghaeng-widget").shadowRoot.querySelector("iframe");
          const kept = JSON.stringify({ ...sessionStorage, ...localStorage });
          return [frame.contentDocument, document.documentElement.outerHTML.includes("6411"), kept];
        }"""
    )
    assert seen == [None, False, '{"donghaeng.widget.open":"1"}']


def test_a_conversation_goes_on_after_a_change_of_page(visit, runtime) -> None:
    here = visit()
    here.open()
    here.write("소파 하나 버려야 하는데요")
    here.answers("수수료는 10,000원이에요.")
    talks = len(runtime.talks)
    here.page.get_by_role("link", name="다음").click()
    here.page.wait_for_url("**/two")
    expect(here.at("mine")).to_contain_text("소파 하나 버려야 하는데요")
    here.answers("수수료는 10,000원이에요.")
    here.frame.get_by_role("button", name="네", exact=True).click()
    here.answers("마23-4567")
    assert len(runtime.talks) == talks
    expect(here.at("choice")).to_have_count(0)
    # The focus was on the button that is gone: it goes on at the answer.
    expect(here.at("answer").last).to_be_focused()


def test_where_the_browser_keeps_nothing_of_other_sites_it_is_said_that_a_conversation_ends(
    visit, city: City
) -> None:
    here = visit()
    here.open()
    expect(here.at("fleeting")).to_be_hidden()
    there = visit(address=city.other_site)
    there.open()
    expect(there.at("fleeting")).to_be_visible()
    there.write("버스")
    there.answers("6411번")


def test_everything_is_done_with_the_keyboard_alone(visit) -> None:
    here = visit()
    keys = here.page.keyboard
    expect(here.opener).to_be_visible()
    keys.press("Tab")
    keys.press("Tab")
    expect(here.opener).to_be_focused()
    keys.press("Enter")
    expect(here.at("text")).to_be_focused()
    keys.type("버스")
    keys.press("Enter")
    here.answers("6411번")
    keys.press("Escape")
    expect(here.opener).to_be_focused()
    expect(here.at("text")).not_to_be_visible()
    keys.press("Enter")
    expect(here.at("text")).to_be_focused()
    here.answers("6411번")


def test_a_person_is_one_button_away(visit) -> None:
    here = visit()
    nobody = {"last": 0, "handover": None, "told": []}
    here.page.route("**/messages?*", lambda route: route.fulfill(json=nobody))
    here.open()
    here.at("counsellor").click()
    expect(here.at("handover")).to_have_text("상담사를 기다리고 있어요. 순서는 2번째예요.")


def test_what_a_counsellor_says_comes_by_itself(visit, runtime) -> None:
    """The counsellors' desk answers `GET /v1/conversations/{id}/messages`, here in its place the test."""
    here = visit()
    asked: list[str] = []
    said = [["안녕하세요. 상담사예요."], [], ["무엇을 도와드릴까요?"]]

    def answer(route) -> None:
        asked.append(route.request.url)
        if len(asked) > len(said):
            return  # nothing more to say: the poll waits
        [*_, talk] = runtime.talks.values()
        assert route.request.headers["authorization"] == f"Bearer {talk.token}"
        reply = {
            "conversation": talk.id,
            "token": talk.token,
            "turn": 1,
            "expects": "open",
            "handover": {"state": "joined"},
            "citations": [],
        }
        told = [
            {"seq": 1, "reply": {**reply, "show": {"text": text, "card": None}}}
            for text in said[len(asked) - 1]
        ]
        body = {"last": len(asked), "handover": {"state": "joined", "position": None}, "told": told}
        route.fulfill(json=body)

    here.page.route("**/messages?*", answer)
    here.open()
    here.at("counsellor").click()
    here.answers("무엇을 도와드릴까요?")
    expect(here.at("answer").nth(1)).to_contain_text("상담사안녕하세요. 상담사예요.")
    expect(here.at("handover").last).to_have_text("상담사와 이어졌어요.")
    assert [f"after={number}" in url for number, url in enumerate(asked[:3])] == [True] * 3


def test_a_step_back_is_a_button(visit) -> None:
    here = visit()
    here.open()
    here.at("back").click()
    expect(here.at("mine")).to_contain_text("뒤로 가 주세요")


def test_a_fresh_start_asks_where_something_is_left_half_done(visit, runtime) -> None:
    here = visit()
    here.open()
    here.write("소파")
    here.answers("수수료는")
    here.at("home").click()
    expect(here.at("leave")).to_be_visible()
    here.at("leave-no").click()
    expect(here.at("answer")).to_have_count(1)
    here.at("home").click()
    here.at("leave-yes").click()
    expect(here.at("answer")).to_have_count(0)
    expect(here.at("text")).to_be_focused()
    here.write("버스")
    here.answers("6411번")
    *_, before, now = runtime.talks.values()
    assert before.ended
    assert not now.ended


def test_after_a_goodbye_new_words_begin_anew(visit) -> None:
    here = visit()
    here.open()
    here.write("끝")
    here.answers("안녕히 계세요.")
    expect(here.at("state")).to_contain_text("새로 쓰시면 다시 시작해요")
    here.write("버스")
    here.answers("6411번")


def test_a_lost_connection_keeps_the_words_and_takes_them_once(visit, runtime) -> None:
    here = visit()
    here.open()
    here.write("버스")
    here.answers("6411번")
    [*_, talk] = runtime.talks.values()

    def lose_the_answer(route) -> None:
        route.fetch()
        route.abort()

    here.page.route("**/turns", lose_the_answer)
    here.write("소파")
    expect(here.at("notice")).to_have_text(
        "인터넷 연결을 확인하고 다시 보내 주세요. 쓰신 말씀은 그대로 있어요.", timeout=20_000
    )
    expect(here.at("text")).to_have_value("소파")
    here.page.unroute("**/turns")
    here.at("send").click()
    here.answers("수수료는")
    assert [turn["heard"] for turn in talk.turns] == [None, "버스", "소파"]
    here.complaints = [words for words in here.complaints if "ERR_FAILED" not in words]


def test_a_page_that_may_not_show_the_chat_says_whom_to_call(visit, city: City) -> None:
    here = visit(address=city.stranger)
    here.page.clock.install()
    with here.page.expect_console_message(lambda said: "frame-ancestors" in said.text):
        here.opener.click()
    here.page.clock.fast_forward(20_000)
    expect(here.page.get_by_role("alert")).to_contain_text("120으로 전화하세요")
    here.page.get_by_role("button", name="닫기").click()
    expect(here.opener).to_be_focused()
    here.complaints.clear()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_chat_meets_the_rules_of_accessibility(visit, city: City, mode: str, size) -> None:
    here = visit(size, f"{city.agent}/widget", **MODES[mode])
    for words, said in (("문 연 약국", "3곳"), ("정류장", "어느 쪽")):
        here.page.get_by_test_id("text").fill(words)
        here.page.get_by_test_id("send").click()
        expect(here.page.get_by_test_id("answer").last).to_contain_text(said)
    found = Axe().run(here.page)
    assert found.generate_snapshot() == ""
    measured = here.page.evaluate(AUDIT.replace("TARGET", "56"))
    smallest = measured.pop("smallest")
    assert smallest >= 19
    assert measured.pop("wide") <= 0
    assert {name: faults for name, faults in measured.items() if faults} == {}


@pytest.mark.parametrize("mode", MODES)
def test_the_button_in_the_page_meets_the_rules_of_accessibility(visit, mode: str) -> None:
    here = visit(**MODES[mode])
    expect(here.opener).to_be_visible()
    found = Axe().run(here.page, context={"include": [["donghaeng-widget"]]})
    assert found.generate_snapshot() == ""


@pytest.mark.parametrize("zoom", ["1.5", "2"])
def test_at_a_large_size_of_type_nothing_is_cut(visit, city: City, zoom: str) -> None:
    here = visit((390, 700), f"{city.agent}/widget")
    for _ in range(["1.3", "1.5", "2"].index(zoom) + 1):
        here.page.get_by_test_id("larger").click()
    here.page.get_by_test_id("text").fill("소파")
    here.page.get_by_test_id("send").click()
    expect(here.page.get_by_test_id("choice")).to_have_count(2)
    measured = here.page.evaluate(AUDIT.replace("TARGET", "56"))
    assert measured["wide"] <= 0
    assert measured["cut"] == []
