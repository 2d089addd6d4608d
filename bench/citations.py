"""Whether the check of statements (``knowledge/grounding``) sees what a passage supports.

.venv/bin/python bench/citations.py

Reads the statements of ``bench/citations.yaml``, labelled by hand over the passages of the catalogue. Prints
the statements that the check judges otherwise than the labels, and one JSON line last. Precision is the share
of supported ones among those that it lets through: what a citizen would hear.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML

from donghaeng.knowledge.grounding import Flaws, flaws
from donghaeng.knowledge.loading import load_passages
from donghaeng.korean.morphemes import placer

ROOT = Path(__file__).resolve().parents[1]
STATEMENTS = ROOT / "bench" / "citations.yaml"


def judged() -> Iterator[tuple[str, str, bool, Flaws]]:
    """Id of the passage, statement, label, and what the check finds wrong with it."""
    passages = {passage.id: passage for passage in load_passages(ROOT / "catalogue" / "knowledge")}
    for case in YAML(typ="safe").load(STATEMENTS.read_text(encoding="utf-8")):
        passage = passages[case["passage"]]
        for label in ("supported", "unsupported"):
            for statement in case[label]:
                found = flaws(statement, passage.title, passage.body, placer())
                yield passage.id, statement, label == "supported", found


def main() -> None:
    """Print the figures."""
    counts: Counter[tuple[bool, bool]] = Counter()
    for passage, statement, supported, found in judged():
        counts[supported, not found] += 1
        if supported == bool(found):
            what = ", ".join(sorted(found)) or "let through"
            print(f"{'refused ' if found else 'believed'} {passage}: {statement} ({what})")
    believed = counts[True, True] + counts[False, True]
    print(
        json.dumps(
            {
                "statements": counts.total(),
                "supported": counts[True, True] + counts[True, False],
                "believed": believed,
                "precision": round(counts[True, True] / believed, 3) if believed else None,
                "recall": round(counts[True, True] / (counts[True, True] + counts[True, False]), 3),
            }
        )
    )


if __name__ == "__main__":
    main()
