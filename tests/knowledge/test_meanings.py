"""Passages are found by meaning where no word is shared, and by words where nothing is known of meanings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.knowledge.conftest import words_only

from donghaeng.knowledge.answering import Answerer, Thresholds
from donghaeng.knowledge.embedding import Embedding
from donghaeng.knowledge.index import Entry
from donghaeng.knowledge.meanings import Meanings
from donghaeng.knowledge.pieces import MOST_CHARS, pieces
from donghaeng.understanding.embed.protocol import Vectors

EASY = Thresholds(score=0.0, coverage=0.0, subject=0.7)
ENTRIES = (
    Entry("glasses", "안경", "안경 값을 도와요."),
    Entry("coal", "연탄", "연탄 값을 도와요."),
    Entry("teeth", "틀니", "틀니 값을 도와요."),
)


class MeaningEmbedder:
    """Knows that 눈 and 안경, 난방 and 연탄, 이빨 and 틀니 mean much the same."""

    name = "meaning"
    dimension = 4

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, sentences: Sequence[str]) -> Vectors:
        self.asked += sentences
        return np.array([[1.0, *_marks(one)] for one in sentences], np.float32)


def _marks(sentence: str) -> list[float]:
    alike = (("눈", "안경"), ("난방", "연탄"), ("이빨", "틀니"))
    return [float(any(word in sentence for word in words)) for words in alike]


def test_a_question_without_a_common_word_finds_what_means_the_same() -> None:
    by_words = Answerer(ENTRIES, words_only, thresholds=EASY)
    by_both = Answerer(
        ENTRIES, words_only, thresholds=EASY, embedding=Embedding(MeaningEmbedder(), cache=None)
    )
    assert by_words.ask("난방이 걱정").hits == ()
    assert by_both.ask("난방이 걱정").hits[0].id == "coal"
    assert by_both.ask("이빨").hits[0].id == "teeth"


def test_words_in_common_still_count() -> None:
    both = Answerer(ENTRIES, words_only, thresholds=EASY, embedding=Embedding(MeaningEmbedder(), cache=None))
    assert both.ask("안경").hits[0].id == "glasses"
    assert [hit.id for hit in both.ask("틀니", among={"glasses", "coal"}).hits if hit.id == "teeth"] == []


def test_vectors_of_texts_are_kept_and_questions_asked_once(tmp_path: Path) -> None:
    first, second = MeaningEmbedder(), MeaningEmbedder()
    Answerer(ENTRIES, words_only, embedding=Embedding(first, cache=tmp_path))
    assert len(first.asked) == len(ENTRIES)
    again = Answerer(ENTRIES, words_only, embedding=Embedding(second, cache=tmp_path))
    for _ in range(3):
        again.ask("눈이 나빠요")
    assert second.asked == ["눈이 나빠요"]


def test_what_all_pieces_have_in_common_counts_for_nothing() -> None:
    vectors = np.array([[10, 1, 0], [10, 0, 1], [10, -1, -1]], np.float32)
    meanings = Meanings(vectors, [0, 0, 1])
    nearness = meanings.nearness(np.array([10, 0, 1], np.float32))
    assert nearness.shape == (2,)
    assert nearness[0] == pytest.approx(1.0)
    assert nearness[1] < 0


def test_no_texts_and_one_text_are_no_trouble() -> None:
    assert Meanings(np.zeros((0, 3), np.float32), []).nearness(np.ones(3, np.float32)).shape == (0,)
    assert Meanings(np.ones((1, 3), np.float32), [0]).nearness(np.ones(3, np.float32)).tolist() == [0.0]


def test_a_city_without_passages_answers_nothing_and_starts(tmp_path: Path) -> None:
    empty = Answerer([], words_only, embedding=Embedding(MeaningEmbedder(), cache=tmp_path))
    assert empty.ask("안경 값").abstained


@given(st.lists(st.text(alphabet="가나다 .?!", max_size=120), max_size=12))
def test_pieces_hold_every_sentence_once_and_in_order(sentences: list[str]) -> None:
    text = " ".join(sentences)
    cut = list(pieces("제목", text))
    assert cut
    bodies = [piece.removeprefix("제목").removeprefix(". ") for piece in cut]
    assert "".join("".join(bodies).split()) == "".join(text.split())
    for body in bodies:
        assert len(body) <= MOST_CHARS or ". " not in body.rstrip()
