"""Texts and questions as vectors; those of texts are made once and kept by content hash."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from donghaeng.knowledge.index import Entry
from donghaeng.knowledge.meanings import Meanings
from donghaeng.knowledge.pieces import pieces
from donghaeng.understanding.embed.example_vectors import Progress, example_vectors
from donghaeng.understanding.embed.protocol import Embedder, Vectors

KEPT_AS: Final = "passages"
"""Name of the file of vectors in the cache, beside that of the catalogue's examples."""
REMEMBERED: Final = 1_000
"""Questions whose vectors stay in memory."""


class Embedding:
    """An embedder as answers use it.

    Args:
        embedder: the engine.
        cache: where vectors of texts are kept; nowhere if None.
        progress: is told of texts that are embedded.
    """

    def __init__(self, embedder: Embedder, *, cache: Path | None, progress: Progress | None = None) -> None:
        self._embedder = embedder
        self._cache = cache
        self._progress = progress
        self.question = lru_cache(maxsize=REMEMBERED)(self._question)
        """The vector of a question, shape ``(dimension,)``."""

    def _question(self, text: str) -> Vectors:
        vector: Vectors = self._embedder.embed([text])[0]
        return vector

    def meanings(self, entries: Sequence[Entry]) -> Meanings:
        """Vectors of the pieces of every text, and of the names of its subject.

        Raises:
            EngineError: the engine failed.
        """
        owned = [
            (number, piece)
            for number, entry in enumerate(entries)
            for piece in (*pieces(entry.title, entry.text), *entry.subjects)
        ]
        vectors = example_vectors(
            [piece for _, piece in owned], self._embedder, self._cache, self._progress, kept_as=KEPT_AS
        )
        return Meanings(vectors, [number for number, _ in owned])
