from __future__ import annotations

import numpy as np
import pytest

from donghaeng.understanding.ranking.sparse import FEW_SHARE, SparseRows


def sparse(dense: np.ndarray) -> SparseRows:
    rows = [(np.flatnonzero(row), row[np.flatnonzero(row)]) for row in dense]
    return SparseRows.of(rows, dense.shape[1])


@pytest.mark.parametrize(
    ("rows", "width", "share"),
    [(FEW_SHARE + 30, 300, 0.3), (2 * FEW_SHARE, 40, 0.9), (3, 5, 0.0), (9, 99, 0.1)],
)
def test_the_product_with_itself_is_that_of_dense_rows(rows: int, width: int, share: float) -> None:
    chance = np.random.default_rng(1)
    dense = ((chance.random((rows, width)) < share) * chance.random((rows, width))).astype(np.float32)
    assert np.allclose(sparse(dense).gram(), dense @ dense.T, atol=1e-4)


def test_no_rows_have_an_empty_product() -> None:
    assert SparseRows.of([], 4).gram().shape == (0, 0)
