"""Tables that somebody supplies: every row that cannot be used is named, nothing else is lost."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from donghaeng.errors import InputError
from donghaeng.tower.csv_files import neutral, write_csv
from donghaeng.tower.sheets import YES_NO, Column, RowFault, Rows, day, number, read_sheet, text

COLUMNS = (
    Column("기관", text(20), also=("기관명",)),
    Column("가입일", day),
    Column("인원", number(1, 100, whole=True), required=False),
    Column("참석", YES_NO, required=False),
)
ROWS = "기관,가입일,인원\n강남구청,2026-01-02,3\n서초구청,2026-02-30,3\n,2026-01-02,3\n송파구청,2026.3.4,\n"


def written(folder: Path, data: bytes, name: str = "t.csv") -> Path:
    file = folder / name
    file.write_bytes(data)
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_rows_that_cannot_be_used_are_named_and_the_others_kept(tmp_path: Path, encoding: str) -> None:
    sheet = read_sheet(written(tmp_path, ROWS.encode(encoding)), COLUMNS)
    assert [(row["기관"], row["가입일"], row["인원"]) for row in sheet.rows] == [
        ("강남구청", date(2026, 1, 2), 3),
        ("송파구청", date(2026, 3, 4), None),
    ]
    assert sheet.lines == (2, 5)
    assert [(one.line, one.reason) for one in sheet.skipped] == [
        (3, "가입일: 날짜가 아니에요: '2026-02-30' (2026-11-23처럼 적어 주세요)"),
        (4, "기관: 비어 있어요"),
    ]


def test_the_same_from_a_workbook_with_another_heading(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["번호", "기관명", "가입일", "참석"])
    book.active.append([1, "강남구청", date(2026, 1, 2), "예"])
    book.active.append([2, "서초구청", "어제", "예"])
    book.save(tmp_path / "t.xlsx")
    sheet = read_sheet(tmp_path / "t.xlsx", COLUMNS)
    assert sheet.rows == ({"기관": "강남구청", "가입일": date(2026, 1, 2), "인원": None, "참석": True},)
    assert [one.line for one in sheet.skipped] == [3]


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "t.csv", "is empty"),
        ("기관,인원\na,1\n".encode(), "t.csv", "no column 가입일"),
        (b"\xff\xfe\x00\xd8\x01", "t.csv", "is not text"),
        (b"PK\x03\x04 no archive", "t.xlsx", "is no XLSX file"),
        (b"a\x00b", "t.csv", "is not text"),
    ],
)
def test_files_that_are_no_table_are_refused_in_one_line(
    tmp_path: Path, data: bytes, name: str, says: str
) -> None:
    with pytest.raises(InputError, match=says) as refused:
        read_sheet(written(tmp_path, data, name), COLUMNS)
    assert "\n" not in str(refused.value)


def test_an_absent_file_and_one_beyond_the_limit_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_sheet(tmp_path / "none.csv", COLUMNS)
    monkeypatch.setattr("donghaeng.tower.sheets.MOST_BYTES", 10)
    with pytest.raises(InputError, match="is larger"):
        read_sheet(written(tmp_path, ROWS.encode()), COLUMNS)


def test_a_table_streams_by_and_is_told_of(tmp_path: Path) -> None:
    told: list[int] = []
    body = "기관,가입일\n" + "가,2026-01-02\n" * 12_000
    sheet = read_sheet(written(tmp_path, body.encode("cp949")), COLUMNS, told.append)
    assert len(sheet.rows) == 12_000
    assert told == [5_000, 10_000, 12_000]


@pytest.mark.parametrize("cell", ["=1+1", "+82", "-2+3", "@sum", "\t=1", "\r=1", "  =1"])
def test_no_cell_that_we_write_is_a_formula(cell: str) -> None:
    (row,) = list(csv.reader(io.StringIO(write_csv(["a"], [[cell]]).lstrip("\ufeff"), newline="")))[1:]
    assert row[0].startswith("'")


def test_numbers_stay_numbers_and_nothing_is_empty() -> None:
    assert [neutral(cell) for cell in (-3.5, 2, None, "가")] == [-3.5, 2, "", "가"]


def test_a_file_whose_letters_break_is_refused_with_the_line(tmp_path: Path) -> None:
    body = ("기관,가입일\n" + "가,2026-01-02\n" * 100_000).encode()
    broken = body + b"\xec\xff,2026-01-02\n"
    with pytest.raises(InputError, match="line 100002 is broken"):
        read_sheet(written(tmp_path, broken), COLUMNS)
    # Without its mark nearly anything of even length would be letters of UTF-16.
    with pytest.raises(InputError, match="line 1 is broken"):
        read_sheet(written(tmp_path, "기관,가입일".encode("utf-16-le")), COLUMNS)


@pytest.mark.parametrize(
    "cell", ["2026-02-30", "2026-13-01", "0206-01-02", "9999-12-31", "2026-00-10", "99999999", "어제", "0"]
)
def test_an_impossible_date_is_a_fault_of_its_row(cell: str) -> None:
    with pytest.raises(RowFault, match="날짜가 아니에요"):
        day(cell)


def test_a_large_table_takes_no_more_memory_than_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def most(rows: int) -> int:
        body = "기관,가입일\n" + "".join(f"기관 {row},2026-01-02\n어,어제\n" for row in range(rows))
        table = Rows(written(tmp_path, body.encode()), COLUMNS)
        tracemalloc.start()
        try:
            assert sum(1 for _ in table) == rows
            assert (table.left_out, len(table.skipped)) == (rows, min(rows, 1_000))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    monkeypatch.setattr("donghaeng.tower.sheets._PIECE", 1 << 14)
    # Beyond ten thousand different cells nothing more is remembered.
    assert most(60_000) < 1.2 * most(15_000)


def test_a_quote_that_never_ends_costs_its_own_rows_alone(tmp_path: Path) -> None:
    body = '기관,가입일\n가,2026-01-02\n"나,2026-01-02\n' + "다,2026-01-02\n" * 60_000
    table = Rows(written(tmp_path, body.encode()), COLUMNS)
    kept = sum(1 for _ in table)
    assert kept > 40_000
    (fault,) = table.skipped
    assert fault.line == 3
    # Between them the two tell of every line.
    begins, ends = map(int, re.findall(r"(\d+)줄", fault.reason))
    assert (begins, kept + ends - begins + 1) == (3, 60_002)
