"""Hard words that stand without their easy word. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache


def hard_words_in(text: str, known: str, hard_words: Mapping[str, str]) -> tuple[str, ...]:
    """Hard words of a text whose easy word stands neither in it nor in what was ``known`` before.

    A word counts where it begins a word of the text; particles may follow it.
    """
    if not hard_words:
        return ()
    told = text + known
    found = (match.group() for match in _pattern(tuple(hard_words)).finditer(text))
    return tuple(dict.fromkeys(word for word in found if hard_words[word] not in told))


@lru_cache(maxsize=4)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![가-힣A-Za-z])(?:{longest_first})(?![A-Za-z])")
