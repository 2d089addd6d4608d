"""Scores predictions of `donghaeng eval` against gold that the command never sees.

.venv/bin/python bench/score.py expressions predictions.jsonl gold.jsonl
.venv/bin/python bench/score.py reading predictions.jsonl gold.jsonl
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

PAUSES = re.compile(r"[\s,.!?~·:]")


def reading_is_right(prediction: dict[str, Any], gold: dict[str, Any]) -> bool:
    """Whether the reading is one of those that are right, spaces and pauses aside."""
    said = PAUSES.sub("", prediction.get("reading", ""))
    return said in {PAUSES.sub("", one) for one in [gold["reading"], *gold.get("also", [])]}


def first_value_is_right(prediction: dict[str, Any], gold: dict[str, Any]) -> bool:
    """Whether the best value is one of those that are right; nothing is right where there is nothing."""
    values = prediction.get("values", [])
    if not gold["values"]:
        return not values
    return bool(values) and any(same(values[0], one) for one in gold["values"])


def any_value_is_right(prediction: dict[str, Any], gold: dict[str, Any]) -> bool:
    """Whether one of the values is right."""
    values = prediction.get("values", [])
    if not gold["values"]:
        return not values
    return any(same(value, one) for value in values for one in gold["values"])


def same(value: Any, gold: Any) -> bool:
    """Equal, seconds of 0 left out or not, a coarse grain as an interval, the last day counted in or out."""
    if isinstance(value, str) and isinstance(gold, str):
        return not spans(value).isdisjoint(spans(gold))
    return bool(value == gold)


def spans(text: str) -> set[str]:
    """The ways to write one time."""
    text = re.sub(r"(T\d\d:\d\d):00(?!\d)", r"\1", text)
    if re.fullmatch(r"\d{4}|\d{4}-\d\d|\d{4}-W\d\d|\d{4}-Q\d", text):
        text = grain(text)
    if "/" not in text:
        return {text}
    start, _, end = text.partition("/")
    found = {text}
    if re.fullmatch(r"\d{4}-\d\d-\d\d", end):
        found.add(f"{start}/{date.fromisoformat(end) + timedelta(days=1)}")
    return found


def grain(text: str) -> str:
    """A week, month, quarter or year as an interval without its end."""
    if "W" in text:
        start = datetime.strptime(text + "-1", "%G-W%V-%u").date()  # noqa: DTZ007  a day has no zone
        return f"{start}/{start + timedelta(days=7)}"
    year, months = int(text[:4]), 12
    month = 1
    if "Q" in text:
        month, months = int(text[-1]) * 3 - 2, 3
    elif len(text) == 7:
        month, months = int(text[5:]), 1
    after = year * 12 + month - 1 + months
    return f"{date(year, month, 1)}/{date(after // 12, after % 12 + 1, 1)}"


def main(arguments: Sequence[str]) -> int:
    kind, predictions_file, gold_file = arguments
    predictions, gold = (
        [json.loads(line) for line in Path(file).read_text(encoding="utf-8").splitlines()]
        for file in (predictions_file, gold_file)
    )
    judges = {
        "reading": {"right": reading_is_right},
        "expressions": {"best": first_value_is_right, "any": any_value_is_right},
    }[kind]
    group = "class" if kind == "reading" else "kind"
    for name, judge in judges.items():
        right: Counter[str] = Counter()
        for prediction, row in zip(predictions, gold, strict=True):
            good = judge(prediction, row)
            right["all"] += good
            right[row[group]] += good
            right["not vague"] += good and not row.get("vague")
        total = Counter(row[group] for row in gold)
        total["all"], total["not vague"] = len(gold), sum(not row.get("vague") for row in gold)
        shares = {key: f"{right[key]}/{count} = {right[key] / count:.3f}" for key, count in total.items()}
        print(name, json.dumps(shares, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
