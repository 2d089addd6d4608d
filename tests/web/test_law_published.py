"""Acceptance tests of the law: the clock of a leak, who processes for the city, and the tests themselves."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from starlette.testclient import TestClient

from donghaeng.app.processors import connected
from donghaeng.cli import leak as module
from donghaeng.cli.doctor_running import processors
from donghaeng.cli.leak import leak as command
from donghaeng.errors import InputError, StoreError
from donghaeng.settings import Settings, load_settings
from donghaeng.store import Store, leaks, standing
from donghaeng.trust.leaks import (
    CLOCK,
    Extent,
    Leak,
    LeakLine,
    LineKind,
    fold,
    may_close,
    nearest,
)
from donghaeng.trust.processors import PROCESSORS_FILE, load_processors
from donghaeng.trust.sealing import Sealer
from donghaeng.web.app import create_app

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEEDED = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 15)
"""9 and 11 are the control tower's, 13 the officials' documents'; 16 is a record (docs/user-tests.md)."""


def leak(*kinds: LineKind, extent: Extent | None = None) -> Leak:
    known = extent or Extent(NOW, persons=12)
    lines = [LeakLine("leak_a", NOW, "known", "lee", "메일", known)]
    lines += [LeakLine("leak_a", NOW + HOUR, kind, "lee") for kind in kinds]
    return fold(lines)[0]


# 8: the 72-hour clock


def test_law_08_the_clock_runs_72_hours_from_knowing_until_everything_is_done() -> None:
    one = leak()
    assert one.due == NOW + timedelta(hours=72) == NOW + CLOCK
    assert one.left(NOW + 71 * HOUR) == HOUR
    assert one.left(NOW + 73 * HOUR) == -HOUR
    assert one.ticking
    assert one.missing == ("notified",)
    assert not leak("notified").ticking
    assert leak("noted").ticking
    grave = Extent(NOW, persons=12, sensitive=True)
    assert leak("notified", extent=grave).missing == ("reported",)
    assert leak("notified", "reported", extent=grave).missing == ()
    assert not leak("unfounded", extent=grave).ticking


@pytest.mark.parametrize(
    ("extent", "reported"),
    [
        (Extent(NOW, 999), False),
        (Extent(NOW, 1000), True),
        (Extent(NOW, 1, sensitive=True), True),
        (Extent(NOW, 1, intrusion=True), True),
        (Extent(NOW, None), True),
    ],
)
def test_law_08_what_is_grave_is_reported_and_what_nobody_knows_is_too(
    extent: Extent, reported: bool
) -> None:
    assert extent.must_be_reported is reported


def test_law_08_the_nearest_clock_is_told_and_none_where_none_runs() -> None:
    early = leak(extent=Extent(NOW - 10 * HOUR, 5))
    assert nearest([leak(), early, leak("notified")], NOW) == 62 * HOUR
    assert nearest([leak("notified")], NOW) is None


def test_law_08_it_is_closed_only_when_nothing_is_missing() -> None:
    with pytest.raises(InputError, match="has not been notified and reported"):
        may_close(leak(extent=Extent(NOW, None)))
    may_close(leak("notified"))


