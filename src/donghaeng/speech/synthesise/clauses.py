"""A spoken reply cut into clauses, so that its sound can begin with the first and its parts can be cached.

Pauses follow section 2 of Donghaeng's voice design: they, not stretched syllables, are what makes slow speech
easier to follow: below the usual speed phrases become shorter and pauses longer, and syllables only a little
longer. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

PHRASE_PAUSE_MS: Final = 300
SENTENCE_PAUSE_MS: Final = 600
BREATH_MS: Final = 120
"""Between the halves of a clause that is too long to wait for."""
LONGEST_SYLLABLES: Final = 18
"""A clause longer than this (about 3 s) is cut at a particle or ending."""
SHORTEST_SYLLABLES: Final = 5
"""Neither half of such a cut is shorter."""
FIRST_SYLLABLES: Final = 12
"""The first clause of a reply is cut above this (about 2 s): its sound is what the citizen waits for, and
what comes after it is made while it is heard. Cut above nine it is harder to understand: of ten sentences
heard again seven came out right instead of nine."""
FIRST_BEST: Final = 8
"""Syllables before that cut, if it can be chosen: shorter, and the second clause is late."""
FIRST_SHORTEST: Final = 3
"""Neither side of it is shorter."""
USUAL_SPEED: Final = 0.9
"""Speed factor at which the pauses have their plain length."""
SLOW_SPEED: Final = 0.75
SLOW_FACTOR: Final = 1.5
"""The slow profile lengthens pauses by this factor."""
SHORTEST_FACTOR, LONGEST_FACTOR = 0.6, 2.0
SLOW_PHRASE_SYLLABLES: Final = 10
"""In the slow profile a clause longer than this is parted by a pause."""
STRETCH: Final = 0.4
"""Share of a slowing below the usual speed that the syllables take; pauses take the rest."""

_SENTENCE_END = ".?!"
_PIECE = re.compile(r"[^,.?!]+[,.?!]*")
_GOOD_CUT = re.compile(
    r"(?:은|는|에서|에는|에|까지|부터|고|며|면|서|니까|지만|는데|으로|로|이|가|을|를|와|과|하고|뒤|후|께)$"
)
_LEANS = re.compile(
    r"(?:님|씨|번|시|분|초|일|월|년|주|살|세|명|개|건|대|층|호|호선|동|도|원|미터|것|거|게|수|줄|데|때|뒤|후|전|중)"
    r"(?:이|가|은|는|을|를|의|에|께|과|와|도|만|로|쯤|까지|부터|으로|에서|에게|예요|이에요|이고)*[,.?!]*"
)
"""Words that lean on the one before them: counters, titles and dependent nouns with their particles."""
_AWAITS_MORE = frozenset(("오전", "오후", "밤", "새벽", "이", "그", "저", "한", "두", "세", "네", "인공지능"))
"""Words that nobody pauses after, and one of the legal notice, which must not be parted."""


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


def voice_speed(speed: float) -> float:
    """The speed that the voice itself takes: ``speed``, but below the usual one nearer to that."""
    return speed if speed >= USUAL_SPEED else USUAL_SPEED - STRETCH * (USUAL_SPEED - speed)


def syllables(text: str) -> int:
    """Hangul syllables in ``text``."""
    return sum("가" <= char <= "힣" for char in text)


def split_clauses(spoken: str, *, speed: float = USUAL_SPEED, begins: bool = True) -> tuple[Clause, ...]:
    """Cut spoken Korean (what ``read_aloud`` gives) at its pauses and where it is long.

    The texts joined by spaces are ``spoken`` again. A piece without Hangul is left out.

    Args:
        spoken: a reply or a part of one.
        speed: as the citizen wants it, 0.6 … 1.5; pauses and the length of phrases follow it.
        begins: whether the reply begins with it, so that its first clause has to be short.
    """
    factor = pause_factor(speed)
    slowness = min(max((USUAL_SPEED - speed) / (USUAL_SPEED - SLOW_SPEED), 0.0), 1.0)
    longest = round(LONGEST_SYLLABLES + slowness * (SLOW_PHRASE_SYLLABLES - LONGEST_SYLLABLES))
    breath = BREATH_MS + slowness * (PHRASE_PAUSE_MS - BREATH_MS)
    clauses: list[Clause] = []
    for found in _PIECE.finditer(spoken):
        text = found.group().strip()
        if not syllables(text):
            continue
        pause = SENTENCE_PAUSE_MS if text[-1] in _SENTENCE_END else PHRASE_PAUSE_MS
        first = begins and not clauses
        *heads, last = _with_short_beginning(text, longest) if first else _short_enough(text, longest)
        clauses.extend(Clause(head, round(breath * factor)) for head in heads)
        clauses.append(Clause(last, round(pause * factor)))
    return tuple(clauses)


def _with_short_beginning(text: str, longest: int) -> list[str]:
    """As :func:`_short_enough`, with a first piece that does not keep the citizen waiting."""
    if syllables(text) <= FIRST_SYLLABLES:
        return [text]
    words = text.split(" ")
    cut = _place(words, FIRST_SHORTEST, FIRST_SYLLABLES, FIRST_BEST)
    if cut is None:
        return _short_enough(text, longest)
    return [" ".join(words[:cut]), *_short_enough(" ".join(words[cut:]), longest)]


def _short_enough(text: str, longest: int) -> list[str]:
    total = syllables(text)
    if total <= longest:
        return [text]
    words = text.split(" ")
    cut = _place(words, SHORTEST_SYLLABLES, total - SHORTEST_SYLLABLES, total / 2)
    if cut is None:
        return [text]
    return [part for half in (words[:cut], words[cut:]) for part in _short_enough(" ".join(half), longest)]


def _place(words: list[str], least: int, most: int, best: float) -> int | None:
    """Where to part the words: after ``least`` to ``most`` syllables, at the good place nearest to ``best``,
    else at the nearest at all, but never between words that belong together; ``least`` are left behind it."""
    total = sum(syllables(word) for word in words)
    places: list[tuple[bool, float, int]] = []
    before = 0
    for index, (word, following) in enumerate(pairwise(words), start=1):
        before += syllables(word)
        if _LEANS.fullmatch(following) or word in _AWAITS_MORE:
            continue
        if least <= before <= min(most, total - least):
            places.append((not _GOOD_CUT.search(word), abs(before - best), index))
    return min(places)[2] if places else None
