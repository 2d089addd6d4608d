"""Which letters of a syllable are heard for which, and how often: the cost table the other way round."""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import Final

import numpy as np

from donghaeng.korean.jamo import VOWELS, join, split
from donghaeng.korean.sound_costs import FINAL_SOUNDS, SUBSTITUTE, SYMBOLS

NEAR: Final = 0.3
"""Sounds that replace each other at this cost or less are heard for each other."""
NEARER_BY: Final = 0.1
"""Added to a cost before its inverse becomes the weight: ㅐ for ㅔ (0.05) weighs 2.7 times ㅗ for ㅓ, 0.3."""
RARE: Final = 0.15
"""Weight of a syllable that hardly a word has (캬, 읠): recognisers write words that exist."""
_RARE_VOWELS: Final = frozenset("ㅑㅒㅖㅙㅚㅝㅞㅟㅠㅢ")
LOST_FINAL: Final = 0.4
"""Cost of a final consonant that is not heard, and of ㅎ that is not or wrongly heard at a beginning."""

Letters = tuple[str, str, str]


def confusable(limit: float) -> dict[str, tuple[str, ...]]:
    """Initial consonants and vowels → those that they are taken for at a cost of ``limit`` or less."""
    return {
        symbol: tuple(other for other, _ in likes)
        for symbol, likes in _near(limit).items()
        if not symbol.startswith("-")
    }


def misheard_syllable(char: str, chance: Random) -> str | None:
    """``char`` with one letter heard as a near one, the nearest most often; ``None`` for what has none."""
    letters = split(char)
    if letters is None:
        return None
    others = _others(letters)
    if not others:
        return None
    found = chance.choices([one for one, _ in others], [weight for _, weight in others])[0]
    return join(*found)


@lru_cache(maxsize=12_000)
def _others(letters: Letters) -> tuple[tuple[Letters, float], ...]:
    near = _near(NEAR)
    initial, vowel, final = letters
    found: list[tuple[Letters, float]] = []
    for other, cost in near.get(initial, ()):
        found.append(((other, vowel, final), cost))
    if initial in "ㅇㅎ":
        found.append((("ㅎ" if initial == "ㅇ" else "ㅇ", vowel, final), LOST_FINAL))
    for other, cost in near.get(vowel, ()):
        found.append(((initial, other, final), cost))
    if final:
        found.append(((initial, vowel, ""), LOST_FINAL))
        for other, cost in near.get("-" + FINAL_SOUNDS[final], ()):
            found.append(((initial, vowel, other.removeprefix("-")), cost))
    return tuple((one, _commonness(one, letters) / (NEARER_BY + cost)) for one, cost in found)


def _commonness(heard: Letters, said: Letters) -> float:
    initial, vowel, final = heard
    rare = vowel in _RARE_VOWELS and (initial != "ㅇ" or bool(final)) and vowel != said[1]
    return RARE if rare else 1.0


@lru_cache(maxsize=4)
def _near(limit: float) -> dict[str, tuple[tuple[str, float], ...]]:
    """Each sound → those of its own kind (initial, vowel or final) within ``limit``, with their cost."""
    found = {}
    for number, symbol in enumerate(SYMBOLS):
        near = [
            (SYMBOLS[other], float(SUBSTITUTE[number, other]))
            for other in np.flatnonzero(SUBSTITUTE[number] <= limit)
        ]
        found[symbol] = tuple(
            (one, cost) for one, cost in near if one != symbol and _kind(one) == _kind(symbol)
        )
    return found


def _kind(symbol: str) -> str:
    if symbol.startswith("-"):
        return "final"
    return "vowel" if symbol in VOWELS else "initial"
