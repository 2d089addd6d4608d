"""How near texts are to a question in meaning: the nearest of the vectors of their pieces. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from donghaeng.understanding.embed.protocol import Vectors

NOTHING: Final = 1e-3
"""Vectors shorter than this point nowhere: their lengths are differences of numbers near 1."""


class Meanings:
    """The pieces of texts as vectors.

    What all pieces have in common says nothing about any of them, so their mean is taken from each and from
    the question: of 1,000 questions on 456 programmes 0.75 find the right one first by the nearest piece,
    0.73 without that (docs/decisions/0022-retrieval.md).

    Args:
        vectors: shape ``(pieces, dimension)``; kept as they are, not copied.
        owners: the number of the text of each piece, ascending, every text with a piece at least.
    """

    def __init__(self, vectors: Vectors, owners: Sequence[int]) -> None:
        self._pieces = vectors
        self._centre = vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1:], np.float32)
        # |p - c| without a copy of all pieces: 10,000 passages have 46 MB of them.
        squares = np.einsum("ij,ij->i", vectors, vectors) - 2 * (vectors @ self._centre)
        self._lengths = np.sqrt(np.maximum(squares + self._centre @ self._centre, 0.0))
        self._begin = np.flatnonzero(np.diff(np.asarray(owners), prepend=-1))

    def __len__(self) -> int:
        return len(self._begin)

    def nearness(self, question: Vectors) -> NDArray[np.float32]:
        """Cosine of the nearest piece of every text, −1 … 1, shape ``(texts,)``.

        Args:
            question: its vector, shape ``(dimension,)``.
        """
        if not len(self._begin):
            return np.zeros(0, np.float32)
        towards = question - self._centre
        towards = towards / max(float(np.linalg.norm(towards)), NOTHING)
        along = self._pieces @ towards - float(self._centre @ towards)
        cosines = np.where(self._lengths > NOTHING, along / np.maximum(self._lengths, NOTHING), 0.0)
        nearest: NDArray[np.float32] = np.maximum.reduceat(cosines, self._begin).astype(np.float32)
        return nearest
