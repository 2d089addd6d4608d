"""`donghaeng eval intents`: the ranking engine trained on labelled utterances (CONTRACT 5)."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from donghaeng.errors import InputError
from donghaeng.measuring.cases import JsonObject, Progress, failed, no_progress, predict_all, read_cases
from donghaeng.measuring.figures import accuracy, macro_f1, milliseconds
from donghaeng.understanding.embed.protocol import Embedder
from donghaeng.understanding.load import learn_or_read
from donghaeng.understanding.ranking.ranker import ServiceRanker


@dataclass(frozen=True, slots=True)
class LabelledText:
    """An utterance and its class, where the file has it."""

    text: str
    intent: str | None


def read_labelled(path: Path, *, with_intent: bool) -> list[LabelledText]:
    """Read ``{"text", "intent"}`` cases; ``intent`` may be absent unless ``with_intent``.

    Raises:
        InputError: as :func:`~donghaeng.measuring.cases.read_cases`; fewer than two classes to learn.
    """
    both = {"text": str, "intent": str}
    rows = read_cases(path, both, {}) if with_intent else read_cases(path, {"text": str}, {"intent": str})
    cases = [case for _, case in rows]
    if with_intent and len({case["intent"] for case in cases}) < 2:
        raise InputError(f"{path}: has fewer than two intents", remedy="give examples of two or more")
    return [LabelledText(case["text"], case.get("intent")) for case in cases]


@dataclass(frozen=True, slots=True)
class Trained:
    """A ranker and what its training took."""

    ranker: ServiceRanker
    seconds: float
    embedded: int
    """Training utterances that the embedding stage learned from."""


def train(cases: Sequence[LabelledText], embedder: Embedder, progress: Progress = no_progress) -> Trained:
    """Train the serving ranker on ``cases`` alone; nothing is taken from or put into a cache."""
    began = time.perf_counter()
    examples: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        examples[case.intent or ""].append(case.text)
    learnt = learn_or_read(examples, embedder, progress=progress)
    ranker = ServiceRanker(learnt, lambda text: embedder.embed([text])[0])
    return Trained(ranker, time.perf_counter() - began, len(cases) if learnt.deep is not None else 0)


def run(
    trained: Trained, cases: Sequence[LabelledText], stream: TextIO, progress: Progress = no_progress
) -> JsonObject:
    """Predict every case and summarise.

    Without intents in the cases the summary has no ``accuracy``. ``baseline_…`` is the n-gram stage alone.
    """
    seconds: list[float] = []
    settled: list[str] = []

    def predict(case: LabelledText) -> JsonObject:
        began = time.perf_counter()
        ranked = trained.ranker.rank(case.text)
        seconds.append(time.perf_counter() - began)
        settled.append(ranked.settled_by)
        label, score = ranked.best
        return {"intent": label, "score": round(score, 4)}

    predictions = predict_all(cases, predict, stream, progress)
    baseline = [trained.ranker.rank_cheaply(case.text).best[0] for case in cases]
    gold = [case.intent for case in cases]
    summary: JsonObject = {"kind": "intents", "cases": len(cases), "failed": failed(predictions)}
    if all(intent is not None for intent in gold):
        labels = [str(intent) for intent in gold]
        said = [prediction.get("intent") for prediction in predictions]
        summary |= {
            "accuracy": round(accuracy(labels, said), 4),
            "macro_f1": round(macro_f1(labels, said), 4),
            "baseline_accuracy": round(accuracy(labels, baseline), 4),
        }
    return summary | {
        "classes": len(trained.ranker.labels),
        "train_s": round(trained.seconds, 2),
        **milliseconds(seconds),
        "settled_by_first_stage": round(settled.count("cheap") / max(1, len(settled)), 4),
        "embedded_in_training": trained.embedded,
    }
