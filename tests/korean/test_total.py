"""Every recogniser answers any text, in time that grows with its length, and refuses what is no value."""

from __future__ import annotations

import time as clock
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.korean.counts import find_counts, find_days_of_month, find_ordinals
from donghaeng.korean.dates import Impossible, Span, find_birth_date, find_durations, find_times, iso
from donghaeng.korean.expressions import KINDS, values
from donghaeng.korean.money import find_money
from donghaeng.korean.numbers import find_numbers
from donghaeng.korean.numerals import parse
from donghaeng.korean.phones import find_phones
from donghaeng.korean.reading import read_aloud

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
FINDERS: dict[str, Callable[[str], Any]] = {
    "times": lambda text: find_times(text, NOW),
    "birth": lambda text: find_birth_date(text, NOW),
    "durations": find_durations,
    "numbers": find_numbers,
    "counts": find_counts,
    "ordinals": find_ordinals,
    "days of the month": find_days_of_month,
    "money": find_money,
    "phones": lambda text: find_phones(text, expected=True),
    "reading": read_aloud,
}
_PIECES_TEXT = """
    일 이 삼 십 백 천 만 억 열 스무 두 한두 이삼 시 분 초 월 년 주 반 오전 오후 다음 이번 지난 매주 마다 음력
    윤 정월 초하루 보름 그믐 설날 추석 전날 사흘 뒤 전 후 부터 까지 사이 에서 늦어도 영업일 기준 하고 이나 원
    달러 번째 공 하나 점 분의 마이너스 월요일 화요일 내일 모레
    2 0 30 12 1,000 3.5 2026 - / : . , ~ ^ ２ 二 月 😀 A ㄱ
"""
PIECES = tuple(_PIECES_TEXT.split())
SENTENCES = st.lists(st.sampled_from([*PIECES, " "]), max_size=30).map("".join)
ANY_TEXT = st.one_of(
    st.text(max_size=60), SENTENCES, SENTENCES.map(lambda text: unicodedata.normalize("NFD", text))
)


@given(ANY_TEXT)
def test_any_text_has_an_answer(text: str) -> None:
    for find in FINDERS.values():
        find(text)
    for kind in KINDS:
        assert isinstance(values(text, NOW, kind), list)


@given(ANY_TEXT)
def test_matches_lie_within_the_text_in_order(text: str) -> None:
    length = len(unicodedata.normalize("NFC", text))
    for name in ("times", "durations", "numbers", "counts", "ordinals", "money", "phones"):
        found = FINDERS[name](text)
        assert [match.start for match in found] == sorted(match.start for match in found)
        assert all(0 <= match.start < match.end <= length for match in found)


@given(SENTENCES)
def test_a_text_says_the_same_decomposed(text: str) -> None:
    for name, find in FINDERS.items():
        assert find(unicodedata.normalize("NFD", text)) == find(unicodedata.normalize("NFC", text)), name


@given(SENTENCES)
def test_an_interval_never_ends_before_it_begins(text: str) -> None:
    for match in find_times(text, NOW):
        for value in (match.value, *match.alternatives):
            if (
                isinstance(value, Span)
                and type(value.start) is type(value.end)
                and type(value.start) is not time
            ):
                assert value.start <= value.end, (text, iso(value))  # type: ignore[operator]


REPEATED = (
    "일",
    "십",
    "만",
    "열두",
    "오후 ",
    "1-",
    "1,",
    "1.",
    "천 ",
    "일 ",
    "1월 ",
    "월요일부터 ",
    "매주 ",
    "음력 ",
    "공",
    "-",
    "a@",
    "A-11-",
)
SHORT, LONG = 1_000, 4_000
STEEPEST = 9.0
"""Four times the text may take that many times as long; a quadratic search takes sixteen."""
SLOWEST_S = 1.0


@pytest.mark.parametrize("name", FINDERS)
@pytest.mark.parametrize("piece", REPEATED)
def test_time_grows_with_the_length(name: str, piece: str) -> None:
    find = FINDERS[name]
    find(piece * 10)
    short, long = (_seconds(find, (piece * size)[:size] + "가") for size in (SHORT, LONG))
    assert long < max(STEEPEST * short, 0.02)


def _seconds(find: Callable[[str], Any], text: str) -> float:
    spent = []
    for _ in range(3):
        begin = clock.process_time()
        find(text)
        spent.append(clock.process_time() - begin)
    return min(spent)


@pytest.mark.parametrize("name", FINDERS)
def test_ten_thousand_characters(name: str) -> None:
    for piece in ("가나다라 ", "내일 오후 두 시에 ", "9", "일"):
        begin = clock.process_time()
        FINDERS[name](piece * 10_000)
        assert clock.process_time() - begin < 10 * SLOWEST_S


@pytest.mark.parametrize(
    "text", ["9" * 30, "일" * 40, "구" * 5_000, "9" * 5_000, "십만억조만", "천천천", "만억"]
)
def test_what_is_too_large_or_no_number_is_none(text: str) -> None:
    assert parse(text) is None
    assert find_numbers(text) == ()
    assert find_money(f"{text}원") == ()
    assert not [m for m in find_times(f"{text}일 뒤", NOW) if not isinstance(m.value, Impossible)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("２월 ３０일", Impossible("no_such_day")),
        ("二月 三十日", Impossible("no_such_day")),
        ("2월 30일", Impossible("no_such_day")),
        ("이월 삼십 일", Impossible("no_such_day")),
        ("십이월 三十二日", Impossible("no_such_day")),
        ("13월 1일", Impossible("no_such_month")),
        ("스물다섯 시", Impossible("no_such_hour")),
        ("99999999년 뒤", Impossible("out_of_calendar")),
        ("9999년 12월 31일", date(9999, 12, 31)),
        ("十二月 一日", date(2026, 12, 1)),
        ("１２월 １일", date(2026, 12, 1)),
        (unicodedata.normalize("NFD", "십이월 일 일"), date(2026, 12, 1)),
        ("어제", date(2026, 11, 22)),
        ("😀", None),
        ("tomorrow", None),
        ("ㄴㅐㅇㅣㄹ", None),
        ("明日", None),
    ],
)
def test_bad_and_foreign_dates(text: str, value: object) -> None:
    found = find_times(text, NOW)
    assert (found[0].value if found else None) == value


@pytest.mark.parametrize(
    ("text", "number"),
    [("2십일", 21), ("２십일", 21), ("二十", 20), ("３백", 300), ("2십 3", 23), ("삼만 5千", 35_000)],
)
def test_mixed_scripts_of_one_number(text: str, number: int) -> None:
    assert [match.value for match in find_numbers(text)] == [number]
