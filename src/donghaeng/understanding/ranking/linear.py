"""Linear classifiers: the weights that serve, and how they are learnt.

Learning is scikit-learn's but for the least squares on few rows, whose closed form also tells what the model
would have said of each row had it not seen it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import softmax

Matrix = NDArray[np.float32]

FEW_ROWS: Final = 8_000
"""Up to so many sparse rows are learnt by least squares over how alike they are: time grows with the cube of
their number (8,000: about 10 s), and squared hinge loss is quicker beyond."""
PENALTY: Final = 0.15
"""Ridge penalty; from 0.1 to 0.3 the left-out accuracy changes by under 0.005."""
HINGE_STRENGTH: Final = 2.0
BALANCE: Final = 0.2
"""Power of a class's rarity that its rows weigh: 0 as often as they are, 1 all classes alike."""
LOGISTIC_STRENGTH: Final = 10.0
"""Inverse penalties (scikit-learn's ``C``)."""
MOST_STEPS: Final = 200
TOLERANCE: Final = 1e-5
"""Largest entry of the gradient at which logistic regression has settled: with hundreds of classes all are
small from the beginning."""
FOLDS: Final = 4
"""Parts that vectors are learnt in, each judged by a model of the others."""
HINGE_FOLDS: Final = 10
"""One part in so many stays unseen where there are many rows."""
UNKNOWN_SCORE: Final = -20.0
"""Score of a class that a model has seen no row of."""
SCALES: Final = np.geomspace(0.3, 60.0, 60)
"""Factors among which the one that makes scores into honest log-odds is looked for."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Class scores as a linear function of features."""

    weights: Matrix
    """Shape ``(features, classes)``."""
    bias: Matrix
    """Shape ``(classes,)``."""
    scale: float = 1.0
    """Factor that makes scores into logits whose softmax are probabilities."""

    def logits(self, row: Matrix) -> Matrix:
        """Logits of a feature row, shape ``(classes,)``, or of rows, shape ``(rows, classes)``."""
        scores: Matrix = (row @ self.weights + self.bias) * np.float32(self.scale)
        return scores

    def logits_of(self, positions: NDArray[np.int64], values: Matrix) -> Matrix:
        """The same for a row given by its entries: features and their values."""
        scores: Matrix = (values @ self.weights[positions] + self.bias) * np.float32(self.scale)
        return scores

    def probabilities_of(self, positions: NDArray[np.int64], values: Matrix) -> Matrix:
        """Class probabilities of a row given by its entries, shape ``(classes,)``."""
        return probabilities(self.logits_of(positions, values))


class Fitted(NamedTuple):
    """A model and what it would have said of rows that it had not seen."""

    model: LinearModel
    unseen_rows: NDArray[np.int64]
    """Which training rows were judged unseen."""
    unseen_logits: Matrix
    """Shape ``(len(unseen_rows), classes)``."""


def probabilities(logits: Matrix) -> Matrix:
    """Softmax along the last axis."""
    result: Matrix = softmax(logits, axis=-1)
    return result


def best_scale(scores: Matrix, labels: NDArray[np.int64]) -> float:
    """The factor under which ``scores`` of unseen rows give their labels the highest likelihood
    (temperature scaling: Guo et al., On Calibration of Modern Neural Networks, 2017)."""
    return float(min(SCALES, key=lambda scale: unlikeliness(scores * np.float32(scale), labels)))


def unlikeliness(logits: Matrix, labels: NDArray[np.int64]) -> float:
    """Mean negative log-likelihood of ``labels``."""
    chances = probabilities(logits)[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(chances, 1e-9)).mean())


def fit_sparse(rows: csr_matrix, labels: Sequence[int], classes: int) -> LinearModel:
    """The model of :func:`learn_sparse` alone."""
    return learn_sparse(rows, labels, classes).model


def learn_sparse(rows: csr_matrix, labels: Sequence[int], classes: int) -> Fitted:
    """Least squares where there are few rows, squared hinge loss where there are many.

    Args:
        rows: features, shape ``(examples, features)``, each at most of unit length.
        labels: class of each row.
        classes: how many classes there are.
    """
    known = np.asarray(labels, dtype=np.int64)
    if rows.shape[0] <= FEW_ROWS:
        return _least_squares(rows, known, classes)
    return _hinge(rows, known, classes)


