"""Texts that a person still has to write: drafts are full of them, and none is ever spoken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from donghaeng.city.services.positions import Document
from donghaeng.errors import CatalogueError

BLANK: Final = "[채워 주세요]"
"""Begins such a text; a hint follows."""


def blanks(document: Document) -> Iterator[CatalogueError]:
    """Every blank of a file, with its line."""
    for path, text in _texts(document.data, ()):
        if text.startswith(BLANK):
            what = text.removeprefix(BLANK).strip() or "a text"
            where = ".".join(str(part) for part in path)
            remedy = f"write it in place of {BLANK} and the hint"
            yield document.error(path, f"{where} is still blank: {what}", remedy=remedy)


def _texts(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, index))
