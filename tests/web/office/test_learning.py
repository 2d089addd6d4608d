"""The pages for learners over HTTP: what each shows, and what is refused."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from pypdf import PdfReader
from tests.lessons.given import CALLS, LEARNING
from tests.lessons.learners import GUIDE
from tests.web.office.learning_site import ScriptedVoice, with_learning
from tests.web.staff_browser import HTML, StaffBrowser

from donghaeng.settings import load_settings
from donghaeng.speech.audio import wav_bytes
from donghaeng.speech.engines import Audio
from donghaeng.web.app import create_app

ROOT = "/office/learning"
ANSWERS = {
    "role": "guide", "citizen_facing": "yes", "task0": "guiding", "times0": "20", "minutes0": "10",
    "experience": "newcomer", "regularity": "never", "confidence": "middle", "network": "internet",
    "data_grade": "O", "access": "large", "target": "1",
}  # fmt: skip
SOUND = wav_bytes(Audio(np.zeros(16000, np.float32), 16000))


@pytest.fixture(scope="module")
def site(web_kit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    folder = tmp_path_factory.mktemp("learning")
    settings = load_settings(data=folder, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    voice = ScriptedVoice()
    with (
        web_kit.with_console(plain, folder) as full,
        with_learning(full, folder, voice=voice) as (services, school),
    ):
        app, password = create_app(services), web_kit.password
        people = {name: StaffBrowser.of(app, name, password, within=ROOT) for name in NAMES}
        ids = {row.name: row.id for row in away(full.staff.everyone())}
        mute = StaffBrowser.of(
            create_app(replace(services, trial_voice=None)), "official", web_kit.password, within=ROOT
        )
        none = StaffBrowser.of(
            create_app(replace(services, learning=None)), "official", web_kit.password, within=ROOT
        )
        yield SimpleNamespace(people=people, ids=ids, school=school, voice=voice, mute=mute, none=none)


NAMES = ("official", "counsellor", "reviewer", "supervisor", "knowledge_owner", "service_owner", "admin")


def away(work: Any) -> Any:
    """What a coroutine returns, run where no loop runs."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, work).result()


@pytest.fixture(scope="module")
def official(site: SimpleNamespace) -> StaffBrowser:
    browser = site.people["official"]
    assert browser.post("/intake", **ANSWERS).headers["hx-redirect"] == f"{ROOT}/plan"
    return browser


def quiz(name: str, *, right: bool = True) -> dict[str, str]:
    lesson = LEARNING.lessons[name]
    rights = {f"answer{place}": item.right for place, item in enumerate(lesson.quiz)}
    chosen = rights if right else {key: value % 2 + 1 for key, value in rights.items()}
    return {"version": str(lesson.version)} | {key: str(value) for key, value in chosen.items()}


def test_every_page_shows_and_leads_on(official: StaffBrowser) -> None:
    for path in ("", "/intake", "/plan", "/competences", "/lessons", "/lessons/ai_limits", "/calls"):
        answer = official.get(path)
        assert answer.status_code == 200, (path, answer.text)
        assert answer.headers["cache-control"] == "no-store"
    for path in ("/calls/freeze_angry", "/again", "/projects", "/certificates", "/mine"):
        assert official.get(path).status_code == 200, path
    assert "오늘 할 것" in official.get("").text
    assert "목표예요" in official.get("/plan").text
    assert 'value="guide" required checked' in official.get("/intake").text
    assert 'class="lesson large"' in official.get("/lessons/ai_limits").text


def test_a_form_that_is_not_filled_is_told_with_its_question(site: SimpleNamespace) -> None:
    browser = site.people["service_owner"]
    answer = browser.post("/intake", **{**ANSWERS, "role": ""})
    assert answer.status_code == 422
    assert "어떤 일을 하세요" in answer.text
    answer = browser.post("/intake", **{**ANSWERS, "minutes0": "많이"})
    assert answer.status_code == 422
    assert "아직 계획이 없어요" in browser.get("/plan").text


