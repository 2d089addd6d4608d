"""The control tower's pages: from a draft to operation by two people, and what is refused in plain words."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from tests.tower.process.office import FORM, RULES, answers, piece
from tests.web.staff_browser import StaffBrowser
from tests.web.towering import Tower, with_tower

from donghaeng.errors import InputError
from donghaeng.settings import load_settings
from donghaeng.store import leaks
from donghaeng.tower.process.gates import missing
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import Subject
from donghaeng.trust.leaks import LeakLine
from donghaeng.web.app import create_app
from donghaeng.web.console.tower_ideas import read_budget
from donghaeng.web.console.tower_words import won_words

HTML = {"Accept": "text/html"}
BUS = "/console/tower/service/bus_new"
INCIDENTS = "/console/tower/incidents"


@pytest.fixture
def app_and_tower(web_kit, tmp_path: Path) -> Iterator[tuple[object, Tower]]:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with (
        web_kit.with_console(plain, tmp_path) as services,
        with_tower(services, tmp_path) as (full, tower),
    ):
        yield create_app(full), tower


@pytest.fixture
def tower(app_and_tower) -> Tower:
    return app_and_tower[1]


@pytest.fixture
def open_browser(app_and_tower, web_kit) -> Callable[[str], StaffBrowser]:
    def opened(name: str) -> StaffBrowser:
        return StaffBrowser.of(app_and_tower[0], name, web_kit.password)

    return opened


def version(browser: StaffBrowser, path: str) -> str:
    found = re.search(r'data-version="(\d+)"', browser.get(path).text)
    assert found is not None
    return found[1]


def made(official: StaffBrowser) -> None:
    answer = official.post(
        "/console/tower/new", kind="service", id="bus_new", name="버스 <도착>", owner="교통실"
    )
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, BUS)


def fill_gate(tower: Tower, to: str) -> None:
    """Bring what a stage still wants, past the page."""

    async def work() -> None:
        subject = Subject(Kind.SERVICE, "bus_new")
        for kind in missing(RULES, await tower.desk.subject(subject), to):
            await tower.desk.add_evidence(subject, "lee", piece(kind))

    asyncio.run(work())


def test_an_official_brings_a_service_to_operation_with_a_reviewer(open_browser, tower: Tower) -> None:
    official, reviewer = open_browser("official"), open_browser("reviewer")
    made(official)
    shown = official.get(BUS).text
    assert "버스 &lt;도착&gt;" in shown
    refused = official.post(f"{BUS}/submit", to="prior_review")
    assert refused.status_code == 409
    assert "사전 검토로 가려면 1가지가 더 있어야 해요: 위험 등급 평가" in refused.text
    assert official.post(f"{BUS}/risk", **answers(-1)).status_code == 204
    assert "4등급 (매우 높음)" in official.get(BUS).text
    assert official.post(f"{BUS}/risk", **answers()).status_code == 204
    assert "사전 검토" in official.post(f"{BUS}/submit", to="prior_review").text
    attached = official.post(
        f"{BUS}/evidence", evidence_kind="legal_review", title="검토서", link="https://city.example/1"
    )
    assert attached.status_code == 200
    assert "검토서" in attached.text
    for to in ("test", "pilot", "operation"):
        assert official.post(f"{BUS}/submit", to=to).status_code == 409
        fill_gate(tower, to)
        assert "올렸어요" in official.post(f"{BUS}/submit", to=to, version=version(official, BUS)).text
        assert "승인을 기다리는 것" in reviewer.get("/console/tower").text
        assert official.post(f"{BUS}/approve").status_code == 403, "an official does not review"
        assert f'data-stage="{to}"' in reviewer.post(f"{BUS}/approve").text
    board = reviewer.get("/console/tower").text
    assert re.search(r'data-stage="operation">.*?버스 &lt;도착&gt;', board, re.DOTALL)


def test_who_submits_cannot_approve_on_the_page_either(open_browser, tower: Tower) -> None:
    reviewer, other = open_browser("reviewer"), open_browser("supervisor")
    made(reviewer)
    reviewer.post(f"{BUS}/risk", **answers())
    reviewer.post(f"{BUS}/submit", to="prior_review")
    fill_gate(tower, "test")
    page = reviewer.post(f"{BUS}/submit", to="test").text
    assert "승인하기" not in page
    assert "올린 사람은 승인할 수 없어요" in page
    own = reviewer.post(f"{BUS}/approve")
    assert (own.status_code, "올린 사람은 승인할 수 없어요" in own.text) == (403, True)
    assert other.post(f"{BUS}/take-back", words="왜").status_code == 422
    seen = version(other, BUS)
    assert other.post(f"{BUS}/reject", words="모자라요", version=seen).status_code == 200
    late = other.post(f"{BUS}/approve", version=seen)
    assert (late.status_code, "다른 분이 먼저" in late.text) == (409, True)


def test_only_who_may_stop_stops_and_the_board_shows_what_is_late(open_browser, tower: Tower) -> None:
    official, admin = open_browser("official"), open_browser("admin")
    made(official)
    official.post(f"{BUS}/risk", **answers())
    for to in ("prior_review", "test", "pilot"):
        fill_gate(tower, to)
        official.post(f"{BUS}/submit", to=to)
        open_browser("reviewer").post(f"{BUS}/approve")
    assert official.post(f"{BUS}/stop", words="왜").status_code == 403
    assert official.post(f"{BUS}/submit", to="suspended", words="왜").status_code == 422
    assert "없어요." in official.get("/console/tower").text
    tower.now += timedelta(days=200)
    late = re.search(r'data-testid="late">.*?</section>', official.get("/console/tower").text, re.DOTALL)
    assert late is not None
    assert "bus_new" in late[0]
    assert "20일 지났어요" in late[0]
    assert admin.post(f"{BUS}/stop", words="").status_code == 422
    assert 'data-stage="suspended"' in admin.post(f"{BUS}/stop", words="틀린 안내").text
    assert "틀린 안내" in official.get(BUS).text


def test_a_file_is_attached_and_given_back_as_a_download(open_browser) -> None:
    official = open_browser("official")
    made(official)
    details = urlencode(
        {"evidence_kind": "high_impact_review", "title": "검토", "reviewer": "김"}
        | {"result_high_impact_review": "not_high"}
    )
    headers = {**official.headers, "X-Details": details, "X-File-Name": quote("검토서.pdf")}
    headers["Content-Type"] = "application/octet-stream"
    answer = official.client.post(f"{BUS}/file", content=b"<script>", headers=headers)
    assert answer.status_code == 200, answer.text
    address = re.search(r'href="(/console/tower/files/\w+)"', answer.text)
    assert address is not None
    given = official.get(address[1])
    assert given.content == b"<script>"
    assert given.headers["content-type"] == "application/octet-stream"
    assert given.headers["content-disposition"].startswith("attachment")
    assert official.client.post(f"{BUS}/file", content=b"", headers=headers).status_code == 422
    assert official.get("/console/tower/files/none").status_code == 404
    evidence = re.search(r'name="evidence" value="(\w+)"', answer.text)
    assert evidence is not None
    gone = official.post(f"{BUS}/withdraw", evidence=evidence[1], words="다른 파일이에요")
    assert "근거를 거두었어요" in gone.text


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        ("evidence", {"evidence_kind": "legal_review", "title": "x", "link": "x"}, "https://"),
        ("evidence", {"evidence_kind": "nonsense", "title": "x"}, "붙일 수 없어요"),
        ("evidence", {"evidence_kind": "legal_review", "title": "x", "day": "2026-02-30"}, "날짜를 다시"),
        ("withdraw", {"evidence": "e_none", "words": "왜"}, "그 근거는"),
        ("submit", {"to": "nowhere"}, "바로 갈 수 없어요"),
        ("approve", {}, "진행 중인 검토가 없어요"),
        ("deadline", {"on": "2020-01-01", "words": "왜"}, "5년 안"),
        ("deadline", {"on": "soon", "words": "왜"}, "날짜를 다시"),
        ("due", {"cause": "incident"}, "시범이나 운영"),
        ("risk", {}, "답하지 않은 물음"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(open_browser, path: str, fields: dict, words: str) -> None:
    reviewer = open_browser("reviewer")
    made(reviewer)
    answer = reviewer.post(f"{BUS}/{path}", **fields)
    assert 400 <= answer.status_code < 500
    assert words in answer.text
    assert "Traceback" not in answer.text


def test_names_that_nobody_has_are_not_found(open_browser) -> None:
    official = open_browser("official")
    for path in ("/console/tower/service/none", "/console/tower/spell/x", "/console/tower/service/none/risk"):
        assert official.get(path).status_code == 404
    assert official.post("/console/tower/service/none/submit", to="test").status_code == 404
    assert official.post("/console/tower/new", kind="idea", id="x", name="x").status_code == 422
    assert official.post("/console/tower/new", kind="service", id="../x", name="x").status_code == 404


def test_an_idea_becomes_a_project(open_browser) -> None:
    official, reviewer = open_browser("official"), open_browser("reviewer")
    led = official.post("/console/tower/ideas", name="걷기 길", owner="공원과", words="길이 어두워요")
    address = led.headers["hx-redirect"]
    assert official.post(f"{address}/plan", owner="공원과", budget="내년: 많이").status_code == 422
    planned = official.post(f"{address}/plan", owner="공원과", budget="2027: 30,000,000\n2028년: 5000000원")
    assert "모두 3,500만 원" in planned.text
    official.post(f"{address}/submit", to="prior_review")
    official.post(f"{address}/submit", to="project")
    assert 'data-stage="project"' in reviewer.post(f"{address}/approve").text
    assert official.post(f"{address}/progress", percent="많이", words="x").status_code == 422
    assert "40%" in official.post(f"{address}/progress", percent="40", words="설계").text
    ideas = official.get("/console/tower/ideas").text
    assert "걷기 길" in ideas
    assert "40%" in ideas
    assert "걷기 길" not in official.get("/console/tower").text
    assert "걷기 길" in official.get("/console/tower?kind=idea").text


def test_the_form_shows_what_was_answered(open_browser) -> None:
    official = open_browser("official")
    made(official)
    assert official.get(f"{BUS}/risk").text.count("<fieldset>") == len(FORM.questions)
    official.post(f"{BUS}/risk", **answers())
    assert official.get(f"{BUS}/risk").text.count(" checked") == len(FORM.questions)


def test_sums_and_budgets_are_read_as_they_are_written() -> None:
    assert read_budget("2027: 1,000\n\n2028=0") == {2027: 1000, 2028: 0}
    for wrong in ("2027", "27: 5", "2027: 1\n2027: 2"):
        with pytest.raises(InputError):
            read_budget(wrong)
    assert [won_words(one) for one in (0, 5_000, 30_000_000)] == ["0원", "5,000원", "3,000만 원"]


def test_an_incident_is_reported_mended_and_closed_by_another(open_browser, tower: Tower) -> None:
    official, reviewer = open_browser("official"), open_browser("reviewer")
    made(official)
    asked = {
        "title": "틀린 <안내>",
        "subject": "service/bus_new",
        "severity": "4",
        "words": "막차를 놓쳤어요",
    }
    nowhere = official.post(INCIDENTS, **(asked | {"subject": "service/none"}))
    assert "그런 대상이 없어요" in nowhere.text
    assert "아직 오지 않은" in official.post(INCIDENTS, **(asked | {"happened_on": "2099-01-01"})).text
    unknown = official.post(INCIDENTS, leak="yes", known_at="어제", **asked)
    assert "처음 안 때를 다시 봐 주세요" in unknown.text
    answer = official.post(INCIDENTS, leak="yes", known_at="2026-11-23T09:00", persons="2", **asked)
    page = answer.headers["hx-redirect"]
    assert official.get(INCIDENTS).text.count(f'href="{page}"') == 1, "what was refused left nothing"
    shown = official.get(page).text
    assert "틀린 &lt;안내&gt;" in shown
    assert "닫기 전에 더 있어야 해요: 맡은 사람, 고친 것의 주소, 배운 것" in shown
    assert "할 일을 골라" in official.post(f"{page}/line", step="explode").text
    official.post(f"{page}/line", step="own", owner="교통실")
    assert "주소를 적어" in official.post(f"{page}/line", step="mend", link="javascript:alert(1)").text
    stale = version(official, page)
    official.post(f"{page}/line", step="mend", link="/console/review", words="시간표")
    late = reviewer.post(f"{page}/line", step="learn", words="늦은 말", version=stale)
    assert (late.status_code, "먼저 적었어요" in late.text) == (409, True)
    official.post(f"{page}/line", step="learn", words="막차는 두 번 봐요")
    assert official.post(f"{page}/close").status_code == 403, "it takes a reviewer"
    assert "72시간" in reviewer.post(f"{page}/close").text
    (found,) = asyncio.run(tower.incidents.every())
    told = LeakLine(found.leak, tower.now, "notified", "lee", "알림")
    tower.store.run(lambda tx: leaks.add(tx, told))
    graded = reviewer.post(f"{page}/grade", severity="3", words="두 분뿐이에요")
    assert "3 무거움" in graded.text
    assert official.post(f"{page}/publish", words="막차를 틀렸어요").status_code == 403, "it takes a reviewer"
    assert "시민이 읽을 말" in reviewer.post(f"{page}/publish", words=" ").text
    assert "막차를 &lt;틀렸어요&gt;" in reviewer.post(f"{page}/publish", words="막차를 <틀렸어요>").text
    assert 'data-testid="public"' not in reviewer.post(f"{page}/publish", back="yes", words="다시 봐요").text
    assert 'data-closed="yes"' in reviewer.post(f"{page}/close", words="끝").text
    assert 'data-closed="no"' in reviewer.post(f"{page}/reopen", words="또 났어요").text
    assert official.get(f"{INCIDENTS}/inc_none").status_code == 404
