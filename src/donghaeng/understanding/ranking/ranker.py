"""Ranks the catalogue's services for an utterance, or says that none fits.

Two stages: n-grams, which settle most utterances in about a millisecond, and sentence vectors for the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from donghaeng.understanding.embed.protocol import Vectors
from donghaeng.understanding.ranking.features import Vocabulary
from donghaeng.understanding.ranking.linear import LinearModel, Matrix, probabilities

NONE: Final = "none"
"""The class of utterances that no service covers."""
TALK: Final = "talk"
"""The class of utterances that belong to the conversation itself: yes, again, slower, half a sentence."""
REMEMBERED: Final = 4_096
"""Utterances whose vectors are kept in memory; people ask much the same."""

Embed = Callable[[str], Vectors]
"""One sentence → its vector, shape ``(dimension,)``."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Services with probabilities, best first, ``none`` among them."""

    services: tuple[tuple[str, float], ...]
    settled_by: str
    """``cheap`` or ``embedding``: which stage had the last word."""

    @property
    def best(self) -> tuple[str, float]:
        """The likeliest service."""
        return self.services[0]

    @property
    def lead(self) -> float:
        """How many times likelier the best is than the next."""
        return self.services[0][1] / max(self.services[1][1], 1e-9)


@dataclass(frozen=True, slots=True)
class Deep:
    """The second stage: what sentence vectors say, and how it goes together with the n-grams."""

    mean: Vectors
    """Mean vector of the examples, shape ``(dimension,)``."""
    model: LinearModel
    cheap_share: float
    """Share of the n-grams' logits in the sum of both, 0 … 1."""
    scale: float
    """Factor that makes the sum honest."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """Everything that training leaves behind: data, without an embedder."""

    labels: tuple[str, ...]
    vocabulary: Vocabulary
    cheap: LinearModel
    settles: float
    """Probability from which the n-grams settle an utterance by themselves."""
    deep: Deep | None
    """None where there are so many examples that vectors add nothing."""


class ServiceRanker:
    """Ranks with what was learnt.

    Args:
        learnt: the result of :func:`donghaeng.understanding.ranking.training.learn`.
        embed: the embedder that the examples' vectors came from, for one utterance.
    """

    def __init__(self, learnt: Learnt, embed: Embed) -> None:
        self.learnt = learnt
        self.labels = learnt.labels
        self._embed = lru_cache(maxsize=REMEMBERED)(embed)

    def rank(self, text: str) -> Ranked:
        """Rank the services for one utterance."""
        cheap = self._cheap_logits(text)
        deep, chances = self.learnt.deep, probabilities(cheap)
        if deep is None or float(chances.max()) >= self.learnt.settles:
            return self._ranked(chances, "cheap")
        vector = centred(self._embed(text)[None, :], deep.mean)[0]
        return self._ranked(probabilities(together(deep, cheap, deep.model.logits(vector))), "embedding")

    @property
    def embedded(self) -> int:
        """Utterances that the embedder was asked for so far; those remembered are not asked for again."""
        return self._embed.cache_info().misses

    def rank_cheaply(self, text: str) -> Ranked:
        """What the n-grams alone say."""
        return self._ranked(probabilities(self._cheap_logits(text)), "cheap")

    def _cheap_logits(self, text: str) -> Matrix:
        return self.learnt.cheap.logits_of(*self.learnt.vocabulary.entries(text))

    def _ranked(self, chances: Vectors, stage: str) -> Ranked:
        order = np.argsort(-chances, kind="stable")
        return Ranked(tuple((self.labels[i], float(chances[i])) for i in order), stage)


def together(deep: Deep, cheap: Matrix, vectors: Matrix) -> Matrix:
    """Logits of both stages: a weighted sum, for each has log-odds of its own."""
    share = np.float32(deep.cheap_share)
    summed: Matrix = np.float32(deep.scale) * (share * cheap + (1 - share) * vectors)
    return summed


def centred(vectors: Vectors, mean: Vectors) -> Vectors:
    """Vectors without what all sentences share, of unit length: e5 vectors lie in a narrow cone."""
    moved = vectors - mean
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    result: Vectors = (moved / np.maximum(lengths, 1e-9)).astype(np.float32)
    return result
