from __future__ import annotations

import unicodedata
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.korean.jamo import is_syllable
from donghaeng.korean.noise import variants, vary

SENTENCE = "합정역에서 육사일일 번 버스가 언제 오는지 알려 주세요"
TEXTS = st.text(max_size=60) | st.text(alphabet="가나다라마소파를은 영일이삼0123abc합정역에", max_size=60)


@given(TEXTS, st.integers(0, 1000), st.floats(0, 1))
def test_the_same_seed_gives_the_same_text_in_nfc(text: str, seed: int, level: float) -> None:
    heard = vary(text, Random(seed), level=level)
    assert heard == vary(text, Random(seed), level=level)
    assert heard == unicodedata.normalize("NFC", heard)


@given(TEXTS, st.integers(0, 1000))
def test_level_zero_changes_nothing(text: str, seed: int) -> None:
    assert vary(text, Random(seed), level=0.0) == unicodedata.normalize("NFC", text)


@given(TEXTS, st.integers(0, 1000), st.floats(0, 1))
def test_what_was_said_never_vanishes(text: str, seed: int, level: float) -> None:
    said = sum(is_syllable(char) for char in unicodedata.normalize("NFC", text))
    heard = sum(is_syllable(char) for char in vary(text, Random(seed), level=level))
    assert heard >= min(said, 2)


NUMBERS = {
    "육사일일": "번",
    "삼백이": "호",
    "열": "시",
    "02-120": "",
    "십이": "월",
    "세": "개",
    "하나": "",
    "구": "번",
}


@given(st.lists(st.sampled_from([*NUMBERS, "소파를", "버스가", "언제"]), max_size=8), st.integers(0, 1000))
def test_numbers_stay_when_asked(words: list[str], seed: int) -> None:
    text = " ".join(f"{word} {NUMBERS.get(word, '')}" for word in words)
    heard = vary(text, Random(seed), level=0.5, keep_numbers=True).replace(" ", "")
    place = 0
    for number in (word for word in words if word in NUMBERS):
        place = heard.find(number, place) + len(number)
        assert place >= len(number)


@given(st.integers(0, 1000))
def test_kept_words_stay_in_one_piece(seed: int) -> None:
    assert "합정역" in vary(SENTENCE, Random(seed), level=0.6, keep=["합정역"])


def test_a_higher_level_is_further_away() -> None:
    def changed(level: float) -> int:
        heard = [vary(SENTENCE, Random(seed), level=level) for seed in range(60)]
        return sum(one != other for text in heard for one, other in zip(text, SENTENCE, strict=False))

    assert 0 < changed(0.05) < changed(0.15) < changed(0.4)


def test_variants_differ_from_the_text_and_from_each_other() -> None:
    found = variants(SENTENCE, Random(1), 8, level=0.1)
    assert len(found) == len(set(found)) == 8
    assert SENTENCE not in found
    assert variants("", Random(1), 3) == []


@pytest.mark.parametrize("text", ["", " ", "…", "12", "😀😀", "ㅋㅋ"])
def test_text_without_syllables_comes_back(text: str) -> None:
    assert vary(text, Random(3), level=1.0) == text
