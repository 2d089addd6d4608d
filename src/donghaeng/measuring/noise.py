"""Noise for labelled cases: what a recogniser hears of what older people say of clean sentences.

`bench/noise.py` is its command. The rules are :mod:`donghaeng.korean.noise`, the words
``catalogue/lexicon/dialect.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from donghaeng.errors import InputError
from donghaeng.korean.noise import Habit, Manners, vary
from donghaeng.measuring.cases import JsonObject
from donghaeng.speech.hearing_eval import character_errors

ALL: Final = "all"
"""Instead of a region: one by chance for each sentence."""
ROUNDS: Final = 6
"""How often the level is set anew until the wanted error rate is met."""
NEAR_ENOUGH: Final = 0.002
"""Error rates that differ by less are the same."""
HIGHEST: Final = 0.9
"""Error rate above which nothing is left of a sentence."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which noise is wanted."""

    error_rate: float
    """Wrong characters for a character said, 0 … :data:`HIGHEST`, over all sentences together."""
    dialect: str | None = None
    """A region of the table, :data:`ALL`, or none."""
    fillers: float = 0.0
    detours: float = 0.0
    repairs: float = 0.0
    """Chances 0 … 1 a sentence."""
    keep_numbers: bool = False
    keep: Sequence[str] = ()
    """Words that stay in every sentence; a case's own stand under ``keep``."""
    copies: int = 1
    """How many noisy sentences each clean one gives."""
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Made:
    """Noisy cases."""

    cases: list[JsonObject]
    """The cases as given, ``text`` noisy, ``clean`` as it was, and ``dialect`` where one was asked for."""
    summary: JsonObject


def make(cases: Sequence[JsonObject], manners: Manners, wanted: Wanted) -> Made:
    """Distort ``text`` of every case; the same cases and ``wanted`` give the same result on every machine.

    The error rate is reached by setting the level of :func:`~donghaeng.korean.noise.vary` anew after counting
    the errors it made, because words that must stay and sentences of one word take fewer.

    Raises:
        InputError: the table has no such region, or the error rate is out of range.
    """
    _must_fit(wanted, manners)
    level = wanted.error_rate
    made = _once(cases, manners, wanted, level)
    for _ in range(ROUNDS):
        reached = made.summary["cer"]
        if not reached or abs(reached - wanted.error_rate) < NEAR_ENOUGH:
            break
        level = min(1.0, level * wanted.error_rate / reached)
        made = _once(cases, manners, wanted, level)
    return made


def _must_fit(wanted: Wanted, manners: Manners) -> None:
    if not 0.0 <= wanted.error_rate <= HIGHEST:
        raise InputError(
            f"an error rate of {wanted.error_rate} cannot be made", remedy=f"give one from 0 to {HIGHEST}"
        )
    regions = [*manners.regions, ALL]
    if wanted.dialect is not None and wanted.dialect not in regions:
        raise InputError(f"no dialect {wanted.dialect!r}", remedy=f"one of: {', '.join(regions)}")


def _once(cases: Sequence[JsonObject], manners: Manners, wanted: Wanted, level: float) -> Made:
    made: list[JsonObject] = []
    wrong = said_characters = changed = 0
    for number, case in enumerate(cases):
        for copy in range(wanted.copies):
            said, heard, region = _one(case, f"{wanted.seed}/{number}/{copy}", manners, wanted, level)
            errors, characters = character_errors(heard, said)
            wrong, said_characters = wrong + errors, said_characters + characters
            changed += heard != case["text"]
            row = {**case, "text": heard, "clean": case["text"]}
            made.append(row | {"dialect": region} if wanted.dialect is not None else row)
    summary: JsonObject = {
        "kind": "noise",
        "cases": len(made),
        "cer": round(wrong / said_characters, 4) if said_characters else 0.0,
        "level": round(level, 4),
        "changed": round(changed / len(made), 4) if made else 0.0,
        "seed": wanted.seed,
    }
    return Made(made, summary)


def _one(
    case: Mapping[str, object], seed: str, manners: Manners, wanted: Wanted, level: float
) -> tuple[str, str, str | None]:
    """What is said, what is heard of it, and in which region's dialect."""
    chance = Random(seed)  # noqa: S311  repeatable, no secret
    region = wanted.dialect
    if region == ALL:
        region = chance.choice(sorted(manners.regions))
    habit = Habit(region, fillers=wanted.fillers, detours=wanted.detours, repairs=wanted.repairs)
    own = case.get("keep")
    keep = [*wanted.keep, *(str(word) for word in own)] if isinstance(own, list) else wanted.keep
    numbers = wanted.keep_numbers
    said = vary(
        str(case["text"]), chance, level=0.0, manners=manners, habit=habit, keep_numbers=numbers, keep=keep
    )
    heard = vary(said, chance, level=level, keep_numbers=numbers, keep=keep)
    return said, heard, region
