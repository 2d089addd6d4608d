"""XLSX (openpyxl) and CSV: every row told with the names of its columns."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Final

import openpyxl

from donghaeng.errors import DocumentRefused
from donghaeng.knowledge.documents.blocks import Block, heading, table

ENCODINGS: Final = ("utf-8-sig", "cp949", "utf-16")
"""Of Korean offices' files, tried in this order."""
MOST_ROWS: Final = 50_000


def read_sheets(data: bytes) -> list[Block]:
    """Blocks of an XLSX file, a heading for each visible sheet. What formulas last gave is read, none is run.

    Raises:
        DocumentRefused: it has too many rows.
    """
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    blocks: list[Block] = []
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            rows = [[_written(value) for value in row] for row in sheet.iter_rows(values_only=True)]
            _check(rows)
            blocks += [heading(sheet.title, 1), *table(rows)]
    finally:
        book.close()
    return blocks


def read_csv(data: bytes) -> list[Block]:
    """Blocks of a CSV or TSV file.

    Raises:
        DocumentRefused: it is in no known encoding, or has too many rows.
        csv.Error: it is no table.
    """
    text = decoded(data)
    try:
        dialect = csv.Sniffer().sniff(text[:4_096], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    rows = list(csv.reader(io.StringIO(text), dialect))
    _check(rows)
    return table(rows)


def decoded(data: bytes) -> str:
    """Text of a file in one of :data:`ENCODINGS`.

    Raises:
        DocumentRefused: it is in none of them.
    """
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeError:
            continue
    raise DocumentRefused("letters", "its letters cannot be read", remedy="save it as UTF-8")


def _check(rows: list[list[str]]) -> None:
    if len(rows) > MOST_ROWS:
        remedy = f"at most {MOST_ROWS} are read"
        raise DocumentRefused("too_long", f"{len(rows)} rows are too many", remedy=remedy)


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
