"""The public register: what anybody sees, finds and takes along, and nothing that is not public."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from starlette.testclient import TestClient
from tests.web.towering import Tower, with_tower

from donghaeng.errors import InputError
from donghaeng.settings import load_settings
from donghaeng.store import Store
from donghaeng.tower.incidents import incident as steps
from donghaeng.tower.process.desk import Present
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import Subject
from donghaeng.tower.register.loading import load_schema
from donghaeng.tower.register.register import OWN, Register
from donghaeng.trust.sealing import Sealer
from donghaeng.web.app import create_app
from donghaeng.web.registry import PER_PAGE

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
BUS = {
    "name_ko": "버스 <안내>",
    "organisation": "서울특별시",
    "description": "버스가 언제 오는지 알려 줘요.",
    "contact_email": "bus@seoul.go.kr",
    "website": "https://bus.example/a?b=1&c=2",
    "security_grade": "비밀 검토 번호",
    "oversight_person": {"name": "버스팀장", "contact": "02-120"},
    "risks": [{"name": "=틀린 답", "mitigation": "출처"}, {"name": "늦은 답"}],
    "models": [{"name": "W", "sha256": "ab" * 32}],
    "publication_category": "other",
}


class World:
    def __init__(self, register: Register, client: TestClient, stages: dict) -> None:
        self.register, self.client, self.stages = register, client, stages

    def add(self, record: str, values: dict, stage: str = "operation") -> None:
        self.stages[record] = stage
        row = self.register.save(record, values, by="st_kim", base=0)
        self.register.publish(record, row.version, by="st_lee")


@pytest.fixture
def world(web_kit, tmp_path: Path) -> Iterator[World]:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    stages: dict = {}
    with Store.open(f"sqlite:///{tmp_path}/r.db", Sealer([b"k" * 32])) as store:
        register = Register(store, load_schema(), clock=lambda: NOW, stages=lambda: stages)
        services = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
        yield World(register, TestClient(create_app(replace(services, register=register))), stages)


def test_the_list_finds_by_words_stage_and_organisation(world: World) -> None:
    assert "찾으시는 시스템이 없어요" in world.client.get("/registry").text
    world.add("bus", BUS)
    world.add("air", {"name_ko": "미세먼지", "organisation": "종로구"}, "pilot")
    world.add("hidden", {"name_ko": "몰래 시험"}, "draft")
    page = world.client.get("/registry").text
    assert "2개를 찾았어요" in page
    assert page.index("미세먼지") < page.index("버스 &lt;안내&gt;")
    assert "몰래 시험" not in page

    def found(**asked: str) -> list[str]:
        text = world.client.get("/registry", params=asked).text
        return [one for one in ("bus", "air") if f'data-record="{one}"' in text]

    assert found(q="언제 오는지") == ["bus"]
    assert found(stage="pilot") == ["air"]
    assert found(organisation="서울특별시") == ["bus"]
    assert found(q="비밀 검토") == [], "nobody looks through what is not public"
    assert world.client.get("/registry", params={"q": "x" * 201}).status_code == 422


def test_a_long_list_is_cut_into_pages(world: World) -> None:
    for number in range(PER_PAGE + 1):
        world.add(f"s{number:03}", {"name_ko": f"이름{number:03}"})
    first = world.client.get("/registry").text
    assert first.count('data-testid="record"') == PER_PAGE
    assert f"from={PER_PAGE}" in first
    last = world.client.get("/registry", params={"from": PER_PAGE}).text
    assert last.count('data-testid="record"') == 1
    assert f"이름{PER_PAGE:03}" in last


def test_a_record_tells_public_fields_alone_and_what_is_missing(world: World) -> None:
    world.add("bus", BUS)
    answer = world.client.get("/registry/bus")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    page = answer.text
    for told in ("버스 &lt;안내&gt;", "지금 단계는 <strong>운영</strong>", "버스팀장", "ab" * 32, "늦은 답"):
        assert told in page
    assert 'href="mailto:bus@seoul.go.kr?subject=' in page
    assert 'href="https://bus.example/a?b=1&amp;c=2"' in page
    assert "비밀 검토 번호" not in page
    assert "<안내>" not in page
    gaps = page.partition('data-testid="missing"')[2].partition("</ul>")[0]
    assert "<li>고영향 사전검토</li>" in gaps
    assert "보안 확인" not in gaps, "what is not public is missing to nobody here"
    world.register.retract("bus", by="st_kim")
    gone = world.client.get("/registry/bus")
    assert gone.status_code == 410
    assert "공개를 거두었어요" in gone.text


@pytest.mark.parametrize("record", ["none", "x" * 300, "..%2fx", "%EA%B0%80", "a b"])
def test_a_record_that_is_not_there_is_told_plainly(world: World, record: str) -> None:
    for path, kind in (
        (f"/registry/{record}", "text/html"),
        (f"/registry/{record}.atrs.json", "problem+json"),
    ):
        answer = world.client.get(path)
        assert answer.status_code == 404
        if "%2f" not in record:
            assert kind in answer.headers["content-type"]


def test_single_records_in_the_words_of_others(world: World) -> None:
    world.add("bus", BUS, "pilot")
    british = world.client.get("/registry/bus.atrs.json").json()
    assert (british["id"], british["phase"]) == ("bus", "beta-pilot")
    assert british["risk_name"] == ["=틀린 답", "늦은 답"]
    dutch = world.client.get("/registry/bus.nl.json").json()
    assert (dutch["status"], dutch["publication_category"]) == ("In gebruik", "Overige algoritmes")
    assert "비밀" not in str(british) + str(dutch)


def test_open_data_for_any_site_and_harmless_in_a_spreadsheet(world: World) -> None:
    empty = world.client.get("/registry.json").json()
    assert (empty["updated"], empty["records"]) == (None, [])
    world.add("bus", {**BUS, "description": "=HYPERLINK(1)"})
    feed = world.client.get("/registry.json")
    assert feed.headers["access-control-allow-origin"] == "*"
    assert feed.headers["cross-origin-resource-policy"] == "cross-origin"
    (record,) = feed.json()["records"]
    assert feed.json()["updated"] == NOW.isoformat()
    assert record["links"]["atrs"] == "/registry/bus.atrs.json"
    assert "security_grade" not in record
    document = world.client.get("/registry/schema.json").json()
    ours = {name: value for name, value in record.items() if name in document["properties"]}
    jsonschema.validate(ours, document)
    assert {"oversight_person", "models", "id"} <= set(ours)
    table = world.client.get("/registry.csv")
    assert table.headers["content-disposition"] == 'attachment; filename="registry.csv"'
    (row,) = csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"), newline=""))
    assert row["description"] == "'=HYPERLINK(1)"
    assert row["risk_name[1]"] == "'=틀린 답"
    for path in ("/registry/bus.atrs.json", "/registry/bus.nl.json"):
        assert world.client.get(path).headers["access-control-allow-origin"] == "*"


def test_without_a_register_there_is_none(web_kit, tmp_path: Path) -> None:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    client = TestClient(create_app(web_kit.services_over(web_kit.fake.FakeConversations(), settings)))
    for path in ("/registry", "/registry.json", "/registry/bus", "/registry/schema.json"):
        assert client.get(path).status_code == 404


@contextmanager
def told_of(web_kit, folder: Path) -> Iterator[tuple[TestClient, Tower]]:
    """This program's record, public, beside the process and its incidents."""
    settings = load_settings(data=folder, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with with_tower(plain, folder) as (services, tower):
        register = Register(
            tower.store, load_schema(), clock=lambda: NOW, stages=lambda: {OWN: "pilot", "bus": "pilot"}
        )
        for record in (OWN, "bus"):
            row = register.save(record, BUS, by="st_kim", base=0)
            register.publish(record, row.version, by="st_lee")
        yield TestClient(create_app(replace(services, register=register))), tower


def test_the_public_reads_of_incidents_what_was_let_out_and_no_more(web_kit, tmp_path: Path) -> None:
    weather = Subject(Kind.SERVICE, "weather")
    with told_of(web_kit, tmp_path) as (client, tower):

        async def happened() -> str:
            await tower.desk.begin(None, {weather: Present("날씨")})
            one = await tower.incidents.report(
                "kim", weather, title="안쪽 제목", severity=2, happened_on=NOW.date(), words="안쪽 말"
            )
            for decide in (
                lambda one: steps.mend(one, "/console/review/p_1", "안쪽 주소"),
                lambda one: steps.mend(one, "https://git.example/7", ""),
                lambda one: steps.publish(one, "lee", "날씨를 <잘못> 알려 드렸어요."),
            ):
                await tower.incidents.act(one.id, "kim", decide)
            return one.id

        name = asyncio.run(happened())
        page = client.get(f"/registry/{OWN}").text
        for told in ("날씨를 &lt;잘못&gt; 알려 드렸어요.", "https://git.example/7", "고치고 있어요"):
            assert told in page
        for inside in ("안쪽", "/console/review", name, "kim"):
            assert inside not in page
        assert 'data-testid="incidents"' not in client.get("/registry/bus").text, "it is another system's"
        take_back = tower.incidents.act(name, "lee", lambda one: steps.unpublish(one, "다시 살펴요"))
        asyncio.run(take_back)
        assert 'data-testid="incidents"' not in client.get(f"/registry/{OWN}").text


ATOM = {"a": "http://www.w3.org/2005/Atom"}


def test_the_feed_tells_what_was_published_changed_and_taken_back(world: World) -> None:
    assert ElementTree.fromstring(world.client.get("/registry.atom").content).find("a:entry", ATOM) is None
    world.add("bus", BUS)
    world.add("hidden", {"name_ko": "몰래 시험"}, "draft")
    changed = {**BUS, "description": "버스가 언제 오는지 말로 알려 줘요.", "security_grade": "다른 번호"}
    world.register.publish(
        "bus", world.register.save("bus", changed, by="st_kim", base=1).version, by="st_lee"
    )
    answer = world.client.get("/registry.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    feed = ElementTree.fromstring(answer.content)
    titles = [one.text for one in feed.findall("a:entry/a:title", ATOM)]
    assert titles == ["버스 <안내>: 고쳐서 공개했어요", "버스 <안내>: 새로 공개했어요"]
    newest = feed.find("a:entry/a:content", ATOM)
    assert newest is not None
    assert "말로 알려 줘요" in (newest.text or "")
    assert "번호" not in (newest.text or ""), "nobody reads of what is not public"
    assert "몰래" not in answer.text
    for wanted in ("a:id", "a:updated", "a:title", "a:author/a:name"):
        assert feed.find(wanted, ATOM) is not None
    ids = [one.text for one in feed.findall("a:entry/a:id", ATOM)]
    assert len(set(ids)) == 2
    assert world.client.get("/registry.atom").content == answer.content, "the same changes, the same bytes"
    world.register.retract("bus", by="st_lee")
    first = ElementTree.fromstring(world.client.get("/registry.atom").content).find("a:entry/a:title", ATOM)
    assert first is not None
    assert first.text == "버스 <안내>: 공개를 거두었어요"


def test_a_record_that_was_taken_back_says_so_and_one_that_never_was_does_not(world: World) -> None:
    world.add("bus", BUS)
    world.register.retract("bus", by="st_lee")
    gone = world.client.get("/registry/bus")
    assert gone.status_code == 410
    assert "2026. 11. 23. 10:00에 공개를 거두었어요" in gone.text
    assert "언제 오는지" not in gone.text
    world.add("hidden", {"name_ko": "몰래 시험"}, "draft")
    world.register.retract("hidden", by="st_lee")
    never = world.client.get("/registry/hidden")
    assert never.status_code == 404
    assert "몰래" not in never.text


def test_the_english_page_has_labels_translations_and_marks_what_is_korean(world: World) -> None:
    told = [{"field": "description", "text": "Tells when the bus comes & why."}]
    world.add("bus", {**BUS, "english": told, "capability": ["computer-audition"]}, "suspended")
    page = world.client.get("/registry/bus?lang=en").text
    assert "Suspended" in page
    assert "Tells when the bus comes &amp; why." in page
    assert "언제 오는지" not in page
    assert '<span class="words" lang="ko">서울특별시</span>' in page
    assert "<dt>Organisation</dt>" in page
    assert "Computer audition" in page
    assert "비밀" not in page
    korean = world.client.get("/registry/bus").text
    assert "Tells when" not in korean
    assert 'href="/registry/bus?lang=en"' in korean
    assert world.client.get("/registry/bus?lang=fr").status_code == 422


def test_anybody_may_say_something_and_staff_see_it_masked(world: World, caplog) -> None:
    world.add("bus", BUS)

    def say(text: str, kind: str = "wrong", **headers: str):
        form = {"kind": kind, "text": text}
        return world.client.post("/registry/bus/opinion", data=form, headers=headers, follow_redirects=False)

    sent = say("틀렸어요. 제 번호는 470815-2345678 이에요")
    assert (sent.status_code, sent.headers["location"]) == (303, "/registry/bus?sent=1#feedback")
    assert "고맙습니다" in world.client.get("/registry/bus?sent=1").text
    assert say("네").status_code == 422
    short = say("", "worry")
    assert 'role="alert"' in short.text
    assert '<option value="worry" selected>' in short.text
    assert say("말은 이래요 <b>", "nothing").status_code == 422
    assert say("x" * 1_001).status_code == 422
    assert say("다른 집에서 보낸 말", Origin="https://evil.example").status_code == 403
    assert (
        world.client.post(
            "/registry/none/opinion", data={"kind": "wrong", "text": "없는 것이에요"}
        ).status_code
        == 404
    )
    (one,) = world.register.opinions()
    assert (one.record, one.version, one.kind, one.state) == ("bus", 1, "wrong", "open")
    assert "470815" not in one.text
    assert "틀렸어요" not in caplog.text
    world.register.answer(one.id, "2판에서 고쳤어요", by="st_lee")
    (done,) = world.register.opinions()
    assert (done.state, done.by, done.answer, done.text) == ("done", "st_lee", "2판에서 고쳤어요", one.text)
    with pytest.raises(InputError, match="다른 분이 먼저"):
        world.register.answer(one.id, "나도 고쳤어요", by="st_kim")


def test_one_address_says_only_so_much(world: World, web_kit, tmp_path: Path) -> None:
    world.add("bus", BUS)
    settings = load_settings(data=tmp_path, rate_limit="on")
    services = replace(
        web_kit.services_over(web_kit.fake.FakeConversations(), settings), register=world.register
    )
    client = TestClient(create_app(services, clock=lambda: 0.0), follow_redirects=False)
    form = {"kind": "idea", "text": "버스가 더 자주 왔으면 좋겠어요"}
    answers = [client.post("/registry/bus/opinion", data=form) for _ in range(6)]
    assert [one.status_code for one in answers] == [303] * 5 + [429]
    assert answers[-1].headers["retry-after"] == "120"
    assert len(world.register.opinions()) == 5
