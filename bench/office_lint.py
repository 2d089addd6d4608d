"""The linter on the labelled sentences: ``python bench/office_lint.py development|test [--misses]``.

A finding counts where a label of the same rule lies over it; a fix counts where the corrected text is one
that the label allows. Precision: findings that count, of all. Recall: labels found, of all.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from donghaeng.office.lint.finding import Finding
from donghaeng.office.lint.linter import Linter
from donghaeng.office.lint.loading import load_linter

ROOT = Path(__file__).resolve().parents[1]
SETS = ROOT / "bench" / "office" / "lint"


@dataclass(slots=True)
class Score:
    """Counts over one half of the set."""

    sentences: int = 0
    labels: int = 0
    findings: int = 0
    right: int = 0
    """Findings under a label."""
    seen: int = 0
    """Labels with a finding."""
    fixes_due: int = 0
    fixes_right: int = 0

    def told(self) -> dict[str, float | int]:
        """Precision, recall, and the share of due fixes that the first fix makes."""
        return {
            "sentences": self.sentences,
            "labels": self.labels,
            "findings": self.findings,
            "precision": round(self.right / max(self.findings, 1), 3),
            "recall": round(self.seen / max(self.labels, 1), 3),
            "fixes": round(self.fixes_right / max(self.fixes_due, 1), 3),
        }


def main() -> None:
    """Print one line of JSON; with ``--misses`` each difference before it."""
    half = sys.argv[1]
    linter = load_linter(ROOT / "catalogue")
    score = Score()
    for sentence in YAML(typ="safe").load(SETS / f"{half}.yaml")["sentences"]:
        differences = judge(linter, sentence, score)
        if "--misses" in sys.argv:
            for line in differences:
                print(line)
    print(json.dumps({"half": half, **score.told()}, ensure_ascii=False))


def judge(linter: Linter, sentence: dict[str, Any], score: Score) -> list[str]:
    """Count one sentence in; what differs, a line each."""
    text = sentence["text"]
    findings = linter.check(text, whole=sentence.get("whole", False))
    labels = [(label, *place(text, label)) for label in sentence.get("findings", [])]
    score.sentences += 1
    score.labels += len(labels)
    score.findings += len(findings)
    told = []
    for one in findings:
        if any(one.rule == label["rule"] and over(one, start, end) for label, start, end in labels):
            score.right += 1
        else:
            told.append(f"surplus {one.rule} {one.text!r} in {text!r}")
    for label, start, end in labels:
        under = [one for one in findings if one.rule == label["rule"] and over(one, start, end)]
        if not under:
            told.append(f"missed {label['rule']} in {text!r}")
            continue
        score.seen += 1
        if "fix" in label:
            fixes = label["fix"] if isinstance(label["fix"], list) else [label["fix"]]
            due = {neat(text[:start] + fix + text[end:]) for fix in fixes}
            made = [neat(text[: one.start] + fix + text[one.end :]) for one in under for fix in one.fixes[:1]]
            score.fixes_due += 1
            if due & set(made):
                score.fixes_right += 1
            else:
                told.append(f"fix {made} is not one of {sorted(due)}")
    return told


def place(text: str, label: dict[str, Any]) -> tuple[int, int]:
    """Where a label lies."""
    at, start = label.get("at", text), -1
    for _ in range(label.get("nth", 1)):
        start = text.index(at, start + 1)
    return start, start + len(at)


def over(one: Finding, start: int, end: int) -> bool:
    """Whether a finding lies over a place."""
    return one.start < end and start < one.end


def neat(text: str) -> str:
    """A text without the difference that spaces make."""
    return "".join(text.split())


if __name__ == "__main__":
    main()
