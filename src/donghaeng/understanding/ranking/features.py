"""Character n-grams of an utterance as a sparse, weighted vector."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from donghaeng.korean.jamo import decompose
from donghaeng.understanding.ranking.sparse import SparseRows
from donghaeng.understanding.text import compact

SIZES = (1, 2, 3)
"""Lengths of the n-grams, in syllables. Spacing is not part of them: recognisers get it wrong."""
SOUND_SIZES = (3, 4, 5)
"""Lengths of the n-grams of sounds (jamo): a swapped vowel or coda leaves most of them whole."""


class Entries(NamedTuple):
    """The entries of a vector that are not zero; both arrays of shape ``(entries,)``."""

    positions: NDArray[np.int64]
    values: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The n-grams of the training utterances and how telling each is (inverse document frequency)."""

    index: Mapping[str, int]
    weights: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.index)

    def entries(self, text: str) -> Entries:
        """``text`` as a vector of unit length; no entries if it shares no n-gram."""
        known = [
            (position, times)
            for gram, times in Counter(_grams(text)).items()
            if (position := self.index.get(gram)) is not None
        ]
        positions = np.array([position for position, _ in known], dtype=np.int64)
        values = np.array([1.0 + math.log(times) for _, times in known], dtype=np.float32)
        values *= self.weights[positions]
        length = float(np.linalg.norm(values))
        return Entries(positions, values / np.float32(length) if length else values)

    def vector(self, text: str) -> NDArray[np.float32]:
        """:meth:`entries` as a dense vector, shape ``(len(self),)``."""
        row = np.zeros(len(self.index), dtype=np.float32)
        positions, values = self.entries(text)
        row[positions] = values
        return row

    def rows(self, texts: Sequence[str]) -> SparseRows:
        """The vectors of ``texts``, one a row."""
        return SparseRows.of([self.entries(text) for text in texts], len(self.index))


def build_vocabulary(texts: Sequence[str]) -> Vocabulary:
    """Count the n-grams of ``texts``."""
    seen = Counter(gram for text in texts for gram in set(_grams(text)))
    index = {gram: position for position, gram in enumerate(sorted(seen))}
    weights = np.array(
        [math.log((1 + len(texts)) / (1 + seen[gram])) + 1.0 for gram in index], dtype=np.float32
    )
    return Vocabulary(index, weights)


def _grams(text: str) -> Iterable[str]:
    plain = compact(text)
    yield from _windows(f"^{plain}$", SIZES)
    yield from _windows(f"<{decompose(plain)}>", SOUND_SIZES)


def _windows(packed: str, sizes: Sequence[int]) -> Iterable[str]:
    for size in sizes:
        for start in range(len(packed) - size + 1):
            yield packed[start : start + size]
