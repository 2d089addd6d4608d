"""What speaks for a text that does not name its subject: which of those found comes first, and is it enough.

Words take a text that says much for one that is about it, and nearness takes a neighbour for the thing
itself; how much of a text's title the question has, and how long a phrase both have, tells them apart. A
question with words that no text has asks for something else. All sums were fitted to the even rows of 1,200
welfare questions (``bench/answer_ranking.py``); docs/decisions/0022-retrieval.md has the figures of the odd
rows. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Container, Mapping
from dataclasses import dataclass
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
    phrase: float
    """Letters of the longest run that stands in question and text, spaces left out."""
    unknown: float
    """Share of the question's words that no text has, each weighed by its rarity, 0 … 1."""


RANKING: Final = Evidence(words=1.0, nearness=25.2, coverage=0.0, title=4.7, phrase=0.0, unknown=0.0)
ANSWERING: Final = Evidence(words=0.33, nearness=9.7, coverage=0.0, title=2.9, phrase=0.88, unknown=-3.5)
MEANT: Final = Evidence(words=0.0, nearness=6.1, coverage=1.8, title=2.0, phrase=0.0, unknown=0.0)
EVEN: Final = 0.5
"""Probability that a text is what is asked for, below which a citizen is asked whether it is."""
NEIGHBOURS: Final = 4.6
"""What the evidence has to outweigh for an even chance that it is not a neighbour of what is asked for."""
UNKNOWN: Final = 5.72
"""What the evidence has to outweigh for an even chance."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for in texts."""

    letters: str
    """Without spaces."""
    words: Container[str]
    unknown: float
    """See :attr:`Evidence.unknown`."""


def evidence(hit: Hit, title: Mapping[str, float], text: str, question: Question) -> Evidence:
    """What is known of a hit.

    Args:
        hit: a text.
        title: the words of its title, each weighed by its rarity.
        text: its letters without spaces.
        question: what found it.
    """
    total = sum(title.values())
    said = sum(weight for term, weight in title.items() if term in question.words)
    return Evidence(
        hit.score,
        hit.nearness or 0.0,
        hit.coverage,
        said / total if total else 0.0,
        longest_run(question.letters, text),
        question.unknown,
    )


def longest_run(letters: str, text: str) -> int:
    """Letters of the longest part of ``letters`` that stands in ``text``."""
    longest = 0
    for begin in range(len(letters)):
        while begin + longest < len(letters) and letters[begin : begin + longest + 1] in text:
            longest += 1
    return longest


def rank(known: Evidence) -> float:
    """What a text is ranked by."""
    return _sum(known, RANKING)


def chance(known: Evidence) -> float:
    """How likely a text that was found first answers the question, 0 … 1."""
    return 1.0 / (1.0 + math.exp(UNKNOWN - _sum(known, ANSWERING)))


def meant(known: Evidence) -> float:
    """How likely a text that was found first is what the question asks for and not its neighbour, 0 … 1, if
    the one is as likely to be there as the other."""
    return 1.0 / (1.0 + math.exp(NEIGHBOURS - _sum(known, MEANT)))


def _sum(known: Evidence, weights: Evidence) -> float:
    return sum(one * weight for one, weight in zip(known, weights, strict=True))
