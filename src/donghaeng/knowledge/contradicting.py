"""Whether two sentences say different things of the same: other figures, or yes and no. Pure.

Told are only differences that can be read off the words: figures of one unit of which none is the same, or a
negation in one of two sentences that are otherwise alike. That two sentences speak of the same is their words
in common.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from itertools import product
from typing import Final

from donghaeng.knowledge.passages import sentences
from donghaeng.knowledge.terms import PAIR_MARK, terms
from donghaeng.korean.morphemes import Analyse

ALIKE: Final = 0.6
"""Share of the words of the shorter sentence that the other has, from which both speak of the same."""
ALIKE_WITH_NO: Final = 0.8
"""The same where a negation is the difference: two sentences that are nearly the same."""
LEAST_WORDS: Final = 2
LOOKED_AT: Final = 6
"""Sentences of each text that are compared."""

_FIGURE: Final = re.compile(r"(\d[\d,.]*)\s*((?:십|백|천|만|억)*)\s*([가-힣]|%|㎡|m|km|kg|L)?")
_NO: Final = re.compile(r"않|못\s?|없|아니|(?<![가-힣])안\s")


def contradicting(one: str, other: str, analyse: Analyse) -> tuple[str, str] | None:
    """The first sentences of two texts that contradict each other; None where none do."""
    pairs = product(_told(one, analyse), _told(other, analyse))
    return next(((a, b) for (a, words), (b, others) in pairs if _differ(a, words, b, others)), None)


def _told(text: str, analyse: Analyse) -> Iterator[tuple[str, Set[str]]]:
    for sentence in sentences(text)[:LOOKED_AT]:
        words = {term for term in terms(sentence, analyse) if not term.startswith(PAIR_MARK)}
        yield sentence, {word for word in words if not word[0].isdigit()}


def _differ(one: str, words: Set[str], other: str, others: Set[str]) -> bool:
    common, shorter = len(words & others), min(len(words), len(others))
    if common < LEAST_WORDS or common < ALIKE * shorter:
        return False
    figures, told = _figures(one), _figures(other)
    if any(not (figures[unit] & told[unit]) for unit in figures.keys() & told.keys()):
        return True
    return common >= ALIKE_WITH_NO * max(len(words), len(others)) and bool(_NO.search(one)) != bool(
        _NO.search(other)
    )


def _figures(sentence: str) -> Mapping[str, Set[str]]:
    """The figures of a sentence by unit: "30만 원" is {"원": {"30만"}}. Without one they may be anything."""
    found: dict[str, set[str]] = defaultdict(set)
    for number, scale, unit in _FIGURE.findall(sentence):
        if unit:
            found[unit].add(number.replace(",", "").rstrip(".") + scale)
    return found
