"""Texts whose vectors are still to come are found by their words, beside those that are known."""

from __future__ import annotations

import numpy as np
import pytest
from tests.knowledge.conftest import words_only
from tests.knowledge.test_meanings import EASY, ENTRIES, MeaningEmbedder

from donghaeng.knowledge.answering import BY_WORDS, Answerer
from donghaeng.knowledge.embedding import Embedding
from donghaeng.knowledge.index import Entry, Hit
from donghaeng.knowledge.nearness import Nearness

NEW = Entry("lamp", "등", "등을 빌려 드려요. 난로 값을 도와요.")


def vector(*values: float) -> np.ndarray:
    return np.array([values], np.float32)


def test_what_is_unknown_is_not_a_number() -> None:
    near = Nearness(["a", "b", "c"], {"c": vector(1, 0), "a": vector(0, 1), "z": vector(5, 5)})
    found = near.of(np.array([1, 0], np.float32))
    assert found.shape == (3,)
    assert np.isnan(found[1])
    assert found[2] > 0 > found[0]
    assert near.unknown(9) == ["b"]
    assert len(near) == 2


def test_more_becomes_known_and_what_is_gone_is_forgotten() -> None:
    near = Nearness(["a", "b"], {"a": vector(1, 0)}).changed(["b", "c"], {"b": vector(0, 1)})
    assert near.unknown(9) == ["c"]
    assert near.of(np.array([0, 1], np.float32)).shape == (2,)


def test_a_text_is_found_by_words_until_its_vectors_are_there() -> None:
    embedding = Embedding(MeaningEmbedder(), cache=None)
    answerer = Answerer(ENTRIES, words_only, thresholds=EASY, embedding=embedding).changed([NEW], {"teeth"})
    assert [entry.id for entry in answerer.unknown(9)] == ["lamp"]
    assert answerer.unknown_count() == 1
    assert answerer.ask("등을").hits[0] == Hit("lamp", pytest.approx(answerer.ask("등을").hits[0].score), 1.0)
    assert [hit.id for hit in answerer.ask("난방", most=1).hits] == ["coal"]
    known = answerer.with_vectors(embedding.vectors([NEW]))
    assert known.unknown(9) == []
    assert known.ask("등을").hits[0].nearness is not None


@pytest.mark.parametrize(
    ("score", "nearness", "fits"),
    [
        (BY_WORDS.score, None, True),
        (BY_WORDS.score - 0.1, None, False),
        (BY_WORDS.score, -1.0, False),
        (BY_WORDS.score - 0.1, 0.9, True),
    ],
)
def test_words_alone_decide_where_the_meaning_is_unknown(
    score: float, nearness: float | None, fits: bool
) -> None:
    answerer = Answerer(ENTRIES, words_only, embedding=Embedding(MeaningEmbedder(), cache=None))
    assert answerer._fits("연탄", {"연탄": 1.0}, Hit("coal", score, 1.0, nearness)) is fits


def test_without_an_embedding_nothing_is_waited_for() -> None:
    answerer = Answerer(ENTRIES, words_only)
    assert answerer.unknown(9) == []
    assert answerer.unknown_count() == 0