def test_a_plan_changed_in_two_windows_loses_neither(site: SimpleNamespace) -> None:
    browser = site.people["counsellor"]
    browser.post("/intake", **ANSWERS)
    step = away(site.school.desk.own(site.ids["counsellor"])).plan.items[0].step
    out = browser.post("/plan", do="out", step=step, why="<b>이미</b> 알아요", version="1")
    assert "&lt;b&gt;이미" in out.text
    late = browser.post("/plan", do="approve", version="1")
    assert late.status_code == 409
    assert "먼저 바꿨어요" in late.text
    unfit = {"do": "out", "step": "C9-9", "version": "2"}
    for wrong in ({"do": "dance", "version": "2"}, {"do": "up", "version": "x"}, unfit):
        assert browser.post("/plan", **wrong).status_code == 422
    assert "내 계획으로 정했어요" in browser.post("/plan", do="approve", version="2").text


def test_lessons_are_found_by_words_competence_level_and_role(official: StaffBrowser) -> None:
    def found(**wanted: str) -> str:
        return official.get("/lessons?" + urlencode(wanted)).text

    assert f"강의 {len(LEARNING.lessons)}개" in found()
    assert "/lessons/taking_over_a_call" in found(competence="C8", level="1")
    assert "/lessons/ai_limits" not in found(competence="C8")
    assert "/lessons/leading_by_records" not in found(role="guide")
    assert "/lessons/taking_over_a_call" in found(q="넘겨받기")
    assert "그런 강의가 없어요" in found(q="없는낱말이에요")


def test_a_quiz_is_scored_told_and_never_held_against_anybody(
    official: StaffBrowser, site: SimpleNamespace
) -> None:
    wrong = official.post("/lessons/ai_limits/quiz", **quiz("ai_limits", right=False))
    assert "다시 풀어 봐요" in wrong.text
    assert LEARNING.lessons["ai_limits"].quiz[0].why in wrong.text
    missing = official.post("/lessons/ai_limits/quiz", version="1", answer0="1")
    assert missing.status_code == 422
    assert (
        official.post("/lessons/ai_limits/quiz", **{**quiz("ai_limits"), "answer0": "9"}).status_code == 422
    )
    assert "아직 없어요" in official.get("/mine").text
    assert "통과했어요" in official.post("/lessons/ai_limits/quiz", **quiz("ai_limits")).text
    assert "통과" in official.get("/mine").text


def test_a_lesson_changed_or_withdrawn_while_somebody_is_in_it(
    official: StaffBrowser, site: SimpleNamespace
) -> None:
    school, before = site.school, site.school.learning
    official.post("/lessons/never_collect/quiz", **quiz("never_collect"))
    try:
        school.change("asking_well", version=2)
        changed = official.post("/lessons/asking_well/quiz", **quiz("asking_well")).text
        assert "2판으로 바뀌었어요" in changed
        assert changed.count(" checked") == len(LEARNING.lessons["asking_well"].quiz), "the choices stay"
        school.withdraw("asking_well")
        school.withdraw("never_collect")
        gone = official.post("/lessons/asking_well/quiz", **quiz("asking_well"))
        assert gone.status_code == 200
        assert "방금 거두었어요" in gone.text
        kept = official.get("/lessons/never_collect")
        assert kept.status_code == 200
        assert "그대로 남아 있" in kept.text
        assert official.get("/lessons/asking_well").status_code == 404
        assert LEARNING.lessons["never_collect"].title in official.get("/mine").text
        assert official.get("/plan").status_code == 200
    finally:
        school.learning = before


