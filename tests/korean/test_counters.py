from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.korean.counters import NATIVE, SINO, count, is_native
from donghaeng.korean.numerals import native_attributive, sino


def test_no_counter_is_in_both_tables() -> None:
    assert not NATIVE & SINO


@pytest.mark.parametrize(
    ("number", "counter", "before", "after", "said"),
    [
        (3, "분", "손님 ", "", "세"),
        (3, "분", "", " 뒤에 와요", "삼"),
        (2, "번", "하루에 ", " 드세요", "두"),
        (2, "번", "", " 출구", "이"),
        (30, "대", "", " 남성", "삼십"),
        (30, "대", "버스 ", "", "서른"),
        (2, "동", "건물 ", "", "두"),
        (24, "시간", "", "", "이십사"),
        (1, "번째", "", "", "첫"),
        (1, "모르는말", "", "", "일"),
        (0, "개", "", "", "영"),
        (3, "권", "제", "", "삼"),
    ],
)
def test_count(number: int, counter: str, before: str, after: str, said: str) -> None:
    assert count(number, counter, before, after) == said


@given(st.integers(1, 10**9), st.sampled_from(sorted((NATIVE | SINO) - {"달", "번째"})))
def test_the_words_are_native_or_sino(number: int, counter: str) -> None:
    expected = native_attributive(number) if is_native(number, counter) else sino(number)
    assert count(number, counter) == expected
