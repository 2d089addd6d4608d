"""Sets a certificate as one page of A4 across (reportlab)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from donghaeng.learning.card_pdf import FONT_NAMES, make_fonts_known
from donghaeng.learning.issuing import Issued

TITLE: Final = "수료 증서"
SAYS: Final = "위 사람은 강의의 퀴즈와 어르신 응대 연습과 과제를 마쳤기에 이 증서를 드립니다."
NO_MORE: Final = "이 증서는 배운 것을 보일 뿐, 다른 사람과 견주지 않습니다."


@dataclass(frozen=True, slots=True)
class Fonts:
    """TrueType files of Korean letters."""

    plain: Path
    bold: Path


def day(issued_on: object) -> str:
    """A date as offices write it: ``2026. 11. 23.``"""
    year, month, number = str(issued_on).split("-")
    return f"{year}. {int(month)}. {int(number)}."


def certificate_pdf(issued: Issued, holder: str, fonts: Fonts) -> bytes:
    """The certificate as PDF; the same certificate is the same file.

    Args:
        issued: what it says.
        holder: name that is shown.
        fonts: what it is set in.
    """
    from reportlab.lib.pagesizes import A4, landscape  # noqa: PLC0415  heavy
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415

    make_fonts_known(fonts.plain, fonts.bold)
    plain, bold = FONT_NAMES
    width, height = landscape(A4)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width, height), invariant=1, lang="ko")
    canvas.setTitle(f"{TITLE}: {issued.name}")
    canvas.setAuthor("Donghaeng")
    canvas.setStrokeColorRGB(0.04, 0.31, 0.82)
    canvas.setLineWidth(3)
    canvas.rect(28, 28, width - 56, height - 56)
    lines = (
        (bold, 40, TITLE, 70),
        (bold, 30, issued.name, 60),
        (plain, 24, holder, 60),
        (plain, 16, SAYS, 34),
        (plain, 13, NO_MORE, 50),
        (plain, 16, f"받은 날 {day(issued.earned_on)}   유효한 날 {day(issued.expires_on)} 전까지", 36),
        (plain, 14, f"증서 번호 {issued.number}", 0),
    )
    y = height - 130
    for font, size, words, below in lines:
        canvas.setFont(font, size)
        canvas.drawCentredString(width / 2, y, words)
        y -= below
    canvas.showPage()
    canvas.save()
    return out.getvalue()
