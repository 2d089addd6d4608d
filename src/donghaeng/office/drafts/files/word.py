"""DOCX (python-docx)."""

from __future__ import annotations

import io
from datetime import UTC
from typing import Any, Final

from donghaeng.office.drafts.model import MARK, Draft, Grid, Line, Look

_POINTS: Final = {Look.NAME: 18, Look.TITLE: 18, Look.HEAD: 13, Look.LINE: 11, Look.SIGNED: 15, Look.NOTE: 9}
_BOLD: Final = frozenset((Look.NAME, Look.TITLE, Look.HEAD, Look.SIGNED))
_CENTRED: Final = frozenset((Look.NAME, Look.TITLE, Look.SIGNED))
_STEP_MM: Final = 4
_FONT: Final = "맑은 고딕"
_LONGEST_PROPERTY: Final = 255
"""Characters of a core property (python-docx)."""


def write_word(draft: Draft) -> bytes:
    """The file."""
    import docx  # noqa: PLC0415

    document = docx.Document()
    _korean(document)
    for block in draft.blocks:
        if isinstance(block, Grid):
            _grid(document, block)
        else:
            _line(document, block)
    _line(document, Line(MARK, Look.NOTE))
    about = document.core_properties
    about.title = draft.title[:_LONGEST_PROPERTY]
    about.author = draft.about.organisation[:_LONGEST_PROPERTY]
    about.subject = MARK
    about.comments = MARK
    about.keywords = draft.about.keywords
    about.language = "ko-KR"
    about.created = about.modified = draft.about.made_at.astimezone(UTC).replace(tzinfo=None)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _korean(document: Any) -> None:
    from docx.oxml.ns import qn  # noqa: PLC0415

    font = document.styles["Normal"].font
    font.name = _FONT
    font.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)


def _line(document: Any, line: Line) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Mm, Pt  # noqa: PLC0415

    paragraph = document.add_paragraph()
    run = paragraph.add_run(line.text)
    run.font.size = Pt(_POINTS[line.look])
    run.bold = line.look in _BOLD
    if line.look in _CENTRED:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif line.level:
        paragraph.paragraph_format.left_indent = Mm(_STEP_MM * line.level)


def _grid(document: Any, grid: Grid) -> None:
    table = document.add_table(len(grid.rows), len(grid.rows[0]))
    table.style = "Table Grid"
    for row, cells in zip(table.rows, grid.rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
