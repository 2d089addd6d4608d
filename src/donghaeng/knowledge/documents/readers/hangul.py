"""HWPX and HWP 5 (syhwp). Headings are known by the marks that Korean offices set before them.

Words that nobody would see are left out of HWPX; how characters of HWP look is not read.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import syhwp

from donghaeng.knowledge.documents.blocks import Block, cleaned, heading, paragraph, table
from donghaeng.knowledge.documents.readers.hangul_seen import without_hidden

LONGEST_HEADING: Final = 60
"""Characters; a longer line with such a mark is a sentence."""
_LEVELS: Final = (
    re.compile(r"^(?:제\s*\d+\s*[편장]|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+[.\s]|[■▣◆])"),
    re.compile(r"^(?:제\s*\d+\s*절|□|❏|\d{1,2}\.\s|<[^>]+>$|【[^】]+】$)"),
    re.compile(r"^(?:제\s*\d+\s*조(?:의\s*\d+)?\s*\(|[가-하]\.\s)"),
)
"""Highest first: 제1장 and Ⅰ., then □ and 1., then 제1조(목적) and 가. (행정업무의 운영 및 혁신에 관한 규정
시행규칙 제2조: the order of marks)."""


def read_hangul(data: bytes, suffix: str) -> list[Block]:
    """Blocks of an HWPX or HWP file.

    Raises:
        syhwp.EncryptedDocumentError: it needs a password.
        syhwp.SyhwpError: it is damaged or of an unknown version.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"document{suffix}"
        file.write_bytes(without_hidden(data) if suffix == ".hwpx" else data)
        found = syhwp.open(str(file))
    return list(_blocks(found))


def _blocks(found: syhwp.Document) -> Iterator[Block]:
    for block in found.blocks:
        if isinstance(block, syhwp.Table):
            yield from table(block.grid())
        elif isinstance(block, syhwp.Paragraph):
            for line in block.text.splitlines():
                yield from _line(cleaned(line))


def _line(text: str) -> Iterator[Block]:
    level = level_of(text)
    if text:
        yield heading(text, level) if level else paragraph(text)


def level_of(text: str) -> int:
    """Level of a heading by its mark, 0 for what is none."""
    if len(text) > LONGEST_HEADING or text.endswith(("다.", "요.", "다", "함", "음")):
        return 0
    return next((number for number, mark in enumerate(_LEVELS, start=1) if mark.match(text)), 0)
