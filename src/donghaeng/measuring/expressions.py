"""`donghaeng eval expressions`: values of Korean numbers, dates, sums and telephone numbers (CONTRACT 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from donghaeng.errors import InputError
from donghaeng.korean.expressions import KINDS, values
from donghaeng.measuring.cases import JsonObject, Progress, failed, no_progress, predict_all, read_cases


@dataclass(frozen=True, slots=True)
class ExpressionCase:
    """A sentence, when it is said, and what is sought in it."""

    text: str
    now: datetime
    kind: str


def read(path: Path) -> list[ExpressionCase]:
    """Read ``{"text", "now", "kind"}`` cases.

    Raises:
        InputError: as :func:`~donghaeng.measuring.cases.read_cases`; an unknown kind; ``now`` is no time.
    """
    found = []
    rows = read_cases(path, {"text": str, "now": str, "kind": str}, {})
    for number, row in rows:
        if row["kind"] not in KINDS:
            raise InputError(f"{path}:{number}: kind {row['kind']!r}", remedy=f"one of {', '.join(KINDS)}")
        found.append(ExpressionCase(row["text"], moment(f"{path}:{number}", row["now"]), row["kind"]))
    return found


def moment(where: str, text: str) -> datetime:
    """A time as cases write it.

    Raises:
        InputError: it is none.
    """
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{where}: 'now' is no time", remedy="2026-11-23T10:00:00+09:00") from None


def run(cases: Sequence[ExpressionCase], stream: TextIO, progress: Progress = no_progress) -> JsonObject:
    """Predict every case and summarise."""
    predictions = predict_all(
        cases, lambda case: {"values": values(case.text, case.now, case.kind)}, stream, progress
    )
    return {
        "kind": "expressions",
        "cases": len(cases),
        "failed": failed(predictions),
        "without_values": sum(not prediction.get("values") for prediction in predictions),
    }
