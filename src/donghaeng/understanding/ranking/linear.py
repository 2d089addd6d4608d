"""Softmax regression in numpy: deterministic, and quick from some hundred to some ten thousand examples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from donghaeng.understanding.ranking.sparse import SparseRows

Matrix = NDArray[np.float32]

STEPS = 220
LEARNING_RATE = 4.0
DECAY = 3e-4
"""L2 penalty a step."""
FEW_ROWS = 5_000
"""Up to so many sparse rows are fitted through how alike they are (100 MB), which costs less."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Class scores as a linear function of features."""

    weights: Matrix
    """Shape ``(features, classes)``."""
    bias: Matrix
    """Shape ``(classes,)``."""

    def probabilities(self, row: Matrix) -> Matrix:
        """Class probabilities of one feature row, shape ``(classes,)``."""
        return softmax(row @ self.weights + self.bias)

    def probabilities_of(self, positions: NDArray[np.int64], values: Matrix) -> Matrix:
        """The same for a row given by its entries: features and their values."""
        return softmax(values @ self.weights[positions] + self.bias)


def softmax(scores: Matrix) -> Matrix:
    """Probabilities along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Matrix = (shifted / shifted.sum(axis=-1, keepdims=True)).astype(np.float32)
    return result


def fit(rows: Matrix, labels: Sequence[int], classes: int) -> LinearModel:
    """Full-batch gradient descent with momentum; classes weigh the same whatever their size.

    Args:
        rows: features, shape ``(examples, features)``, each of unit length.
        labels: class of each row.
        classes: how many classes there are.
    """
    weights, bias = _descend(
        lambda given: rows @ given, lambda error: rows.T @ error, rows.shape[1], labels, classes
    )
    return LinearModel(weights, bias)


def fit_sparse(rows: SparseRows, labels: Sequence[int], classes: int) -> LinearModel:
    """As :func:`fit` for sparse rows, with the same result up to rounding.

    With few rows the weights are written as a sum of the rows (``weights = rowsᵀ · shares``), so that each
    step works on ``(examples, classes)`` numbers instead of ``(features, classes)``.
    """
    back = rows.transposed()
    if len(rows) <= FEW_ROWS:
        alike = rows.gram()
        shares, bias = _descend(lambda given: alike @ given, lambda error: error, len(rows), labels, classes)
        return LinearModel(back.times(shares), bias)
    weights, bias = _descend(rows.times, back.times, rows.width, labels, classes)
    return LinearModel(weights, bias)


def _descend(
    scores: Callable[[Matrix], Matrix],
    gradient: Callable[[Matrix], Matrix],
    size: int,
    labels: Sequence[int],
    classes: int,
) -> tuple[Matrix, Matrix]:
    """Weights of shape ``(size, classes)`` and bias.

    ``scores`` gives the rows' scores for weights, ``gradient`` the change of weights for the rows' errors.
    """
    known: NDArray[np.int64] = np.asarray(labels, dtype=np.int64)
    counts = np.bincount(known, minlength=classes).astype(np.float32)
    shares = (1.0 / np.maximum(counts, 1.0))[known]
    weight: Matrix = (shares / shares.sum()).astype(np.float32)[:, None]
    weights = np.zeros((size, classes), dtype=np.float32)
    bias = np.zeros(classes, dtype=np.float32)
    push, push_bias = np.zeros_like(weights), np.zeros_like(bias)
    for _ in range(STEPS):
        error = softmax(scores(weights) + bias)
        error[np.arange(len(known)), known] -= 1.0
        error = (error * weight).astype(np.float32)
        push = (0.9 * push - LEARNING_RATE * (gradient(error) + DECAY * weights)).astype(np.float32)
        push_bias = 0.9 * push_bias - LEARNING_RATE * error.sum(axis=0)
        weights = weights + push
        bias = bias + push_bias
    return weights.astype(np.float32), bias.astype(np.float32)
