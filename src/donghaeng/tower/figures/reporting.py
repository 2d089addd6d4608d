"""The monthly report: one content, as PDF, as HWPX, and as an archive of both."""

from __future__ import annotations

import calendar
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from donghaeng.errors import InputError
from donghaeng.office.drafts.files.fonts import register
from donghaeng.office.drafts.files.hwpx import PLAIN
from donghaeng.store.figures import OWN
from donghaeng.store.store import Transaction
from donghaeng.tower.figures.asking import Range, Series
from donghaeng.tower.figures.charting import png_of
from donghaeng.tower.figures.definitions import Definitions
from donghaeng.tower.figures.tabling import head_of, rows_of
from donghaeng.tower.figures.viewing import Card, Wanted, cards, sentence_of, series

Kind = Literal["pdf", "hwpx", "zip"]
"""``zip`` holds the other two."""
MEDIA: Final[Mapping[Kind, str]] = {
    "pdf": "application/pdf",
    "hwpx": "application/hwp+zip",
    "zip": "application/zip",
}
_CHARTS: Final = (
    ("conversations", "channel"),
    ("conversations", "hour"),
    ("conversations", "district"),
    ("completion", "service"),
    ("handover", "channel"),
    ("failures", "provider"),
)
"""What a report draws: each metric's groups; the course of each metric once."""
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
_PICTURE_MM: Final = (160.0, 64.0)
_FEW_ROWS: Final = 40
HEAD: Final = ("항목", "값", "앞 달과 견주어")


@dataclass(frozen=True, slots=True)
class Content:
    """What a report says."""

    title: str
    note: str
    cards: Sequence[Card]
    drawn: Sequence[Series]


def month_of(text: str) -> Range:
    """The days of ``2026-11``.

    Raises:
        InputError: it is no month.
    """
    found = _MONTH.fullmatch(text)
    year, month = (int(found[1]), int(found[2])) if found else (0, 0)
    if not (2000 <= year <= 2999 and 1 <= month <= 12):
        raise InputError("no month", remedy="as in 2026-11")
    return Range(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def content_of(
    tx: Transaction, definitions: Definitions, days: Range, services: Mapping[str, str], *, system: str = OWN
) -> Content:
    """Read what the report of a month says."""
    drawn: list[Series] = []
    told: set[str] = set()
    known = {one.id for one in definitions.metrics}
    for metric, cut in _CHARTS:
        if metric not in known:
            continue
        found = series(tx, definitions, Wanted(days, metric, cut, system), services)
        drawn += [one for name, one in found.items() if name == "groups" or metric not in told]
        told.add(metric)
    title = f"동행 운영 현황 보고 ({days.first.year}년 {days.first.month}월)"
    note = (
        f"{days.first.isoformat()}부터 {days.last.isoformat()}까지의 기록을 셌습니다. 모든 값은 시스템의 "
        "기록에서 나왔고 손으로 적은 값은 없습니다. 5 미만인 자치구의 값은 적지 않습니다."
    )
    return Content(title, note, cards(tx, definitions, Wanted(days, system=system)), drawn)


def make(kind: Kind, content: Content) -> bytes:
    """The file."""
    if kind == "zip":
        return _both(content)
    return _pdf(content) if kind == "pdf" else _hwpx(content)


def _both(content: Content) -> bytes:
    packed = io.BytesIO()
    # PDF and HWPX are packed already.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, data in (("report.pdf", _pdf(content)), ("report.hwpx", _hwpx(content))):
            archive.writestr(name, data)
    return packed.getvalue()


def _heading(one: Series) -> str:
    parts = head_of(one)
    return parts[1] if one.dimension in {"day", "month"} else f"{parts[1]} · {parts[0]}별"


def _pdf(content: Content) -> bytes:
    # A third of a second, which only reports pay.
    from reportlab.lib.pagesizes import A4  # noqa: PLC0415
    from reportlab.lib.styles import ParagraphStyle  # noqa: PLC0415
    from reportlab.lib.units import mm  # noqa: PLC0415
    from reportlab.platypus import Image, Paragraph, SimpleDocTemplate, Spacer  # noqa: PLC0415

    register()
    plain = ParagraphStyle("plain", fontName="NanumGothic", fontSize=10, leading=15, wordWrap="CJK")
    large = ParagraphStyle("large", parent=plain, fontName="NanumGothic-Bold", fontSize=17, leading=26)
    head = ParagraphStyle("head", parent=plain, fontName="NanumGothic-Bold", fontSize=12, leading=20)
    story: list[Any] = [Paragraph(_xml(content.title), large), Paragraph(_xml(content.note), plain)]
    rows = [(card.name, card.value, card.change) for card in content.cards]
    story += [Spacer(1, 4 * mm), _pdf_table(HEAD, rows, plain)]
    for one in content.drawn:
        story += [Spacer(1, 6 * mm), Paragraph(_xml(_heading(one)), head)]
        story.append(Paragraph(_xml(sentence_of(one)), plain))
        story.append(_pdf_picture(Image, png_of(one), mm))
        story.append(_pdf_table(head_of(one), rows_of(one)[:_FEW_ROWS], plain))
    out = io.BytesIO()
    made = SimpleDocTemplate(
        out,
        pagesize=A4,
        title=content.title,
        author="동행",
        lang="ko",
        leftMargin=20 * mm,
        rightMargin=20 * mm,
    )
    made.build(story)
    return out.getvalue()


def _pdf_picture(image: Any, png: bytes, mm: float) -> Any:
    made = image(io.BytesIO(png))
    scale = min(_PICTURE_MM[0] * mm / made.imageWidth, 200 * mm / made.imageHeight)
    made.drawWidth, made.drawHeight = made.imageWidth * scale, made.imageHeight * scale
    return made


def _pdf_table(head: Sequence[str], rows: Sequence[Sequence[str]], style: Any) -> Any:
    from reportlab.lib import colors  # noqa: PLC0415
    from reportlab.platypus import LongTable, Paragraph, TableStyle  # noqa: PLC0415

    cells = [[Paragraph(_xml(cell), style) for cell in row] for row in (head, *rows)]
    look = [
        ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
        ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    return LongTable(cells, repeatRows=1, style=TableStyle(look))


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _hwpx(content: Content) -> bytes:
    from hwpx import HwpxDocument  # noqa: PLC0415

    document = HwpxDocument.new()
    document.add_heading(content.title, 1)
    document.add_paragraph(content.note, style=PLAIN)
    _hwpx_table(document, HEAD, [(card.name, card.value, card.change) for card in content.cards])
    for one in content.drawn:
        document.add_heading(_heading(one), 2)
        document.add_paragraph(sentence_of(one), style=PLAIN)
        document.add_picture(png_of(one, dots=120), "png", width_mm=_PICTURE_MM[0])
        _hwpx_table(document, head_of(one), rows_of(one)[:_FEW_ROWS])
    made: bytes = document.to_bytes()
    return made


def _hwpx_table(document: Any, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(len(rows) + 1, len(head))
    for number, row in enumerate((head, *rows)):
        for column, cell in enumerate(row):
            table.set_cell_text(number, column, cell)
