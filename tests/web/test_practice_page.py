"""A citizen practises by voice at the page, learns, and is helped, in a real browser over a real runtime."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, expect  # noqa: E402
from tests.chromium import PATIENCE_MS, chromium, start, state_is  # noqa: E402
from tests.conversation.practising import PRACTISE, Citizen, somebody  # noqa: E402
from tests.conversation.scripted import ScriptedUnderstanding  # noqa: E402
from tests.dialogue.harness import BULKY, ask  # noqa: E402
from tests.spoken import PHRASES  # noqa: E402
from tests.web.console_window import Window, look_over, windows  # noqa: E402
from tests.web.recordings import one_request  # noqa: E402

from donghaeng.conversation.admission import Admission  # noqa: E402
from donghaeng.conversation.live_desk import LiveDesk  # noqa: E402
from donghaeng.conversation.live_mouth import LiveOptions  # noqa: E402
from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.understanding.acts import Act, ActKind  # noqa: E402
from donghaeng.web.app import create_app  # noqa: E402

pytestmark = pytest.mark.browser

WORDS = {
    "연습할래요": PRACTISE,
    "소파 버리고 싶어요": ask("bulky_waste", **BULKY),
    "버릴 게 있어요": ask("bulky_waste"),
    "네": Act(ActKind.CONFIRM),
    "연습 그만": Act(ActKind.STOP_PRACTICE),
    "안내사예요": Act(ActKind.HELPER),
    "강의 들려줘": Act(ActKind.LEARN),
}


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return one_request(tmp_path_factory.mktemp("sound") / "request.wav")


@pytest.fixture(scope="module")
def browser(recording: Path) -> Iterator[Browser]:
    with chromium(recording) as browser:
        yield browser


@pytest.fixture(scope="module")
def citizen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Citizen]:
    with somebody(tmp_path_factory.mktemp("practice")) as one:
        understanding = ScriptedUnderstanding()
        understanding.words |= WORDS
        yield Citizen(one.store, one.folder, understanding=understanding)


@pytest.fixture(scope="module")
def address(web_kit, citizen: Citizen) -> Iterator[str]:
    settings = load_settings(data=Path("/nonexistent"), allow_test_clock=True, rate_limit="off")
    services = web_kit.services_over(citizen.runtime, settings)
    speech = web_kit.speech.fake_speech(["연습할래요"] * 5)
    desk = LiveDesk(services.conversations, speech, LiveOptions(PHRASES), admission=Admission(2))
    with web_kit.serving.served(create_app(replace(services, live=desk))) as address:
        yield address
    speech.pool.close()


@pytest.fixture
def here(browser: Browser, address: str) -> Iterator[Window]:
    with windows(browser, address, "") as window:
        opened = window(permissions=["microphone"])
        opened.page.set_viewport_size({"width": 420, "height": 900})
        opened.page.set_default_timeout(PATIENCE_MS)
        yield opened


def says(here: Window, words: str) -> None:
    if here.at("text-form").is_hidden():
        here.at("write").click()
    here.at("text").fill(words)
    here.at("text").press("Enter")


def test_practice_by_voice_shows_what_it_is_and_writes_nothing(here: Window, citizen: Citizen) -> None:
    here.go("/")
    here.page.wait_for_selector("html[data-ready]")
    start(here.page)
    expect(here.at("heard")).to_have_text("연습할래요", timeout=PATIENCE_MS)
    expect(here.at("practice")).to_be_visible()
    expect(here.at("answer")).to_contain_text("아무것도 신청되지 않아요")
    state_is(here.page, "listening")
    says(here, "소파 버리고 싶어요")
    expect(here.at("answer")).to_contain_text("이렇게 신청할까요?")
    says(here, "네")
    expect(here.at("answer")).to_contain_text("접수번호는 연습-")
    expect(here.at("answer")).to_contain_text("지금은 연습이에요.")
    look_over(here, "learning-practice")
    here.at("stop-practice").press("Enter")
    expect(here.at("practice")).to_be_hidden()
    expect(here.at("answer")).to_contain_text("이제부터는 진짜예요")
    assert citizen.left_behind() == {}


def test_a_link_begins_practice_once(here: Window) -> None:
    here.go("/practice")
    expect(here.at("practice")).to_be_visible()
    expect(here.page).to_have_url(f"{here.address}/")
    here.at("stop-practice").click()
    expect(here.at("practice")).to_be_hidden()


def test_a_helper_sees_what_to_let_the_citizen_say_once_she_agreed(here: Window) -> None:
    here.go("/")
    here.page.wait_for_selector("html[data-ready]")
    here.at("helps").click()
    expect(here.at("answer")).to_contain_text("어르신께 여쭤볼게요")
    expect(here.at("helper")).to_be_hidden()
    says(here, "네")
    expect(here.at("helper-prompt")).to_have_text("하고 싶은 일을 한 문장으로 직접 말씀하시게 해 주세요.")
    says(here, "버릴 게 있어요")
    expect(here.at("helper-prompt")).to_contain_text("직접 말씀하시게 해 주세요.")
    expect(here.at("helper-says")).to_contain_text("몰라요")
    look_over(here, "learning-helper")


def test_courses_are_read_on_a_plain_page_with_the_keyboard_alone(here: Window) -> None:
    here.go("/learn")
    look_over(here, "learning-courses")
    here.at("course").first.press("Enter")
    expect(here.page.get_by_role("heading", level=1)).to_have_text("동행과 이야기하기")
    answer = here.at("answer").first
    answer.press("Enter")
    expect(here.page.get_by_text("틀리셔도 괜찮아요").first).to_be_visible()
    look_over(here, "learning-course")
    for letters, size in (("usual", 1), ("large", 2)):
        got = here.page.request.get(f"{here.address}/learn/card.pdf?letters={letters}")
        assert got.headers["content-type"] == "application/pdf"
        assert got.body().count(b"/Type /Page\n") + got.body().count(b"/Type /Page ") >= size
    assert here.page.request.get(f"{here.address}/learn/no_such_course").status == 404
