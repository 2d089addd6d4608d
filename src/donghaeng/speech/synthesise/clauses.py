"""A spoken reply cut into clauses, so that its sound can begin with the first and its parts can be cached.

Pauses follow section 2 of Donghaeng's voice design: they, not stretched syllables, are what makes slow speech
easier to follow. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

PHRASE_PAUSE_MS: Final = 300
SENTENCE_PAUSE_MS: Final = 600
BREATH_MS: Final = 120
"""Between the halves of a clause that is too long to wait for."""
LONGEST_SYLLABLES: Final = 18
"""A clause longer than this (about 3 s) is cut at a particle or ending."""
SHORTEST_SYLLABLES: Final = 5
"""Neither half of such a cut is shorter."""
USUAL_SPEED: Final = 0.9
"""Speed factor at which the pauses have their plain length."""
SLOW_SPEED: Final = 0.75
SLOW_FACTOR: Final = 1.5
"""The slow profile lengthens pauses by this factor."""
SHORTEST_FACTOR, LONGEST_FACTOR = 0.6, 2.0

_SENTENCE_END = ".?!"
_PIECE = re.compile(r"[^,.?!]+[,.?!]*")
_GOOD_CUT = re.compile(
    r"(?:은|는|에서|에는|에|까지|부터|고|며|면|서|니까|지만|는데|으로|로|이|가|을|를|와|과|하고|뒤|후)$"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of speech with its mark, and the silence after it in milliseconds."""

    text: str
    pause_ms: int


def pause_factor(speed: float) -> float:
    """How much longer pauses are at ``speed``: 1 at 0.9, 1.5 at 0.75, less than 1 when faster."""
    if speed >= USUAL_SPEED:
        factor = USUAL_SPEED / speed
    else:
        factor = 1 + (USUAL_SPEED - speed) / (USUAL_SPEED - SLOW_SPEED) * (SLOW_FACTOR - 1)
    return min(max(factor, SHORTEST_FACTOR), LONGEST_FACTOR)


def syllables(text: str) -> int:
    """Hangul syllables in ``text``."""
    return sum("가" <= char <= "힣" for char in text)


def split_clauses(spoken: str, *, speed: float = USUAL_SPEED) -> tuple[Clause, ...]:
    """Cut spoken Korean (what ``read_aloud`` gives) at its pauses and where it is long.

    The texts joined by spaces are ``spoken`` again. A piece without Hangul is left out.
    """
    factor = pause_factor(speed)
    clauses: list[Clause] = []
    for found in _PIECE.finditer(spoken):
        text = found.group().strip()
        if not syllables(text):
            continue
        pause = SENTENCE_PAUSE_MS if text[-1] in _SENTENCE_END else PHRASE_PAUSE_MS
        *heads, last = _short_enough(text)
        clauses.extend(Clause(head, round(BREATH_MS * factor)) for head in heads)
        clauses.append(Clause(last, round(pause * factor)))
    return tuple(clauses)


def _short_enough(text: str) -> list[str]:
    if syllables(text) <= LONGEST_SYLLABLES:
        return [text]
    words = text.split(" ")
    cut = _cut(words)
    if cut is None:
        return [text]
    return [*_short_enough(" ".join(words[:cut])), *_short_enough(" ".join(words[cut:]))]


def _cut(words: list[str]) -> int | None:
    """Where to part the words: the good place nearest to the middle, else the nearest place at all."""
    total = sum(syllables(word) for word in words)
    places: list[tuple[bool, int, int]] = []
    before = 0
    for index, word in enumerate(words[:-1], start=1):
        before += syllables(word)
        if min(before, total - before) >= SHORTEST_SYLLABLES:
            places.append((not _GOOD_CUT.search(word), abs(2 * before - total), index))
    return min(places)[2] if places else None
