"""Sparse rows in numpy: enough to train on tens of thousands of utterances in little memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

BLOCK_NUMBERS = 8_000_000
"""Numbers that one product holds at a time (32 MB)."""
FEW_SHARE: Final = 40
"""Up to so many rows share a column before it is multiplied as a dense one."""


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
        """The product with its own transpose: how alike each two rows are, shape ``(rows, rows)``.

        Columns that many rows share are multiplied as dense ones; the others, nearly all, add the products of
        the few rows that share them.
        """
        shared = np.bincount(self.positions, minlength=self.width)
        result = np.zeros((len(self), len(self)), dtype=np.float32)
        self._add_dense(result, np.flatnonzero(shared > FEW_SHARE))
        by_column = self.transposed()
        flat = result.reshape(-1)
        for times in range(1, FEW_SHARE + 1):
            begins = by_column.starts[:-1][shared == times]
            step = max(1, BLOCK_NUMBERS // times**2)
            for first in range(0, len(begins), step):
                entries = begins[first : first + step, None] + np.arange(times)
                rows, values = by_column.positions[entries], by_column.values[entries]
                places = rows[:, :, None] * len(self) + rows[:, None, :]
                np.add.at(flat, places.ravel(), (values[:, :, None] * values[:, None, :]).ravel())
        return result

    def _add_dense(self, result: Matrix, columns: NDArray[np.int64]) -> None:
        rows = np.repeat(np.arange(len(self)), np.diff(self.starts))
        step = max(1, BLOCK_NUMBERS // max(1, len(self)))
        for first in range(0, len(columns), step):
            block = columns[first : first + step]
            number = np.full(self.width, -1, dtype=np.int64)
            number[block] = np.arange(len(block))
            taken = number[self.positions] >= 0
            dense = np.zeros((len(self), len(block)), dtype=np.float32)
            dense[rows[taken], number[self.positions[taken]]] = self.values[taken]
            result += dense @ dense.T

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
