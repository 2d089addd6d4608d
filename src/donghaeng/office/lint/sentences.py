"""Sentences that are too long to be understood at one reading. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from donghaeng.office.lint.finding import Found

LONGEST: Final = 90
"""Characters without spaces; from there on a sentence is told to be long (own choice; guides to official
writing advise fifty)."""
_END: Final = re.compile(r"(?<=[가-힣\"'”’)])[.?!]+(?=\s|$)|\n")


def long_sentences(text: str) -> Iterator[Found]:
    """Each one, whole."""
    start = 0
    for end in [*(found.end() for found in _END.finditer(text)), len(text)]:
        sentence = text[start:end]
        first = start + len(sentence) - len(sentence.lstrip())
        last = start + len(sentence.rstrip())
        if sum(not char.isspace() and char != "\x00" for char in text[first:last]) > LONGEST:
            yield Found("sentence.long", first, last)
        start = end
