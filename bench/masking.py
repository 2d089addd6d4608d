"""How well masking finds what must go: ``python bench/masking.py [--failures] [--speed]``.

1,000 marked sentences (`bench/masking/`), once under the policy of the store (numbers that are never
collected) and once under that of logs, traces, metrics and language models (contact data too).
``--speed`` adds what a sentence costs: the city's example sentences, and the sentences of the set.
"""

from __future__ import annotations

import json
import sys
import time
from functools import partial
from pathlib import Path

from donghaeng.measuring.masking import Found, measure_masking
from donghaeng.measuring.masking_cases import all_cases
from donghaeng.trust.masking import POLICIES, Purpose, find, mask

FOLDER = Path(__file__).resolve().parent / "masking"
ORDINARY = FOLDER.parent / "unseen"
ROUNDS = 15


def main(arguments: list[str]) -> None:
    cases = all_cases(FOLDER)
    purposes: tuple[Purpose, ...] = ("store", "log")
    for purpose in purposes:
        kinds = POLICIES[purpose]
        figures = measure_masking(cases, partial(_found, purpose=purpose), kinds)
        by_kind = {
            kind: {
                "pieces": figures.wanted[kind],
                "recall": round(figures.gone[kind] / max(1, figures.wanted[kind]), 4),
                "precision": round(figures.right[kind] / max(1, figures.masked[kind]), 4),
            }
            for kind in sorted(kinds)
        }
        told = {
            "purpose": purpose, "cases": len(cases), "recall": round(figures.recall, 4),
            "precision": round(figures.precision, 4), "kinds": by_kind,
        }  # fmt: skip
        print(json.dumps(told, ensure_ascii=False))
        if "--failures" in arguments:
            for line in figures.failures:
                print("  " + line)
    if "--speed" in arguments:
        ordinary = [
            json.loads(line)["text"] for file in sorted(ORDINARY.glob("*.jsonl"))
            for line in file.read_text("utf-8").splitlines()
        ]  # fmt: skip
        for name, texts in (("ordinary", ordinary), ("cases", [case.text for case in cases])):
            costs = {f"{purpose}_us": round(_cost(texts, purpose), 2) for purpose in purposes}
            print(json.dumps({"texts": name, "count": len(texts), **costs}))


def _found(text: str, *, purpose: Purpose) -> list[Found]:
    return [(span.start, span.end, span.kind) for span in find(text, purpose)]


def _cost(texts: list[str], purpose: Purpose) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        begin = time.process_time()
        for text in texts:
            mask(text, purpose)
        best = min(best, time.process_time() - begin)
    return 1e6 * best / len(texts)


if __name__ == "__main__":
    main(sys.argv[1:])
