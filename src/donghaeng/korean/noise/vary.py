"""Clean sentences → what is said and heard of them: noise for measuring, variants for learning."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

from donghaeng.korean.noise.manners import Habit, Manners, say
from donghaeng.korean.noise.mishearing import mishear
from donghaeng.korean.noise.pieces import pieces_of, text_of

TRIES: Final = 4
"""How often a variant that was there already is tried anew."""
STANDARD: Final = 0.4
"""Share of the variants in the standard language; the others are spread over the regions."""
FILLERS: Final = 0.25
DETOURS: Final = 0.25
"""Chances of hesitation and of a polite detour in a variant."""


def vary(
    text: str,
    chance: Random,
    *,
    level: float = 0.1,
    manners: Manners | None = None,
    habit: Habit | None = None,
    keep_numbers: bool = False,
    keep: Sequence[str] = (),
) -> str:
    """``text`` as a recogniser might write it. Total: any text is taken, NFC comes out, never nothing.

    Args:
        text: a clean sentence.
        chance: seeded generator; the same state gives the same result.
        level: share of the syllables that are wrong, 0 … 1; 0 gives the words as they were said.
        manners: the table of dialects and detours, for a speaker who does not say ``text`` word for word.
        habit: how that speaker talks; without it, or without ``manners``, ``text`` is said as it stands.
        keep_numbers: digits, Latin letters and number words stay, for another number is another request.
        keep: words that stay, names of places for example.

    Raises:
        KeyError: ``manners`` has no region of the habit's name.
    """
    pieces = pieces_of(text, keep_numbers=keep_numbers, keep=keep)
    if manners is not None and habit is not None:
        pieces = say(pieces, chance, manners, habit)
    return text_of(mishear(pieces, chance, level))


def variants(
    text: str, chance: Random, count: int, *, level: float = 0.1, manners: Manners | None = None
) -> list[str]:
    """Up to ``count`` different variants of ``text``, never ``text`` itself; fewer where there are no more.

    With ``manners`` each variant is one speaker's: of a region or of none, hesitating or not.
    """
    seen: set[str] = {vary(text, chance, level=0.0)}
    found: list[str] = []
    for _ in range(count):
        for _ in range(TRIES):
            habit = None if manners is None else some_habit(manners, chance)
            varied = vary(text, chance, level=level, manners=manners, habit=habit)
            if varied not in seen:
                seen.add(varied)
                found.append(varied)
                break
    return found


def some_habit(manners: Manners, chance: Random) -> Habit:
    """The habit of a speaker met by chance, who never takes back a word."""
    regions = sorted(manners.regions)
    region = chance.choice(regions) if regions and chance.random() >= STANDARD else None
    return Habit(region, fillers=FILLERS, detours=DETOURS)
