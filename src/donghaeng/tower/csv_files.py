"""Tables that we write as CSV, so that a spreadsheet opens them and carries nothing out. Pure.

A cell that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV Injection";
CWE-1236), which :func:`as_given` takes off again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any, Final

BOM: Final = "\ufeff"
"""Office programs take a CSV file for UTF-8 by it."""
_SIGNS: Final = r"[=+\-@\t\r\n＝＋－＠]"
_FORMULA: Final = re.compile(f"'* *{_SIGNS}")
_GUARDED: Final = re.compile(f"'+ *{_SIGNS}")


def neutral(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers, nothing becomes an empty cell."""
    if isinstance(cell, str):
        return f"'{cell}" if _FORMULA.match(cell) else cell
    return "" if cell is None else cell


def as_given(cell: str) -> str:
    """The text that :func:`neutral` was given."""
    return cell[1:] if _GUARDED.match(cell) else cell


def csv_line(cells: Sequence[Any]) -> str:
    """One line of a table with its end, every cell made neutral."""
    out: list[str] = []
    writer = csv.writer(SimpleNamespace(write=out.append), lineterminator="\r\n")
    writer.writerow([neutral(cell) for cell in cells])
    return "".join(out)


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table with its column names, every cell made neutral."""
    return BOM + "".join(csv_line(row) for row in (columns, *rows))
