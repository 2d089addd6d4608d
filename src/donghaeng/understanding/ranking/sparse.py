"""Sparse rows in numpy: enough to train on tens of thousands of utterances in little memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

BLOCK_NUMBERS = 8_000_000
"""Numbers that one product holds at a time (32 MB)."""


@dataclass(frozen=True, slots=True)
class SparseRows:
    """A matrix of shape ``(len(self), width)`` by the entries of its rows."""

    starts: NDArray[np.int64]
    """Where the entries of each row begin, and the end of all; shape ``(rows + 1,)``."""
    positions: NDArray[np.int64]
    """Column of each entry."""
    values: Matrix
    """Value of each entry."""
    width: int

    @classmethod
    def of(cls, rows: Sequence[tuple[NDArray[np.int64], Matrix]], width: int) -> SparseRows:
        """Put rows together, each given as the columns and values of its entries."""
        starts = np.concatenate([[0], np.cumsum([len(columns) for columns, _ in rows])]).astype(np.int64)
        columns = [np.zeros(0, np.int64), *(columns for columns, _ in rows)]
        values = [np.zeros(0, np.float32), *(values for _, values in rows)]
        return cls(starts, np.concatenate(columns), np.concatenate(values), width)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def times(self, matrix: Matrix) -> Matrix:
        """The product with ``matrix`` of shape ``(width, n)``; shape ``(len(self), n)``."""
        product = np.zeros((len(self), matrix.shape[1]), dtype=np.float32)
        for first, last in self._blocks(matrix.shape[1]):
            begin, end = self.starts[first], self.starts[last]
            entries = matrix[self.positions[begin:end]] * self.values[begin:end, None]
            offsets = self.starts[first:last] - begin
            filled = self.starts[first + 1 : last + 1] > self.starts[first:last]
            if len(entries):
                product[first:last][filled] = np.add.reduceat(entries, offsets[filled], axis=0)
        return product

    def transposed(self) -> SparseRows:
        """Rows and columns exchanged."""
        order = np.argsort(self.positions, kind="stable")
        counts = np.bincount(self.positions, minlength=self.width)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        rows = np.repeat(np.arange(len(self), dtype=np.int64), np.diff(self.starts))
        return SparseRows(starts, rows[order], self.values[order], len(self))

    def gram(self) -> Matrix:
        """The product with its own transpose: how alike each two rows are, shape ``(rows, rows)``."""
        result = np.zeros((len(self), len(self)), dtype=np.float32)
        step = max(1, BLOCK_NUMBERS // max(1, self.width))
        for first in range(0, len(self), step):
            last = min(first + step, len(self))
            dense = np.zeros((self.width, last - first), dtype=np.float32)
            begin, end = self.starts[first], self.starts[last]
            rows = np.repeat(np.arange(last - first), np.diff(self.starts[first : last + 1]))
            dense[self.positions[begin:end], rows] = self.values[begin:end]
            result[:, first:last] = self.times(dense)
        return result

    def _blocks(self, columns: int) -> list[tuple[int, int]]:
        """Ranges of rows whose products with ``columns`` columns fit into a block."""
        most = max(1, BLOCK_NUMBERS // max(1, columns))
        blocks, first = [], 0
        while first < len(self):
            last = int(np.searchsorted(self.starts, self.starts[first] + most, side="right")) - 1
            last = min(max(last, first + 1), len(self))
            blocks.append((first, last))
            first = last
        return blocks
