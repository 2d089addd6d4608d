"""Lunar days against published ones, and what older people call days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.korean.dates import Impossible, Span, find_birth_date, find_times, iso
from donghaeng.korean.dates.almanac import holiday, is_working_day
from donghaeng.korean.dates.lunar import LunarDate, from_solar, last_of_month, months_from, to_solar

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
"""A Monday; 2026-10-15 of the lunar calendar."""

PUBLISHED = {
    2015: ("2-19", "5-25", "9-27"), 2016: ("2-8", "5-14", "9-15"), 2017: ("1-28", "5-3", "10-4"),
    2018: ("2-16", "5-22", "9-24"), 2019: ("2-5", "5-12", "9-13"), 2020: ("1-25", "4-30", "10-1"),
    2021: ("2-12", "5-19", "9-21"), 2022: ("2-1", "5-8", "9-10"), 2023: ("1-22", "5-27", "9-29"),
    2024: ("2-10", "5-15", "9-17"), 2025: ("1-29", "5-5", "10-6"), 2026: ("2-17", "5-24", "9-25"),
    2027: ("2-7", "5-13", "9-15"), 2028: ("1-27", "5-2", "10-3"), 2029: ("2-13", "5-20", "9-22"),
    2030: ("2-3", "5-9", "9-12"), 2031: ("1-23", "5-28", "10-1"), 2032: ("2-11", "5-16", "9-19"),
    2033: ("1-31", "5-6", "9-8"), 2034: ("2-19", "5-25", "9-27"), 2035: ("2-8", "5-15", "9-16"),
}  # fmt: skip
"""설날, 부처님오신날, 추석 in the solar calendar: 한국천문연구원, 음양력 변환."""


@pytest.mark.parametrize("year", PUBLISHED)
def test_feasts_fall_on_the_published_days(year: int) -> None:
    found = (holiday(name, year) for name in ("설날", "부처님오신날", "추석"))
    assert tuple(f"{day.month}-{day.day}" for day in found if day) == PUBLISHED[year]


@pytest.mark.parametrize(
    ("lunar", "solar"),
    [
        (LunarDate(2020, 4, 8, leap=True), date(2020, 5, 30)),
        (LunarDate(2023, 2, 1, leap=True), date(2023, 3, 22)),
        (LunarDate(2025, 6, 1, leap=True), date(2025, 7, 25)),
        (LunarDate(2026, 1, 15), date(2026, 3, 3)),
        (LunarDate(2026, 5, 5), date(2026, 6, 19)),
        (LunarDate(2036, 1, 1), date(2036, 1, 28)),
        (LunarDate(2038, 8, 15), date(2038, 9, 13)),
        (LunarDate(2040, 1, 1), date(2040, 2, 12)),
        (LunarDate(2024, 4, 1, leap=True), None),
        (LunarDate(2026, 13, 1), None),
        (LunarDate(2026, 1, 31), None),
        (LunarDate(2051, 1, 1), None),
    ],
)
def test_lunar_days(lunar: LunarDate, solar: date | None) -> None:
    assert to_solar(lunar) == solar


@given(st.dates(date(1900, 2, 1), date(2050, 1, 1)))
def test_every_day_has_one_lunar_name(day: date) -> None:
    lunar = from_solar(day)
    assert lunar is not None
    assert to_solar(lunar) == day
    span = months_from(day, 0)
    assert span is not None
    assert span[0] <= day <= span[1]
    assert (span[1] - span[0]).days in (28, 29)
    after = months_from(day, 1)
    assert after is None or after[0] == span[1] + timedelta(days=1)


@given(st.integers(1900, 2049), st.integers(1, 12))
def test_the_last_day_is_followed_by_a_first(year: int, month: int) -> None:
    last = last_of_month(year, month)
    assert last is not None
    after = from_solar(last + timedelta(days=1))
    assert after is None or after.day == 1


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("동지", ("2020-12-21", "2021-12-22", "2024-12-21", "2025-12-22", "2026-12-22")),
        ("입춘", ("2020-02-04", "2021-02-03", "2025-02-03", "2026-02-04")),
        ("초복", ("2023-07-11", "2024-07-15", "2025-07-20", "2026-07-15")),
        ("말복", ("2023-08-10", "2024-08-14", "2025-08-09", "2026-08-14")),
        ("한식날", ("2023-04-06", "2024-04-05", "2025-04-05")),
        ("부활절", ("2024-03-31", "2025-04-20", "2026-04-05")),
    ],
)
def test_days_that_follow_sun_and_moon(name: str, days: tuple[str, ...]) -> None:
    for day in days:
        assert holiday(name, int(day[:4])) == date.fromisoformat(day)


def test_working_days() -> None:
    assert is_working_day(date(2026, 11, 23))
    assert not is_working_day(date(2026, 11, 22))
    assert not is_working_day(date(2026, 9, 24))
    assert not is_working_day(date(2026, 10, 9))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("음력 팔월 보름", "2027-09-15"),
        ("음력 8월 15일", "2027-09-15"),
        ("음력 생일이 팔월 보름이에요", "2027-09-15"),
        ("음력으로 시월 스무날", "2026-11-28"),
        ("음력 시월", "2026-11-09/2026-12-08"),
        ("음력 보름날", "2026-11-23"),
        ("올해 음력 섣달 초여드레", "2027-01-15"),
        ("음력 윤사월 초파일", "2020-05-30"),
        ("동짓달 초사흘", "2026-12-11"),
        ("섣달그믐", "2027-02-06"),
        ("정월대보름", "2027-02-21"),
        ("정월 초하루", "2027-02-07"),
        ("단옷날", "2027-06-09"),
        ("부처님 오신 날", "2027-05-13"),
        ("내년 추석", "2027-09-15"),
        ("추석 전날", "2027-09-14"),
        ("설 다음 날", "2027-02-08"),
        ("추석 사흘 전", "2027-09-12"),
        ("추석 연휴", "2027-09-14/2027-09-16"),
        ("양력 설", "2027-01-01"),
        ("다음 달 초하루", "2026-12-01"),
        ("동짓날", "2026-12-22"),
    ],
)
def test_said_of_the_lunar_calendar(text: str, value: str) -> None:
    (match,) = find_times(text, NOW)
    assert iso(match.value) == value


@pytest.mark.parametrize("text", ["초하루", "팔월 보름", "그믐날", "섣달 초닷새"])
def test_lunar_words_alone_keep_the_solar_day_as_an_alternative(text: str) -> None:
    (match,) = find_times(text, NOW)
    assert match.vague
    assert isinstance(match.value, date)
    assert match.alternatives


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("음력 십삼월 일일", "no_such_month"),
        ("음력 삼월 삼십이일", "no_such_day"),
        ("음력 2100년 1월 1일", "out_of_calendar"),
        ("2100년 설날", "out_of_calendar"),
        ("매주 화요일", "repeats"),
        ("날마다", "repeats"),
        ("화요일마다", "repeats"),
        ("매일 아침 여덟 시", "repeats"),
        ("매달 십오일", "repeats"),
        ("사흘마다", "repeats"),
        ("일주일에 한 번", "repeats"),
        ("2026년 12월 5일부터 2026년 12월 1일까지", "ends_before_it_begins"),
    ],
)
def test_no_single_day(text: str, reason: str) -> None:
    assert [match.value for match in find_times(text, NOW)] == [Impossible(reason)]


def test_each_day_of_a_repeated_pair_is_refused() -> None:
    found = find_times("월요일, 수요일마다", NOW)
    assert [match.value for match in found] == [Impossible("repeats")] * 2


def test_what_one_does_daily_does_not_hide_the_day_asked_for() -> None:
    (match,) = find_times("매일 타는 버스인데 내일 몇 시에 와요", NOW)
    assert match.value == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("사나흘 뒤", "2026-11-26/2026-11-27"),
        ("이삼 일 뒤에", "2026-11-25/2026-11-26"),
        ("두세 시간 뒤", "2026-11-23T12:00/2026-11-23T13:00"),
        ("이삼십 분 뒤", "2026-11-23T10:20/2026-11-23T10:30"),
        ("며칠 뒤", "2026-11-25/2026-11-28"),
    ],
)
def test_loose_lengths_stay_open(text: str, value: str) -> None:
    (match,) = find_times(text, NOW)
    assert isinstance(match.value, Span)
    assert (iso(match.value), match.vague) == (value, True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("그글피", "2026-11-27"),
        ("열하루 뒤", "2026-12-04"),
        ("여드레 뒤에", "2026-12-01"),
        ("다음다음 주 화요일", "2026-12-08"),
        ("한 시간 반 뒤", "2026-11-23T11:30"),
        ("월요일부터 수요일까지", "2026-11-30/2026-12-02"),
        ("토요일부터 화요일까지", "2026-11-28/2026-12-01"),
        ("저녁나절", "17:00/20:00"),
        ("엊저녁에", "2026-11-22T17:00/2026-11-22T21:00"),
        ("늦어도 다음 주 수요일", "/2026-12-02"),
        ("월요일 전에", "/2026-11-30"),
        ("내일부터 3주 동안", "2026-11-24/2026-12-14"),
        ("영업일 기준 사흘 뒤", "2026-11-26"),
        ("영업일 기준 닷새 뒤", "2026-11-30"),
        ("올해 현재까지", "2026-01-01/2026-11-23"),
        ("화요일 사흘 뒤", "2026-11-27"),
        ("이번 달 말", "2026-11-23/2026-11-30"),
        ("보름쯤 뒤", "2026-12-08"),
        ("한 시간쯤 있다가", "2026-11-23T11:00"),
        ("만 십오 분 뒤", "2026-11-23T10:15"),
        ("12월 초부터 중순까지", "2026-12-01/2026-12-21"),
        ("작년 가을", "2025-09-01/2025-11-30"),
        ("설 쇠고", "2027-02-07/"),
    ],
)
def test_what_older_people_say_of_days(text: str, value: str) -> None:
    (match,) = find_times(text, NOW)
    assert iso(match.value) == value


@pytest.mark.parametrize(
    "text",
    ["하지 마세요", "중복 신청했어요", "한식 먹고 싶어요", "3주예요", "임신 31주예요", "전달 오류예요"],
)
def test_other_words_that_look_like_days(text: str) -> None:
    assert find_times(text, NOW) == ()


def test_a_lunar_birth_date_is_asked_again() -> None:
    assert find_birth_date("음력 사십칠년 삼월 오일", NOW) == Impossible("lunar_calendar")
