"""PDF (reportlab), with letters of its own: whoever opens it needs no Korean font."""

from __future__ import annotations

import io
from typing import Any, Final

from donghaeng.office.drafts.model import MARK, Draft, Grid, Line, Look

_POINTS: Final = {Look.NAME: 18, Look.TITLE: 18, Look.HEAD: 13, Look.LINE: 11, Look.SIGNED: 15, Look.NOTE: 9}
_BOLD: Final = frozenset((Look.NAME, Look.TITLE, Look.HEAD, Look.SIGNED))
_CENTRED: Final = frozenset((Look.NAME, Look.TITLE, Look.SIGNED))
_STEP: Final = 12
"""Points of one step of indentation."""


def write_pdf(draft: Draft) -> bytes:
    """The file."""
    # A third of a second, which only drafts pay.
    from reportlab.lib.pagesizes import A4  # noqa: PLC0415
    from reportlab.lib.units import mm  # noqa: PLC0415
    from reportlab.platypus import SimpleDocTemplate, Spacer  # noqa: PLC0415

    from donghaeng.office.drafts.files.fonts import register  # noqa: PLC0415

    register()
    story: list[Any] = []
    for block in draft.blocks:
        story += [_grid(block)] if isinstance(block, Grid) else [_paragraph(block)]
        story.append(Spacer(1, 1.5 * mm))
    story.append(_paragraph(Line(MARK, Look.NOTE)))
    out = io.BytesIO()
    made = SimpleDocTemplate(
        out,
        pagesize=A4,
        title=draft.title,
        author=draft.about.organisation,
        subject=MARK,
        keywords=draft.about.keywords,
        creator="donghaeng",
        lang="ko",
        leftMargin=20 * mm,
        rightMargin=20 * mm,
    )
    made.build(story)
    return out.getvalue()


def _paragraph(line: Line) -> Any:
    from reportlab.lib.styles import ParagraphStyle  # noqa: PLC0415
    from reportlab.platypus import Paragraph  # noqa: PLC0415

    size = _POINTS[line.look]
    style = ParagraphStyle(
        line.look.value,
        fontName="NanumGothic-Bold" if line.look in _BOLD else "NanumGothic",
        fontSize=size,
        leading=size * 1.6,
        alignment=1 if line.look in _CENTRED else 0,
        leftIndent=_STEP * line.level,
        wordWrap="CJK",
    )
    return Paragraph(_xml(line.text) or "&nbsp;", style)


def _grid(grid: Grid) -> Any:
    from reportlab.lib import colors  # noqa: PLC0415
    from reportlab.platypus import Table, TableStyle  # noqa: PLC0415

    cells = [[_paragraph(Line(cell)) for cell in row] for row in grid.rows]
    look = [("GRID", (0, 0), (-1, -1), 0.4, colors.grey), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    return Table(cells, style=TableStyle(look))


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
