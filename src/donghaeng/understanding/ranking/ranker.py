"""Ranks the catalogue's services for an utterance, or says that none fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from donghaeng.understanding.embed.protocol import Vectors
from donghaeng.understanding.ranking.features import Vocabulary, build_vocabulary
from donghaeng.understanding.ranking.linear import LinearModel, fit, fit_sparse

NONE: Final = "none"
"""The class of utterances that no service covers."""
SURE: Final = 0.93
"""Probability from which the cheap stage settles a turn by itself, if its runner-up is far behind."""
CHEAP_SHARE: Final = 0.5
"""Weight of the cheap stage where both are asked."""
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


class ServiceRanker:
    """Two linear models over the catalogue's examples: one over character n-grams, one over embeddings.

    Training takes under a second once the vectors of the examples are known.

    Args:
        examples: utterances of each class, :data:`NONE` among them.
        vectors: vectors of all examples in the same order, shape ``(examples, dimension)``.
        embed: the same embedder for one utterance.
        embedded: which examples ``vectors`` belong to (their numbers), where not to all.
    """

    def __init__(
        self,
        examples: Mapping[str, Sequence[str]],
        vectors: Vectors,
        embed: Embed,
        *,
        embedded: Sequence[int] | None = None,
    ) -> None:
        self.labels = tuple(examples)
        texts = [text for label in self.labels for text in examples[label]]
        classes = [index for index, label in enumerate(self.labels) for _ in examples[label]]
        self._vocabulary: Vocabulary = build_vocabulary(texts)
        self._cheap: LinearModel = fit_sparse(self._vocabulary.rows(texts), classes, len(self.labels))
        self._mean = vectors.mean(axis=0)
        deep_classes = classes if embedded is None else [classes[index] for index in embedded]
        self._deep: LinearModel = fit(_centred(vectors, self._mean), deep_classes, len(self.labels))
        self._embed = lru_cache(maxsize=REMEMBERED)(embed)

    def rank(self, text: str) -> Ranked:
        """Rank the services for one utterance."""
        entries = self._vocabulary.entries(text)
        cheap = self._cheap.probabilities_of(*entries)
        if float(cheap.max()) >= SURE and len(entries.positions):
            return self._ranked(cheap, "cheap")
        deep = self._deep.probabilities(_centred(self._embed(text)[None, :], self._mean)[0])
        return self._ranked(CHEAP_SHARE * cheap + (1.0 - CHEAP_SHARE) * deep, "embedding")

    @property
    def embedded(self) -> int:
        """Utterances that the embedder was asked for so far; those remembered are not asked for again."""
        return self._embed.cache_info().misses

    def rank_cheaply(self, text: str) -> Ranked:
        """What the n-grams alone say: the baseline that embeddings have to beat."""
        return self._ranked(self._cheap.probabilities_of(*self._vocabulary.entries(text)), "cheap")

    def _ranked(self, probabilities: Vectors, stage: str) -> Ranked:
        order = np.argsort(-probabilities)
        return Ranked(tuple((self.labels[i], float(probabilities[i])) for i in order), stage)


def _centred(vectors: Vectors, mean: Vectors) -> Vectors:
    """Vectors without what all sentences share, of unit length: e5 vectors lie in a narrow cone."""
    moved = vectors - mean
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    result: Vectors = (moved / np.maximum(lengths, 1e-9)).astype(np.float32)
    return result
