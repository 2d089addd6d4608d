"""What speaks for a text that does not name its subject: which of those found comes first, and is it enough.

Words take a text that says much for one that is about it, and nearness takes a neighbour for the thing
itself; how much of a text's title the question has tells them apart. Both sums were fitted to the even rows
of 1,200 welfare questions (``bench/answer_ranking.py``); docs/decisions/0022-retrieval.md has the figures of
the odd rows. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Container, Mapping
from typing import Final, NamedTuple

from donghaeng.knowledge.index import Hit

POOL: Final = 40
"""Texts that are put into a better order: of 1,000 questions 0.986 have the right one among them."""
LIKELY: Final = 0.3
"""Probability that a text answers from which it is answered with: where F1 of abstaining is highest."""


class Evidence(NamedTuple):
    """What is known of a text that a question found."""

    words: float
    """BM25, :attr:`~donghaeng.knowledge.index.Hit.score`."""
    nearness: float
    """Of its nearest piece, −1 … 1."""
    coverage: float
    """Share of the question's words that the text has, 0 … 1."""
    title: float
    """Share of the title's words that the question has, each weighed by its rarity, 0 … 1."""


RANKING: Final = Evidence(words=1.0, nearness=25.2, coverage=0.0, title=4.7)
ANSWERING: Final = Evidence(words=0.60, nearness=15.8, coverage=1.98, title=4.15)
UNKNOWN: Final = 6.95
"""What the evidence has to outweigh for an even chance."""


def evidence(hit: Hit, title: Mapping[str, float], question: Container[str]) -> Evidence:
    """What is known of a hit.

    Args:
        hit: a text.
        title: the words of its title, each weighed by its rarity.
        question: the question's words.
    """
    total = sum(title.values())
    said = sum(weight for term, weight in title.items() if term in question)
    return Evidence(hit.score, hit.nearness or 0.0, hit.coverage, said / total if total else 0.0)


def rank(known: Evidence) -> float:
    """What a text is ranked by."""
    return _sum(known, RANKING)


def chance(known: Evidence) -> float:
    """How likely a text that was found first answers the question, 0 … 1."""
    return 1.0 / (1.0 + math.exp(UNKNOWN - _sum(known, ANSWERING)))


def _sum(known: Evidence, weights: Evidence) -> float:
    return sum(one * weight for one, weight in zip(known, weights, strict=True))
