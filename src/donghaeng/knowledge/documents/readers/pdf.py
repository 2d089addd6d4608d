"""PDF (pypdf): the text of every page that somebody would see. Nothing that a file can run is run."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import Final

from pypdf import PageObject, PdfReader

from donghaeng.errors import DocumentRefused
from donghaeng.knowledge.documents.blocks import Block, cleaned, heading, paragraph
from donghaeng.knowledge.documents.readers.hangul import level_of
from donghaeng.knowledge.documents.readers.pdf_seen import Seen

_PARAGRAPH: Final = re.compile(r"\n\s*\n")
_ENDED: Final = re.compile(r"(?:[.?!:]|다\.|요\.|[)」』】])$")
_MARKED: Final = re.compile(r"^(?:[○●◦•▪·※*-]|\(?\d{1,2}[.)]|[가-하][.)])\s")


def read_pdf(data: bytes) -> list[Block]:
    """Blocks of a PDF, each with its page.

    Raises:
        DocumentRefused: it is encrypted, or holds pictures of text alone.
        pypdf.errors.PyPdfError: it is damaged.
    """
    reader = PdfReader(io.BytesIO(data))
    # Many files are encrypted with no password at all, to forbid editing: those open.
    if reader.is_encrypted and not reader.decrypt(""):
        raise DocumentRefused("encrypted", "the file is encrypted", remedy="save it without a password")
    blocks = [
        block for number, page in enumerate(reader.pages, start=1) for block in _page(_seen(page), number)
    ]
    if not blocks:
        remedy = "give a file whose text can be marked"
        raise DocumentRefused("pictures", "no text in it, only pictures", remedy=remedy)
    return blocks


def _seen(page: PageObject) -> str:
    box = page.mediabox
    seen = Seen((float(box.left), float(box.bottom), float(box.right), float(box.top)))
    return page.extract_text(visitor_operand_before=seen.before, visitor_operand_after=seen.after) or ""


def _page(text: str, number: int) -> list[Block]:
    blocks: list[Block] = []
    for part in _PARAGRAPH.split(text):
        for line in joined(cleaned(line) for line in part.splitlines()):
            level = level_of(line)
            blocks.append(heading(line, level, number) if level else paragraph(line, number))
    return blocks


def joined(lines: Iterable[str]) -> list[str]:
    """Lines put together where a sentence was broken at the edge of the page."""
    whole: list[str] = []
    for line in lines:
        if not line:
            continue
        if (
            not whole
            or _ENDED.search(whole[-1])
            or _MARKED.match(line)
            or level_of(line)
            or level_of(whole[-1])
        ):
            whole.append(line)
        else:
            whole[-1] = f"{whole[-1]} {line}"
    return whole
