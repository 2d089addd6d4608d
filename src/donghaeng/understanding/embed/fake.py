"""An embedder without a model: hashed character pairs. For tests and for machines without weights."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from donghaeng.understanding.embed.protocol import Vectors

DIMENSION = 256


class HashingEmbedder:
    """Sentences that share character pairs have near vectors."""

    @property
    def name(self) -> str:
        """Name."""
        return "hashing"

    @property
    def dimension(self) -> int:
        """256."""
        return DIMENSION

    def embed(self, sentences: Sequence[str]) -> Vectors:
        """Embed sentences."""
        rows = np.zeros((len(sentences), DIMENSION), dtype=np.float32)
        for row, sentence in zip(rows, sentences, strict=True):
            packed = sentence.replace(" ", "")
            for index in range(max(1, len(packed) - 1)):
                row[zlib.crc32(packed[index : index + 2].encode()) % DIMENSION] += 1.0
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        vectors: Vectors = rows / np.maximum(lengths, np.float32(1e-9))
        return vectors
