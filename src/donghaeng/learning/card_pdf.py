"""Sets the card for the fridge as one page of A4 (reportlab)."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from donghaeng.learning.card import Card, Sayings

_INK: Final = "#1e2124"
_BLUE: Final = "#0b50d0"
_RED: Final = "#a8200d"
"""Gray 90 and primary 60 of KRDS, and a danger red darkened to 7:1 on white."""
LARGE: Final = 1.7
"""Letters of 30 points: what may be said is read from two metres."""
FONT_NAMES: Final = ("CardPlain", "CardBold")


def card_pdf(card: Card, plain: Path, bold: Path, *, number: str | None = None, scale: float = 1.0) -> bytes:
    """The card as PDF: one sheet of A4, more of them where the letters are larger.

    Args:
        card: what stands on it.
        plain: TrueType file of the letters.
        bold: the same, bold.
        number: where to call; the card's own unless given.
        scale: how much larger than usual the letters are; from :data:`LARGE` on one column.
    """
    from reportlab.lib.pagesizes import A4  # noqa: PLC0415  heavy
    from reportlab.lib.units import mm  # noqa: PLC0415
    from reportlab.platypus import SimpleDocTemplate, Spacer  # noqa: PLC0415

    make_fonts_known(plain, bold)

    def line(words: str, size: int, *, bold: bool = False, colour: str = _INK) -> Any:
        return _line(words, round(size * scale), bold=bold, colour=colour)

    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        title=card.title,
        author="Donghaeng",
        subject=card.lead,
        lang="ko",
        invariant=1,  # the same card is the same file
        leftMargin=14 * mm,
        rightMargin=14 * mm,
        topMargin=11 * mm,
        bottomMargin=10 * mm,
    )
    story: list[Any] = [
        line(card.title, 34, bold=True, colour=_BLUE),
        line(f"전화 {number or card.number}", 40, bold=True),
        line(card.lead, 17),
        Spacer(1, 3 * mm),
        _groups((*card.groups, *card.always), line, 1 if scale >= LARGE else 2),
        Spacer(1, 3 * mm),
        *(line(words, 17, bold=True, colour=_RED) for words in card.never),
        line(card.emergency, 19, bold=True, colour=_RED),
    ]
    document.build(story)
    return out.getvalue()


def _groups(groups: tuple[Sayings, ...], line: Callable[..., Any], columns: int) -> Any:
    from reportlab.lib import colors  # noqa: PLC0415
    from reportlab.platypus import Table, TableStyle  # noqa: PLC0415

    cells = [
        [line(one.heading, 19, bold=True, colour=_BLUE), *(line(f"“{words}”", 18) for words in one.says)]
        for one in groups
    ]
    rows = [cells[place : place + columns] for place in range(0, len(cells), columns)]
    if len(rows[-1]) < columns:
        rows[-1].append([])
    table = Table(rows, colWidths=[f"{100 // columns}%"] * columns)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("BOX", (0, 0), (-1, -1), 1.2, colors.HexColor(_BLUE)),
                ("INNERGRID", (0, 0), (-1, -1), 0.6, colors.HexColor(_BLUE)),
                ("TOPPADDING", (0, 0), (-1, -1), 5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
            ]
        )
    )
    return table


def _line(words: str, size: int, *, bold: bool = False, colour: str = _INK) -> Any:
    from reportlab.lib.styles import ParagraphStyle  # noqa: PLC0415
    from reportlab.platypus import Paragraph  # noqa: PLC0415

    style = ParagraphStyle(
        f"card{size}{bold}{colour}",
        fontName=FONT_NAMES[bold],
        fontSize=size,
        leading=size * 1.35,
        textColor=colour,
    )
    return Paragraph(escape(words), style)


def make_fonts_known(plain: Path, bold: Path) -> None:
    """Let reportlab use the letters of two files under :data:`FONT_NAMES`."""
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415

    for name, file in zip(FONT_NAMES, (plain, bold), strict=True):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(file)))