def _least_squares(rows: csr_matrix, labels: NDArray[np.int64], classes: int) -> Fitted:
    """Ridge regression on one-hot targets in its dual form. What it says of a row left out follows from the
    inverse's diagonal (Rasmussen and Williams, Gaussian Processes for Machine Learning, section 5.4.2)."""
    targets = np.zeros((len(labels), classes), dtype=np.float32)
    targets[np.arange(len(labels)), labels] = 1.0
    alike = (rows @ rows.T).toarray().astype(np.float32)
    alike[np.diag_indices(len(labels))] += np.float32(PENALTY)
    inverse = np.linalg.inv(alike)
    shares = inverse @ targets
    left_out = (targets - shares / np.diag(inverse)[:, None]).astype(np.float32)
    scale = best_scale(left_out, labels)
    weights: Matrix = np.ascontiguousarray(rows.T @ shares, dtype=np.float32)
    model = LinearModel(weights, np.zeros(classes, dtype=np.float32), scale)
    return Fitted(model, np.arange(len(labels)), left_out * np.float32(scale))


def _hinge(rows: csr_matrix, labels: NDArray[np.int64], classes: int) -> Fitted:
    """One class against the others; a fold stays unseen for the scale."""
    from sklearn.svm import LinearSVC  # noqa: PLC0415  only learning needs it: loading takes a second

    counts = np.bincount(labels, minlength=classes)
    weights = {label: (len(labels) / count) ** BALANCE for label, count in enumerate(counts) if count}
    mean = sum(weights[label] * counts[label] for label in weights) / len(labels)
    weights = {label: weight / mean for label, weight in weights.items()}

    def learn(kept: NDArray[np.int64]) -> LinearModel:
        machine = LinearSVC(C=HINGE_STRENGTH, class_weight=weights, random_state=0)
        fitted = machine.fit(rows[kept], labels[kept])
        return _model(fitted, classes)

    unseen = np.flatnonzero(folds(labels, HINGE_FOLDS) == 0)
    trial = learn(np.flatnonzero(folds(labels, HINGE_FOLDS) != 0))
    scores: Matrix = (rows[unseen] @ trial.weights + trial.bias).astype(np.float32)
    scale = best_scale(scores, labels[unseen])
    whole = learn(np.arange(len(labels)))
    model = LinearModel(whole.weights, whole.bias, scale)
    return Fitted(model, unseen, scores * np.float32(scale))


def learn_dense(rows: Matrix, labels: Sequence[int], classes: int) -> Fitted:
    """Logistic regression; every row is judged by a model of three quarters that it was not in.

    Args:
        rows: features, shape ``(examples, features)``.
        labels: class of each row.
        classes: how many classes there are.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  only learning needs it

    known = np.asarray(labels, dtype=np.int64)

    def learn(kept: NDArray[np.int64]) -> LinearModel:
        strength = LOGISTIC_STRENGTH
        fitted = LogisticRegression(C=strength, max_iter=MOST_STEPS, tol=TOLERANCE).fit(
            rows[kept], known[kept]
        )
        return _model(fitted, classes)

    part = folds(known, FOLDS)
    scores = np.full((len(known), classes), UNKNOWN_SCORE, dtype=np.float32)
    for number in range(FOLDS):
        unseen, kept = np.flatnonzero(part == number), np.flatnonzero(part != number)
        if len(unseen) and len(np.unique(known[kept])) > 1:
            scores[unseen] = learn(kept).logits(rows[unseen])
    scale = best_scale(scores, known)
    whole = learn(np.arange(len(known)))
    return Fitted(LinearModel(whole.weights, whole.bias, scale), np.arange(len(known)), scores * scale)


def folds(labels: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Number of the part, 0 … ``count`` − 1, that each row belongs to; each class is spread evenly."""
    part = np.zeros(len(labels), dtype=np.int64)
    for label in np.unique(labels):
        own = np.flatnonzero(labels == label)
        part[own] = np.arange(len(own)) % count
    return part


def _model(fitted: object, classes: int) -> LinearModel:
    """What scikit-learn has learnt, with a column for every class, also for those without a row."""
    coefficients = np.asarray(getattr(fitted, "coef_"), dtype=np.float32)  # noqa: B009  has no type stubs
    intercepts = np.asarray(getattr(fitted, "intercept_"), dtype=np.float32)  # noqa: B009
    present = np.asarray(getattr(fitted, "classes_"), dtype=np.int64)  # noqa: B009
    if len(present) == 2:
        half = np.float32(0.5)
        coefficients = np.vstack([-coefficients, coefficients]) * half
        intercepts = np.concatenate([-intercepts, intercepts]) * half
    weights = np.zeros((coefficients.shape[1], classes), dtype=np.float32)
    bias = np.full(classes, UNKNOWN_SCORE, dtype=np.float32)
    weights[:, present] = coefficients.T
    bias[present] = intercepts
    return LinearModel(weights, bias)
