"""Clean sentences → what is said and heard of them: noise for measuring, variants for learning."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

from donghaeng.korean.noise.mishearing import mishear
from donghaeng.korean.noise.pieces import pieces_of, text_of

TRIES: Final = 4
"""How often a variant that was there already is tried anew."""


def vary(
    text: str,
    chance: Random,
    *,
    level: float = 0.1,
    keep_numbers: bool = False,
    keep: Sequence[str] = (),
) -> str:
    """``text`` as a recogniser might write it. Total: any text is taken, NFC comes out, never nothing.

    Args:
        text: a clean sentence.
        chance: seeded generator; the same state gives the same result.
        level: share of the syllables that are wrong, 0 … 1; 0 gives ``text`` itself.
        keep_numbers: digits, Latin letters and number words stay, for another number is another request.
        keep: words that stay, names of places for example.
    """
    return text_of(mishear(pieces_of(text, keep_numbers=keep_numbers, keep=keep), chance, level))


def variants(text: str, chance: Random, count: int, *, level: float = 0.1) -> list[str]:
    """Up to ``count`` different variants of ``text``, never ``text`` itself; fewer where it is too short
    for more."""
    seen: set[str] = {vary(text, chance, level=0.0)}
    found: list[str] = []
    for _ in range(count):
        for _ in range(TRIES):
            varied = vary(text, chance, level=level)
            if varied not in seen:
                seen.add(varied)
                found.append(varied)
                break
    return found
