"""Abstaining where only near topics are known: ``python bench/near_topics.py PASSAGES.jsonl GOLD.jsonl``.

Passages are ``{"id", "title", "text"}``, gold is ``{"question", "gold"}``. The passages of every other
answerable question are withdrawn, so that half of the questions are about programmes that nothing is known
of, among hundreds that are like them. Counted are abstentions from questions whose passage is withdrawn. The
last line is JSON.
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
    right = abstained = away = answered_right = 0
    for case in track(asked, description="questions"):
        found = answerer.ask(case["question"], most=1)
        gone = case["gold"] in withdrawn
        away += gone
        abstained += found.abstained
        right += gone and found.abstained
        answered_right += not gone and not found.abstained and found.hits[0].id == case["gold"]
    precision, recall = right / max(1, abstained), right / max(1, away)
    figures = {
        "questions": len(asked),
        "withdrawn": away,
        "abstained": abstained,
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "f1": round(2 * precision * recall / max(1e-9, precision + recall), 3),
        "answered_right": round(answered_right / max(1, len(asked) - away), 3),
    }
    print(json.dumps({"kind": "near_topics", **figures}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
