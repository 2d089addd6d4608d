"""Texts and questions as vectors; those of texts are made once and kept by content hash."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from donghaeng.knowledge.index import Entry
from donghaeng.knowledge.pieces import pieces
from donghaeng.understanding.embed.example_vectors import Progress
from donghaeng.understanding.embed.kept_vectors import KeptVectors
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
        self._kept = KeptVectors(embedder, cache, kept_as=KEPT_AS)
        self._progress = progress
        self.question = lru_cache(maxsize=REMEMBERED)(self._question)
        """The vector of a question, shape ``(dimension,)``."""

    def _question(self, text: str) -> Vectors:
        vector: Vectors = self._embedder.embed([text])[0]
        return vector

    def vectors(self, entries: Sequence[Entry]) -> dict[str, Vectors]:
        """Vectors of the pieces of every text and of the names of its subject, by the text's id.

        Raises:
            EngineError: the engine failed.
        """
        told = [[*pieces(entry.title, entry.text), *entry.subjects] for entry in entries]
        rows = self._kept.vectors([piece for one in told for piece in one], self._progress)
        found, begin = {}, 0
        for entry, one in zip(entries, told, strict=True):
            found[entry.id] = rows[begin : begin + len(one)]
            begin += len(one)
        return found
