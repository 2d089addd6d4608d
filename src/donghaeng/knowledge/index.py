"""Retrieval by words (BM25 over the terms of titles and texts), and by meaning where that is known.

The formula is Robertson and Zaragoza's (Foundations and Trends in Information Retrieval 3(4), 2009) with the
title counted as several occurrences. Packages of BM25 give a score alone; deciding to abstain also takes how
much of the question a passage covers and how rare the rarest word in common is, which this index knows
(docs/decisions/0008-knowledge.md).
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from donghaeng.knowledge.terms import all_terms, terms
from donghaeng.korean.morphemes import Analyse

SATURATION: Final = 1.2
"""k1: how soon a term that is repeated stops to count."""
LENGTH_PENALTY: Final = 0.6
"""b: how much a long text has to say a term more often."""
TITLE_WEIGHT: Final = 3
"""Occurrences in the text that one in the title is worth."""

NEARNESS_WEIGHT: Final = 8.0
"""What a cosine of 1 is worth in units of the score (docs/decisions/0022-retrieval.md)."""
MOST_NEAR: Final = 200
"""Texts without a common word that are looked at because they are near in meaning."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A text that can be found."""

    id: str
    title: str
    text: str
    subjects: tuple[str, ...] = ()
    """Names by which what it is about is asked for; none where it does not say."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that was found."""

    id: str
    score: float
    """BM25 in units of a word that a single text has, so that thresholds hold for small and large stores."""
    coverage: float
    """Share of the question's words that the text has, each weighed by its rarity; 0 … 1."""
    nearness: float = 0.0
    """How near it is in meaning, −1 … 1; 0 where nothing is known of meanings."""


def worth(hit: Hit) -> float:
    """What a text is ranked by, in units of :attr:`Hit.score`."""
    return hit.score + NEARNESS_WEIGHT * hit.nearness


class Index:
    """Finds texts by their words. Pure, and unchanged once built."""

    def __init__(self, entries: Sequence[Entry], analyse: Analyse) -> None:
        self._analyse = analyse
        self._ids = [entry.id for entry in entries]
        self._postings: dict[str, dict[int, int]] = defaultdict(dict)
        self._lengths: list[int] = []
        for number, entry in enumerate(entries):
            counts = self._counted(entry)
            self._lengths.append(sum(counts.values()))
            for term, count in counts.items():
                self._postings[term][number] = count
        self._average = sum(self._lengths) / len(entries) if entries else 1.0
        self._unit = self._rarity(1)

    def __len__(self) -> int:
        return len(self._ids)

    def _counted(self, entry: Entry) -> Counter[str]:
        counts = Counter(term for term, _ in all_terms(entry.text, self._analyse))
        for title in (entry.title, *entry.subjects):
            for term, _ in all_terms(title, self._analyse):
                counts[term] += TITLE_WEIGHT
        return counts

    def _rarity(self, holders: int) -> float:
        return math.log(1 + (len(self._ids) - holders + 0.5) / (holders + 0.5))

    def search(
        self,
        question: str,
        *,
        most: int = 5,
        among: Collection[str] | None = None,
        nearness: NDArray[np.float32] | None = None,
    ) -> list[Hit]:
        """The texts that fit a question best, best first.

        Args:
            question: any text.
            most: how many.
            among: only texts with these ids.
            nearness: of every text to the question in meaning, in the order of the entries. Without it only
                texts with a word in common are found.
        """
        weights = self.weigh(question)
        scores: dict[int, float] = defaultdict(float)
        covered: dict[int, float] = defaultdict(float)
        for term, weight in weights.items():
            for number, count in self._postings.get(term, {}).items():
                scores[number] += weight * self._saturated(count, number) / self._unit
                covered[number] += weight
        worth: dict[int, float] = scores
        if nearness is not None:
            near = np.argsort(-nearness)[:MOST_NEAR].tolist()
            worth = {
                number: scores.get(number, 0.0) + NEARNESS_WEIGHT * float(nearness[number])
                for number in {*scores, *near}
            }
        if among is not None:
            worth = {number: value for number, value in worth.items() if self._ids[number] in among}
        total = sum(weights.values())
        return [
            Hit(
                self._ids[number],
                scores.get(number, 0.0),
                covered.get(number, 0.0) / total if total else 0.0,
                float(nearness[number]) if nearness is not None else 0.0,
            )
            for number in heapq.nsmallest(most, worth, key=lambda number: (-worth[number], number))
        ]

    def weigh(self, text: str) -> dict[str, float]:
        """The words of a text, each weighed by its rarity among the texts of this index."""
        return {
            term: weight * self._rarity(len(self._postings.get(term, ())))
            for term, weight in terms(text, self._analyse).items()
        }

    def _saturated(self, count: int, number: int) -> float:
        relative = self._lengths[number] / self._average
        slowed = SATURATION * (1 - LENGTH_PENALTY + LENGTH_PENALTY * relative)
        return count * (SATURATION + 1) / (count + slowed)
