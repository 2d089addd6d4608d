"""What speaks for a passage of an official's documents: which one comes first, and is it enough. Pure.

Documents of an office are as alike as forms are: a year or a place in the title tells them apart, and within
one the heading does. So what a question says of the document and what it asks beyond that are weighed apart;
the citizens' weights (:mod:`donghaeng.knowledge.evidence`) were fitted to texts that share no title. Both
sums are fitted to the development half of ``bench/office/library`` (``bench/office_library.py``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Container, Mapping, Sequence
from typing import Final, NamedTuple

from pydantic import BaseModel, ConfigDict

from donghaeng.knowledge.answering import ASPECTS

_YEAR: Final = re.compile(r"(?<![\d.])(?:20)?([12]\d)\s?년|(?<!\d)20([12]\d)(?!\d)")


class Evidence(NamedTuple):
    """What is known of a passage for a question."""

    words: float
    """BM25 (:attr:`donghaeng.knowledge.index.Hit.score`)."""
    nearness: float
    """Of its nearest piece, led by its title, −1 … 1."""
    own: float
    """Of its heading or nearest sentence to what the question asks beyond the title, −1 … 1."""
    subject: float
    """Of the document's title, −1 … 1."""
    coverage: float
    """Share of the question's words that it has with its title, 0 … 1."""
    title: float
    """Share of the title's words that the question has, 0 … 1."""
    year: float
    """1 where the title has a year that the question names, −1 where it has others, else 0."""
    asked: float
    """1 where it holds what is asked for (an amount, a day), −1 where it does not, else 0."""
    heading: float
    """Share of what the question asks for by its words (:class:`Words`) that its heading says, 0 … 1."""
    called: float
    """1 where the title names officially what the question says in everyday words, else −1 or 0."""
    unsaid: float
    """Share of the question's words that neither it nor its title says in any words, 0 … 1."""


def years(text: str) -> frozenset[str]:
    """The years that a text names, by their last two digits: ``25년도``, ``2025``."""
    return frozenset(long or short for short, long in _YEAR.findall(text))


def of_year(question: str, title: str) -> float:
    """:attr:`Evidence.year`."""
    wanted, held = years(question), years(title)
    if not wanted or not held:
        return 0.0
    return 1.0 if wanted & held else -1.0


def of_aspects(question: str, text: str) -> float:
    """:attr:`Evidence.asked`."""
    held = [one.held.search(text) is not None for one in ASPECTS if one.asked.search(question)]
    if not held:
        return 0.0
    return 1.0 if all(held) else -1.0


class Pair(BaseModel):
    """Everyday words for something, and the words of documents for it; regular expressions."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    asked: re.Pattern[str]
    held: re.Pattern[str]


class Words(BaseModel):
    """``catalogue/office/library/words.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sections: tuple[Pair, ...]
    subjects: tuple[Pair, ...]


def of_words(pairs: Sequence[Pair], question: str, text: str) -> float:
    """Share of what the question asks for by its words that a text holds, 0 … 1; 0 where none is known."""
    asked = [one for one in pairs if one.asked.search(question)]
    return sum(one.held.search(text) is not None for one in asked) / len(asked) if asked else 0.0


def unexplained(words: Words, question: str, title: str, told: str) -> str:
    """The question without the everyday words for what a passage or its title says, and without years."""
    for pairs, text in ((words.sections, told), (words.subjects, title)):
        for one in pairs:
            if one.held.search(text):
                question = one.asked.sub(" ", question)
    return _YEAR.sub(" ", question)


def of_names(pairs: Sequence[Pair], question: str, title: str) -> float:
    """:attr:`Evidence.called`."""
    asked = [one for one in pairs if one.asked.search(question)]
    if not asked:
        return 0.0
    return 1.0 if any(one.held.search(title) for one in asked) else -1.0


def share(weights: Mapping[str, float], words: Container[str]) -> float:
    """Share of weighed words that stand among others, 0 … 1."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in words) / total if total else 0.0


RANKING: Final = Evidence(
    words=0.17,
    nearness=13.25,
    own=5.05,
    subject=10.74,
    coverage=5.08,
    title=9.72,
    year=2.88,
    asked=1.34,
    heading=5.7,
    called=2.39,
    unsaid=-3.12,
)
ANSWERING: Final = Evidence(
    words=0.02,
    nearness=8.1,
    own=0.32,
    subject=3.78,
    coverage=0.38,
    title=-1.12,
    year=0.97,
    asked=0.09,
    heading=2.78,
    called=2.26,
    unsaid=-3.13,
)
UNKNOWN: Final = 4.92
"""What the evidence has to outweigh for an even chance."""
LIKELY: Final = 0.2
"""Probability from which a passage is answered with: where F1 of abstaining is highest."""


def rank(known: Evidence) -> float:
    """What a passage is ranked by."""
    return _sum(known, RANKING)


def chance(known: Evidence) -> float:
    """How likely the passage that comes first answers the question, 0 … 1."""
    return 1.0 / (1.0 + math.exp(UNKNOWN - _sum(known, ANSWERING)))


def _sum(known: Evidence, weights: Evidence) -> float:
    return sum(one * weight for one, weight in zip(known, weights, strict=True))