def test_a_practice_call_is_judged_at_its_end(official: StaffBrowser) -> None:
    said: list[str] = []
    for words in CALLS["good"]["chest_pain"]:
        answer = official.post("/calls/chest_pain", said=json.dumps(said), words=words)
        said.append(words)
    assert "통과했어요" in answer.text
    assert 'data-testid="score"' in answer.text
    half = official.post("/calls/freeze_angry", said="[]", words="주민등록번호를 불러 주세요.")
    assert "score" not in half.text
    over = official.post("/calls/freeze_angry", said=json.dumps(["주민등록번호를 불러 주세요."]), over="1")
    assert "다시 해 봐요" in over.text
    assert "물으면 안 되는 것" in over.text
    assert "<b>" not in official.post("/calls/freeze_angry", said="[]", words="<b>네</b>").text
    for wrong in ("{", "[1]", json.dumps(["네"] * 31), json.dumps(["네" * 500])):
        assert official.post("/calls/freeze_angry", said=wrong, words="네").status_code == 422
    assert official.get("/calls/nobody").status_code == 404


def test_what_is_heard_fills_an_answer_and_what_is_read_is_spoken(
    official: StaffBrowser, site: SimpleNamespace
) -> None:
    headers = {**official.headers, "Content-Type": "audio/wav"}
    site.voice.next = ["업무망이요", "네 번이요"]
    one = official.client.post(f"{ROOT}/hear", content=SOUND, headers={**headers, "X-Question": "network"})
    assert one.json() == {"text": "업무망이요", "fields": {"network": "business"}}
    other = official.client.post(f"{ROOT}/hear", content=SOUND, headers={**headers, "X-Question": "none"})
    assert other.json() == {"text": "네 번이요", "fields": {}}
    assert official.client.post(f"{ROOT}/hear", content=b"x", headers=headers).status_code == 422
    spoken = official.post("/speak", say="100분이에요")
    assert spoken.headers["content-type"] == "audio/wav"
    assert site.voice.spoke[-1] == "백 분이에요"
    assert official.post("/speak", say=" ").status_code == 204
    assert official.post("/speak", say="가" * 2000).status_code == 422
    assert site.mute.post("/speak", say="네").status_code == 404
    assert "data-mic" not in site.mute.get("/calls/freeze_angry").text
    assert 'id="read-aloud"' not in site.mute.get("/lessons/ai_limits").text


def test_nobody_sees_anothers_records_and_an_own_project_is_judged_by_another(site: SimpleNamespace) -> None:
    people, school, ids = site.people, site.school, site.ids
    author, reviewer, other = people["reviewer"], people["supervisor"], people["admin"]
    text = "안내판을 고쳐 같은 물음을 줄였어요. 앞과 뒤를 쟀고, 사람이 정해요."
    short = author.post("/projects", title="길", text=text)
    assert short.status_code == 422
    address = author.post("/projects", title="길 안내 줄이기", text=text).headers["hx-redirect"]
    project = address.removeprefix(ROOT)
    marks = {f"mark.{one.id}": "2" for one in LEARNING.rubric.criteria} | {"version": "1"}
    assert "길 안내" not in author.get("/projects").text.partition('data-testid="waiting"')[2]
    assert 'data-testid="review"' not in author.get(project).text
    own = author.post(f"{project}/review", **marks)
    assert own.status_code == 422
    assert "자기 과제" in own.text
    assert other.get(project).status_code == 404
    assert other.post(f"{project}/review", **marks).status_code == 403
    assert "길 안내" in reviewer.get("/projects").text
    assert "김상담" not in reviewer.get(project).text.partition('id="main"')[2], "nobody's name is shown"
    assert reviewer.post(f"{project}/review", **{**marks, "mark.people": ""}).status_code == 422
    assert reviewer.post(f"{project}/review", **{**marks, "version": "9"}).status_code == 409
    assert reviewer.post(f"{project}/review", **marks).headers["hx-redirect"] == address
    assert "통과했어요" in author.get(project).text
    assert reviewer.post(f"{project}/review", **marks).status_code == 409
    assert "길 안내" not in reviewer.get("/mine").text
    assert ids["reviewer"] not in json.dumps(away(school.records.copy(ids["supervisor"])))


