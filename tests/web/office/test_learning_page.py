"""A learner in a real browser: questions by hand and by voice, the plan, a lesson and its quiz, a practice
call, the certificate, one more person on the targets board; a project that a second person judges."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, Page, expect  # noqa: E402
from tests.chromium import chromium  # noqa: E402
from tests.lessons.given import CALLS, LEARNING  # noqa: E402
from tests.lessons.learners import School  # noqa: E402
from tests.web.console_window import Window, look_over, windows  # noqa: E402
from tests.web.office.learning_site import ScriptedVoice, with_learning  # noqa: E402

from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.web.app import create_app  # noqa: E402

pytestmark = pytest.mark.browser
ROOT = "/office/learning"
BOARD = "/console/tower/targets"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def settled(page: Page) -> None:
    """htmx has put in place what it was given, and waits for nothing."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def away(work: Any) -> Any:
    """What a coroutine returns, run where no loop runs."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, work).result()


def test_from_ten_questions_to_one_more_on_the_board(browser: Browser, web_kit, tmp_path: Path) -> None:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    voice = ScriptedVoice()
    with (
        web_kit.with_console(plain, tmp_path) as console,
        with_learning(console, tmp_path, voice=voice) as (services, school),
        web_kit.serving.served(create_app(services)) as address,
        windows(browser, address, web_kit.password) as opened,
    ):
        staff = next(row.id for row in away(console.staff.everyone()) if row.name == "official")
        learner = opened(permissions=["microphone"])
        learner.log_in("official", ROOT)
        answer_questions(learner, voice)
        edit_plan(learner)
        last = pass_all_but_one(school, staff)
        take_lesson(learner, voice, last)
        counted(learner, 0)
        practise(learner, voice)
        learner.at("earned").get_by_role("link").click()
        expect(learner.at("certificate")).to_contain_text("AI 리터러시")
        expect(learner.at("certificate")).to_contain_text("2028. 11. 23.")
        look_over(learner, "learning-certificate")
        counted(learner, 1)
        other = opened()
        other.log_in("supervisor", f"{ROOT}/projects")
        project(learner, other)


def answer_questions(learner: Window, voice: ScriptedVoice) -> None:
    """By keys, one of them by voice, one by one."""
    page = learner.page
    learner.at("begin").click()
    look_over(learner, "learning-intake")
    voice.next = ["현장에서 디지털 안내를 해요"]
    role = page.locator("#q-role")
    role.get_by_role("button", name="누르고 말하기").focus()
    page.wait_for_selector("html[data-listens]")
    page.keyboard.down("Space")
    expect(role.locator("[data-heard]")).to_have_text("듣고 있어요.")
    page.keyboard.up("Space")
    expect(role.locator("[data-heard]")).to_contain_text("맞으면 다음으로")
    expect(role.get_by_label("현장 디지털안내사")).to_be_checked()
    page.locator("#one-by-one").press("Enter")
    expect(page.locator("#q-citizen_facing")).to_be_hidden()
    role.get_by_role("button", name="다음 물음").press("Enter")
    expect(page.locator("#q-citizen_facing").get_by_label("네")).to_be_focused()
    page.keyboard.press("Space")
    page.locator("#one-by-one").press("Enter")
    page.get_by_label("하는 일 1").select_option("guiding")
    page.get_by_label("한 주에 몇 번").first.fill("20")
    page.get_by_label("한 번에 몇 분").first.fill("10")
    for words in ("이제 궁금해졌어요", "쓰지 않아요", "보통이에요", "인터넷망", "공개", "없어요"):
        page.get_by_label(words, exact=True).check()
    page.get_by_label("1단계 리터러시").check()
    learner.at("make-plan").press("Enter")
    page.wait_for_url(f"**{ROOT}/plan")


def edit_plan(learner: Window) -> None:
    """An item later by a key, one left out with a reason and taken back, then approved."""
    page, plan = learner.page, learner.at("plan")
    expect(plan).to_contain_text("목표예요")
    look_over(learner, "learning-plan")
    first = plan.locator(".plan-item").first.get_attribute("data-step")
    page.locator(f"#down-{first}").press("Enter")
    expect(plan.locator(".plan-item").nth(1)).to_have_attribute("data-step", str(first))
    settled(page)
    expect(page.locator(f"#down-{first}")).to_be_focused()
    page.locator(f"#out-{first}").press("Enter")
    page.locator(f"#why-{first}").fill("이미 알아요")
    page.keyboard.press("Enter")
    expect(plan).to_contain_text("뺀 까닭: 이미 알아요")
    settled(page)
    page.locator(f"#back-{first}").press("Enter")
    expect(plan).not_to_contain_text("뺀 까닭")
    settled(page)
    learner.at("approve").press("Enter")
    expect(plan).to_contain_text("내 계획으로 정했어요")


def pass_all_but_one(school: School, staff: str) -> str:
    """Every quiz but the last, as on the weeks before."""
    *most, last = away(school.wanted(staff, 1))
    for name in most:
        away(school.answer(staff, name))
    return str(last)


def take_lesson(learner: Window, voice: ScriptedVoice, name: str) -> None:
    """Heard, read, and its quiz."""
    page, lesson = learner.page, LEARNING.lessons[name]
    learner.go(ROOT)
    look_over(learner, "learning-home")
    learner.at("next").get_by_role("link", name=lesson.title).click()
    look_over(learner, "learning-lesson")
    page.locator("#read-aloud").press("Enter")
    expect(page.locator("html")).to_have_attribute("data-spoke", lesson.practice.task)
    assert len(voice.spoke) == len(lesson.text) + 1
    quiz = learner.at("quiz")
    for place, item in enumerate(lesson.quiz):
        quiz.locator(f"[name=answer{place}][value='{item.right}']").focus()
        page.keyboard.press("Space")
    quiz.get_by_role("button", name="답 내기").press("Enter")
    expect(learner.at("result")).to_contain_text("통과했어요")
    expect(learner.at("result")).to_be_focused()
    look_over(learner, "learning-result")


def practise(learner: Window, voice: ScriptedVoice) -> None:
    """A call of which one reply is spoken and the others typed."""
    page = learner.page
    learner.go(f"{ROOT}/calls")
    look_over(learner, "learning-calls")
    page.get_by_role("link", name=LEARNING.elders["freeze_angry"].title).click()
    lines = learner.at("call-lines").get_by_role("listitem")
    replies = CALLS["good"]["freeze_angry"]
    voice.next = replies[:1]
    learner.at("mic").focus()
    page.wait_for_selector("html[data-listens]")
    page.keyboard.down("Space")
    expect(page.locator("#call [data-heard]")).to_have_text("듣고 있어요.")
    page.keyboard.up("Space")
    expect(lines).to_have_count(3)
    for number, words in enumerate(replies[1:], start=2):
        settled(page)
        page.locator("#call-words").fill(words)
        page.keyboard.press("Enter")
        expect(lines).to_have_count(1 + 2 * number)
    expect(learner.at("score")).to_contain_text("통과했어요")
    look_over(learner, "learning-call")


def counted(learner: Window, persons: int) -> None:
    """What the board says, clicked through to what it is counted from."""
    here = learner.page.url
    learner.go(BOARD)
    learner.page.get_by_role("link", name="AI 교육 수료").click()
    expect(learner.page.locator("#main")).to_contain_text(f"지금 {persons}명")
    if persons:
        expect(learner.at("records")).to_contain_text("동행 배움터")
    learner.page.goto(here)


def project(learner: Window, other: Window) -> None:
    """Handed in, judged by a second person, read by its author."""
    learner.go(f"{ROOT}/projects")
    learner.page.get_by_label("제목").fill("길 안내 줄이기")
    learner.page.get_by_label("내용").fill(
        "안내판을 고쳐 같은 물음을 줄였어요. 앞과 뒤를 쟀고, 사람이 정해요."
    )
    learner.page.get_by_role("button", name="과제 내기").press("Enter")
    expect(learner.at("version")).to_contain_text("기다려요")
    other.go(f"{ROOT}/projects")
    other.at("waiting").get_by_role("link", name="길 안내 줄이기").click()
    look_over(other, "learning-review")
    for one in LEARNING.rubric.criteria:
        other.at("review").locator(f"[name='mark.{one.id}'][value='2']").check()
    other.page.get_by_label("덧붙이는 말").fill("앞과 뒤를 잰 것이 좋아요.")
    other.page.get_by_role("button", name="살핀 결과 남기기").press("Enter")
    expect(other.at("version")).to_contain_text("통과했어요")
    learner.page.reload()
    expect(learner.at("version")).to_contain_text("앞과 뒤를 잰 것이 좋아요.")
    learner.go(f"{ROOT}/mine")
    expect(learner.at("passed")).to_contain_text("길 안내 줄이기")
    look_over(learner, "learning-mine")