@pytest.mark.sqlite
def test_law_08_the_record_is_sealed_kept_and_cannot_be_changed(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/d.db", Sealer([b"k" * 32])) as store:
        line = LeakLine("leak_a", NOW, "known", "lee", "잘못 보낸 메일", Extent(NOW - HOUR, 3, True))
        store.run(lambda tx: leaks.add(tx, line))
        store.run(lambda tx: leaks.add(tx, LeakLine("leak_a", NOW + HOUR, "notified", "lee", "문자")))
        (found,) = store.look(leaks.every)
        assert found.lines[0] == line
        assert found.missing == ("reported",)
        assert store.look(lambda tx: standing.look(tx, NOW)).leaks == (found,)
        for statement in ("UPDATE incident_lines SET kind = 'closed'", "DELETE FROM incident_lines"):
            with pytest.raises(StoreError, match="incident_lines are only added"):
                store.run(lambda tx, statement=statement: tx.connection.execute(text(statement)))
    assert "메일".encode() not in (tmp_path / "d.db").read_bytes()


def test_law_08_one_command_opens_it_and_others_write_down_what_was_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path))
    monkeypatch.delenv("DONGHAENG_DATABASE", raising=False)

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(command, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    known = (datetime.now(UTC) - 10 * HOUR).isoformat(timespec="seconds")
    told = run("open", "--known", known, "--what", "명단 메일, 김복순 010-1234-5678 포함")
    name = told.split(":")[0]
    assert "(61 h 59 min left): notified, reported" in told or "(62 h 0 min left)" in told
    run("change", name, "--persons", "12", "--what", "세어 봄")
    with pytest.raises(InputError, match="has not been notified"):
        run("close", name)
    assert "nothing is missing" in run("notified", name, "--what", "문자로 알림")
    run("close", name)
    (line,) = run("list", "--json").splitlines()
    record = json.loads(line)
    assert [kind for _, kind, _, _ in record["lines"]] == ["known", "changed", "notified", "closed"]
    assert record["closed"]
    assert "010-1234-5678" not in line
    with pytest.raises(InputError, match="is closed"):
        run("note", name, "--what", "x")
    with pytest.raises(InputError, match="future"):
        run("open", "--known", "2999-01-01T00:00", "--what", "x")
    with pytest.raises(InputError, match="no moment"):
        run("open", "--known", "yesterday", "--what", "x")
    assert len(name) == module.ID_LETTERS


# 15: the list of processors


def with_processors(folder: Path, entries: str) -> Path:
    (folder / "privacy").mkdir(parents=True)
    (folder / PROCESSORS_FILE).write_text(entries, encoding="utf-8")
    return folder


ENTRY = """
- id: messages
  name: 주식회사 보기
  task: 문자 보내기
  data: 전화번호와 글
  place: 미국
  contact: 02-000-0000
"""


def asked(web_kit, settings: Settings) -> str:
    services = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    answer = TestClient(create_app(replace(services, connected=connected(settings)))).get("/privacy")
    assert answer.status_code == 200
    return answer.text


def settings_for(tmp_path: Path, entries: str, **more: object) -> Settings:
    folder = with_processors(tmp_path / "catalogue", entries)
    return load_settings(data=tmp_path, catalogue=folder, allow_test_clock=True, rate_limit="off", **more)


def test_law_15_the_processors_are_published_with_what_reaches_them_and_where(
    web_kit, tmp_path: Path
) -> None:
    page = asked(web_kit, settings_for(tmp_path, ENTRY, message_url="https://sms.example.com"))
    for words in ("주식회사 보기", "문자 보내기", "전화번호와 글", "미국", "국외로 보내요", "02-000-0000"):
        assert words in page
    assert "적는 중" not in page


def test_law_15_a_connection_that_nobody_named_is_not_hidden(web_kit, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, ENTRY, language_model_url="https://llm.example.com/v1")
    assert "언어 모델: 다른 곳에 맡기고 있어요" in asked(web_kit, settings)
    found = processors(settings)
    assert (found.state, found.detail) == ("absent", "not published: language_model")
    assert PROCESSORS_FILE in (found.remedy or "")


def test_law_15_what_runs_on_this_machine_is_nobody_elses(web_kit, tmp_path: Path) -> None:
    here = {"language_model_url": "http://127.0.0.1:8080/v1", "recogniser_url": "tcp://localhost:10300"}
    settings = settings_for(tmp_path, "[]", **here)
    assert connected(settings) == frozenset()
    assert "지금은 맡긴 곳이 없어요" in asked(web_kit, settings)
    assert processors(settings).state == "ok"
    assert load_processors(ROOT / "catalogue") == ()


def test_law_15_a_list_that_is_wrong_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="0.place"):
        load_processors(with_processors(tmp_path, ENTRY.replace("  place: 미국\n", "")))


# The tests themselves


def test_every_point_of_the_list_has_a_test_of_its_number() -> None:
    names = re.compile(r"def test_law_(\d\d)_")
    found: set[int] = set()
    for file in (ROOT / "tests").rglob("test_*.py"):
        found |= {int(number) for number in names.findall(file.read_text(encoding="utf-8"))}
    assert found >= set(NEEDED)


def test_the_record_of_tests_with_people_has_its_template_and_is_open() -> None:
    page = (ROOT / "docs" / "user-tests.md").read_text(encoding="utf-8")
    assert "열려 있음" in page
    for field in ("언제", "누가", "무엇을", "결과", "고친 것"):
        assert field in page
