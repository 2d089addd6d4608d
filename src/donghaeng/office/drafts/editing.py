"""A draft as plain text that an official edits, and back: each line keeps its look. Pure.

A line is a paragraph; a row of a table is a line ``| cell | cell |``. What is edited keeps the look, the step
and the place in the letter's body of the line that stood there; a new line takes those of the line above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final

from donghaeng.office.drafts.model import About, Draft, Grid, Line, Look

MOST_LINES: Final = 2_000
LONGEST: Final = 200_000
"""Characters of a text."""
_ROW: Final = re.compile(r"\|(.*)\|\s*")
_BAR: Final = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the text with what is known of it."""

    text: str
    """As it is edited; of a table's row with its bars."""
    look: Look = Look.LINE
    level: int = 0
    body: bool = False
    """Of the body that ends with ``끝.``"""


Rows = tuple[Row, ...]


def rows_of(draft: Draft) -> Rows:
    """The lines of a draft."""
    made = []
    for number, block in enumerate(draft.blocks):
        body = draft.body[0] <= number < draft.body[1]
        if isinstance(block, Line):
            made.append(Row(block.text, block.look, block.level, body))
        else:
            made += [Row(_barred(row), body=body) for row in block.rows]
    return tuple(made)


def text_of(rows: Iterable[Row]) -> str:
    """The text that is edited."""
    return "\n".join(row.text for row in rows)


def plain(text: str) -> str:
    """A text from a form, with the line ends that are counted with here."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def lines_of(text: str) -> list[str]:
    """The lines of an edited text: no control characters, no blanks at the ends."""
    lines = [
        "".join(char if char.isprintable() else " " for char in line).rstrip()
        for line in plain(text).split("\n")
    ]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def reshaped(lines: Sequence[str], *known: Rows) -> Rows:
    """The lines of an edited text with their looks.

    Args:
        lines: as they are now.
        known: what was there: the text that was edited first, then others that lines may come from.
    """
    before = known[0] if known else ()
    elsewhere = {row.text: row for rows in reversed(known) for row in rows}
    made: list[Row] = []
    matcher = SequenceMatcher(None, [row.text for row in before], list(lines), autojunk=False)
    for kind, start, end, low, high in matcher.get_opcodes():
        if kind == "equal":
            made += before[start:end]
            continue
        for place, line in enumerate(lines[low:high]):
            if (same := elsewhere.get(line)) is not None:
                made.append(same)
            elif start + place < end:
                made.append(replace(before[start + place], text=line))
            else:
                above = made[-1] if made else Row("")
                look = above.look if above.look in (Look.LINE, Look.NOTE) else Look.LINE
                made.append(Row(line, look, above.level, above.body))
    return tuple(made)


def draft_of(rows: Rows, kind: str, title: str, about: About) -> Draft:
    """The document that the lines make; blank lines are left out, rows of a table that follow each other are
    one table."""
    blocks: list[Line | Grid] = []
    body: list[int] = []
    for row in rows:
        if not row.text.strip():
            continue
        cells = _cells(row.text)
        if cells is None:
            blocks.append(Line(row.text.strip(), row.look, row.level))
        elif blocks and isinstance(last := blocks[-1], Grid):
            blocks[-1] = Grid((*last.rows, cells))
        else:
            blocks.append(Grid((cells,)))
        if row.body:
            body.append(len(blocks) - 1)
    blocks = [_even(block) if isinstance(block, Grid) else block for block in blocks]
    span = (body[0], body[-1] + 1) if body else (0, 0)
    return Draft(kind, title, tuple(blocks), about, span)


def body_span(rows: Rows) -> tuple[int, int] | None:
    """Where the letter's body stands in the text, in characters; None where there is none."""
    at = 0
    start = end = None
    for row in rows:
        if row.body and row.text.strip():
            start = at if start is None else start
            end = at + len(row.text)
        at += len(row.text) + 1
    return None if start is None or end is None else (start, end)


def _barred(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _cells(text: str) -> tuple[str, ...] | None:
    """The cells of a row of a table; None where it is another line."""
    found = _ROW.fullmatch(text.strip())
    if found is None:
        return None
    return tuple(cell.strip().replace("\\|", "|") for cell in _BAR.split(found[1]))


def _even(grid: Grid) -> Grid:
    """All rows as long as the longest."""
    width = max(len(row) for row in grid.rows)
    return Grid(tuple((*row, *[""] * (width - len(row))) for row in grid.rows))
