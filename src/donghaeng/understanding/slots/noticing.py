"""Whether a name of a place that nothing asked for stands in the words as a name, or is a piece of others."""

from __future__ import annotations

import re
from typing import Final

from donghaeng.korean.endings import COPULA
from donghaeng.korean.sounds import SoundMatch
from donghaeng.understanding.slots.gazetteer import SHORTEST_UNASKED

_CITY: Final = "서울"
"""The city itself, unless the station is named with its 역."""
_AFTER_CITY = re.compile("역")
_AFTER_SHORT = re.compile(
    rf"$|[\s,.!?~…]|역|동|구|에|쪽|(?:으)?로|[은는]\s|{COPULA}|까지|부터|하고|근처|사거리|시장|시청|앞|서\s"
)
"""What may follow a place of two syllables."""
_PIECE = re.compile(r"(?:^|\S\S\s)(?P<syllable>[가-힣])\s+$")
"""One syllable by itself before a name, in words that are not spelt syllable by syllable."""
_OVER = re.compile(r"\s?(?:역|[.?!]*$)")
_WORDS_OF_ONE: Final = frozenset(
    "그저이요내제나너또좀왜음어아네예응뭐막꼭더다여걸거것데곳때날시분번호선역구동로길앞옆뒤쪽가서에은는을를도만와과랑"
    "집딸차비약밤곧참즉단말고지의으"
)
"""Syllables that are words or particles; others by themselves are pieces of a cut word ("공 중화 장실")."""


def stands_alone(words: str, match: SoundMatch) -> bool:
    """Whether a name noticed in ``words`` is one.

    A name of two syllables is one only as it is spelt and as a word of its own ("방학이라" is no 방학역); one
    that only sounds like the words only where it is no piece of other words ("하는 공연" is no 하늘공원) nor
    put together from pieces ("화 장실" is no 잠실).
    """
    said = words[match.start : match.end]
    begins = match.start == 0 or not words[match.start - 1].isalnum()
    piece = _PIECE.search(words[: match.start])
    if piece is not None and piece["syllable"] not in _WORDS_OF_ONE:
        begins = False
    if len(match.name) <= SHORTEST_UNASKED:
        after = _AFTER_CITY if match.name == _CITY else _AFTER_SHORT
        whole = " " not in said or _OVER.match(words, match.end) is not None
        return match.distance == 0.0 and begins and whole and bool(after.match(words, match.end))
    return match.distance == 0.0 or (begins and " " not in said)
