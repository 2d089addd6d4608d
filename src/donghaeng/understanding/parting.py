"""Words that a recogniser ran together, parted: "토요일에용산구에서" → "토요일에 용산구에서".

What follows a particle, an ending or an adverb is another word. Only nouns are parted off, for a verb may
belong to the ending before it (보조 용언: 한글 맞춤법 제47항), and only long ones, for short ones are often
pieces of a word that the analyser does not know.
"""

from __future__ import annotations

import re
from typing import Final

from donghaeng.korean.morphemes import Place

SHORTEST: Final = 5
"""Syllables of words that were run together."""
NAME: Final = 3
"""Syllables of a proper noun that is parted off."""
NOUN: Final = 2
"""The same of another noun, of which the rest must have :data:`NAME` syllables."""

_ENDS_A_WORD: Final = ("J", "EC", "EF", "MA", "MM", "IC")
"""Tags after which a proper noun is a new word."""
_PARTICLE: Final = ("JK", "JX")
_IS_NOT = re.compile(r"(?<=[가-힣][이가은는])(?=아니(?:라|고|구|에요|예요|야|요))")
_PLACE = re.compile(r"[구동역]$")


def parted(word: str, place: Place) -> str:
    """``word`` with spaces where another word begins; unchanged where none does."""
    word = _IS_NOT.sub(" ", word)
    if " " in word or len(word) < SHORTEST:
        return word
    cuts, before, name = [], "", ""
    for morpheme in place(word):
        if morpheme.start and _begins(morpheme.form, morpheme.tag, before, name, len(word) - morpheme.start):
            cuts.append(morpheme.start)
        before, name = morpheme.tag, morpheme.form if morpheme.tag == "NNP" else ""
    for cut in reversed(cuts):
        word = f"{word[:cut]} {word[cut:]}"
    return word


def _begins(form: str, tag: str, before: str, name: str, left: int) -> bool:
    """Whether a morpheme begins a word after one tagged ``before``."""
    if tag == "NNP" and len(form) >= NAME:
        return before.startswith(_ENDS_A_WORD)
    if tag == "NNG" and len(form) >= NOUN and left >= NAME:
        return before.startswith(_PARTICLE)
    return tag in ("VV", "VA") and len(name) >= NAME and _PLACE.search(name) is not None
