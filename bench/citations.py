"""Whether the check of statements (``knowledge/grounding``) sees what a passage supports.

.venv/bin/python bench/citations.py
.venv/bin/python bench/citations.py --unseen --welfare $S/text/answers/welfare

Reads the statements of ``bench/citations.yaml``, labelled by hand over the passages of the catalogue, or
those of ``bench/citations_unseen.yaml``, on which no rule was looked at: what is spoken for questions, and
passages in other words. Prints the statements that the check judges otherwise than the labels, and a JSON
line for each kind last. Precision is the share of supported ones among those that it lets through: what a
citizen would hear.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from donghaeng.knowledge.grounding import Flaws, flaws
from donghaeng.knowledge.loading import load_passages
from donghaeng.knowledge.passages import Passage, sentences
from donghaeng.korean.morphemes import placer

ROOT = Path(__file__).resolve().parents[1]
STATEMENTS = ROOT / "bench" / "citations.yaml"


UNSEEN = ROOT / "bench" / "citations_unseen.yaml"

Judged = tuple[str, str, bool, Flaws]
"""Id of the passage, statement, label, and what the check finds wrong with it."""


def _read(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def _known() -> dict[str, Passage]:
    return {passage.id: passage for passage in load_passages(ROOT / "catalogue" / "knowledge")}


def labelled(cases: Iterable[Any]) -> Iterator[Judged]:
    """Statements about passages of the catalogue."""
    passages = _known()
    for case in cases:
        passage = passages[case["passage"]]
        for label in ("supported", "unsupported"):
            for statement in case.get(label, ()):
                found = flaws(statement, passage.title, passage.body, placer())
                yield passage.id, statement, label == "supported", found


def of_welfare(cases: Iterable[Any], folder: Path) -> Iterator[Judged]:
    """Sentences of the passages of a data set that are spoken; the labels name them by their place."""
    lines = (folder / "passages.jsonl").read_text(encoding="utf-8").splitlines()
    rows = {row["id"]: row for row in map(json.loads, lines)}
    for case in cases:
        row = rows[case["passage"]]
        said = sentences(row["text"])
        for place in case["spoken"]:
            found = flaws(said[place], row["title"], row["text"], placer())
            yield row["id"], said[place], place not in case["unsupported"], found


def told(kind: str, judged: Iterable[Judged], **more: object) -> None:
    """Print where the check and the labels differ, and the figures."""
    counts: Counter[tuple[bool, bool]] = Counter()
    for passage, statement, stands, found in judged:
        counts[stands, not found] += 1
        if stands == bool(found):
            what = ", ".join(sorted(found)) or "let through"
            print(f"{'refused ' if found else 'believed'} {passage}: {statement} ({what})")
    believed = counts[True, True] + counts[False, True]
    supported = counts[True, True] + counts[True, False]
    figures = {
        "kind": kind,
        "statements": counts.total(),
        "supported": supported,
        "believed": believed,
        "precision": round(counts[True, True] / believed, 3) if believed else None,
        "recall": round(counts[True, True] / supported, 3) if supported else None,
    }
    print(json.dumps(figures | more))


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--unseen", action="store_true")
    arguments.add_argument("--welfare", type=Path, help="folder of passages.jsonl")
    chosen = arguments.parse_args()
    if not chosen.unseen:
        told("labelled", labelled(_read(STATEMENTS)))
        return
    cases = _read(UNSEEN)
    kinds = ["catalogue"] if chosen.welfare is None else ["catalogue", "welfare", "welfare_leaning"]
    for kind in kinds:
        some = cases[kind]
        judged = labelled(some) if kind == "catalogue" else of_welfare(some, chosen.welfare)
        known = {"answered": sum(case["answers"] for case in some)} if "answers" in some[0] else {}
        told(f"spoken, {kind}", judged, questions=len(some), **known)
    told("reworded", labelled(cases["reworded"]))


if __name__ == "__main__":
    main()
