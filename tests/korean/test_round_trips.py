"""What is written, read aloud and understood again is the same value, over whole ranges."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from donghaeng.korean.counts import find_counts, find_ordinals
from donghaeng.korean.dates import find_durations, find_times, say_date, say_time
from donghaeng.korean.money import Money, find_money
from donghaeng.korean.numbers import find_numbers
from donghaeng.korean.numerals import digits, native, native_attributive, parse, parse_digits, sino
from donghaeng.korean.phones import Phone, find_phones
from donghaeng.korean.reading import read_aloud

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
LARGEST_SAID = 10**16
NUMBERS = st.one_of(
    st.integers(0, LARGEST_SAID),
    st.integers(0, 10_000),
    st.builds(lambda digit, power: digit * 10**power, st.integers(1, 9), st.integers(0, 15)),
)


@given(NUMBERS)
@example(LARGEST_SAID)
@example(10_000)
@example(110_000)
def test_a_number_in_sino_korean_words(number: int) -> None:
    assert parse(sino(number)) == number
    assert parse(f"{number:,}") == number
    assert parse(str(number)) == number


@given(NUMBERS)
def test_a_number_with_spaces_as_it_is_read_aloud(number: int) -> None:
    spaced = read_aloud(f"{number:,}원").removesuffix("원")
    assert parse(spaced.strip()) == number


@given(NUMBERS)
def test_a_whole_answer_is_that_number(number: int) -> None:
    words = sino(number)
    found = find_numbers(f"{words}입니다")
    assert [match.value for match in found] == [number]


@pytest.mark.parametrize("number", range(1, 100))
def test_a_native_number(number: int) -> None:
    assert parse(native(number)) == number
    assert parse(native_attributive(number)) == number
    (count,) = find_counts(f"{native_attributive(number)} 개 주세요")
    assert (count.value.value, count.value.counter) == (number, "개")


@given(st.text("0123456789", min_size=1, max_size=16), st.sampled_from(["공", "영"]))
def test_digits_one_by_one(written: str, zero: str) -> None:
    assert parse_digits(digits(written, zero)) == written


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)))
@example(date(2028, 2, 29))
@example(date(2026, 6, 6))
@example(date(2026, 10, 10))
def test_a_date_with_its_year(day: date) -> None:
    for words in (say_date(day, year=True), read_aloud(f"{day:%Y. %-m. %-d.}"), f"{day:%Y년 %-m월 %-d일}"):
        (match,) = find_times(words, NOW)
        assert match.value == day
    (match,) = find_times(say_date(day, year=True, weekday=True), NOW)
    assert match.value == day


@given(st.integers(0, 364))
def test_a_date_of_the_coming_year(ahead: int) -> None:
    day = NOW.date() + timedelta(days=ahead)
    for words in (say_date(day), say_date(day).replace(" ", ""), f"{day:%-m월 %-d일}", f"{day:%-m/%-d}"):
        (match,) = find_times(words, NOW)
        assert match.value == day


@pytest.mark.parametrize("hour", range(24))
def test_every_minute_of_the_day(hour: int) -> None:
    for minute in range(60):
        moment = time(hour, minute)
        for words in (say_time(moment), f"{hour}시 {minute}분", f"{moment:%H:%M}"):
            (match,) = find_times(words, NOW)
            assert moment in (match.value, *match.alternatives), words
        (match,) = find_times(say_time(moment), NOW)
        assert match.value == moment


@given(st.integers(0, 363), st.times().map(lambda moment: moment.replace(second=0, microsecond=0)))
def test_a_day_and_an_hour(ahead: int, moment: time) -> None:
    said = datetime.combine(NOW.date() + timedelta(days=ahead + 1), moment, NOW.tzinfo)
    if moment.hour == 0:
        said += timedelta(days=1)
    day = said.date() - timedelta(days=moment.hour == 0)
    (match,) = find_times(f"{say_date(day)} {say_time(moment)}", NOW)
    assert match.value == said


@given(st.integers(1, 10**12))
@example(10_000)
def test_a_sum_of_money(amount: int) -> None:
    for words in (
        f"{sino(amount)} 원",
        read_aloud(f"{amount:,}원"),
        f"{amount:,}원",
        f"{amount}원",
        f"₩{amount}",
    ):
        (match,) = find_money(words)
        assert match.value == Money(amount), words


PHONES = st.one_of(
    st.from_regex(r"010-[2-9][0-9]{3}-[0-9]{4}", fullmatch=True),
    st.from_regex(r"02-[2-9][0-9]{2,3}-[0-9]{4}", fullmatch=True),
    st.from_regex(r"0(3[1-3]|4[1-4]|5[1-5]|6[1-4])-[2-9][0-9]{2,3}-[0-9]{4}", fullmatch=True),
    st.from_regex(r"070-[2-9][0-9]{3}-[0-9]{4}", fullmatch=True),
    st.from_regex(r"1[568](44|66|77|88|99)-[0-9]{4}", fullmatch=True),
    st.sampled_from(["120", "112", "119", "1330", "1355", "02-120"]),
)


@given(PHONES)
def test_a_telephone_number(written: str) -> None:
    spoken = " ".join(digits(group) for group in written.split("-"))
    grouped = spoken.replace(" ", "에 ")
    for words in (spoken, grouped, spoken.replace(" ", ""), written, written.replace("-", "")):
        (match,) = find_phones(f"{words}요" if words[-1] != "이" else words, expected=True)
        assert isinstance(match.value, Phone)
        assert str(match.value) == written, words


@given(st.integers(1, 999))
def test_a_rank(rank: int) -> None:
    native_words = "첫" if rank == 1 else native_attributive(rank) if rank < 100 else sino(rank)
    for words in (f"{native_words} 번째", f"{rank}번째", f"{sino(rank)}등", read_aloud(f"{rank}번째")):
        assert [match.value for match in find_ordinals(words)] == [rank], words


LENGTHS = {
    ("hours", "minutes", "seconds"): ("시간", "분", "초"),
    ("years", "months", "days"): ("년", "개월", "일"),
}


@pytest.mark.parametrize("fields", LENGTHS)
@given(amounts=st.tuples(st.integers(0, 99), st.integers(0, 24), st.integers(0, 59)).filter(any))
def test_a_length(fields: tuple[str, ...], amounts: tuple[int, ...]) -> None:
    units = LENGTHS[fields]
    written = " ".join(f"{amount}{unit}" for amount, unit in zip(amounts, units, strict=True) if amount)
    for words in (written, read_aloud(written)):
        (match,) = find_durations(words)
        assert tuple(getattr(match.value, field) for field in fields) == amounts, words
