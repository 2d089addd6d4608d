"""An utterance as a vector: bounded, total, the same for the same words however they are spaced."""

from __future__ import annotations

import time
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.understanding.ranking.small import SENTENCES, by_words

from donghaeng.understanding.ranking.features import (
    MANY_EXAMPLES,
    SOUNDS,
    Strengths,
    Vocabulary,
    build_vocabulary,
)
from donghaeng.understanding.text import tidy

VOCABULARY = build_vocabulary(SENTENCES, by_words, rarest=2)
ANY_TEXT = st.text(st.characters(), max_size=120)


def dense(vocabulary: Vocabulary, text: str) -> np.ndarray:
    row = np.zeros(len(vocabulary), dtype=np.float32)
    positions, values = vocabulary.entries(text)
    row[positions] = values
    return row


@given(st.one_of(ANY_TEXT, st.lists(st.sampled_from(" ".join(SENTENCES).split())).map(" ".join)))
def test_a_vector_is_at_most_of_unit_length_and_names_no_position_twice(text: str) -> None:
    positions, values = VOCABULARY.entries(text)
    assert len(positions) == len(values) == len(set(positions.tolist()))
    assert np.linalg.norm(values) <= 1.0 + 1e-5
    assert (values > 0).all()
    assert values.dtype == np.float32


@pytest.mark.parametrize("text", SENTENCES[:3])
def test_a_training_sentence_has_unit_length(text: str) -> None:
    whole = build_vocabulary(SENTENCES, by_words)
    assert np.linalg.norm(whole.entries(text).values) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("text", ["", " ", "?!", "\U0001f642", "\x00", "\ud800", "Zzz"])
def test_what_shares_nothing_has_its_bounds_alone(text: str) -> None:
    vocabulary = build_vocabulary(["가나", "다라"])
    grams = list(vocabulary.index)
    assert {grams[position] for position in vocabulary.entries(text).positions} == {"^", "$"}
    nothing = build_vocabulary([])
    assert len(nothing) == len(nothing.entries(text).positions) == nothing.rows([text]).nnz == 0


def test_spacing_and_signs_change_nothing_without_morphemes() -> None:
    vocabulary = build_vocabulary(SENTENCES)
    one, other = dense(vocabulary, "합정역 버스 언제 와요"), dense(vocabulary, "합정 역버스, 언제와요?")
    assert np.array_equal(one, other)


def test_decomposed_letters_are_the_same_once_tidied() -> None:
    decomposed = unicodedata.normalize("NFD", SENTENCES[0])
    assert decomposed != SENTENCES[0]
    assert np.array_equal(dense(VOCABULARY, tidy(decomposed)), dense(VOCABULARY, SENTENCES[0]))


@pytest.mark.parametrize("text", ["S", "ㅋㅋㅋㅋ", "s s"])
def test_kinds_of_n_gram_are_kept_apart(text: str) -> None:
    positions, values = build_vocabulary([text, text], by_words).entries(text)
    assert len(positions) == len(set(positions.tolist()))
    assert np.linalg.norm(values) == pytest.approx(1.0, abs=1e-5)


def test_each_kind_has_its_share_of_the_vector() -> None:
    strengths = Strengths(syllables=1.0, sounds=2.0, morphemes=0.5)
    vocabulary = build_vocabulary(SENTENCES, by_words, strengths=strengths)
    text = SENTENCES[0]
    shares = []
    for only in (Strengths(1.0, 0.0, 0.0), Strengths(0.0, 2.0, 0.0), Strengths(0.0, 0.0, 0.5)):
        grams = set(build_vocabulary([text], by_words, strengths=only).index)
        kept = [vocabulary.index[gram] for gram in grams]
        shares.append(float(np.linalg.norm(dense(vocabulary, text)[kept])))
    assert np.array(shares) == pytest.approx(np.array(strengths) / np.linalg.norm(strengths), abs=0.02)


def test_a_kind_of_no_strength_is_not_counted() -> None:
    vocabulary = build_vocabulary(SENTENCES, by_words, strengths=MANY_EXAMPLES)
    assert not any(gram.startswith(SOUNDS) for gram in vocabulary.index)
    assert any("/NNG" in gram for gram in vocabulary.index)
    assert len(build_vocabulary(SENTENCES, strengths=MANY_EXAMPLES)) < len(vocabulary)


def test_rare_n_grams_are_left_out_and_frequent_ones_tell_less() -> None:
    vocabulary = build_vocabulary(["버스 와", "버스 가", "버스 서"], rarest=2)
    assert "버스" in vocabulary.index
    assert "와" not in vocabulary.index
    whole = build_vocabulary(["버스 와", "버스 가", "버스 서"])
    assert whole.weights[whole.index["버스"]] < whole.weights[whole.index["와"]]


def test_rows_are_the_entries_of_each_text_in_order() -> None:
    texts = ["", SENTENCES[0], "무관", SENTENCES[-1]]
    rows = VOCABULARY.rows(text for text in texts)
    assert rows.shape == (4, len(VOCABULARY))
    for row, text in zip(rows.toarray(), texts, strict=True):
        assert np.array_equal(row, dense(VOCABULARY, text))
    assert VOCABULARY.rows([]).shape == (0, len(VOCABULARY))
    assert len(build_vocabulary([])) == 0


def test_time_grows_with_length_alone() -> None:
    def seconds(times: int) -> float:
        text = "버스 언제 와요 " * times
        laps = []
        for _ in range(5):
            began = time.process_time()
            VOCABULARY.entries(text)
            laps.append(time.process_time() - began)
        return min(laps)

    seconds(10)
    assert seconds(3_200) < 40 * max(seconds(200), 1e-4)
