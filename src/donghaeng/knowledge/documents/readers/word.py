"""DOCX (python-docx): paragraphs and tables in order. Words that nobody would see are left out: hidden ones,
ones in white where nothing is shaded, and ones of a point."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Final

import docx
from docx.document import Document as WordDocument
from docx.shared import Pt
from docx.styles.style import BaseStyle, CharacterStyle
from docx.table import Table, _Cell
from docx.text.font import Font
from docx.text.hyperlink import Hyperlink
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from donghaeng.knowledge.documents.blocks import Block, heading, paragraph, table
from donghaeng.knowledge.documents.readers.hangul import level_of

SMALLEST: Final = Pt(1)
PALE: Final = 0xF2
"""Of 255 in each colour; the paper is white."""
DEEPEST_STYLE: Final = 20
_HEADING: Final = re.compile(r"^(?:heading|제목)\s*(\d)$", re.IGNORECASE)
_TITLES: Final = frozenset(("title", "제목"))


def read_word(data: bytes) -> list[Block]:
    """Blocks of a DOCX file.

    Raises:
        docx.opc.exceptions.PackageNotFoundError: it is damaged.
    """
    document: WordDocument = docx.Document(io.BytesIO(data))
    blocks: list[Block] = []
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            blocks += table([[_cell(cell) for cell in row.cells] for row in part.rows])
        elif text := _seen(part):
            level = _level(part) or level_of(text)
            blocks.append(heading(text, level) if level else paragraph(text))
    return blocks


def _cell(cell: _Cell) -> str:
    # A filled cell may have white words: somebody sees them.
    is_filled = bool(cell._tc.xpath("./w:tcPr/w:shd[@w:fill and @w:fill!='auto' and @w:fill!='FFFFFF']"))
    return "\n".join(_seen(part, white=is_filled) for part in cell.paragraphs)


def _seen(part: Paragraph, *, white: bool = False) -> str:
    """The words of a paragraph that somebody sees, those of links too; white ones with ``white`` alone."""
    found: list[Run] = []
    for inner in part.iter_inner_content():
        found += inner.runs if isinstance(inner, Hyperlink) else [inner]
    styles = _styles(part.style)
    return "".join(
        run.text for run in found if not _hides([run.font, *_styles(run.style), *styles], white=white)
    ).strip()


def _styles(style: BaseStyle | None) -> list[Font]:
    """The looks of a style and of those that it is made from, the nearest first."""
    looks: list[Font] = []
    while isinstance(style, CharacterStyle) and len(looks) < DEEPEST_STYLE:
        looks.append(style.font)
        style = style.base_style
    return looks


def _hides(looks: Sequence[Font], *, white: bool) -> bool:
    """Whether words of these looks cannot be seen; of each look the first that says something counts."""
    hidden = next((one.hidden for one in looks if one.hidden is not None), False)
    size = next((one.size for one in looks if one.size is not None), None)
    colour = next((one.color.rgb for one in looks if one.color.rgb is not None), None)
    marked = any(one.highlight_color is not None for one in looks)
    pale = colour is not None and min(colour) >= PALE and not white and not marked
    return bool(hidden) or pale or (size is not None and size <= SMALLEST)


def _level(part: Paragraph) -> int:
    name = (part.style.name if part.style is not None else "") or ""
    found = _HEADING.match(name)
    if found:
        return int(found[1])
    return 1 if name.lower() in _TITLES else 0
