"""The register in the console: forms from the schema, two editors, another person lets it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.web.staff_browser import StaffBrowser

from donghaeng.settings import load_settings
from donghaeng.store import Store
from donghaeng.tower.register.loading import load_schema
from donghaeng.tower.register.register import Register
from donghaeng.trust.permissions import PERMISSIONS, Permission, Role
from donghaeng.trust.sealing import Sealer
from donghaeng.web.app import create_app
from donghaeng.web.console.register_forms import values_of

SCHEMA = load_schema()
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HTML = {"accept": "text/html"}


@pytest.fixture
def kit(web_kit, tmp_path: Path) -> Iterator[tuple]:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    stages: dict[str, Any] = {"bus": "operation"}
    with (
        web_kit.with_console(plain, tmp_path) as services,
        Store.open(f"sqlite:///{tmp_path}/r.db", Sealer([b"k" * 32])) as store,
    ):
        register = Register(store, SCHEMA, clock=lambda: NOW, stages=lambda: stages)
        app = create_app(replace(services, register=register))
        yield register, lambda name: StaffBrowser.of(app, name, web_kit.password, within="/console/register")


@pytest.fixture
def register(kit) -> Register:
    return kit[0]


@pytest.fixture
def official(kit) -> StaffBrowser:
    return kit[1]("official")


@pytest.fixture
def reviewer(kit) -> StaffBrowser:
    return kit[1]("reviewer")


def begun(browser: StaffBrowser) -> None:
    answer = browser.post("", record="bus", name_ko="버스 안내", organisation="서울특별시")
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/console/register/bus")


def test_a_record_is_written_section_by_section_and_let_out_by_another(register, official, reviewer) -> None:
    begun(official)
    page = official.get("/bus").text
    assert "버스 안내" in page
    assert "이 단계에 빠진 칸" in page
    assert "김상담" in page, "who wrote it"
    form = official.get("/bus/edit/overview").text
    assert 'name="base" value="1"' in form
    assert 'value="버스 안내"' in form
    saved = official.post(
        "/bus/edit/overview",
        **{
            "base": "1",
            "name_ko": "버스",
            "description": "알려 줘요.",
            "capability:analysis": "1",
            "note": "고침",
        },
    )
    assert saved.headers["hx-redirect"] == "/console/register/bus#s-overview"
    values = register.version("bus")[1]
    assert values["capability"] == ["analysis"]
    assert values["organisation"] == "서울특별시", "other sections stay"
    told = official.get("/bus/versions/2").text
    assert "까닭: 고침" in told
    assert "<del> 안내</del>" in told or "<del>안내</del>" in told
    assert "알려 줘요." in told
    refused = official.post("/bus/versions/2/publish")
    assert refused.status_code == 403
    assert reviewer.post("/bus/versions/2/publish").status_code == 204
    assert [one.version for one in register.published()] == [2]
    assert "공개함" in reviewer.get("/bus").text
    assert reviewer.post("/bus/versions/2/publish").status_code == 409
    assert reviewer.post("/bus/retract").status_code == 204
    assert register.published() == []
    assert reviewer.post("/bus/archive", back="0").status_code == 204
    assert register.entry("bus").archived
    assert reviewer.post("/bus/archive", back="1").status_code == 204


def test_who_wrote_a_version_does_not_let_it_out(register, reviewer) -> None:
    begun(reviewer)
    answer = reviewer.post("/bus/versions/1/publish")
    assert answer.status_code == 409
    assert "다른 분이 공개해 주세요" in answer.text
    assert register.entry("bus").out is None


def test_of_two_editors_the_second_is_told_and_loses_nothing(register, official, reviewer) -> None:
    begun(official)
    first = official.post("/bus/edit/owner", base="1", organisation="서울시", team="가팀")
    assert first.status_code == 204
    second = reviewer.post("/bus/edit/owner", base="1", organisation="서울특별시", team="나팀")
    assert second.status_code == 200
    assert "다른 분이 이 기록을 고쳤어요" in second.text
    assert "서울시" in second.text
    assert "가팀" in second.text
    assert 'value="나팀"' in second.text
    assert 'name="base" value="2"' in second.text
    assert register.version("bus")[0].version == 2
    again = reviewer.post("/bus/edit/owner", base="2", organisation="서울특별시", team="나팀")
    assert again.status_code == 204
    assert register.version("bus")[1]["team"] == "나팀"


def test_what_does_not_fit_comes_back_with_all_that_was_written(register, official) -> None:
    begun(official)
    answer = official.post(
        "/bus/edit/overview",
        base="1",
        name_ko="버스",
        website="javascript:1",
        risk_level="9",
        description="<b>글",
    )
    assert answer.status_code == 200
    assert "더 알아볼 누리집: https://로 시작하는" in answer.text
    assert "위험 등급: 1부터 4까지" in answer.text
    assert 'value="javascript:1"' in answer.text
    assert "&lt;b&gt;글" in answer.text
    assert register.version("bus")[0].version == 1


def test_every_section_has_a_form_that_gives_back_what_it_shows(register, official) -> None:
    """Whatever a browser would send of an untouched form changes nothing."""
    values = {"name_ko": "버스", "organisation": "시"}
    for spec in SCHEMA:
        parts = {part.name: _example(part) for part in spec.fields}
        values[spec.name] = {"rows": [parts], "group": parts}.get(spec.type) or _example(spec)
    values["end_date"] = values["begin_date"]
    row = register.save("bus", values, by="st_x", base=0)
    kept = register.version("bus")[1]
    for section in SCHEMA.sections:
        page = official.get(f"/bus/edit/{section.id}").text
        sent = _sent(page)
        assert sent["base"] == str(row.version)
        given = values_of(section, sent)
        saved = official.post(f"/bus/edit/{section.id}", **sent)
        assert saved.status_code == 204, section.id
        assert register.version("bus")[1] == kept, section.id
        for spec in section.fields:
            assert spec.help in page.replace("&#39;", "'"), spec.name
            assert given[spec.name], spec.name


def test_rows_are_added_and_emptied_ones_go(register, official) -> None:
    begun(official)
    fields = {
        "base": "1",
        "risks.0.name": "가",
        "risks.0.nist_fn:MAP": "1",
        "risks.1.name": "",
        "risks.7.name": "나",
    }
    assert official.post("/bus/edit/risks", **fields).status_code == 204
    assert register.version("bus")[1]["risks"] == [{"name": "가", "nist_fn": ["MAP"]}, {"name": "나"}]
    page = official.get("/bus/edit/risks").text
    assert 'name="risks.2.name"' in page
    gone = {"base": "2", "risks.0.name": "", "risks.1.name": "나"}
    assert official.post("/bus/edit/risks", **gone).status_code == 204
    assert register.version("bus")[1]["risks"] == [{"name": "나"}]


def test_bad_ids_sections_versions_and_bases_are_refused(official) -> None:
    begun(official)
    assert official.post("", record="bus", name_ko="x", organisation="y").status_code == 409
    bad = official.post("", record="Bad Id", name_ko="x", organisation="y")
    assert bad.status_code == 422
    assert "번호: 영어 소문자" in bad.text
    for path in ("/none", "/bus/edit/none", "/bus/versions/9", "/none/versions/1", "/none/edit/overview"):
        assert official.get(path).status_code == 404, path
    assert official.get("/bus/versions/0").status_code == 422
    for base in ("", "x", "-1", "٣", "9" * 12):
        conflict = official.post("/bus/edit/overview", base=base, name_ko="다른 이름")
        assert conflict.status_code == 200
        assert "다른 분이 이 기록을 고쳤어요" in conflict.text
    assert official.post("/bus/edit/overview", base="7", name_ko="가").status_code == 404


def test_the_list_names_every_record_and_finds_by_name(register, official) -> None:
    assert "기록이 없어요" in official.get("").text
    begun(official)
    register.save("air", {"name_ko": "미세먼지"}, by="st_x", base=0)
    page = official.get("").text
    assert "기록 2개" in page
    found = official.get("?q=미세").text
    assert 'data-record="air"' in found
    assert 'data-record="bus"' not in found


def test_only_who_may_sees_it(kit) -> None:
    for role in Role:
        browser = kit[1](role.value)
        allowed = Permission.REGISTER in PERMISSIONS[role]
        assert (browser.get("").status_code == 200) is allowed, role
        assert ("/console/register" in browser.client.get("/console/").text) is allowed, role


def _example(spec) -> Any:
    if spec.type == "choices":
        return [list(spec.choices)[0]]
    if spec.type == "choice":
        return list(spec.choices)[-1]
    return True if spec.type == "flag" else spec.example


def _sent(page: str) -> dict[str, str]:
    """What a browser would send of the form in ``page``."""
    from selectolax.lexbor import LexborHTMLParser

    form = LexborHTMLParser(page).css_first("#form")
    assert form is not None
    sent: dict[str, str] = {}
    for node in form.css("input, textarea, select"):
        name = node.attributes.get("name") or ""
        if node.tag == "select":
            chosen = node.css_first("option[selected]")
            sent[name] = (chosen.attributes.get("value") or "") if chosen is not None else ""
        elif node.tag == "textarea":
            sent[name] = node.text()
        elif node.attributes.get("type") != "checkbox" or "checked" in node.attributes:
            sent[name] = node.attributes.get("value") or ""
    return sent
