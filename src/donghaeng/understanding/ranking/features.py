"""Character n-grams of an utterance as a sparse, weighted vector."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from donghaeng.understanding.text import compact

SIZES = (1, 2, 3)
"""Lengths of the n-grams, in syllables. Spacing is not part of them: recognisers get it wrong."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The n-grams of the training utterances and how telling each is (inverse document frequency)."""

    index: Mapping[str, int]
    weights: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.index)

    def vector(self, text: str) -> NDArray[np.float32]:
        """``text`` as a vector of unit length, shape ``(len(self),)``; zero if it shares no n-gram."""
        row = np.zeros(len(self.index), dtype=np.float32)
        for gram, times in Counter(_grams(text)).items():
            position = self.index.get(gram)
            if position is not None:
                row[position] = (1.0 + math.log(times)) * self.weights[position]
        length = float(np.linalg.norm(row))
        return row / length if length else row


def build_vocabulary(texts: Sequence[str]) -> Vocabulary:
    """Count the n-grams of ``texts``."""
    seen = Counter(gram for text in texts for gram in set(_grams(text)))
    index = {gram: position for position, gram in enumerate(sorted(seen))}
    weights = np.array(
        [math.log((1 + len(texts)) / (1 + seen[gram])) + 1.0 for gram in index], dtype=np.float32
    )
    return Vocabulary(index, weights)


def _grams(text: str) -> Iterable[str]:
    packed = f"^{compact(text)}$"
    for size in SIZES:
        for start in range(len(packed) - size + 1):
            yield packed[start : start + size]
