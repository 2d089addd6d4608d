"""Abstaining where only near topics are known: ``python bench/near_topics.py PASSAGES.jsonl GOLD.jsonl``.

Passages are ``{"id", "title", "text"}``, gold is ``{"question", "gold"}``. The passages of every other
answerable question are withdrawn, so that half of the questions are about programmes that nothing is known
of, among hundreds that are like them. Counted are abstentions from questions whose passage is withdrawn, and
how many are told no neighbour at once: nothing is answered, or a citizen is asked first whether it is meant.
The last line is JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rich.progress import track

from donghaeng.knowledge.embedding import Embedding
from donghaeng.measuring.answers import build, read_passages
from donghaeng.measuring.cases import read_cases
from donghaeng.settings import load_settings
from donghaeng.understanding.load import load_embedder


def main(passages: Path, gold: Path) -> None:
    settings = load_settings()
    embedding = Embedding(load_embedder(settings.embedder), cache=settings.cache)
    asked = [case for _, case in read_cases(gold, {"question": str}, {}) if case.get("gold")]
    withdrawn = set(sorted({case["gold"] for case in asked})[::2])
    answerer, _ = build([one for one in read_passages(passages) if one["id"] not in withdrawn], embedding)
    cases = [(case, case["gold"] in withdrawn) for case in asked]
    abstained, asks, right = [], [], 0
    for case, gone in track(cases, description="questions"):
        found = answerer.ask(case["question"], most=1)
        abstained.append(found.abstained)
        asks.append(found.abstained or answerer.rivals(case["question"]).unsure)
        right += not gone and not found.abstained and found.hits[0].id == case["gold"]
    away = [gone for _, gone in cases]
    figures = {
        "questions": len(cases),
        "withdrawn": sum(away),
        "answered_right": round(right / max(1, len(cases) - sum(away)), 3),
        **{f"abstains_{name}": value for name, value in _scores(abstained, away).items()},
        **{f"abstains_or_asks_{name}": value for name, value in _scores(asks, away).items()},
    }
    print(json.dumps({"kind": "near_topics", **figures}))


def _scores(found: list[bool], gone: list[bool]) -> dict[str, float]:
    """How well what was found tells the questions whose passage is gone."""
    right = sum(one and other for one, other in zip(found, gone, strict=True))
    precision, recall = right / max(1, sum(found)), right / max(1, sum(gone))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return {"precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