def test_a_certificate_is_ones_own_and_the_board_counts_a_person(site: SimpleNamespace) -> None:
    browser, staff, school = site.people["knowledge_owner"], site.ids["knowledge_owner"], site.school
    board = StaffBrowser.get(site.people["supervisor"], "").text
    assert board
    away(school.desk.take_intake(staff, GUIDE))
    for name in away(school.wanted(staff, 1)):
        away(school.answer(staff, name))
    target = site.people["supervisor"].client.get("/console/tower/targets/ai_learners", headers=HTML).text
    assert "지금 0명" in target
    done = browser.post("/calls/freeze_angry", said=json.dumps(CALLS["good"]["freeze_angry"]), over="1")
    assert "증서를 받으셨어요" in done.text
    target = site.people["supervisor"].client.get("/console/tower/targets/ai_learners", headers=HTML).text
    assert "지금 1명" in target
    assert "AI 리터러시 (2026)" in target
    assert "동행 배움터" in target
    (issued,) = away(school.desk.own(staff)).certificates
    shown = browser.get(f"/certificates/{issued.number}").text
    assert "2028. 11. 23." in shown
    file = browser.get(f"/certificates/{issued.number}/file.pdf")
    pages = PdfReader(io.BytesIO(file.content)).pages
    assert len(pages) == 1
    assert issued.number in pages[0].extract_text()
    assert "김상담" in pages[0].extract_text()
    for path in (f"/certificates/{issued.number}", f"/certificates/{issued.number}/file.pdf"):
        assert site.people["admin"].get(path).status_code == 404, "another's certificate is nobody's business"


def test_own_records_are_taken_along_and_erased(official: StaffBrowser, site: SimpleNamespace) -> None:
    copy = official.get("/mine/copy.json")
    assert "attachment" in copy.headers["content-disposition"]
    assert copy.json()["records"]
    told = official.get("/mine/xapi.json").json()
    assert told
    assert all(one["actor"]["account"]["homePage"] == "http://desk.example" for one in told)
    assert site.ids["official"] not in json.dumps(told)
    assert official.post("/mine/erase").status_code == 422
    assert official.get("/mine/copy.json").json()["records"]
    assert official.post("/mine/erase", sure="1").headers["hx-redirect"] == f"{ROOT}/mine"
    assert official.get("/mine/copy.json").json() == {"records": [], "projects": []}


def test_statistics_are_for_authors(site: SimpleNamespace) -> None:
    assert site.people["official"].get("/lessons/ai_limits/statistics").status_code == 403
    assert "서른 번부터" in site.people["knowledge_owner"].get("/lessons/ai_limits/statistics").text
    for number in range(30):
        away(site.school.answer(f"s_{number}", "ai_limits", right=number % 2 > 0))
    shown = site.people["knowledge_owner"].get("/lessons/ai_limits/statistics").text
    assert 'data-testid="items"' in shown
    assert site.people["knowledge_owner"].get("/lessons/nothing/statistics").status_code == 404


def test_where_nothing_is_kept_there_are_no_pages(site: SimpleNamespace) -> None:
    assert site.none.get("").status_code == 404
    assert site.none.post("/intake", **ANSWERS).status_code == 404


def test_what_comes_again_is_answered_one_by_one(site: SimpleNamespace, official: StaffBrowser) -> None:
    staff, school, before = site.ids["official"], site.school, site.school.now
    away(school.answer(staff, "ai_limits", right=False))
    school.wait(days=2)
    try:
        assert "ai_limits/1" in official.get("/again").text
        right = LEARNING.lessons["ai_limits"].quiz[0].right
        told = official.post("/again", key="ai_limits/1", answer=str(right)).text
        assert "맞았어요" in told
        assert LEARNING.lessons["ai_limits"].quiz[0].why in told
        assert "ai_limits/1" not in official.get("/again").text
        assert official.post("/again", key="ai_limits/1").status_code == 422
        assert official.post("/again", key="none/1", answer="1").status_code == 404
    finally:
        school.now = before
