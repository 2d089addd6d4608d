"""A chart's numbers as a table and as a CSV file that a spreadsheet opens without carrying anything out."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

from donghaeng.tower.figures.asking import NAMES, Series
from donghaeng.tower.figures.values import HIDDEN, written

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell begins with that a spreadsheet would carry out (OWASP, CSV injection), full width too."""
_HEADS: Final = {"day": "날", "month": "달"}


def head_of(series: Series) -> list[str]:
    """The names of the columns."""
    first = _HEADS.get(series.dimension) or NAMES[series.dimension]
    return [first, series.metric.name, *(["앞 기간"] if series.before else [])]


def rows_of(series: Series) -> list[list[str]]:
    """One row a point, values as they are read."""
    before = dict(enumerate(series.before))
    found = []
    for number, point in enumerate(series.points):
        row = [point.name, HIDDEN if point.hidden else written(series.metric, point.value)]
        if series.before:
            earlier = before.get(number)
            row.append(written(series.metric, earlier.value if earlier else None))
        found.append(row)
    return found


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before it where it could be."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) or cell.startswith(_FORMULA) else cell


def as_csv(head: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """UTF-8 with a mark, as spreadsheets of Korean offices expect, each cell made neutral."""
    kept = io.StringIO(newline="")
    writer = csv.writer(kept)
    for row in (head, *rows):
        writer.writerow([neutral(cell) for cell in row])
    return kept.getvalue().encode("utf-8-sig")


def csv_of(series: Series) -> bytes:
    """The chart's numbers."""
    return as_csv(head_of(series), rows_of(series))
