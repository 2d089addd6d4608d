"""Fits what texts are ranked by, and from where on they answer (``knowledge/evidence.py``).

.venv/bin/python bench/answer_ranking.py PASSAGES.jsonl GOLD.jsonl

Passages are ``{"id", "title", "text"}``, gold is ``{"question", "gold"}`` with ``gold`` null where nothing
answers. The even rows are fitted to (the order as a choice among the texts found; the answer, and whether the
first text is what is meant and not the neighbour of one that was withdrawn, as a yes or no; all logistic with
a ridge); the odd rows are only measured. Prints the weights and the figures of the odd rows, one JSON line
last.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from donghaeng.knowledge.embedding import Embedding
from donghaeng.knowledge.evidence import ANSWERING, LIKELY, MEANT, RANKING, Evidence
from donghaeng.measuring.answers import build, read_passages
from donghaeng.measuring.cases import read_cases
from donghaeng.settings import load_settings
from donghaeng.understanding.load import load_embedder

RIDGE = 0.01
RANKED = [place for place, weight in enumerate(RANKING) if weight]
"""Features that the order is fitted to."""
MEASURED = [place for place, weight in enumerate(MEANT) if weight]
"""Features that tell a text from its neighbours."""

Array = NDArray[np.float64]


class Case(NamedTuple):
    """One question."""

    found: list[str]
    known: Array
    """Shape ``(texts found, features)``."""
    gold: str | None


def cases_of(passages: Path, gold: Path) -> list[Case]:
    """What is found for every question, with what is known of it."""
    settings = load_settings()
    embedding = Embedding(load_embedder(settings.embedder), cache=settings.cache)
    answerer, _ = build(read_passages(passages), embedding)
    cases = []
    for _, case in read_cases(gold, {"question": str}, {}):
        known = answerer.evidence(case["question"], answerer.looked_at(case["question"]))
        array = np.array([one for _, one in known]).reshape(len(known), len(Evidence._fields))
        cases.append(Case([hit.id for hit, _ in known], array, case.get("gold")))
    return cases


def order_of(cases: Sequence[Case]) -> Array:
    """Weights that make the right texts likeliest, scaled so that the first is 1."""
    seen = [case for case in cases if case.gold in case.found]
    every = np.vstack([case.known[:, RANKED] for case in seen])
    mean, spread = every.mean(axis=0), every.std(axis=0)
    scaled = [((case.known[:, RANKED] - mean) / spread, case.found.index(str(case.gold))) for case in seen]

    def loss(weights: Array) -> float:
        sums = [(known @ weights, right) for known, right in scaled]
        wrong = [np.logaddexp.reduce(one) - one[right] for one, right in sums]
        return float(np.mean(wrong) + RIDGE * weights @ weights)

    weights = np.zeros(len(Evidence._fields))
    weights[RANKED] = minimize(loss, np.zeros(len(RANKED))).x / spread
    return np.asarray(weights / weights[0])


def chance_of(cases: Sequence[Case], order: Array) -> Array:
    """Weights, and a constant last, that make answers likely where the text that comes first is right to
    be answered with."""
    first = np.array([top(case, order) for case in cases])
    return logistic(first, np.array([case.gold is not None for case in cases]), every=range(first.shape[1]))


def meant_of(cases: Sequence[Case], order: Array) -> Array:
    """Weights, and a constant last, that tell the right text from what comes first without it."""
    there = [case for case in cases if case.gold in case.found]
    first = np.array([top(case, order) for case in there] + [top(without(case), order) for case in there])
    return logistic(first, np.arange(len(first)) < len(there), every=MEASURED)


def logistic(known: Array, right: NDArray[np.bool_], every: Sequence[int]) -> Array:
    """Weights of these features, zero for others, and a constant last, that make what is right likely."""
    used = known[:, every]
    mean, spread = used.mean(axis=0), used.std(axis=0)
    scaled = np.c_[(used - mean) / spread, np.ones(len(used))]

    def loss(weights: Array) -> float:
        sums = np.where(right, 1, -1) * (scaled @ weights)
        return float(np.logaddexp(0, -sums).mean() + 0.1 * RIDGE * weights[:-1] @ weights[:-1])

    found = minimize(loss, np.zeros(scaled.shape[1])).x
    weights = np.zeros(known.shape[1] + 1)
    weights[list(every)] = found[:-1] / spread
    weights[-1] = found[-1] - weights[:-1] @ known.mean(axis=0)
    return weights


def without(case: Case) -> Case:
    """The same question where the right text was withdrawn."""
    left = [place for place, name in enumerate(case.found) if name != case.gold]
    return Case([case.found[place] for place in left], case.known[left], None)


def top(case: Case, order: Array) -> Array:
    """What is known of the text that comes first; nothing where none was found."""
    if not len(case.known):
        return np.zeros(len(Evidence._fields))
    return np.asarray(case.known[int(np.argmax(case.known @ order))])


def figures(cases: Sequence[Case], order: Array, chance: Array, meant: Array) -> dict[str, float]:
    """Recall of those that are answered, F1 of abstaining from the others; how often a citizen is asked
    whether the first text is meant where it is, and where it is a neighbour of the one withdrawn."""
    ranks = []
    for case in cases:
        if case.gold is not None:
            found = [case.found[place] for place in np.argsort(-(case.known @ order), kind="stable")]
            ranks.append(found.index(case.gold) if case.gold in found else len(found) + 5)
    sums = np.array([top(case, order) for case in cases]) @ chance[:-1] + chance[-1]
    abstained = 1 / (1 + np.exp(-sums)) < LIKELY
    none = np.array([case.gold is None for case in cases])
    there = [case for case in cases if case.gold in case.found]
    of_those = np.array([top(case, order) for case in there]) @ meant[:-1] + meant[-1]
    of_others = np.array([top(without(case), order) for case in there]) @ meant[:-1] + meant[-1]
    return {
        "recall_1": round(float(np.mean(np.array(ranks) == 0)), 3),
        "recall_5": round(float(np.mean(np.array(ranks) < 5)), 3),
        "abstain_f1": round(float(2 * (abstained & none).sum() / (abstained.sum() + none.sum())), 3),
        "asked_whether_meant": round(float(np.mean(of_those < 0)), 3),
        "neighbours_asked_about": round(float(np.mean(of_others < 0)), 3),
    }


def main() -> None:
    """Print weights and figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("passages", type=Path)
    parser.add_argument("gold", type=Path)
    given = parser.parse_args()
    cases = cases_of(given.passages, given.gold)
    even, odd = cases[::2], cases[1::2]
    order = order_of(even)
    chance, meant = chance_of(even, order), meant_of(even, order)
    print("RANKING  ", Evidence(*(round(float(one), 2) for one in order)), "kept:", RANKING)
    print("ANSWERING", Evidence(*(round(float(one), 2) for one in chance[:-1])), "kept:", ANSWERING)
    print("UNKNOWN  ", round(-float(chance[-1]), 2))
    print("MEANT    ", Evidence(*(round(float(one), 2) for one in meant[:-1])), "kept:", MEANT)
    print("NEIGHBOURS", round(-float(meant[-1]), 2))
    print(json.dumps({"rows": "odd", **figures(odd, order, chance, meant)}))


if __name__ == "__main__":
    main()
