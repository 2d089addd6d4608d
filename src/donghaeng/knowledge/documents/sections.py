"""A document by its own structure: each section with the headings above it, cut into pieces. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from donghaeng.knowledge.documents.blocks import Block, BlockKind, Document
from donghaeng.knowledge.passages import sentences

MOST_CHARS: Final = 600
"""Of a passage: some six sentences, enough to hold a condition with its exceptions."""


@dataclass(frozen=True, slots=True)
class Section:
    """What one passage is made of."""

    path: tuple[str, ...]
    """The headings above it, highest first."""
    text: str
    """Paragraphs and rows a line each."""
    page: int | None = None
    """Where it begins."""


def sections(document: Document) -> Iterator[Section]:
    """The sections of a document, in order; rows of tables never cut, sentences neither.

    A heading with nothing below it but other headings is told in their paths alone.
    """
    path: list[tuple[int, str]] = []
    held: list[Block] = []
    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            yield from _cut(path, held)
            held = []
            path = [(level, text) for level, text in path if level < block.level]
            path.append((block.level, block.text))
        else:
            held.append(block)
    yield from _cut(path, held)


def _cut(path: list[tuple[int, str]], blocks: list[Block]) -> Iterator[Section]:
    above = tuple(text for _, text in path)
    text, page = "", None
    for block in blocks:
        # A line that ends without a mark is a sentence of its own all the same.
        joint = "\n"
        for part in _parts(block):
            if text and len(text) + len(part) > MOST_CHARS:
                yield Section(above, text, page)
                text, page = "", None
            text = f"{text}{joint}{part}" if text else part
            page = block.page if page is None else page
            joint = " "
    if text:
        yield Section(above, text, page)


def _parts(block: Block) -> list[str]:
    if block.kind is BlockKind.ROW:
        return [f"{block.text}." if block.text[-1:] not in ".?!" else block.text]
    return sentences(block.text)
