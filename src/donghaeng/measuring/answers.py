"""`donghaeng eval answers`: questions over passages, with the retrieval that serves citizens."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Final, TextIO

from donghaeng.errors import InputError
from donghaeng.knowledge.answering import Answerer
from donghaeng.knowledge.base import KnowledgeBase
from donghaeng.knowledge.embedding import Embedding
from donghaeng.knowledge.grounding import flaws
from donghaeng.knowledge.index import Entry
from donghaeng.knowledge.passages import Passage, sentences
from donghaeng.korean.morphemes import analyser, placer
from donghaeng.measuring.cases import JsonObject, Progress, failed, no_progress, predict_all, read_cases
from donghaeng.measuring.figures import milliseconds

ENGINE: Final = "bm25 over morphemes and syllable pairs, nearest vector of pieces, titles, extractive"
BEST: Final = 5

Support = Callable[[str, str], bool]
"""Statement, id of a passage → whether it stands there."""


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


def build(passages: Sequence[JsonObject], embedding: Embedding | None = None) -> tuple[Answerer, float]:
    """An answerer over the passages, and the seconds that it took to build."""
    begun = time.perf_counter()
    entries = [Entry(row["id"], row["title"], row["text"]) for row in passages]
    answerer = Answerer(entries, analyser(), embedding=embedding)
    return answerer, round(time.perf_counter() - begun, 2)


def run(
    answerer: Answerer,
    questions: Sequence[JsonObject],
    stream: TextIO,
    progress: Progress = no_progress,
    *,
    support: Support | None = None,
) -> JsonObject:
    """Predict every question and summarise; times are milliseconds a question.

    Args:
        support: tells of every statement whether its passage supports it; those are counted then.
    """
    spent: list[float] = []
    stated = supported = 0

    def predict(question: JsonObject) -> JsonObject:
        asked = time.perf_counter()
        prediction = answer(answerer, question["question"])
        spent.append(time.perf_counter() - asked)
        if support is not None and prediction["citations"]:
            nonlocal stated, supported
            said = sentences(prediction["answer"])
            held = [support(sentence, prediction["citations"][0]) for sentence in said]
            stated, supported = stated + len(held), supported + sum(held)
            prediction["supported"] = all(held)
        return prediction

    predictions = predict_all(questions, predict, stream, progress)
    return {
        "kind": "answers",
        "engine": ENGINE,
        "passages": len(answerer),
        "cases": len(questions),
        "failed": failed(predictions),
        "abstained": sum(bool(one.get("abstained")) for one in predictions),
        **({"statements": stated, "supported": supported} if support is not None else {}),
        **milliseconds(spent),
    }


def supporting(passages: Sequence[JsonObject]) -> Support:
    """Whether a statement stands in the passage of an id (:mod:`donghaeng.knowledge.grounding`)."""
    texts = {row["id"]: (row["title"], row["text"]) for row in passages}
    place = placer()
    return lambda statement, identity: not flaws(statement, *texts[identity], place)


def time_answers(
    passages: Sequence[Passage], questions: Sequence[str], day: date, *, embedding: Embedding | None = None
) -> JsonObject:
    """Milliseconds that the city's own passages take to be searched for each question, from a loaded base."""
    begun = time.perf_counter()
    base = KnowledgeBase(passages, analyser(), embedding=embedding)
    build_s = time.perf_counter() - begun
    spent, answered = [], 0
    for question in questions:
        asked = time.perf_counter()
        answered += bool(base.search(question, day))
        spent.append(time.perf_counter() - asked)
    return {
        "kind": "answers",
        "engine": ENGINE,
        "passages": len(passages),
        "questions": len(questions),
        "answered": answered,
        "build_s": round(build_s, 2),
        **milliseconds(spent),
    }


def answer(answerer: Answerer, question: str) -> JsonObject:
    """The prediction of one question. The best passages are named where it abstains too: that none of them is
    good enough is said by ``abstained``."""
    found = answerer.ask(question, most=BEST)
    ids = [hit.id for hit in found.hits]
    return {
        "ids": ids,
        "abstained": found.abstained,
        "answer": found.answer,
        "citations": [] if found.abstained else ids[:1],
    }
