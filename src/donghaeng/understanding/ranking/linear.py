"""Softmax regression in numpy: enough for some hundred examples and deterministic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

STEPS = 220
LEARNING_RATE = 4.0
DECAY = 3e-4
"""L2 penalty a step."""


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
    target = np.zeros((len(labels), classes), dtype=np.float32)
    target[np.arange(len(labels)), np.asarray(labels)] = 1.0
    counts = target.sum(axis=0)
    weight = (1.0 / np.maximum(counts, 1.0))[np.asarray(labels)]
    weight = (weight / weight.sum()).astype(np.float32)[:, None]
    weights = np.zeros((rows.shape[1], classes), dtype=np.float32)
    bias = np.zeros(classes, dtype=np.float32)
    push, push_bias = np.zeros_like(weights), np.zeros_like(bias)
    for _ in range(STEPS):
        error = (softmax(rows @ weights + bias) - target) * weight
        push = 0.9 * push - LEARNING_RATE * (rows.T @ error + DECAY * weights)
        push_bias = 0.9 * push_bias - LEARNING_RATE * error.sum(axis=0)
        weights = weights + push
        bias = bias + push_bias
    return LinearModel(weights.astype(np.float32), bias.astype(np.float32))
