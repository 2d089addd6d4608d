"""Targets are counted from records, and tables come into the records row by row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.conftest import CHECKOUT
from tests.databases import stored_bytes

from donghaeng.cli.targets import alliance as alliance_command
from donghaeng.cli.targets import targets
from donghaeng.errors import InputError, StoreError
from donghaeng.store import Store, alliance, case_runs, learning_records
from donghaeng.store.case_runs import CaseRun
from donghaeng.tower.importing import Imported, Kind, import_file
from donghaeng.tower.targets.counting import Board, Standing
from donghaeng.trust.sealing import Sealer

CATALOGUE = CHECKOUT / "catalogue"
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'a.db'}", Sealer([b"k" * 32])) as opened:
        yield opened


@pytest.fixture
def board() -> Board:
    return Board(CATALOGUE, TODAY)


def load(store: Store, folder: Path, kind: Kind, body: str, encoding: str = "cp949") -> Imported:
    file = folder / f"{kind}.csv"
    file.write_bytes(body.encode(encoding))
    survey = Board(CATALOGUE, TODAY).survey
    return import_file(store, kind, file, now=NOW, today=TODAY, by="test", survey=survey)


def standing(store: Store, board: Board, name: str) -> Standing:
    target = board.target(name)
    assert target is not None
    return store.look(lambda tx: board.standing(tx, target))


def total(store: Store, board: Board, name: str) -> float:
    told = standing(store, board, name).pace
    assert told is not None
    return told.total


def records(store: Store, board: Board, name: str) -> tuple:
    target = board.target(name)
    assert target is not None
    return store.look(lambda tx: board.records(tx, target)).rows


def test_a_board_without_records_is_all_nothing(store: Store, board: Board) -> None:
    told = store.look(board.standings)
    assert [one.target.id for one in told] == [target.id for target in board.year.targets]
    assert all(one.pace.total == 0 for one in told if one.pace is not None)
    assert told[-1].score is None


def test_a_case_counts_once_and_only_where_it_is_accepted(store: Store, board: Board) -> None:
    def run(name: str, case: str, at: datetime, *, accepted: bool = True) -> None:
        row = CaseRun(name, case, "v", 1, "h", at, "me", accepted, False)
        store.run(lambda tx: case_runs.add(tx, row))

    run("a", "one_case", NOW - timedelta(days=9))
    run("b", "one_case", NOW)
    run("c", "other_case", NOW, accepted=False)
    run("d", "old_case", NOW - timedelta(days=400))
    run("e", "later_case", NOW + timedelta(days=3))
    # Half past midnight of the new year in Seoul is the old year in London.
    run("f", "new_year_case", datetime(2025, 12, 31, 15, 30, tzinfo=UTC))
    assert total(store, board, "data_cases") == 2
    assert [row[1] for row in records(store, board, "data_cases")] == ["new_year_case", "one_case"]


MEMBERS = (
    "기관,구분,자치구,가입일,탈퇴일\n"
    "강남구청,자치구,강남구,2025-01-01,\n"
    "서울대학교,대학,관악구,2026-02-01,2026-06-30\n"
    "아무개,모임,,2025-01-01,\n"
    "거꾸로,기업,,2025-03-01,2025-02-01\n"
)
EVENTS = (
    "사업,행사,날짜,장소,정원\n리빙랩,봄 모임,2026-04-01,서울시청,3\n리빙랩,겨울 모임,2026-12-20,서울시청,3\n"
)
CAME = (
    "사업,행사,날짜,기관,인원,참석\n"
    "리빙랩,봄 모임,2026-04-01,강남구청,2,예\n"
    "리빙랩,봄 모임,2026-04-01,서울대학교,1,예\n"
    "리빙랩,봄 모임,2026-04-01,없는 곳,1,예\n"
    "리빙랩,여름 모임,2026-07-01,강남구청,1,예\n"
    "리빙랩,겨울 모임,2026-12-20,강남구청,1,예\n"
)


def test_a_body_counts_once_it_came(store: Store, board: Board, tmp_path: Path) -> None:
    members = load(store, tmp_path, "members", MEMBERS)
    assert (members.new, members.known, [one.line for one in members.skipped]) == (2, 0, [4, 5])
    assert load(store, tmp_path, "events", EVENTS, "utf-16").new == 2
    assert total(store, board, "member_bodies") == 0
    came = load(store, tmp_path, "attendance", CAME)
    assert (came.new, [(one.line, one.reason.split(".")[0]) for one in came.skipped]) == (
        2,
        [
            (4, "모르는 기관이에요: 없는 곳"),
            (5, "모르는 행사예요: 여름 모임 (2026-07-01)"),
            (6, "날짜: 아직 오지 않은 날이에요 (2026-12-20)"),
        ],
    )
    assert total(store, board, "member_bodies") == 2
    assert records(store, board, "member_bodies") == (
        ("2026-04-01", "강남구청"),
        ("2026-04-01", "서울대학교"),
    )
    again = load(store, tmp_path, "attendance", CAME)
    assert (again.new, again.known, total(store, board, "member_bodies")) == (0, 2, 2)


def test_a_sign_up_takes_seats_and_is_no_participation(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, "members", MEMBERS)
    load(store, tmp_path, "events", EVENTS)

    def ids(tx) -> tuple[str, str, str]:
        body, left = alliance.find_member(tx, "강남구청"), alliance.find_member(tx, "서울대학교")
        key = ("리빙랩", "겨울 모임", date(2026, 12, 20))
        event = alliance.find_events(tx, [key]).get(key)
        assert body is not None
        assert left is not None
        assert event is not None
        return event.id, body.id, left.id

    event, body, left = store.look(ids)

    def sign(member: str, heads: int, *, of: str = event) -> bool:
        return store.run(lambda tx: alliance.sign_up(tx, of, member, heads, by="t", at=NOW, on=TODAY))

    assert sign(body, 2)
    assert not sign(body, 2)
    with pytest.raises(InputError, match="회원이 아닌"):
        sign(left, 1)
    store.run(lambda tx: alliance.sign_off(tx, event, body, NOW))
    assert not store.run(lambda tx: alliance.sign_off(tx, event, body, NOW))
    with pytest.raises(InputError, match="자리가 모자라요"):
        sign(body, 4)
    assert sign(body, 3)
    store.run(lambda tx: alliance.sign_off(tx, event, body, NOW))
    for heads in (0, -1):
        with pytest.raises(InputError, match="몇 명"):
            sign(body, heads)
    spring = ("리빙랩", "봄 모임", date(2026, 4, 1))
    past = store.look(lambda tx: alliance.find_events(tx, [spring]))[spring]
    with pytest.raises(InputError, match="이미 지난"):
        sign(body, 1, of=past.id)
    assert sign(body, 3)
    with pytest.raises(InputError, match="찾지 못했어요"):
        sign("m_none", 1)
    # Not even when the day has come: who was signed up need not have been there.
    assert total(store, Board(CATALOGUE, date(2026, 12, 31)), "member_bodies") == 0


LEARNERS = (
    "교육,수료번호,과정,수료일,자치구\n"
    "AI 교육,A-1,기초,2026-03-02,\n"
    "AI 교육,A-1,심화,2026-05-02,\n"
    "AI 교육,A-2,기초,2025-12-30,\n"
    "AI 교육,A-3,기초,2026-12-01,\n"
    "디지털 동행,A-1,키오스크,2026-03-03,마포구\n"
    "요리,A-1,국,2026-03-03,마포구\n"
)


def test_a_learner_counts_once_a_year_and_nobodys_number_is_kept(
    store: Store, board: Board, tmp_path: Path
) -> None:
    first = load(store, tmp_path, "learners", LEARNERS)
    assert (first.new, [one.line for one in first.skipped]) == (4, [5, 7])
    assert load(store, tmp_path, "learners", LEARNERS).known == 4
    assert total(store, board, "ai_learners") == 1
    assert total(store, board, "companion_learners") == 1
    assert records(store, board, "ai_learners") == (("기초", "learners.csv", 1), ("심화", "learners.csv", 1))
    kept = stored_bytes(tmp_path / "a.db")
    assert "심화".encode() in kept
    assert b"A-1" not in kept


def test_the_survey_is_scored_from_its_answers(store: Store, board: Board, tmp_path: Path) -> None:
    items = [item.id for item in board.survey.items]
    reversed_items = {item.id for item in board.survey.items if item.reversed}
    full = ",".join("1" if item in reversed_items else "5" for item in items)
    rows = [f"{number},2026-10-05,{full}" for number in range(30)]
    head = ",".join(["응답번호", "응답일", *items])
    bad = [f"90,2026-10-05,6{',5' * (len(items) - 1)}", f"91,2026-10-05{',' * len(items)}"]
    told = load(store, tmp_path, "survey", "\n".join([head, *rows, *bad]))
    assert (told.new, [one.line for one in told.skipped]) == (30, [32, 33])
    found = standing(store, board, "sustainable_culture")
    assert found.score is not None
    assert (found.score.value, found.answers) == (100, 30)
    assert len(records(store, board, "sustainable_culture")) == 4
    assert load(store, tmp_path, "survey", "\n".join([head, *rows])).known == 30


def test_the_command_takes_tables_in_and_shows_the_board(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path))
    monkeypatch.setenv("DONGHAENG_CATALOGUE", str(CATALOGUE))
    for kind, body in (("members", MEMBERS), ("events", EVENTS)):
        (tmp_path / f"{kind}.csv").write_bytes(body.encode("cp949"))
    (tmp_path / "learners.csv").write_text(LEARNERS, "utf-8")
    run = CliRunner()
    members = run.invoke(alliance_command, ["import", "members", str(tmp_path / "members.csv")])
    assert members.stdout.startswith("4 rows: 2 new, 0 known, 2 skipped\n  line 4: 구분")
    assert run.invoke(targets, ["import", "learners", str(tmp_path / "learners.csv")]).exit_code == 0
    shown = run.invoke(targets, ["show", "--json"], catch_exceptions=False).stdout.splitlines()
    assert [json.loads(line)["id"] for line in shown] == [
        "data_cases",
        "member_bodies",
        "ai_learners",
        "companion_learners",
        "sustainable_culture",
    ]
    assert "AI 교육 수료" in run.invoke(targets, ["show"], catch_exceptions=False).stdout
    wrong = run.invoke(alliance_command, ["import", "events", str(tmp_path / "members.csv")])
    assert isinstance(wrong.exception, InputError)


def test_what_was_kept_before_a_fault_stays_and_the_same_file_adds_the_rest(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("donghaeng.tower.importing.AT_ONCE", 10)
    body = "교육,수료번호,과정,수료일\n" + "".join(f"AI 교육,N-{row},기초,2026-03-02\n" for row in range(35))
    asked: list[int] = []

    def full(tx, rows, source, at):
        asked.append(len(rows))
        if len(asked) == 3:
            raise StoreError("database or disk is full", remedy="make room")
        return kept(tx, rows, source, at)

    kept = learning_records.add_completed
    with monkeypatch.context() as patch:
        patch.setattr(learning_records, "add_completed", full)
        with pytest.raises(StoreError, match="20 rows are kept: import the same file again") as told:
            load(store, tmp_path, "learners", body)
    assert told.value.remedy == "make room"
    again = load(store, tmp_path, "learners", body)
    assert (again.read, again.new, again.known) == (35, 15, 20)


def test_every_row_that_could_not_be_used_goes_into_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path))
    monkeypatch.setenv("DONGHAENG_CATALOGUE", str(CATALOGUE))
    file, faults = tmp_path / "m.csv", tmp_path / "faults.csv"
    file.write_text("기관,구분,가입일\n" + "가,=1+1,2026-01-01\n" * 1_200, "utf-8")
    arguments = ["import", "members", str(file), "--faults", str(faults)]
    told = CliRunner().invoke(alliance_command, arguments, catch_exceptions=False).stdout
    assert "1200 rows: 0 new, 0 known, 1200 skipped" in told
    lines = faults.read_text("utf-8-sig").splitlines()
    assert lines[0] == "line,reason"
    assert len(lines) == 1_201
    assert lines[1].startswith('2,"구분: 이 가운데 하나가 아니에요')
