"""Retrieval by words (BM25 over the terms of titles and texts), and by meaning where that is known.

The formula is Robertson and Zaragoza's (Foundations and Trends in Information Retrieval 3(4), 2009) with the
title counted as several occurrences. Packages of BM25 give a score alone; deciding to abstain also takes how
much of the question a passage covers and how rare the rarest word in common is, which this index knows
(docs/decisions/0008-knowledge.md).

An index is made of segments, as Lucene's are: what is added makes a new one, and segments of like size are
joined, so a document of some passages costs no analysis of the others (docs/decisions/0023-documents.md).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from donghaeng.knowledge.segments import Entry, Segment
from donghaeng.knowledge.terms import terms
from donghaeng.korean.morphemes import Analyse

__all__ = ["Entry", "Hit", "Index"]

SATURATION: Final = 1.2
"""k1: how soon a term that is repeated stops to count."""
LENGTH_PENALTY: Final = 0.6
"""b: how much a long text has to say a term more often."""
JOINED_BELOW: Final = 2
"""The last two segments are joined while the one before is less than so many times the last."""

NEARNESS_WEIGHT: Final = 8.0
"""What a cosine of 1 is worth in units of the score (docs/decisions/0022-retrieval.md)."""
MOST_NEAR: Final = 200
"""Texts without a common word that are looked at because they are near in meaning."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that was found."""

    id: str
    score: float
    """BM25 in units of a word that a single text has, so that thresholds hold for small and large stores."""
    coverage: float
    """Share of the question's words that the text has, each weighed by its rarity; 0 … 1."""
    nearness: float | None = None
    """How near it is in meaning, −1 … 1; None where nothing is known of its meaning."""


def worth(hit: Hit) -> float:
    """What a text is ranked by, in units of :attr:`Hit.score`."""
    return hit.score + NEARNESS_WEIGHT * (hit.nearness or 0.0)


class Index:
    """Finds texts by their words. Pure, and unchanged once built."""

    def __init__(self, entries: Sequence[Entry], analyse: Analyse) -> None:
        self._analyse = analyse
        self._put((Segment.of(entries, analyse),) if entries else ())

    def _put(self, segments: tuple[Segment, ...]) -> None:
        self._segments = segments
        self.ids: tuple[str, ...] = tuple(one for segment in segments for one in segment.ids)
        """Of the texts in their order."""
        total = sum(float(segment.lengths.sum()) for segment in segments)
        self._average = total / len(self.ids) if total else 1.0
        self._unit = self._rarity(1)

    def __len__(self) -> int:
        return len(self.ids)

    def changed(self, added: Sequence[Entry], removed: Collection[str]) -> Self:
        """An index without some texts and with others after them; this one stays as it is."""
        segments = [left for segment in self._segments if (left := segment.without(removed))]
        if added:
            segments.append(Segment.of(added, self._analyse))
        while len(segments) > 1 and len(segments[-2]) < JOINED_BELOW * len(segments[-1]):
            last = segments.pop()
            segments[-1] = segments[-1].joined(last)
        other = copy(self)
        other._put(tuple(segments))
        return other

    def _rarity(self, holders: int) -> float:
        return math.log(1 + (len(self.ids) - holders + 0.5) / (holders + 0.5))

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
            nearness: of every text to the question in meaning, in the order of the entries; not a number
                where that is not known. Without it only texts with a word in common are found.
        """
        weights = self.weigh(question)
        scores, covered = self._scored(weights)
        worth, candidates = scores, np.flatnonzero(covered)
        if nearness is not None:
            known = ~np.isnan(nearness)
            near = np.argsort(-nearness, kind="stable")[:MOST_NEAR]
            candidates = np.union1d(candidates, near[known[near]])
            worth = scores + NEARNESS_WEIGHT * np.where(known, nearness, 0.0)
        best = candidates[np.argsort(-worth[candidates], kind="stable")]
        total = sum(weights.values())
        hits: list[Hit] = []
        for number in best.tolist():
            if len(hits) == most:
                break
            if among is not None and self.ids[number] not in among:
                continue
            near_by = None if nearness is None or np.isnan(nearness[number]) else float(nearness[number])
            share = float(covered[number]) / total if total else 0.0
            hits.append(Hit(self.ids[number], float(scores[number]), share, near_by))
        return hits

    def _scored(self, weights: Mapping[str, float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Score of every text, and the weight of the words that it has."""
        scores, covered = np.zeros(len(self.ids)), np.zeros(len(self.ids))
        begin = 0
        for segment in self._segments:
            texts = slice(begin, begin + len(segment))
            begin = texts.stop
            slowed = SATURATION * (1 - LENGTH_PENALTY + LENGTH_PENALTY * segment.lengths / self._average)
            for term, weight in weights.items():
                posting = segment.postings.get(term)
                if posting is None:
                    continue
                saturated = posting.counts * (SATURATION + 1) / (posting.counts + slowed[posting.numbers])
                scores[texts][posting.numbers] += weight * saturated / self._unit
                covered[texts][posting.numbers] += weight
        return scores, covered

    def weigh(self, text: str) -> dict[str, float]:
        """The words of a text, each weighed by its rarity among the texts of this index."""
        return self.weighed(terms(text, self._analyse))

    def weighed(self, words: Mapping[str, float]) -> dict[str, float]:
        """Words with their weights, each weighed by its rarity too."""
        return {term: weight * self._rarity(self._holders(term)) for term, weight in words.items()}

    def unknown(self, words: Mapping[str, float]) -> float:
        """Share of words that no text has, each weighed by its rarity; 0 … 1."""
        weighed = self.weighed(words)
        total = sum(weighed.values())
        missing = sum(weight for term, weight in weighed.items() if not self._holders(term))
        return missing / total if total else 0.0

    def _holders(self, term: str) -> int:
        postings = (segment.postings.get(term) for segment in self._segments)
        return sum(len(posting.numbers) for posting in postings if posting is not None)
