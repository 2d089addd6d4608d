"""What an embedder is: sentences → unit vectors. A plug-in (entry-point group ``donghaeng.embedders``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Shape ``(n, dimension)``, rows of length one."""


class Embedder(Protocol):
    """Sentences → vectors. One object serves all threads."""

    @property
    def name(self) -> str:
        """Name and version, part of every cache key."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def embed(self, sentences: Sequence[str]) -> Vectors:
        """Embed sentences, shape ``(len(sentences), dimension)``.

        Raises:
            EngineError: the engine failed.
        """
        ...
