"""Ranks the catalogue's services for an utterance, or says that none fits."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from donghaeng.understanding.embed.protocol import Embedder, Vectors
from donghaeng.understanding.ranking.features import Vocabulary, build_vocabulary
from donghaeng.understanding.ranking.linear import LinearModel, fit

NONE: Final = "none"
"""The class of utterances that no service covers."""
SURE: Final = 0.93
"""Probability from which the cheap stage settles a turn by itself, if its runner-up is far behind."""
CHEAP_SHARE: Final = 0.5
"""Weight of the cheap stage where both are asked."""
REMEMBERED: Final = 4_096
"""Utterances whose vectors are kept in memory; people ask much the same."""

Progress = Callable[[int, int], None]
"""Called with (examples done, examples in all) while example vectors are made."""


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


class ServiceRanker:
    """Two linear models over the catalogue's examples: one over character n-grams, one over embeddings.

    Training takes under a second; vectors of the examples are cached by content hash.
    """

    def __init__(
        self,
        examples: Mapping[str, Sequence[str]],
        embedder: Embedder,
        *,
        cache: Path | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.labels = tuple(examples)
        texts = [text for label in self.labels for text in examples[label]]
        classes = [index for index, label in enumerate(self.labels) for _ in examples[label]]
        self._vocabulary: Vocabulary = build_vocabulary(texts)
        rows = np.stack([self._vocabulary.vector(text) for text in texts])
        self._cheap: LinearModel = fit(rows, classes, len(self.labels))
        vectors = _example_vectors(texts, embedder, cache, progress)
        self._mean = vectors.mean(axis=0)
        self._deep: LinearModel = fit(_centred(vectors, self._mean), classes, len(self.labels))
        self._embed = lru_cache(maxsize=REMEMBERED)(lambda text: embedder.embed([text])[0])

    def rank(self, text: str) -> Ranked:
        """Rank the services for one utterance."""
        row = self._vocabulary.vector(text)
        cheap = self._cheap.probabilities(row)
        if float(cheap.max()) >= SURE and np.any(row):
            return self._ranked(cheap, "cheap")
        deep = self._deep.probabilities(_centred(self._embed(text)[None, :], self._mean)[0])
        return self._ranked(CHEAP_SHARE * cheap + (1.0 - CHEAP_SHARE) * deep, "embedding")

    def _ranked(self, probabilities: Vectors, stage: str) -> Ranked:
        order = np.argsort(-probabilities)
        return Ranked(tuple((self.labels[i], float(probabilities[i])) for i in order), stage)


def _centred(vectors: Vectors, mean: Vectors) -> Vectors:
    """Vectors without what all sentences share, of unit length: e5 vectors lie in a narrow cone."""
    moved = vectors - mean
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    result: Vectors = (moved / np.maximum(lengths, 1e-9)).astype(np.float32)
    return result


def _example_vectors(
    texts: Sequence[str], embedder: Embedder, cache: Path | None, progress: Progress | None
) -> Vectors:
    key = hashlib.sha256("\n".join((embedder.name, *texts)).encode()).hexdigest()[:24]
    file = cache / "examples" / f"{key}.npy" if cache is not None else None
    if file is not None and file.is_file():
        try:
            found: Vectors = np.load(file, allow_pickle=False)
            if found.shape == (len(texts), embedder.dimension):
                return found
        except (OSError, ValueError):
            file.unlink(missing_ok=True)
    rows = []
    for done, text in enumerate(texts, start=1):
        rows.append(embedder.embed([text])[0])
        if progress is not None:
            progress(done, len(texts))
    vectors: Vectors = np.stack(rows)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part.npy")
        np.save(part, vectors)
        part.replace(file)
    return vectors
