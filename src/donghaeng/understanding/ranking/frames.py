"""N-grams of morphemes: what is spoken of, and in which frame of endings it stands.

Korean says at its end what a sentence does: 가요, 가나요 and 가야죠 share the word and differ in the
ending. So beside plain n-grams there are those of the sentence with its nouns left open, and of its endings
alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from donghaeng.korean.morphemes import Morpheme

PLAIN: Final = (1, 2, 3)
OPEN: Final = (2, 3, 4)
ENDINGS: Final = (2, 3, 4)
"""Lengths of the n-grams, in morphemes."""
LONGEST_SKIP: Final = 3
"""Endings up to so far apart are also taken together."""

_FRAME: Final = frozenset("JEVXMSI")
"""First letters of the tags that make up a sentence's frame; the rest is what it speaks of."""
_SPOKEN_OF: Final = frozenset("NVMX")
_CHAIN: Final = frozenset(
    ("NP", "MAG", "MM", "XR", "IC", "VX", "JX", "NNB", "VCN", "VA", "EP", "EF", "EC", "ETM", "ETN")
)
"""Endings, auxiliaries, pronouns, adverbs: what tells asking from telling and wishing."""
_BEGIN: Final = "<s>"
_END: Final = "</s>"


def morpheme_grams(morphemes: Sequence[Morpheme]) -> Iterator[str]:
    """The n-grams of a sentence's morphemes, marked by kind."""
    whole = [_BEGIN, *(f"{form}/{tag}" for form, tag in morphemes), _END]
    yield from _joined("", whole, PLAIN)
    frame = (f"{form}/{tag}" if tag[0] in _FRAME else tag for form, tag in morphemes)
    yield from _joined("o ", [_BEGIN, *frame, _END], OPEN)
    chain = [_BEGIN, *(f"{form}/{tag}" for form, tag in morphemes if tag in _CHAIN), _END]
    yield from _joined("e ", chain, ENDINGS)
    for start, first in enumerate(chain):
        for second in chain[start + 2 : start + LONGEST_SKIP + 1]:
            yield f"s {first} {second}"
    yield from _joined("c ", [f"{form}/{tag}" for form, tag in morphemes if tag[0] in _SPOKEN_OF], (2,))


def _joined(mark: str, parts: Sequence[str], sizes: Sequence[int]) -> Iterator[str]:
    for size in sizes:
        for start in range(len(parts) - size + 1):
            yield mark + " ".join(parts[start : start + size])
