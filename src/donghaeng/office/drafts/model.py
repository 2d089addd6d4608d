"""What a draft is before it is a file: lines and tables with their looks, and what is told about it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Final, Literal

MARK: Final = "이 문서의 초안은 인공지능이 만들었습니다. 담당자가 내용을 확인하고 고친 뒤에 씁니다."
"""The notice that people read (인공지능기본법 제31조 제2항)."""
Method = Literal["templates", "reworded"]
"""How the words came about: by templates and extracts, or reworded by a language model."""
_SOURCE_TYPES: Final[dict[Method, str]] = {
    "templates": "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia",
    "reworded": "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia",
}
"""The notice that programs read: terms of the IPTC vocabulary of digital source types."""


class Look(Enum):
    """How a line looks."""

    NAME = "name"
    """Of the body that writes: large, in the middle."""
    TITLE = "title"
    HEAD = "head"
    LINE = "line"
    SIGNED = "signed"
    """In whose name it goes out: large, in the middle."""
    NOTE = "note"
    """Small."""


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph."""

    text: str
    look: Look = Look.LINE
    level: int = 0
    """Steps of indentation."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; all rows are equally long."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One point of an outline with what lies under it."""

    text: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Extract:
    """A passage that an official chose, word for word."""

    text: str
    source: str
    """Name of the document."""
    place: str = ""
    """Page or section in it."""

    @property
    def cited(self) -> str:
        """The passage with its source."""
        where = ", ".join(part for part in (self.source, self.place) if part)
        return f"{self.text} (근거: {where})"


@dataclass(frozen=True, slots=True)
class About:
    """What the file tells about itself."""

    organisation: str
    made_at: datetime
    """With its offset."""
    method: Method = "templates"

    @property
    def keywords(self) -> str:
        """For programs: that a machine wrote it, and how."""
        return f"ai-generated; digitalSourceType={_SOURCE_TYPES[self.method]}; generator=donghaeng"


@dataclass(frozen=True, slots=True)
class Draft:
    """A document without its format."""

    kind: str
    title: str
    blocks: tuple[Line | Grid, ...]
    about: About
    body: tuple[int, int] = field(default=(0, 0))
    """Which blocks are the body that ends with ``끝.``: from, up to; (0, 0) where no such body is."""

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything that it says, the AI mark last; cells one a line."""
        told: list[str] = []
        for block in self.blocks:
            if isinstance(block, Line):
                told.append(block.text)
            else:
                told += [cell for row in block.rows for cell in row]
        return (*told, MARK)

    @property
    def letter(self) -> str:
        """The body that ends with ``끝.``, as the linter judges it; empty where there is none."""
        blocks = self.blocks[slice(*self.body)]
        return "\n".join(block.text for block in blocks if isinstance(block, Line))
