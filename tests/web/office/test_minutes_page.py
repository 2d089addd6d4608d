"""`/office/minutes`: a recording becomes minutes; nobody reaches another's."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote, urlencode

import numpy as np
import pytest
import soundfile
import syhwp
from sqlalchemy import select
from tests.web.staff_browser import StaffBrowser

from donghaeng.office.minutes.desk import MinutesDesk
from donghaeng.office.minutes.working import UNREADABLE, MinutesWorker
from donghaeng.people.accounts import StaffAccounts
from donghaeng.settings import load_settings
from donghaeng.speech.activity.fake import EnergyActivity
from donghaeng.speech.recognise.fake import FakeRecogniser
from donghaeng.store.minutes_tables import recorded_turns
from donghaeng.store.retaining import destroy_due
from donghaeng.trust.permissions import Role
from donghaeng.trust.retention import load_retention
from donghaeng.trust.virus_scanner import VirusScanner
from donghaeng.web.app import create_app

CATALOGUE = Path(__file__).parents[3] / "catalogue"
SAID = (
    "다음 안건은 안내사 모집입니다.",
    "접수 기간을 12월 4일까지 늘리는 걸로 하겠습니다.",
    "오세라 주무관은 연장 공고문을 12월 2일까지 올려 주세요.",
)


def recording(turns: int = 3) -> bytes:
    rng = np.random.default_rng(5)
    parts = []
    for _ in range(turns):
        parts += [0.3 * rng.standard_normal(16_000), np.zeros(24_000)]
    file = io.BytesIO()
    soundfile.write(file, np.clip(np.concatenate(parts), -1, 1), 16_000, format="WAV")
    return file.getvalue()


def details(**other: str) -> str:
    given = {
        "title": "주간 회의",
        "kind": "weekly",
        "started": "2026-11-23T09:00",
        "people": "정해린 과장\n오세라 주무관",
        "days": "90",
    }
    return urlencode({**given, **other})


@pytest.fixture(scope="module")
def site(web_kit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    folder = tmp_path_factory.mktemp("minutes")
    settings = load_settings(data=folder, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with web_kit.with_console(plain, folder) as services:
        store = services.staff._store
        accounts = StaffAccounts(store, services.staff._passwords, clock=lambda: datetime.now(UTC))
        with ThreadPoolExecutor(1) as apart:
            adding = accounts.add("colleague", "이동료", Role.OFFICIAL, web_kit.password)
            apart.submit(asyncio.run, adding).result()
            apart.submit(asyncio.run, accounts.set_department("official", "디지털정책과")).result()
        clock = lambda: datetime.now(UTC)  # noqa: E731
        desk = MinutesDesk(store, data=folder, catalogue=CATALOGUE, clock=clock)
        full = replace(services, minutes=desk)
        app = create_app(full)

        def worker(said: tuple[str, ...] = SAID) -> MinutesWorker:
            engines = (FakeRecogniser(said), EnergyActivity())
            return MinutesWorker(desk, engines, catalogue=CATALOGUE, worker="here", clock=clock)

        yield SimpleNamespace(app=app, services=full, desk=desk, store=store, folder=folder, worker=worker)


@pytest.fixture
def official(site, web_kit) -> StaffBrowser:
    return StaffBrowser.of(site.app, "official", web_kit.password)


def upload(browser: StaffBrowser, data: bytes, name: str = "회의.wav", **other: str):
    headers = {**browser.headers, "X-File-Name": quote(name), "X-Details": details(**other)}
    return browser.client.post("/office/minutes/files", content=data, headers=headers)


def heard(site, browser: StaffBrowser, said: tuple[str, ...] = SAID) -> str:
    """The address of a meeting that has been heard."""
    answer = upload(browser, recording(len(said)))
    assert answer.status_code == 201, answer.text
    assert site.worker(said).work_once()
    return answer.headers["HX-Redirect"]


def test_a_recording_becomes_minutes(site, official: StaffBrowser) -> None:
    address = heard(site, official)
    page = official.get(address).text
    assert "다 받아 적었어요" in page
    assert "안내사 모집" in page
    assert 'value="오세라"' in page
    assert 'value="2026-12-02"' in page
    document = official.get(f"{address}/file.hwpx")
    assert document.headers["content-type"] == "application/hwp+zip"
    (site.folder / "out.hwpx").write_bytes(document.content)
    text = syhwp.extract_text(str(site.folder / "out.hwpx"))
    assert "연장 공고문을 올리기" in text
    assert "2026. 12. 2." in text
    assert "00:00:04" in text, "every action has its moment"
    assert "인공지능이 만들었습니다" in text
    for suffix in ("docx", "pdf"):
        assert official.get(f"{address}/file.{suffix}").status_code == 200


def test_an_official_corrects_text_and_points(site, official: StaffBrowser) -> None:
    address = heard(site, official)
    turn = official.post(f"{address}/turns", number="0", text="다음 안건은 안내자 교육입니다.", who="정해린")
    assert "고쳤어요" in turn.text
    assert 'value="정해린"' in turn.text
    point = {
        "list": "actions",
        "place": "0",
        "text": "공고문 올리기",
        "owner": "배도윤",
        "due": "2026-12-03",
        "at": "00:00:05",
    }
    changed = official.post(f"{address}/points", revision="1", **point)
    assert 'value="배도윤"' in changed.text
    lost = official.post(f"{address}/points", revision="1", **point)
    assert lost.status_code == 409, "who saw an older state changes nothing"
    again = official.post(f"{address}/read")
    assert "안내자 교육" in again.text
    assert official.post(f"{address}/points", revision="3", **{**point, "due": "곧"}).status_code == 422


def test_nobody_reaches_another_s_meeting(site, official: StaffBrowser, web_kit) -> None:
    address = heard(site, official)
    assert StaffBrowser.of(site.app, "counsellor", web_kit.password).get(address).status_code == 403
    other = StaffBrowser.of(site.app, "colleague", web_kit.password)
    for path in ("", "/sound", "/state", "/file.hwpx"):
        assert other.get(address + path).status_code == 404
    for path, fields in (
        ("/turns", {"number": "0", "text": "고침", "who": ""}),
        ("/points", {"list": "actions", "place": "0", "text": "고침", "at": "00:00:00", "revision": "1"}),
        ("/read", {}),
        ("/speakers", {"from": "00:00:00", "to": "00:01:00", "who": "고침"}),
        ("/state", {"wish": "pause"}),
    ):
        assert other.post(address + path, **fields).status_code >= 400
    other.post(f"{address}/delete")
    assert other.get("/office/minutes").text.count(address) == 0
    page = official.get(address)
    assert page.status_code == 200
    assert "고침" not in [*re.findall(r'value="([^"]*)"', page.text)]
    assert official.get("/office/minutes/" + "0" * 24).status_code == 404


def test_corrected_words_are_those_of_the_account_s_department(site, official: StaffBrowser, web_kit) -> None:
    address = heard(site, official)
    official.post(f"{address}/turns", number="0", text="다음 안건은 알림사 모집입니다.", who="")
    assert "알림사" in official.get("/office/minutes").text
    other = StaffBrowser.of(site.app, "colleague", web_kit.password)
    assert "알림사" not in other.get("/office/minutes").text
    word = next(one for one in site.desk.words(_account(site)) if one.said == "알림사")
    other.post("/office/minutes/words", word=word.id, wish="dropped")
    assert "알림사" in official.get("/office/minutes").text
    asyncio.run(site.services.staff.set_department("colleague", "디지털정책과"))
    assert "알림사" in other.post("/office/minutes/words", word=word.id, wish="confirmed").text
    assert "알림사" not in official.post("/office/minutes/words", word=word.id, wish="dropped").text
    asyncio.run(site.services.staff.set_department("colleague", None))


def test_the_speaker_of_several_turns_is_named_at_once(site, official: StaffBrowser) -> None:
    address = heard(site, official)
    fields = {"from": "00:00:02", "to": "00:00:04", "who": "정해린"}
    assert official.post(f"{address}/speakers", **fields).headers["HX-Refresh"] == "true"
    turns = site.desk.view(_account(site), address.rsplit("/", 1)[1]).turns
    assert [turn.held["who"] for turn in turns] == ["", "정해린", "정해린"]
    assert (
        official.post(f"{address}/speakers", **{**fields, "from": "01:00:00", "to": "02:00:00"}).status_code
        == 422
    )
    assert official.post(f"{address}/speakers", **{**fields, "from": "처음"}).status_code == 422


def test_the_recording_is_served_in_parts(site, official: StaffBrowser) -> None:
    address = heard(site, official)
    whole = recording()
    part = official.client.get(f"{address}/sound", headers={"Range": "bytes=70000-140000"})
    assert part.status_code == 206
    assert part.content == whole[70_000:140_001]
    assert part.headers["content-range"] == f"bytes 70000-140000/{len(whole)}"
    assert official.client.get(f"{address}/sound").content == whole[: 1024 * 1024]
    assert (
        official.client.get(f"{address}/sound", headers={"Range": f"bytes={len(whole)}-"}).status_code == 422
    )


def test_nothing_lies_open(site, official: StaffBrowser) -> None:
    address = heard(site, official)
    name = address.rsplit("/", 1)[1]
    file = (site.folder / "recordings/minutes" / f"{name}.sealed").read_bytes()
    assert recording()[1_000:1_200] not in file
    rows = site.store.look(lambda tx: [*tx.connection.execute(select(recorded_turns.c.sealed)).scalars()])
    assert rows
    assert all("공고문".encode() not in row for row in rows)


def test_pause_go_on_and_delete(site, official: StaffBrowser) -> None:
    address = upload(official, recording()).headers["HX-Redirect"]
    name = address.rsplit("/", 1)[1]
    assert "멈춰 두었어요" in official.post(f"{address}/state", wish="pause").text
    assert not site.worker().work_once(), "what is paused is not heard"
    assert "차례를 기다려요" in official.post(f"{address}/state", wish="resume").text
    assert site.worker().work_once()
    gone = official.post(f"{address}/delete")
    assert gone.headers["HX-Redirect"] == "/office/minutes"
    assert official.get(address).status_code == 404
    assert not (site.folder / "recordings/minutes" / f"{name}.sealed").exists()


def test_a_run_that_stops_is_carried_on(site, official: StaffBrowser) -> None:
    address = upload(official, recording()).headers["HX-Redirect"]
    first = site.worker((SAID[0], None))  # the engine fails at the second turn
    assert first.work_once()
    assert "이어서 받아 적기" in official.get(address).text
    official.post(f"{address}/state", wish="resume")
    assert site.worker(SAID[1:]).work_once()
    page = official.get(address).text
    assert all(said in page for said in SAID)


@pytest.mark.parametrize(
    ("data", "other", "told"),
    [
        (b"", {}, "빈 파일"),
        (b"x", {"title": " "}, "회의 이름"),
        (b"x", {"kind": "picnic"}, "no kind"),
        (b"x", {"started": "?"}, "언제"),
    ],
)
def test_what_cannot_be_taken_is_told_and_leaves_nothing(
    site, official: StaffBrowser, data: bytes, other: dict[str, str], told: str
) -> None:
    before = len(site.desk.mine(_account(site)))
    files = len([*(site.folder / "recordings").rglob("*")]) if (site.folder / "recordings").exists() else 0
    answer = upload(official, data, **other)
    assert answer.status_code == 422
    assert told in answer.text
    assert len(site.desk.mine(_account(site))) == before
    assert len([*(site.folder / "recordings").rglob("*")]) == files


def test_nothing_is_taken_while_the_virus_scanner_does_not_look(site, web_kit) -> None:
    scanned = replace(site.services, virus_scanner=VirusScanner(f"unix://{site.folder}/nobody"))
    browser = StaffBrowser.of(create_app(scanned), "official", web_kit.password)
    files = [*(site.folder / "recordings").rglob("*")]
    answer = upload(browser, recording())
    assert answer.status_code == 503
    assert "지금은 볼 수 없어요" in answer.text
    assert [*(site.folder / "recordings").rglob("*")] == files


def test_a_file_that_is_no_recording_is_told(site, official: StaffBrowser) -> None:
    address = upload(official, b"%PDF-1.7 no sound", "회의.mp3").headers["HX-Redirect"]
    assert site.worker().work_once()
    assert UNREADABLE in official.get(address).text.replace("&#39;", "'")


def test_a_word_corrected_twice_is_used_by_the_next_recording(site, official: StaffBrowser) -> None:
    wrong = "배돈이 씨가 안내자를 뽑습니다"
    for _ in range(2):
        address = heard(site, official, (wrong,))
        official.post(f"{address}/turns", number="0", text="배돈이 씨가 안내사를 뽑습니다", who="")
    assert "안내사" in official.get("/office/minutes").text
    recogniser = FakeRecogniser((wrong,))
    upload(official, recording(1))
    worker = MinutesWorker(
        site.desk,
        (recogniser, EnergyActivity()),
        catalogue=CATALOGUE,
        worker="here",
        clock=lambda: datetime.now(UTC),
    )
    assert worker.work_once()
    assert "안내사" in recogniser.heard[0][1].phrases
    newest = site.desk.mine(_account(site))[0]
    assert site.desk.view(_account(site), newest.id).turns[0].held["text"] == "배돈이 씨가 안내사를 뽑습니다"


def test_the_department_s_day_destroys_it_with_a_line_in_the_ledger(site, official: StaffBrowser) -> None:
    upload(official, recording(), days="30")
    rules = {"recorded_meetings": load_retention(CATALOGUE)["recorded_meetings"]}
    later = datetime(2027, 12, 1, tzinfo=UTC)
    found = destroy_due(site.store, rules, later, site.folder)
    assert found[0].count >= 1
    assert not site.desk.mine(_account(site))
    left = site.store.look(lambda tx: [*tx.connection.execute(select(recorded_turns.c.number))])
    assert left == []


def _account(site) -> str:
    def look(tx):
        from donghaeng.store.tables import staff  # noqa: PLC0415

        return tx.connection.execute(select(staff.c.id).where(staff.c.name == "official")).scalar_one()

    return site.store.look(look)
