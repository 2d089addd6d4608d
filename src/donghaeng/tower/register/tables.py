"""Tables of records (CSV), one a row. Pure.

A column of a repeatable attribute has its number: ``risk_name[1]``, ``risk_name[2]``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from donghaeng.errors import RecordRefused
from donghaeng.tower.csv_files import BOM, as_given, write_csv

MOST_ROWS: Final = 5_000
MOST_CELL: Final = 100_000
_NUMBERED: Final = re.compile(r"(?P<name>[a-z_]+)\*?\[(?P<number>[1-9][0-9]{0,2})\]")


def to_csv(documents: Sequence[Mapping[str, Any]]) -> str:
    """Documents of text and lists of text as a table; columns in the order in which they first come."""
    rows = [_flat(document) for document in documents]
    columns = _columns(rows)
    return write_csv(columns, ([row.get(column, "") for column in columns] for row in rows))


def from_csv(text: str) -> list[tuple[int, dict[str, Any]]]:
    """The line in the file at which each row ends, and its document; empty cells are left out, and lists keep
    their places.

    Raises:
        RecordRefused: it is no table, or has too many rows.
    """
    # Lines end where a table's do: a separator of Unicode within a cell ends none.
    lines = (f"{line}\n" for line in text.removeprefix(BOM).split("\n"))
    reader = csv.reader(lines, strict=True)
    found: list[tuple[int, dict[str, Any]]] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(header)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                fault = f"{reader.line_num}번째 줄: 칸이 {len(header)}개여야 하는데 {len(cells)}개예요."
                raise RecordRefused(fault, faults=(fault,))
            found.append((reader.line_num, _document(header, map(as_given, cells))))
            if len(found) > MOST_ROWS:
                fault = f"{MOST_ROWS:,}줄까지 읽어요. 나누어서 가져와 주세요."
                raise RecordRefused(fault, faults=(fault,))
    except csv.Error:
        fault = f"{reader.line_num}번째 줄: 따옴표가 맞지 않거나 칸이 너무 길어요. 표를 다시 저장해 주세요."
        raise RecordRefused(fault, faults=(fault,)) from None
    return found


def _check_header(header: Sequence[str]) -> None:
    doubled = sorted({name for name in header if header.count(name) > 1})
    if not any(header):
        fault = "첫 줄에 항목 이름이 없어요. name, description 같은 이름을 첫 줄에 적어 주세요."
    elif doubled:
        fault = f"첫 줄에 같은 이름이 두 번 있어요: {', '.join(doubled) or '빈 이름'}"
    else:
        return
    raise RecordRefused(fault, faults=(fault,))


def _flat(document: Mapping[str, Any]) -> dict[str, str]:
    row: dict[str, str] = {}
    for name, value in document.items():
        if isinstance(value, list | tuple):
            row.update({f"{name}[{number}]": str(one) for number, one in enumerate(value, start=1)})
        else:
            row[name] = str(value)
    return row


def _columns(rows: Iterable[Mapping[str, str]]) -> list[str]:
    """By attribute in the order of first coming, its numbers together."""
    names: dict[str, list[str]] = {}
    for row in rows:
        for column in row:
            group = names.setdefault(column.partition("[")[0], [])
            if column not in group:
                group.append(column)
    return [column for group in names.values() for column in sorted(group, key=_number)]


def _number(column: str) -> int:
    match = _NUMBERED.fullmatch(column)
    return int(match["number"]) if match else 0


def _document(header: Sequence[str], cells: Iterable[str]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    lists: dict[str, dict[int, str]] = {}
    for column, cell in zip(header, cells, strict=True):
        match = _NUMBERED.fullmatch(column)
        if match:
            lists.setdefault(match["name"], {})[int(match["number"])] = cell
        elif cell.strip():
            document[column] = cell
    # All lists are of one length: those of a group belong together, whichever of their columns the table has.
    longest = max((max(numbered) for numbered in lists.values()), default=0)
    for name, numbered in lists.items():
        rows = [numbered.get(number, "") for number in range(1, longest + 1)]
        if any(cell.strip() for cell in rows):
            document[name] = rows
    return document
