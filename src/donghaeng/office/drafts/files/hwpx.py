"""HWPX (python-hwpx)."""

from __future__ import annotations

from datetime import UTC
from typing import Any, Final

from donghaeng.office.drafts.model import MARK, Draft, Grid, Line, Look

PLAIN: Final = "바탕글"
"""Named each time: a paragraph after a heading else inherits the heading's outline."""
_LOOKS: Final[dict[Look, dict[str, Any]]] = {
    Look.NAME: {"size": 18, "bold": True},
    Look.TITLE: {"size": 18, "bold": True},
    Look.HEAD: {"size": 13, "bold": True},
    Look.LINE: {"size": 11},
    Look.SIGNED: {"size": 15, "bold": True},
    Look.NOTE: {"size": 9},
}
_CENTRED: Final = frozenset((Look.NAME, Look.TITLE, Look.SIGNED))
_STEP_MM: Final = 4.0


def write_hwpx(draft: Draft) -> bytes:
    """The file. Its first paragraph carries the page's own settings and stays empty in new documents."""
    from hwpx import HwpxDocument  # noqa: PLC0415  a third of a second that only drafts pay

    document = HwpxDocument.new()
    for block in draft.blocks:
        if isinstance(block, Grid):
            _grid(document, block)
        else:
            _line(document, block)
    _line(document, Line(MARK, Look.NOTE))
    at = draft.about.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    # The library's blank document names an author and a day of its own.
    document.parts.clear_document_metadata()
    document.parts.set_document_metadata(
        title=draft.title,
        creator=draft.about.organisation,
        subject=MARK,
        keyword=draft.about.keywords,
        created_date=at,
        modified_date=at,
    )
    made: bytes = document.to_bytes()
    return made


def _line(document: Any, line: Line) -> None:
    character = document.styles.ensure_run(**_LOOKS[line.look])
    document.add_paragraph(line.text, style=PLAIN, char_pr_id_ref=character)
    last = len(document.paragraphs) - 1
    if line.look in _CENTRED:
        document.styles.apply_paragraph_format(paragraph_index=last, alignment="center")
    elif line.level:
        document.styles.apply_paragraph_format(paragraph_index=last, indent_left_mm=_STEP_MM * line.level)


def _grid(document: Any, grid: Grid) -> None:
    table = document.add_table(len(grid.rows), len(grid.rows[0]), style=PLAIN)
    for number, row in enumerate(grid.rows):
        for column, cell in enumerate(row):
            table.set_cell_text(number, column, cell)
