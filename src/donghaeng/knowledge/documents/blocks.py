"""What every reader makes of a file: headings, paragraphs and rows of tables, in reading order. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import Final

_SPACES: Final = re.compile(r"\s+")
_UNSEEN: Final = frozenset(("Cf", "Co", "Cs"))
"""Categories of characters that are there and not to be seen: marks of direction, of no width, tags."""


class BlockKind(Enum):
    """What a block is."""

    HEADING = "heading"
    TEXT = "text"
    ROW = "row"
    """A row of a table; its cells are told with their columns' names."""


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph or row."""

    kind: BlockKind
    text: str
    level: int = 0
    """Of a heading: 1 is the highest."""
    page: int | None = None
    """Page of the file, from 1, where it has pages."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read."""

    format: str
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        """Everything it says."""
        return "\n".join(block.text for block in self.blocks)


def cleaned(text: str) -> str:
    """Text with nothing in it that cannot be seen: composed Hangul, single spaces, no control characters."""
    composed = unicodedata.normalize("NFC", text)
    categories = [(char, unicodedata.category(char)) for char in composed]
    visible = "".join(" " if kind == "Cc" else char for char, kind in categories if kind not in _UNSEEN)
    return _SPACES.sub(" ", visible).strip()


def heading(text: str, level: int, page: int | None = None) -> Block:
    """A heading, 1 the highest."""
    return Block(BlockKind.HEADING, cleaned(text), level, page)


def paragraph(text: str, page: int | None = None) -> Block:
    """A paragraph."""
    return Block(BlockKind.TEXT, cleaned(text), page=page)


def table(rows: list[list[str]], page: int | None = None) -> list[Block]:
    """The rows of a table: the first names the columns where it is one of names."""
    cells = [[cleaned(cell) for cell in row] for row in rows]
    cells = [row for row in cells if any(row)]
    if not cells:
        return []
    names, body = (cells[0], cells[1:]) if len(cells) > 1 and all(cells[0]) else ([], cells)
    return [Block(BlockKind.ROW, _told(names, row), page=page) for row in body]


def _told(names: list[str], row: list[str]) -> str:
    if len(names) != len(row):
        return ", ".join(cell for cell in row if cell)
    return ", ".join(f"{name}: {cell}" for name, cell in zip(names, row, strict=True) if cell)
