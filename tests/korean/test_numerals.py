from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.korean import numerals


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "영"),
        (1, "일"),
        (10, "십"),
        (11, "십일"),
        (110, "백십"),
        (302, "삼백이"),
        (6411, "육천사백십일"),
        (10_000, "만"),
        (11_000, "만천"),
        (110_000, "십일만"),
        (100_000_000, "일억"),
        (100_010_000, "일억일만"),
        (-5, "마이너스오"),
    ],
)
def test_sino(number: int, words: str) -> None:
    assert numerals.sino(number) == words


@pytest.mark.parametrize(
    ("number", "alone", "before_counter"),
    [
        (1, "하나", "한"),
        (5, "다섯", "다섯"),
        (20, "스물", "스무"),
        (21, "스물하나", "스물한"),
        (99, "아흔아홉", "아흔아홉"),
    ],
)
def test_native(number: int, alone: str, before_counter: str) -> None:
    assert numerals.native(number) == alone
    assert numerals.native_attributive(number) == before_counter


def test_digits() -> None:
    assert numerals.digits("010-1234") == "공일공일이삼사"
    assert numerals.digits("105", zero="영") == "일영오"


@given(st.integers(min_value=100, max_value=10**30))
def test_native_refuses_what_has_no_native_word(number: int) -> None:
    with pytest.raises(ValueError, match="native"):
        numerals.native(number)


def test_sino_refuses_what_has_no_word() -> None:
    with pytest.raises(ValueError, match="larger"):
        numerals.sino(10**24)
