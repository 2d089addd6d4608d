from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.korean.morphemes import placer
from donghaeng.understanding.parting import parted


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("토요일에용산구에서", "토요일에 용산구에서"),
        ("그럼합정동", "그럼 합정동"),
        ("공덕동살아요", "공덕동 살아요"),
        ("그러는데구로구에서", "그러는데 구로구에서"),
        ("덕수궁이아니라", "덕수궁이 아니라"),
        ("오늘은미세먼지가", "오늘은 미세먼지가"),
    ],
)
def test_words_that_were_run_together_are_parted(heard: str, said: str) -> None:
    assert parted(heard, placer()) == said


@pytest.mark.parametrize(
    "word", ["합정동에서", "예약해주세요", "할머니한테는요", "미세먼지가", "네", "", "육사일일번이요"]
)
def test_single_words_stay(word: str) -> None:
    assert parted(word, placer()) == word


@given(st.text(alphabet="가나다동에서은는이구역 .?1", max_size=24))
def test_only_spaces_are_added(word: str) -> None:
    assert parted(word, placer()).replace(" ", "") == word.replace(" ", "")
