"""Linear classifiers: what they say of rows left out, and how sure they may be."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_matrix

from donghaeng.understanding.ranking import linear
from donghaeng.understanding.ranking.linear import (
    PENALTY,
    SCALES,
    UNKNOWN_SCORE,
    Fitted,
    best_scale,
    folds,
    learn_dense,
    learn_sparse,
    probabilities,
    unlikeliness,
)

Learn = Callable[[np.ndarray, list[int], int], Fitted]


def problem(classes: int, each: int = 8, features: int = 30, seed: int = 1) -> tuple[np.ndarray, list[int]]:
    """Rows of unit length around a centre of their class."""
    chance = np.random.default_rng(seed)
    labels = [label for label in range(classes) for _ in range(each)]
    centres = chance.random((classes, features))
    rows = centres[labels] + 0.3 * chance.random((len(labels), features))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), labels


def least_squares(rows: np.ndarray, labels: list[int], classes: int) -> Fitted:
    return learn_sparse(csr_matrix(rows), labels, classes)


def hinge(rows: np.ndarray, labels: list[int], classes: int) -> Fitted:
    return linear._hinge(csr_matrix(rows), np.array(labels), classes)


LEARNERS = pytest.mark.parametrize("learn", [least_squares, hinge, learn_dense])


@LEARNERS
@pytest.mark.parametrize("classes", [2, 3, 7])
def test_what_was_learnt_is_found_again(learn: Learn, classes: int) -> None:
    rows, labels = problem(classes)
    fitted = learn(rows, labels, classes)
    assert fitted.model.logits(rows).argmax(axis=1).tolist() == labels
    unseen = np.array(labels)[fitted.unseen_rows]
    assert (fitted.unseen_logits.argmax(axis=1) == unseen).mean() > 0.8
    assert fitted.unseen_logits.shape == (len(unseen), classes)


@LEARNERS
def test_a_class_without_rows_is_never_likely(learn: Learn) -> None:
    rows, labels = problem(2)
    shifted = [label * 2 + 1 for label in labels]
    fitted = learn(rows, shifted, 5)
    chances = probabilities(fitted.model.logits(rows))
    assert chances.shape == (16, 5)
    assert chances.argmax(axis=1).tolist() == shifted
    assert (chances[:, [0, 2, 4]].max(axis=1) < chances[:, [1, 3]].max(axis=1)).all()


@LEARNERS
def test_learning_is_the_same_twice(learn: Learn) -> None:
    rows, labels = problem(3)
    first, second = learn(rows, labels, 3), learn(rows, labels, 3)
    assert np.array_equal(first.model.weights, second.model.weights)
    assert first.model.scale == second.model.scale


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_scores_of_rows_left_out_are_those_of_a_model_without_them(seed: int) -> None:
    rows, labels = problem(3, each=5, seed=seed)
    fitted = least_squares(rows, labels, 3)
    targets = np.eye(3)[labels]
    for left in range(len(labels)):
        rest = np.arange(len(labels)) != left
        kernel = rows[rest] @ rows[rest].T + PENALTY * np.eye(len(labels) - 1)
        expected = (rows[left] @ rows[rest].T) @ np.linalg.solve(kernel, targets[rest])
        assert fitted.unseen_logits[left] / fitted.model.scale == pytest.approx(expected, abs=1e-3)


def test_vectors_left_out_are_judged_by_the_other_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, labels = problem(3)
    fitted = learn_dense(rows, labels, 3)
    part = folds(np.array(labels), linear.FOLDS)
    monkeypatch.setattr(linear, "folds", lambda labels, count: part)
    lied = [(label + 1) % 3 if part[row] == 0 else label for row, label in enumerate(labels)]
    other = learn_dense(rows, lied, 3)
    own = part == 0
    first, second = (one.unseen_logits / one.model.scale for one in (fitted, other))
    assert np.allclose(first[own], second[own], atol=1e-4)
    assert not np.allclose(first[~own], second[~own], atol=1e-2)


def test_a_class_of_one_row_is_unknown_where_that_row_is_left_out() -> None:
    rows, labels = problem(2)
    rows, labels = np.vstack([rows, np.eye(1, 30, dtype=np.float32)]), [*labels, 2]
    fitted = learn_dense(rows, labels, 3)
    assert fitted.unseen_logits[-1, 2] == pytest.approx(UNKNOWN_SCORE * fitted.model.scale)


def test_many_rows_are_learnt_by_hinge_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, labels = problem(3)
    monkeypatch.setattr(linear, "FEW_ROWS", len(labels) - 1)
    many = learn_sparse(csr_matrix(rows), labels, 3)
    assert np.array_equal(many.model.weights, hinge(rows, labels, 3).model.weights)
    assert 0 < len(many.unseen_rows) < len(labels)


def test_a_row_given_by_its_entries_is_the_same_row() -> None:
    rows, labels = problem(3)
    model = least_squares(rows, labels, 3).model
    sparse = np.where(rows[0] > np.median(rows[0]), rows[0], 0).astype(np.float32)
    at = np.flatnonzero(sparse)
    assert model.logits_of(at, sparse[at]) == pytest.approx(model.logits(sparse), abs=1e-4)
    assert model.probabilities_of(at, sparse[at]).sum() == pytest.approx(1.0, abs=1e-5)
    nothing = model.probabilities_of(np.zeros(0, np.int64), np.zeros(0, np.float32))
    assert nothing == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize("scale", [0.7, 3.0, 20.0])
def test_the_factor_that_made_labels_likely_is_found_again(scale: float) -> None:
    chance = np.random.default_rng(5)
    scores = chance.normal(size=(8_000, 4)).astype(np.float32) * 0.7
    chances = probabilities(scores * np.float32(scale))
    labels = (chances.cumsum(axis=1) < chance.random((8_000, 1))).sum(axis=1).clip(max=3)
    assert best_scale(scores, labels) == pytest.approx(scale, rel=0.15)


def test_wrong_scores_are_not_believed_and_right_ones_fully() -> None:
    scores = np.eye(3, dtype=np.float32)
    assert best_scale(scores, np.array([1, 2, 0])) == SCALES[0]
    assert best_scale(scores, np.array([0, 1, 2])) > SCALES[len(SCALES) // 2]
    assert unlikeliness(scores * 0, np.array([0, 1, 2])) == pytest.approx(np.log(3), abs=1e-5)
    assert np.isfinite(unlikeliness(scores * 1e4, np.array([1, 2, 0])))


@given(arrays(np.float32, (3, 5), elements=st.floats(-1e4, 1e4, width=32)))
def test_probabilities_sum_to_one_whatever_the_logits(logits: np.ndarray) -> None:
    chances = probabilities(logits)
    assert np.isfinite(chances).all()
    assert chances.sum(axis=1) == pytest.approx(np.ones(3), abs=1e-5)


@settings(max_examples=50)
@given(st.lists(st.integers(0, 4), max_size=60), st.integers(2, 10))
def test_folds_spread_every_class_evenly(labels: list[int], count: int) -> None:
    found = folds(np.array(labels, dtype=np.int64), count)
    assert ((found >= 0) & (found < count)).all()
    for label in set(labels):
        sizes = np.bincount(found[np.array(labels) == label], minlength=count)
        assert sizes.max() - sizes.min() <= 1
