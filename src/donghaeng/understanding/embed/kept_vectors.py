"""Vectors of texts, each made once and kept by content hash in a file that is written row by row.

For texts that are many and change: what is made is kept at once, so work that is broken off goes on where it
was, and several processes may read and write beside each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from donghaeng.understanding.embed.example_vectors import Progress
from donghaeng.understanding.embed.kept_rows import KeptRows, key_of
from donghaeng.understanding.embed.protocol import Embedder, Vectors

SAVE_EVERY: Final = 50
"""Texts, a few seconds' work, after which what is made is written."""


class KeptVectors:
    """Vectors of an embedder in its own file of a cache.

    Args:
        embedder: makes them.
        cache: the folder of derived things; nothing is kept if None, nor where it takes no file.
        kept_as: what texts these are, part of the file's name.
    """

    def __init__(self, embedder: Embedder, cache: Path | None, *, kept_as: str) -> None:
        self._embedder = embedder
        name = f"{embedder.name}-{kept_as}.db"
        self._rows = KeptRows(None if cache is None else cache / "vectors" / name)

    def vectors(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Vectors of texts, shape ``(len(texts), dimension)``.

        Args:
            texts: any number, the same one as often as you like.
            progress: is told of those that had to be made.

        Raises:
            EngineError: the engine failed; what was made until then is kept.
        """
        keys = [key_of(text) for text in texts]
        length = self._embedder.dimension * np.dtype(np.float32).itemsize
        kept = self._rows.read(keys)
        known = {key: np.frombuffer(row, np.float32) for key, row in kept.items() if len(row) == length}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        made: dict[str, bytes] = {}
        try:
            for done, (key, text) in enumerate(missing.items(), start=1):
                known[key] = np.asarray(self._embedder.embed([text])[0], np.float32)
                made[key] = known[key].tobytes()
                if progress is not None:
                    progress(done, len(missing))
                if len(made) == SAVE_EVERY:
                    self._rows.write(made)
                    made = {}
        finally:
            self._rows.write(made)
        rows = [known[key] for key in keys]
        return np.array(rows, np.float32).reshape(len(keys), self._embedder.dimension)
