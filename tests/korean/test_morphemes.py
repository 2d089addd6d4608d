"""The morpheme analyser takes any text, from any thread."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from donghaeng.korean.morphemes import Morpheme, analyser

ENDINGS = {"가요": "어요", "가나요": "나요", "가야죠": "죠"}


def test_a_sentence_is_taken_apart() -> None:
    found = analyser()("소파를 버려야 해요")
    assert found[:3] == [Morpheme("소파", "NNG"), Morpheme("를", "JKO"), Morpheme("버리", "VV")]
    assert found[-1] == Morpheme("어요", "EF")


def test_words_with_other_endings_share_their_stem() -> None:
    stems = {analyser()(f"학교에 {word}")[2] for word in ENDINGS}
    assert stems == {Morpheme("가", "VV")}


@settings(max_examples=200)
@given(st.text(st.characters(), max_size=200))
@example("")
@example("\x00가\x00")
@example("\ud800")
@example("버스\udfff 언제")
@example("👨‍👩‍👧 버스")
@example("\u1100\u1161")
@example("\U0010ffff")
def test_any_text_is_taken(text: str) -> None:
    for form, tag in analyser()(text):
        assert form
        assert tag
        assert (form + tag).encode()


def test_halves_of_pairs_are_unknown_signs_and_the_words_around_them_stay() -> None:
    assert analyser()("버스\ud800 언제")[0] == Morpheme("버스", "NNG")


@pytest.mark.parametrize("unit", ["가", "버스 언제 와요 ", "ㅋ", "7", "🙂", "a", "ㅏ", "@#", "\x00", "길일"])
def test_the_longest_utterance_takes_under_a_second(unit: str) -> None:
    analyse = analyser()
    analyse("준비")
    began = time.process_time()
    analyse((unit * 1_000)[:1_000])
    assert time.process_time() - began < 1.0


def test_threads_share_one_analyser() -> None:
    sentences = [f"{number}번 버스가 합정역에 언제 오나요" for number in range(200)]
    alone = [analyser()(sentence) for sentence in sentences]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(analyser(), sentences)) == alone
