"""Targets, data cases and the alliance in the console: over HTTP, and once in a real browser."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from sqlalchemy import delete, update
from tests.conftest import CHECKOUT
from tests.web.staff_browser import StaffBrowser

from donghaeng.errors import InputError, StoreError
from donghaeng.settings import load_settings
from donghaeng.store import Store, case_calls, case_lines, case_runs
from donghaeng.store import tower_tables as tables
from donghaeng.store.case_runs import CaseRun
from donghaeng.tower.cases.context import CaseContext
from donghaeng.tower.cases.desk import CasesDesk
from donghaeng.tower.cases.loading import find_case
from donghaeng.tower.cases.result import CaseResult, Chart, Figure, Table
from donghaeng.tower.cases.running import run_case
from donghaeng.tower.importing import import_file
from donghaeng.trust.sealing import Sealer
from donghaeng.web.app import create_app

CATALOGUE = CHECKOUT / "catalogue"
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
SITES = Table("sites", "새로 둘 자리", ("동", "어르신"), (("마포구 합정동", 900),))
RESULT = CaseResult(
    figures=(Figure("고른 자리로 닿는 몫", 42.5, "%", 40.0, 45.0),),
    charts=(Chart("bar", SITES, "한 곳이에요."),),
    tables=(Table("sensitivity", "가정을 바꾸면", ("가정", "자리"), (("<b>걷기</b>", 3),)),),
    notes=("가정이에요.",),
)
MEMBERS = (
    "기관,구분,자치구,가입일,탈퇴일\n강남구청,자치구,강남구,2025-01-01,\n=HYPERLINK(1),기업,,2025-01-01,\n"
)
EVENTS = (
    "사업,행사,날짜,장소,정원\n리빙랩,겨울 모임,2026-12-20,서울시청,3\n리빙랩,봄 모임,2026-04-01,서울시청,3\n"
)
CAME = "사업,행사,날짜,기관,인원,참석\n리빙랩,봄 모임,2026-04-01,강남구청,2,예\n"


@pytest.fixture(scope="module")
def world(web_kit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    folder = tmp_path_factory.mktemp("targets")
    settings = load_settings(data=folder, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with (
        Store.open(f"sqlite:///{folder}/tower.db", Sealer([b"k" * 32])) as store,
        web_kit.with_console(plain, folder) as full,
    ):
        for kind, body in (("members", MEMBERS), ("events", EVENTS), ("attendance", CAME)):
            file = folder / f"{kind}.csv"
            file.write_text(body, "utf-8")
            import_file(store, kind, file, now=NOW, today=NOW.date(), by="t")
        case = find_case(CATALOGUE, "digital_exclusion")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("donghaeng.tower.cases.running.method_of", lambda name: lambda given: RESULT)
            context = CaseContext(seed=3, today=date(2026, 11, 23), store=store)
            run_case(case, context, data=folder, by="t", clock=lambda: NOW)
        desk = CasesDesk(store, catalogue=CATALOGUE, data=folder, clock=lambda: NOW)
        app = create_app(replace(full, cases=desk))
        yield SimpleNamespace(app=app, password=web_kit.password, desk=desk, store=store, folder=folder)


class Staff(StaffBrowser):
    """Somebody at the console, who expects an answer of a status."""

    def see(self, path: str, status: int = 200) -> str:
        answer = self.get(path)
        assert answer.status_code == status, answer.text
        return answer.text


def staff(world: SimpleNamespace, name: str) -> Staff:
    return Staff.of(world.app, name, world.password)


@pytest.fixture(scope="module")
def official(world: SimpleNamespace) -> Staff:
    return staff(world, "official")


def test_every_target_leads_to_what_it_is_counted_from(official: Staff) -> None:
    board = official.see("/console/tower/targets")
    links = re.findall(r'href="(/console/tower/targets/\w+)"', board)
    assert len(links) == 5
    for link in links:
        page = official.see(link)
        assert 'data-testid="records"' in page
        assert ("<img" in page) == (not link.endswith("culture"))
    bodies = official.see("/console/tower/targets/member_bodies")
    assert "<td>강남구청</td>" in bodies
    assert "지금 1곳" in bodies
    assert "지금 0건" in official.see("/console/tower/targets/data_cases")  # nobody has reviewed the case
    official.see("/console/tower/targets/none", 404)


def test_a_case_says_first_that_its_claim_waits_for_the_citys_data(official: Staff) -> None:
    assert official.see("/console/tower/cases").count("/console/tower/cases/") == 3
    page = official.see("/console/tower/cases/digital_exclusion")
    assert page.index('data-testid="claim"') < page.index('data-testid="figures"')
    assert "시의 인구표" in page
    assert "42.5% (40~45)" in page
    assert "&lt;b&gt;걷기&lt;/b&gt;" in page
    assert 'alt="새로 둘 자리. 한 곳이에요."' in page
    not_run = official.see("/console/tower/cases/water_meter_freeze")
    assert "아직 돌린 결과가 없어요" in not_run
    assert "시의 자료" in not_run
    official.see("/console/tower/cases/none", 404)


def runs_of(store: Store) -> list[CaseRun]:
    return store.look(lambda tx: case_runs.listed(tx, CASE))


CASE = "digital_exclusion"
PATH = f"/console/tower/cases/{CASE}"
LOOKED = {"department": "데이터전략과", "words": "자료와 방법을 보고 같은 씨앗으로 다시 돌려 보았다."}


def test_a_case_is_run_in_the_background_and_judged_by_another_department(
    world: SimpleNamespace, official: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    def method(context: CaseContext) -> CaseResult:
        context.progress("자리 고르기", 3, 7)
        if context.seed == 666:
            raise InputError("표가 없어요")
        if context.seed == 667:
            raise KeyError("010-1234-5678")
        return replace(RESULT, notes=(f"씨앗 {context.seed}",))

    monkeypatch.setattr("donghaeng.tower.cases.running.method_of", lambda name: method)
    reviewer, supervisor = staff(world, "reviewer"), staff(world, "supervisor")

    def run(seed: str, staff: Staff = official) -> str:
        """Start a run over the loop of the client, and look until it is over."""
        answer = staff.post(f"{PATH}/run", seed=seed)
        for _ in range(1_000):
            if "every 1s" not in answer.text:
                return answer.headers.get("HX-Redirect", answer.text)
            answer = staff.client.get(f"{PATH}/progress", headers=staff.headers)
        raise AssertionError(answer.text)

    with official.client, supervisor.client:
        for bad in ("-1", "일곱", "4294967296"):
            assert "씨앗은 0부터" in official.post(f"{PATH}/run", seed=bad).text
        assert "표가 없어요" in run("666")
        assert "돌리다가 멈췄어요" in (broken := run("667"))
        assert "010-1234" not in broken
        address = run("41", supervisor)
    assert address.startswith(f"{PATH}?run=cr_")
    page = official.see(address)
    assert "씨앗 41로 돌린 결과" in page
    name = address.partition("=")[2]
    sheet = official.client.get(f"{PATH}/runs/{name}/sensitivity.csv")
    assert sheet.text.splitlines()[1] == "<b>걷기</b>,3"
    assert official.client.get(f"{PATH}/runs/{name}/none.csv").status_code == 404
    assert "직접 돌리셨으니" in supervisor.see(address)

    def judge(staff: Staff, verdict: str = "accepted", seen: int = 0, **fields: str):
        values = {**LOOKED, **fields, "verdict": verdict, "seen": str(seen)}
        return staff.post(f"{PATH}/runs/{name}/verdict", **values).text

    assert "돌린 분은 살필 수 없어요" in judge(supervisor)
    assert "다른 부서에서 살펴야" in judge(reviewer, department="서울AI재단")
    assert "목록에서 골라" in judge(reviewer, department="우리과")
    assert "판정을 골라 주세요" in judge(reviewer, "great")
    assert "10글자 이상" in judge(reviewer, words="좋다")
    assert "거둘 것이 없어요" in judge(reviewer, "withdrawn")
    assert judge(official) != ""
    assert "지금 0건" in official.see("/console/tower/targets/data_cases")
    assert "다른 부서가 받아들였어요" in judge(
        reviewer, "accepted_with_limits", words="주민번호 470815-2345678이 든 표 없이 돌렸다."
    )
    assert "그사이에 다른 분이 먼저" in judge(reviewer, seen=0)
    assert "470815" not in official.see(address)
    assert "지금 1건" in official.see("/console/tower/targets/data_cases")
    used = official.post(f"{PATH}/runs/{name}/use", seen="1", day="2026-11-20", **LOOKED)
    assert "2026-11-20 데이터전략과" in used.text
    late = official.post(f"{PATH}/runs/{name}/use", seen="2", day="2026-12-20", **LOOKED)
    assert "아직 오지 않은 날" in late.text
    assert "지금 판을 받아들인 부서가 없어요" in judge(reviewer, "withdrawn", seen=2)
    assert "지금 0건" in official.see("/console/tower/targets/data_cases")
    (kinds,) = {tuple(line.kind for line in world.store.look(lambda tx: case_lines.listed(tx, CASE)))}
    assert kinds == ("accepted_with_limits", "use", "withdrawn")


def test_the_database_itself_keeps_two_persons_and_every_line(world: SimpleNamespace) -> None:
    (run, *_) = runs_of(world.store)
    line = case_lines.CaseLine(CASE, 900, "v", "accepted", "me", "과", NOW.date(), "…", NOW, run.id, "me")
    with pytest.raises(StoreError):
        world.store.run(lambda tx: case_lines.add(tx, line))
    fine = replace(line, by="other", kind="rejected")
    world.store.run(lambda tx: case_lines.add(tx, fine))
    for change in (update(tables.case_lines).values(by="x"), delete(tables.case_lines)):
        with pytest.raises(StoreError):
            world.store.run(lambda tx, change=change: tx.connection.execute(change))


def test_departments_are_chosen_and_the_owners_own_is_not_among_those_that_judge(
    world: SimpleNamespace,
) -> None:
    page = staff(world, "reviewer").see(PATH)
    choice = page[page.index('id="verdict-department"') : page.index("</select>", page.index("verdict-dep"))]
    assert "<option>데이터전략과</option>" in choice
    assert "서울AI재단" not in choice


def send(staff: Staff, path: str, body: str, file: str = "표.csv"):
    headers = {
        **staff.headers,
        "Content-Type": "application/octet-stream",
        "X-File-Name": quote(file),
    }
    return staff.client.post(path, content=body.encode(), headers=headers)


FREEZE = "/console/tower/cases/water_meter_freeze"
METERS = (
    "자치구,건물유형,보온상태,장기부재,계량기종류,전수\n"
    "마포구,단독주택,미흡,아니오,습식,10\n마포구,궁전,미흡,아니오,습식,1\n"
)


def test_the_citys_tables_are_checked_row_by_row_and_all_of_them_are_needed(
    world: SimpleNamespace, official: Staff
) -> None:
    given = send(official, f"{FREEZE}/tables/meters", METERS)
    assert "2줄을 읽었어요. 쓸 수 없는 줄은 1줄" in given.text
    assert "3줄: 건물유형" in given.text
    assert send(official, f"{FREEZE}/tables/meters", "이름,나이\n가,1\n").status_code == 422
    assert "받는 표가 아니에요" in send(official, f"{FREEZE}/tables/population", METERS).text
    assert "계량기: 표.csv, 2줄 가운데 1줄은 못 써요" in official.see(FREEZE)
    assert "given-tables" not in staff(world, "supervisor").see(FREEZE)  # they are who gave them's own
    assert "표가 모자라요: 동파, 기온" in official.post(f"{FREEZE}/run").text
    assert send(staff(world, "reviewer"), f"{FREEZE}/tables/meters", METERS).status_code == 403


def test_a_run_takes_the_tables_that_were_given_and_they_are_gone_after_it(
    world: SimpleNamespace, official: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def method(context: CaseContext) -> CaseResult:
        seen.append(context.tables["population"].read_text("utf-8"))
        return RESULT

    monkeypatch.setattr("donghaeng.tower.cases.running.method_of", lambda name: method)
    body = "자치구,행정동,65세이상\n마포구,합정동,900\n"
    assert "인구 표의 1줄을" in send(official, f"{PATH}/tables/population", body).text
    with official.client:
        answer = official.post(f"{PATH}/run")
        for _ in range(1_000):
            if "every 1s" not in answer.text:
                break
            answer = official.client.get(f"{PATH}/progress", headers=official.headers)
    assert seen == [body]
    page = official.see(answer.headers["HX-Redirect"])
    assert "시가 준 표" in page
    assert "given-tables" not in page
    assert not any((world.folder / "cases" / ".given").rglob("population*"))


HOUSES = "전화번호,자치구,건물유형,보온상태,장기부재,계량기종류,동의일,동의문안,동의한 말,철회일\n" + "".join(
    f"{number},마포구,단독주택,미흡,아니오,습식,{consent}\n"
    for number, consent in (
        ("010-1111-2222", "2026-11-01,freeze_warning/1,네,"),
        ("010-3333-4444", "2026-11-01,freeze_warning/1,네,"),
        ("010-5555-6666", ",,,"),
        ("전화 없음", "2026-11-01,freeze_warning/1,네,"),
    )
)


def test_calls_are_proposed_by_one_person_and_booked_by_another_with_the_same_list(
    world: SimpleNamespace, official: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewer, supervisor = staff(world, "reviewer"), staff(world, "supervisor")
    kept = {"cells": [["마포구", 0, True, False, 0, 0.2]]}
    monkeypatch.setattr(
        "donghaeng.tower.cases.running.method_of", lambda name: lambda given: replace(RESULT, kept=kept)
    )
    context = CaseContext(seed=5, today=NOW.date(), store=world.store)
    case = find_case(CATALOGUE, "water_meter_freeze")
    run = run_case(case, context, data=world.folder, by="official", clock=lambda: NOW).run.id
    assert "받아들인 지금 판의 결과라야" in official.see(FREEZE)
    assert "먼저 살핌을" in send(official, f"{FREEZE}/runs/{run}/calls", HOUSES).text
    accepted = reviewer.post(f"{FREEZE}/runs/{run}/verdict", seen="0", verdict="accepted", **LOOKED)
    assert "다른 부서가 받아들였어요" in accepted.text

    proposed = send(supervisor, f"{FREEZE}/runs/{run}/calls", HOUSES)
    assert "전화해도 되는 집이 2집이에요. 뺀 것: 동의가 없음 1." in proposed.text
    assert "5줄: 전화번호" in proposed.text
    assert "010" not in proposed.text
    assert "직접 올리셨으니" in supervisor.see(FREEZE)
    (address,) = re.findall(r'data-sends="([^"]+/book)"', reviewer.see(FREEZE))

    assert "올린 분은 맡길 수 없어요" in send(supervisor, address, HOUSES).text
    assert send(official, address, HOUSES).status_code == 403
    assert "다른 파일이에요" in send(reviewer, address, HOUSES.replace("1111", "1112")).text
    assert world.store.look(lambda tx: case_runs.campaigns(tx, "water_meter_freeze")) == []
    assert "2집에 전화하도록 맡겼어요" in send(reviewer, address, HOUSES).text
    assert "이미 맡긴 목록이에요" in send(reviewer, address, HOUSES).text
    (campaign,) = world.store.look(lambda tx: case_runs.campaigns(tx, "water_meter_freeze"))
    assert (campaign.booked, campaign.run) == (2, run)
    (row,) = world.store.look(lambda tx: case_calls.listed(tx, "water_meter_freeze"))
    assert (row.campaign_id, row.author != row.booked_by) == (campaign.id, True)


def test_a_body_is_signed_up_once_and_off_again(official: Staff) -> None:
    page = official.see("/console/tower/alliance")
    (event,) = re.findall(r'hx-post="/console/tower/alliance/(\w+)/sign-up"', page)

    def sign(heads: str, member: str = "강남구청") -> str:
        return official.post(f"/console/tower/alliance/{event}/sign-up", member=member, heads=heads).text

    assert "자리가 모자라요" in sign("9")
    assert "몇 명이 오는지" in sign("두 명")
    assert "그런 회원 기관이 없어요" in sign("1", "없는 곳")
    assert "신청했어요" in sign("2")
    assert "이미 신청되어 있어요" in sign("2")
    assert "2 / 3" in official.see("/console/tower/alliance")
    gone = official.post(f"/console/tower/alliance/{event}/sign-off", member="강남구청")
    assert "거두었어요" in gone.text
    assert "0 / 3" in official.see("/console/tower/alliance")


def test_a_table_comes_in_and_each_row_that_cannot_be_used_is_named(official: Staff) -> None:
    body = "기관,구분,자치구,가입일\n중구청,자치구,중구,2026-01-01\n서초구청,자치구,서초구,어제\n"

    def send(kind: str, data: bytes, name: str = "%ED%9A%8C%EC%9B%90.csv"):
        headers = official.headers | {"X-File-Name": name, "content-type": "application/octet-stream"}
        return official.client.post(f"/console/tower/alliance/files/{kind}", content=data, headers=headers)

    answer = send("members", body.encode("cp949"))
    assert "새로 넣은 것 1, 이미 있던 것 0, 넣지 못한 것 1" in answer.text
    assert "3줄: 가입일: 날짜가 아니에요" in answer.text
    assert "이미 있던 것 1" in send("members", body.encode()).text
    assert send("events", body.encode()).status_code == 422
    assert send("members", b"PK\x03\x04", "../../x.xlsx").status_code == 422
    assert send("nothing", b"").status_code == 404
    assert "중구청" in official.see("/console/tower/alliance")


def test_who_may_only_read_sees_no_form(world: SimpleNamespace) -> None:
    reviewer = staff(world, "reviewer")
    page = reviewer.see("/console/tower/alliance")
    assert "sign-up" not in page
    assert 'data-testid="tables"' not in page
    assert reviewer.post("/console/tower/alliance/ev_x/sign-up", member="x", heads="1").status_code == 403
    assert staff(world, "counsellor").client.get("/console/tower/targets").status_code == 403


@pytest.mark.browser
def test_the_pages_are_accessible_and_complain_of_nothing(world: SimpleNamespace, web_kit) -> None:
    pytest.importorskip("playwright.sync_api")
    from tests.chromium import chromium
    from tests.web.console_window import MODES, faults, windows

    pages = {
        "targets": "/console/tower/targets",
        "target": "/console/tower/targets/member_bodies",
        "cases": "/console/tower/cases",
        "case": "/console/tower/cases/digital_exclusion",
        "alliance": "/console/tower/alliance",
        "calls": FREEZE,
    }
    pictures = os.environ.get("PICTURES")
    with (
        chromium() as browser,
        web_kit.serving.served(world.app) as address,
        windows(browser, address, world.password) as opened,
    ):
        for mode, options in MODES.items():
            here = opened(**options)
            here.log_in("official", pages["targets"])
            for name, path in pages.items():
                here.go(path)
                here.page.wait_for_selector("html[data-ready]")
                here.page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
                assert faults(here.page) == [], (mode, name)
                broken = "[...document.images].filter((one) => !one.naturalWidth).length"
                assert here.page.evaluate(broken) == 0, name
                if pictures and mode == "light" and name != "calls":
                    here.page.screenshot(path=Path(pictures) / f"tower-{name}.png", full_page=True)
        here.go(FREEZE)
        here.page.wait_for_selector("html[data-ready]")
        houses = [{"name": "집.csv", "mimeType": "text/csv", "buffer": HOUSES.encode()}]
        here.page.get_by_label("전화할 집 목록").set_input_files(files=houses)
        here.page.get_by_role("button", name="목록 올리기").click()
        here.at("called").get_by_text("다른 분이 같은 파일로").wait_for()
        other = opened()
        other.log_in("reviewer", FREEZE)
        form = other.at("book").first
        form.get_by_label("같은 파일").set_input_files(files=houses)
        form.get_by_role("button", name="확인하고 전화 맡기기").click()
        other.at("called").get_by_text("전화하도록 맡겼어요").wait_for()
        if pictures:
            here.at("calls").screenshot(path=Path(pictures) / "tower-calls.png")
        here.go(pages["alliance"])
        here.page.wait_for_selector("html[data-ready]")
        here.page.get_by_label("파일").set_input_files(
            files=[{"name": "회원.csv", "mimeType": "text/csv", "buffer": MEMBERS.encode("cp949")}]
        )
        here.page.get_by_role("button", name="넣기").click()
        here.page.get_by_text("이미 있던 것 2").wait_for()
        here.at("sign-겨울 모임").get_by_label("기관").fill("강남구청")
        here.at("sign-겨울 모임").get_by_role("button", name="신청", exact=True).click()
        here.at("done").get_by_text("신청했어요.").wait_for()
