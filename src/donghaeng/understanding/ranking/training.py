"""Learns to rank from examples, and from rows left out how far to believe it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from donghaeng.korean.morphemes import Analyse
from donghaeng.understanding.embed.protocol import Vectors
from donghaeng.understanding.ranking.features import MANY_EXAMPLES, Strengths, Vocabulary, build_vocabulary
from donghaeng.understanding.ranking.linear import (
    FEW_ROWS,
    Fitted,
    Matrix,
    best_scale,
    learn_dense,
    learn_sparse,
    probabilities,
    unlikeliness,
)
from donghaeng.understanding.ranking.ranker import NONE, TALK, Deep, Learnt, centred, together

SETTLED_PRECISION: Final = 0.98
"""Share of right answers that the n-grams need among the examples left out, from a probability upwards, to
settle utterances of that probability by themselves."""
SURE: Final = 0.6
"""Lower bound of that probability: left-out examples stand nearer to each other than what citizens say."""
FEWEST: Final = 12
"""Examples a class, on average, that such a bound needs: of fewer, those left out tell too little."""
NEVER: Final = 2.0
SHARES: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
"""Shares of the n-grams in both stages' sum, among which the likeliest is taken."""
RAREST: Final = 2
RAREST_OF_VARIANTS: Final = 3
"""Utterances that an n-gram must be in: rarer ones tell little, and variants bring many."""
VARIANTS_STRENGTH: Final = 0.3
"""Weight of each variant of an example beside the example itself."""

Vary = Callable[[str], Sequence[str]]
"""An example → what else is said or heard of it."""
Unvarying: Final[Vary] = lambda text: ()  # noqa: E731  the default of an argument
Progress = Callable[[int, int], None]
"""Told (steps done, steps in all): one step an example that is read, and one for learning from all."""
Untold: Final[Progress] = lambda done, total: None  # noqa: E731


def learn(
    examples: Mapping[str, Sequence[str]],
    vectors: Vectors | None,
    *,
    analyse: Analyse | None = None,
    vary: Vary = Unvarying,
    progress: Progress = Untold,
) -> Learnt:
    """Train both stages.

    Args:
        examples: utterances of each class.
        vectors: vectors of all examples in the same order, shape ``(examples, dimension)``; None to learn
            from n-grams alone.
        analyse: gives morphemes.
        vary: makes variants; their n-grams are mixed into the example's own, so that a word is known in the
            forms in which it is misheard. Not asked where there are many examples.
        progress: told of each step.
    """
    texts = [text for label in examples.values() for text in label]
    classes = np.array([index for index, label in enumerate(examples.values()) for _ in label], np.int64)
    few = len(texts) <= FEW_ROWS
    serving, analyse = analyse, cache(analyse) if analyse is not None else None
    variants = _read_through(texts, vary if few else Unvarying, analyse, progress)
    heard = [one for several in variants for one in several]
    vocabulary = build_vocabulary(
        [*texts, *heard],
        analyse,
        rarest=RAREST_OF_VARIANTS if heard else RAREST,
        strengths=Strengths() if few else MANY_EXAMPLES,
    )
    rows = _mixed(vocabulary, texts, variants)
    cheap = learn_sparse(rows, classes.tolist(), len(examples))
    deep = None if vectors is None else _learn_deep(vectors, classes, len(examples), cheap)
    enough = deep is None or len(texts) >= FEWEST * len(examples)
    settles = _settles(cheap, classes, _meanings(examples)) if enough else NEVER
    progress(len(texts) + 1, len(texts) + 1)
    return Learnt(tuple(examples), replace(vocabulary, analyse=serving), cheap.model, settles, deep)


def _read_through(
    texts: Sequence[str], vary: Vary, analyse: Analyse | None, progress: Progress
) -> list[list[str]]:
    """The variants of each example; makes a remembering ``analyse`` know them all, which takes longest."""
    variants: list[list[str]] = []
    for done, text in enumerate(texts, start=1):
        variants.append(list(vary(text)))
        if analyse is not None:
            for one in (text, *variants[-1]):
                analyse(one)
        progress(done, len(texts) + 1)
    return variants


def _mixed(vocabulary: Vocabulary, texts: Sequence[str], variants: Sequence[Sequence[str]]) -> csr_matrix:
    """Each example's row with its variants' rows added to it."""
    rows = vocabulary.rows(texts)
    owners = [index for index, several in enumerate(variants) for _ in several]
    if not owners:
        return rows
    heard = vocabulary.rows(one for several in variants for one in several)
    shape = (len(texts), len(owners))
    spread = csr_matrix(
        (np.full(len(owners), VARIANTS_STRENGTH, np.float32), (owners, range(len(owners)))), shape
    )
    mixed = csr_matrix(rows + spread @ heard)
    lengths = np.sqrt(mixed.multiply(mixed).sum(axis=1).A1)
    mixed.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(mixed.indptr)).astype(np.float32)
    return mixed


def _learn_deep(vectors: Vectors, classes: NDArray[np.int64], count: int, cheap: Fitted) -> Deep:
    mean: Vectors = vectors.mean(axis=0)
    fitted = learn_dense(centred(vectors, mean), classes.tolist(), count)
    unseen = classes[cheap.unseen_rows]
    vector_logits: Matrix = fitted.unseen_logits[cheap.unseen_rows]

    def fit(share: float) -> tuple[float, Deep]:
        trial = Deep(mean, fitted.model, share, 1.0)
        summed = together(trial, cheap.unseen_logits, vector_logits)
        deep = replace(trial, scale=best_scale(summed, unseen))
        return unlikeliness(together(deep, cheap.unseen_logits, vector_logits), unseen), deep

    return min((fit(share) for share in SHARES), key=lambda one: one[0])[1]


def _meanings(labels: Iterable[str]) -> NDArray[np.int64]:
    """Number of what each class asks for: talk and what no service covers both ask for nothing."""
    names = [NONE if label == TALK else label for label in labels]
    return np.array([names.index(name) for name in names], dtype=np.int64)


def _settles(cheap: Fitted, classes: NDArray[np.int64], meanings: NDArray[np.int64]) -> float:
    """The smallest probability from which upwards the n-grams are right often enough."""
    chances = probabilities(cheap.unseen_logits)
    best = chances.max(axis=1)
    order = np.argsort(-best, kind="stable")
    right = meanings[chances.argmax(axis=1)] == meanings[classes[cheap.unseen_rows]]
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(shares >= SETTLED_PRECISION)
    return max(SURE, float(best[order[enough[-1]]])) if len(enough) else NEVER
