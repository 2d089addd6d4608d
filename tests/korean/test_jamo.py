from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.korean import jamo

syllables = st.text(st.characters(min_codepoint=jamo.SYLLABLE_BASE, max_codepoint=jamo.SYLLABLE_LAST))


@given(syllables)
def test_compose_undoes_decompose(text: str) -> None:
    assert jamo.compose(jamo.decompose(text)) == text


@given(syllables)
def test_decomposed_unicode_is_put_together(text: str) -> None:
    assert jamo.normalise(unicodedata.normalize("NFD", text)) == text


@given(st.text())
def test_total_on_any_text(text: str) -> None:
    jamo.compose(jamo.decompose(text))


def test_letters() -> None:
    assert jamo.split("합") == ("ㅎ", "ㅏ", "ㅂ")
    assert jamo.split("a") is None
    assert jamo.decompose("값 2") == "ㄱㅏㅄ 2"
    assert jamo.final_of("합정역") == "ㄱ"
    assert jamo.has_batchim("구청")
    assert not jamo.has_batchim("버스")
    assert not jamo.has_batchim("")


def test_join_refuses_a_letter_that_cannot_stand_there() -> None:
    with pytest.raises(ValueError, match="substring"):
        jamo.join("ㅏ", "ㄱ")
