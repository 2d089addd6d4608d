"""`donghaeng eval answers`: questions over passages (CONTRACT 5).

There is no knowledge base yet, so the agent that serves citizens abstains from every question, and so does
this; the summary says it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, TextIO

from donghaeng.errors import InputError
from donghaeng.measuring.cases import JsonObject, Progress, failed, no_progress, predict_all, read_cases

ENGINE: Final = "none: comes with the knowledge base"


def read_passages(path: Path) -> list[JsonObject]:
    """Read ``{"id", "title", "text"}`` passages.

    Raises:
        InputError: as :func:`~donghaeng.measuring.cases.read_cases`; two passages with one id.
    """
    seen: dict[str, int] = {}
    rows = read_cases(path, {"id": str, "title": str, "text": str}, {})
    for number, row in rows:
        if row["id"] in seen:
            first = seen[row["id"]]
            raise InputError(f"{path}:{number}: id {row['id']!r} as in line {first}", remedy="an id each")
        seen[row["id"]] = number
    return [row for _, row in rows]


def read_questions(path: Path) -> list[JsonObject]:
    """Read ``{"id", "question"}`` cases.

    Raises:
        InputError: as :func:`~donghaeng.measuring.cases.read_cases`.
    """
    return [row for _, row in read_cases(path, {"id": str, "question": str}, {})]


def run(
    passages: Sequence[JsonObject],
    questions: Sequence[JsonObject],
    stream: TextIO,
    progress: Progress = no_progress,
) -> JsonObject:
    """Predict every question and summarise."""
    predictions = predict_all(questions, lambda question: _abstain(), stream, progress)
    return {
        "kind": "answers",
        "engine": ENGINE,
        "passages": len(passages),
        "cases": len(questions),
        "failed": failed(predictions),
        "abstained": len(predictions),
    }


def _abstain() -> JsonObject:
    return {"ids": [], "abstained": True, "answer": "", "citations": []}
