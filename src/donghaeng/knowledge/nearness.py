"""How near each text of an index is to a question, while vectors of some are still to come. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from donghaeng.knowledge.meanings import Meanings
from donghaeng.understanding.embed.protocol import Vectors


class Nearness:
    """The texts of an index in its order, those known by the vectors of their pieces among them.

    Args:
        ids: of all texts.
        vectors: of the known ones, shape ``(pieces, dimension)`` each, by id; others are left out.
    """

    def __init__(self, ids: Sequence[str], vectors: Mapping[str, Vectors]) -> None:
        self._ids = ids
        known = [(place, vectors[name]) for place, name in enumerate(ids) if name in vectors]
        self._places = np.array([place for place, _ in known], np.intp)
        joined = np.concatenate([rows for _, rows in known]) if known else np.zeros((0, 1), np.float32)
        ends = np.cumsum([len(rows) for _, rows in known], dtype=np.intp)
        # Each text's rows are a view of all of them, so they are in memory once.
        self._vectors = {
            ids[place]: joined[end - len(rows) : end] for (place, rows), end in zip(known, ends, strict=True)
        }
        owners = np.repeat(np.arange(len(known)), [len(rows) for _, rows in known])
        self._meanings = Meanings(joined, owners.tolist())

    def __len__(self) -> int:
        return len(self._vectors)

    def changed(self, ids: Sequence[str], vectors: Mapping[str, Vectors]) -> Nearness:
        """The same for an index that has changed, with more vectors."""
        return Nearness(ids, {**self._vectors, **vectors})

    def unknown(self, most: int) -> list[str]:
        """Texts without vectors, in their order, at most so many."""
        return list(islice((name for name in self._ids if name not in self._vectors), most))

    def of(self, question: Vectors) -> NDArray[np.float32]:
        """Nearness of every text to a question, −1 … 1, not a number where it is unknown; shape ``(texts,)``.

        Args:
            question: its vector, shape ``(dimension,)``.
        """
        found = np.full(len(self._ids), np.nan, np.float32)
        found[self._places] = self._meanings.nearness(question)
        return found
