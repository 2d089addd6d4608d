"""Texts cut into pieces that are short enough for one vector to mean one thing. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from donghaeng.knowledge.passages import sentences

MOST_CHARS: Final = 200
"""Characters of a piece beside its title; a longer sentence is a piece of its own."""


def pieces(title: str, text: str) -> Iterator[str]:
    """Whole sentences, as many as fit, each piece led by the title so that it says what it is about."""
    begun = ""
    for sentence in sentences(text):
        if begun and len(begun) + len(sentence) > MOST_CHARS:
            yield f"{title}. {begun}"
            begun = ""
        begun = f"{begun} {sentence}".strip()
    yield f"{title}. {begun}" if begun else title
