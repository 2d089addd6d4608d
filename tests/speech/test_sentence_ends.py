from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.learning import sentence_ends

from donghaeng.korean.morphemes import analyser
from donghaeng.speech.sentence_ends import learn, learn_or_read, unknown

FEW = ["버스 언제 와요", "병원 어디 있어요", "소파를 버려야 해요"]


@pytest.mark.parametrize(
    ("whole", "begun"),
    [
        ("합정역에서 버스 타려고요", "합정역에서 버스"),
        ("다음 주 화요일이요", "다음 주"),
        ("소파 버려야 되는데 어떻게 해요", "소파 버려야 되는데"),
        ("문 연 약국 있어요", "문 연"),
    ],
)
def test_a_whole_sentence_is_told_from_its_beginning(whole: str, begun: str) -> None:
    assert sentence_ends()(whole) > 0.5 > sentence_ends()(begun)


def test_signs_that_a_recogniser_writes_change_nothing() -> None:
    ends = sentence_ends()
    assert ends("버스 언제 와요") == ends("버스, 언제 와요?") == ends(" 버스 언제 와요… ")


def test_what_was_learnt_is_kept_and_read_again(tmp_path: Path) -> None:
    learnt = learn_or_read(FEW * 5, analyser(), tmp_path)
    (file,) = (tmp_path / "learnt").iterdir()
    assert learn_or_read(FEW * 5, analyser(), tmp_path)("어디 있어요") == learnt("어디 있어요")
    file.write_text("{broken", encoding="utf-8")
    assert learn_or_read(FEW * 5, analyser(), tmp_path)("어디 있어요") == learnt("어디 있어요")
    assert '"weights"' in file.read_text(encoding="utf-8")


def test_of_nothing_nothing_is_learnt() -> None:
    assert learn([], analyser())("버스 언제 와요") == unknown("버스 언제 와요") == 0.5


@given(st.text(max_size=60))
def test_any_words_are_judged(words: str) -> None:
    assert 0.0 <= sentence_ends()(words) <= 1.0
