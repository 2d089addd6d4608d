"""`donghaeng eval reading`: written Korean as it is spoken (CONTRACT 5)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from donghaeng.korean.reading import read_aloud
from donghaeng.measuring.cases import JsonObject, Progress, failed, no_progress, predict_all, read_cases


def read(path: Path) -> list[str]:
    """Read ``{"text"}`` cases.

    Raises:
        InputError: as :func:`~donghaeng.measuring.cases.read_cases`.
    """
    return [case["text"] for _, case in read_cases(path, {"text": str}, {})]


def run(cases: Sequence[str], stream: TextIO, progress: Progress = no_progress) -> JsonObject:
    """Predict every case and summarise."""
    predictions = predict_all(cases, lambda text: {"reading": read_aloud(text)}, stream, progress)
    return {"kind": "reading", "cases": len(cases), "failed": failed(predictions)}
