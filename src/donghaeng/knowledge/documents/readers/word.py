"""DOCX (python-docx): paragraphs and tables in order, hidden text left out."""

from __future__ import annotations

import io
import re
from typing import Final

import docx
from docx.document import Document as WordDocument
from docx.table import Table
from docx.text.paragraph import Paragraph

from donghaeng.knowledge.documents.blocks import Block, heading, paragraph, table
from donghaeng.knowledge.documents.readers.hangul import level_of

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
            blocks += table([[cell.text for cell in row.cells] for row in part.rows])
        elif text := _seen(part):
            level = _level(part) or level_of(text)
            blocks.append(heading(text, level) if level else paragraph(text))
    return blocks


def _seen(part: Paragraph) -> str:
    if not part.runs:
        return part.text.strip()
    return "".join(run.text for run in part.runs if not run.font.hidden).strip()


def _level(part: Paragraph) -> int:
    name = (part.style.name if part.style is not None else "") or ""
    found = _HEADING.match(name)
    if found:
        return int(found[1])
    return 1 if name.lower() in _TITLES else 0
