"""Data cases: their files, their runs, their pages, and the calls that come out of one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner
from tests.conftest import CHECKOUT

from donghaeng.cli.cases import cases
from donghaeng.errors import CatalogueError, InputError
from donghaeng.store import Store, case_runs, outgoing_calls
from donghaeng.tower.cases import context as contexts
from donghaeng.tower.cases.context import CaseContext, method_of
from donghaeng.tower.cases.drawing import NOTHING, draw
from donghaeng.tower.cases.freeze_calls import (
    HOUSEHOLD_COLUMNS,
    PURPOSE,
    SCRIPT,
    CallList,
    book,
    call_list,
    cells_of,
)
from donghaeng.tower.cases.freeze_winters import Stock
from donghaeng.tower.cases.loading import find_case, load_case, load_cases
from donghaeng.tower.cases.package import case_schema
from donghaeng.tower.cases.report import cell_words, figure_words
from donghaeng.tower.cases.result import CaseResult, Chart, Figure, Table, result_hash
from donghaeng.tower.cases.running import run_case
from donghaeng.tower.sheets import read_sheet
from donghaeng.trust.sealing import Sealer
from donghaeng.trust.tokens import number_hash

CATALOGUE = CHECKOUT / "catalogue"
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'a.db'}", Sealer([b"k" * 32])) as opened:
        yield opened


# Files


def test_the_three_cases_are_whole_and_say_that_a_claim_waits() -> None:
    found = load_cases(CATALOGUE)
    assert set(found) == {"water_meter_freeze", "unmet_demand", "digital_exclusion"}
    for case in found.values():
        assert "시의" in case.package.claim or "시가" in case.package.claim
        assert not case.package.accepted  # nobody has reviewed them yet, so none counts for the target
        assert method_of(case.package.code)


def changed(folder: Path, old: str, new: str) -> Path:
    case = folder / "digital_exclusion"
    case.mkdir(exist_ok=True)
    text = (CATALOGUE / "cases" / "digital_exclusion" / "case.yaml").read_text("utf-8")
    assert old in text
    (case / "case.yaml").write_text(text.replace(old, new, 1), "utf-8")
    return case


REVIEW = "\nreview: {{by: {by}, on: {on}, verdict: accepted, notes: 방법과 수를 모두 살폈다.}}\nowner:"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("id: digital_exclusion", "id: other_case", "is not its folder's name"),
        ("seed: 7", "seed: -1", "seed: Input should be greater"),
        ("licence: Apache-2.0", "licence: ''", "licence"),
        ("code: digital_exclusion", "cdoe: digital_exclusion", "code: Field required"),
        ("\nowner:", REVIEW.format(by="서울AI재단", on="2026-12-01"), "own department"),
        ("\nowner:", REVIEW.format(by="데이터전략과", on="2025-12-01"), "before the data"),
        ("dated: 2026-11-23", "dated: 2026-02-30", "day is out of range"),
    ],
)
def test_a_faulty_case_is_named_with_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(CatalogueError, match=re.escape(says)) as wrong:
        load_case(changed(tmp_path, old, new))
    assert wrong.value.line >= 1
    assert str(wrong.value).startswith(str(tmp_path))


def test_a_review_of_another_department_accepts(tmp_path: Path) -> None:
    case = load_case(changed(tmp_path, "\nowner:", REVIEW.format(by="데이터전략과", on="2026-12-01")))
    assert case.package.accepted
    assert case.version != find_case(CATALOGUE, "digital_exclusion").version


def test_the_schema_names_every_field() -> None:
    assert {"question", "claim", "data", "method", "code", "owner", "review"} <= set(
        case_schema()["properties"]
    )
    # Written by: json.dumps(case_schema(), ensure_ascii=False, indent=2)
    kept = (CHECKOUT / "docs" / "case.schema.json").read_text("utf-8")
    assert json.loads(kept) == case_schema()


def test_what_does_not_exist_is_told() -> None:
    with pytest.raises(InputError, match="no data case nothing"):
        find_case(CATALOGUE, "nothing")
    with pytest.raises(InputError, match="no method nothing"):
        method_of("nothing")


# Results, pages


RESULT = CaseResult(
    figures=(Figure("수", 1 / 3, "%", 0.25, 0.5),),
    charts=(
        Chart(
            "bar", Table("t", "제목 <b>", ("말", "수"), (("가 & <script>", 3), ("나", 4))), "그림은 <이래요>."
        ),
    ),
    tables=(Table("u", "표", ("a", "b"), (("=1+1", None),)),),
    notes=("알림",),
    private={"secret": "010-1234-5678"},
)


def test_the_hash_is_of_what_is_public_and_of_nine_digits() -> None:
    same = CaseResult(
        (Figure("수", 1 / 3 + 1e-13, "%", 0.25, 0.5),), RESULT.charts, RESULT.tables, RESULT.notes
    )
    other = CaseResult(
        (Figure("수", 1 / 3 + 1e-7, "%", 0.25, 0.5),), RESULT.charts, RESULT.tables, RESULT.notes
    )
    assert result_hash(same) == result_hash(RESULT) != result_hash(other)


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("line", [("1월", 3.0, 4.0), ("2월", 5.0, 2.0)]),
        ("line", [("1월", 3.0, 4.0)]),
        ("bar", [("가", 3)]),
        ("interval", [("가", 2.0, 1.0, 3.0), ("나", 90.0, 50.0, float("inf"))]),
        ("reliability", [(0.01, 0.02, 0.0, 0.03, 9), (0.1, 0.1, 0.05, 0.2, 9)]),
        ("reliability", [(0.0, 0.0, 0.0, 0.03, 9)]),
        ("tiles", [("마포구", 1, 3, 5.0)]),
        *[(kind, []) for kind in ("line", "bar", "interval", "reliability", "tiles")],
    ],
)
def test_every_kind_of_chart_is_drawn_the_same_each_time(kind, rows) -> None:
    columns = ("a", "b", "c", "d", "e")[: len(rows[0]) if rows else 5]
    chart = Chart(kind, Table("t", "제목", columns, tuple(rows)), "그림이에요")
    svg = draw(chart)
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert draw(chart) == svg
    assert NOTHING == "그릴 자료가 없어요"


def test_numbers_are_written_as_people_read_them() -> None:
    assert [cell_words(cell) for cell in (1234567, 0.123456, None, "가", 5.0, 12345.6)] == [
        "1,234,567",
        "0.1235",
        "–",
        "가",
        "5",
        "12,346",
    ]
    assert figure_words(RESULT.figures[0]) == "0.3333% (0.25~0.5)"


def test_a_run_leaves_its_files_and_its_line(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("donghaeng.tower.cases.running.method_of", lambda name: lambda given: RESULT)
    case = find_case(CATALOGUE, "digital_exclusion")
    context = CaseContext(seed=3, today=date(2026, 11, 23), store=store)
    ran = run_case(case, context, data=tmp_path, by="test", clock=lambda: NOW)
    page = ran.report.read_text("utf-8")
    assert case.package.claim in page
    assert "그림은 &lt;이래요&gt;." in page
    assert "<script>" not in page
    assert "010-1234" not in page + (ran.folder / "result.json").read_text("utf-8")
    assert page.count("<img") == page.count("alt=") == 1
    assert (ran.folder / "u.csv").read_text("utf-8-sig").splitlines()[1].startswith("'=1+1")
    assert json.loads((ran.folder / "result.json").read_text("utf-8"))["figures"][0]["value"] == 1 / 3
    (row,) = store.look(case_runs.listed)
    assert (row.hash, row.seed, row.case, row.accepted) == (result_hash(RESULT), 3, case.package.id, False)
    run_case(case, context, data=tmp_path, by="test", clock=lambda: NOW)
    assert len({one.hash for one in store.look(case_runs.listed)}) == 1


def test_the_command_lists_runs_and_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path))
    monkeypatch.setenv("DONGHAENG_CATALOGUE", str(CATALOGUE))
    run = CliRunner().invoke(
        cases, ["run", "digital_exclusion", "--seed", "3", "--json"], catch_exceptions=False
    )
    told = json.loads(run.stdout)
    assert Path(told["report"]).is_file()
    listed = CliRunner().invoke(cases, ["list", "--json"], catch_exceptions=False).stdout.splitlines()
    found = {one["id"]: one for one in map(json.loads, listed)}
    assert found["digital_exclusion"]["hash"] == told["hash"]
    assert found["digital_exclusion"]["current"]
    assert found["unmet_demand"]["hash"] is None
    shown = CliRunner().invoke(cases, ["show", "digital_exclusion"], catch_exceptions=False).stdout
    assert told["hash"][:16] in shown
    wrong = CliRunner().invoke(cases, ["run", "digital_exclusion", "--table", "x"])
    assert isinstance(wrong.exception, InputError)


def test_other_packages_bring_methods() -> None:
    assert contexts.GROUP == "donghaeng.cases"
    assert set(contexts.OWN) == {"water_meter_freeze", "unmet_demand", "digital_exclusion"}


# Calls before the cold

STOCK = Stock(
    ("마포구",),
    np.array([0, 0]),
    np.array([0, 0]),
    np.array([False, True]),
    np.array([False, False]),
    np.array([0, 0]),
    np.array([100.0, 10.0]),
)
YEARLY = np.array([0.001, 0.2])
HEAD = "전화번호,자치구,건물유형,보온상태,장기부재,계량기종류,동의일,동의문안,동의한 말,철회일\n"


def households(folder: Path, *rows: str):
    file = folder / "h.csv"
    file.write_bytes((HEAD + "\n".join(rows)).encode("cp949"))
    return read_sheet(file, HOUSEHOLD_COLUMNS)


def row(number: str, state: str = "미흡", consent: str = f"2026-11-01,{SCRIPT},네 해 주세요,") -> str:
    return f"{number},마포구,단독주택,{state},아니오,습식,{consent}"


def test_only_who_consented_is_called_and_the_highest_risk_first(tmp_path: Path) -> None:
    sheet = households(
        tmp_path,
        row("010-1111-2222", "양호"),
        row("01033334444"),
        row("1055556666"),  # a spreadsheet dropped the 0
        row("02-123-4567", consent=",,,"),
        row("031-123-4567", consent="2026-12-24,freeze_warning/1,네,"),
        row("010-2222-3333", consent=f"2026-11-01,{SCRIPT},네,2026-11-05"),
        row("010-2222-3334", consent=f"2025-11-01,{SCRIPT},네,"),
        row("010-2222-3335", consent="2026-11-01,call_me/1,네,"),
        row("010-1111-2222"),
        row("119"),
        "010-9999-0000,강남구,단독주택,미흡,아니오,습식,2026-11-01,freeze_warning/1,네,",
    )
    assert [(one.line, one.reason) for one in sheet.skipped] == [
        (11, "전화번호: 우리나라 전화번호가 아니에요")
    ]
    found = call_list(sheet.rows, cells_of(STOCK, YEARLY), date(2026, 11, 23), most=2)
    assert [one.number for one in found.households] == ["010-3333-4444", "010-5555-6666"]
    assert found.left_out == {
        "no_consent": 2,
        "consent_taken_back": 1,
        "consent_over": 1,
        "other_words_of_consent": 1,
        "same_number_twice": 1,
        "unknown_kind_of_meter": 1,
        "beyond_the_most": 1,
    }
    assert "3333" not in repr(found)


def listed_calls(store: Store, number: str) -> list[outgoing_calls.BookedCall]:
    return store.look(lambda tx: outgoing_calls.to_number(tx, number_hash(number)))


def test_a_list_becomes_calls_once_and_a_no_holds(tmp_path: Path, store: Store) -> None:
    sheet = households(tmp_path, row("010-3333-4444"), row("010-5555-6666"))
    found = call_list(sheet.rows, cells_of(STOCK, YEARLY), date(2026, 11, 23), most=9)
    run = case_runs.CaseRun("cr_1", "water_meter_freeze", "v", 1, "h", NOW, "me", False, False)
    store.run(lambda tx: case_runs.add(tx, run))
    late = NOW + timedelta(hours=11)  # ten in the evening

    def booked(which: CallList, now: datetime) -> case_runs.CampaignRow:
        return store.run(lambda tx: book(tx, "cr_1", run.case, which, author="kim", now=now, edition="v1"))

    first = booked(found, late)
    assert (first.booked, first.left_out) == (2, {})
    (call,) = listed_calls(store, "010-3333-4444")
    assert (call.purpose, call.service, call.state) == (PURPOSE, "meter_freeze", "waiting")
    assert call.consent.script == SCRIPT
    assert call.consent.said == "네 해 주세요"
    assert call.due.astimezone(UTC).hour == 23  # eight in the morning of Seoul
    (other,) = listed_calls(store, "010-5555-6666")
    assert call.conversation_id != other.conversation_id
    assert booked(found, late).left_out == {"waits_already": 2}
    store.run(lambda tx: outgoing_calls.withdraw(tx, number_hash("010-3333-4444"), late))
    assert booked(found, late).left_out == {"said_no": 1, "waits_already": 1}
    assert len(store.look(lambda tx: case_runs.campaigns(tx, run.case))) == 3
