"""`donghaeng eval answers`: questions over passages, with the retrieval that serves citizens."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path
from typing import Final, TextIO

import numpy as np

from donghaeng.errors import InputError
from donghaeng.knowledge.answering import Answerer
from donghaeng.knowledge.base import KnowledgeBase
from donghaeng.knowledge.embedding import Embedding
from donghaeng.knowledge.grounding import flaws
from donghaeng.knowledge.index import Entry
from donghaeng.knowledge.kept_analysis import KeptAnalysis
from donghaeng.knowledge.passages import Passage, sentences
from donghaeng.knowledge.pieces import pieces
from donghaeng.korean.morphemes import analyser, bulk_analyser, placer
from donghaeng.measuring.cases import JsonObject, Progress, failed, no_progress, predict_all, read_cases
from donghaeng.measuring.figures import milliseconds
from donghaeng.measuring.made_passages import Made

ENGINE: Final = "bm25 over morphemes and syllable pairs, nearest vector of pieces, titles, extractive"
BEST: Final = 5
DOCUMENT_PASSAGES: Final = 20
"""Of the document that takes the place of one."""
DAY: Final = date(2026, 11, 23)
"""On which generated passages are searched; they hold on any."""

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


def time_many(
    made: Sequence[Made],
    embedding: Embedding,
    *,
    at_once: int,
    questions: int = 300,
    embedded: int = 40,
    seed: int = 7,
    searching: Callable[[], AbstractContextManager[None]] = nullcontext,
    progress: Progress = no_progress,
) -> JsonObject:
    """What many passages of documents cost: to make them searchable, to add one more document, to search.

    Vectors are made of some passages, to know their price; the others get random ones of the same shape, for
    a search costs the same whatever they say.

    Args:
        made: the passages with a question each; the last ones are the document that is added.
        embedding: embeds the questions and some passages.
        at_once: passages that are indexed in one step.
        questions: how many are asked.
        embedded: how many passages are embedded.
        seed: of the random vectors.
        searching: what surrounds the searches, for example a limit to one core.
        progress: is told how many passages are searchable.
    """
    passages = [one.passage for one in made]
    with tempfile.TemporaryDirectory(prefix="donghaeng-") as folder:
        file = Path(folder) / "morphemes.db"
        _, first_s, first_cpu_s = _searchable(passages, at_once, file, embedding, progress)
        base, again_s, again_cpu_s = _searchable(passages, at_once, file, embedding, progress)
    asked = made[:: max(1, len(made) // questions)]
    with searching():
        by_words = _searches(base, asked)
    cpu_s, letters = _embedding_cost(base.unknown(embedded), embedding)
    chance = np.random.default_rng(seed)
    dimension = len(embedding.question(asked[0].question))
    vectors = {
        entry.id: chance.standard_normal((len(list(pieces(entry.title, entry.text))), dimension), np.float32)
        for entry in base.unknown(len(base.passages))
    }
    base = base.with_vectors(
        {name: rows / np.linalg.norm(rows, axis=1)[:, None] for name, rows in vectors.items()}
    )
    with searching():
        by_both = _searches(base, asked)
    last = passages[-min(DOCUMENT_PASSAGES, len(passages)) :]
    begun = time.perf_counter()
    base = base.changed(last, {passage.id for passage in last})
    replaced_s = time.perf_counter() - begun
    return {
        "many_passages": len(passages),
        "many_searchable_by_words_s": round(first_s, 2),
        "many_searchable_by_words_cpu_s": round(first_cpu_s, 2),
        "many_searchable_again_s": round(again_s, 2),
        "many_searchable_again_cpu_s": round(again_cpu_s, 2),
        "many_document_replaced_s": round(replaced_s, 3),
        "many_right_first_by_words": by_words.pop("right"),
        **{f"many_words_{name}": value for name, value in by_words.items()},
        **{f"many_{name}": value for name, value in by_both.items() if name != "right"},
        "embedding_cpu_s_per_300_letters": round(cpu_s / letters * 300, 3) if letters else None,
    }


def _searchable(
    passages: Sequence[Passage], at_once: int, file: Path, embedding: Embedding, progress: Progress
) -> tuple[KnowledgeBase, float, float]:
    """A base of passages, step by step as documents are followed, and the seconds and CPU seconds it took."""
    begun, used = time.perf_counter(), time.process_time()
    analysis = KeptAnalysis(analyser(), file, bulk_analyser())
    base = KnowledgeBase((), analysis, embedding=embedding)
    for begin in range(0, len(passages), at_once):
        some = passages[begin : begin + at_once]
        analysis.prepare(passage.body for passage in some)
        base = base.changed(some, ())
        progress(min(begin + at_once, len(passages)), len(passages))
    return base, time.perf_counter() - begun, time.process_time() - used


def _searches(base: KnowledgeBase, asked: Sequence[Made]) -> JsonObject:
    spent, used, right = [], [], 0
    for one in asked:
        begun, before = time.perf_counter(), time.process_time()
        found = base.search(one.question, DAY)
        spent.append(time.perf_counter() - begun)
        used.append(time.process_time() - before)
        right += bool(found) and found[0][0].id == one.passage.id
    return {"right": round(right / len(asked), 3), **milliseconds(spent), **milliseconds(used, "cpu_")}


def _embedding_cost(entries: Sequence[Entry], embedding: Embedding) -> tuple[float, int]:
    begun = time.process_time()
    embedding.vectors(entries)
    return time.process_time() - begun, sum(len(entry.title) + len(entry.text) for entry in entries)


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
