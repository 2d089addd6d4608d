from __future__ import annotations

import time as clock
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from donghaeng.korean.dates import (
    Impossible,
    Reading,
    find_birth_date,
    find_durations,
    find_times,
    iso,
    say_date,
    say_time,
)

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
"""A Monday."""


def said(text: str, **options: object) -> str:
    found = find_times(text, NOW, **options)  # type: ignore[arg-type]
    return iso(found[0].value) if found else ""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("오늘", "2026-11-23"),
        ("내일이요", "2026-11-24"),
        ("내일 모레", "2026-11-25"),
        ("모래 아침 아홉시", "2026-11-25T09:00"),
        ("글피", "2026-11-26"),
        ("그글피", "2026-11-27"),
        ("그저께", "2026-11-21"),
        ("월요일", "2026-11-30"),
        ("화요일에요", "2026-11-24"),
        ("다음주 수욜", "2026-12-02"),
        ("다음 주 화요일", "2026-12-01"),
        ("다다음 주 수요일", "2026-12-09"),
        ("이번 주 토요일", "2026-11-28"),
        ("지난주 금요일", "2026-11-20"),
        ("십이월 일 일", "2026-12-01"),
        ("십이월일일", "2026-12-01"),
        ("12월 1일", "2026-12-01"),
        ("2026. 12. 1.", "2026-12-01"),
        ("유월 육일", "2027-06-06"),
        ("다음 달 3일", "2026-12-03"),
        ("31일", "2026-12-31"),
        ("말일", "2026-11-30"),
        ("2월 29일", "2028-02-29"),
        ("보름 뒤", "2026-12-08"),
        ("사흘 뒤에", "2026-11-26"),
        ("일주일 뒤", "2026-11-30"),
        ("석 달 뒤", "2027-02-23"),
        ("30분 뒤", "2026-11-23T10:30"),
        ("추석", "2027-09-15"),
        ("내년 설날", "2027-02-07"),
        ("성년의 날", "2027-05-17"),
        ("이번 주", "2026-W48"),
        ("다음 달", "2026-12"),
        ("오후 두 시 반", "14:30"),
        ("14시 30분", "14:30"),
        ("세시 십분 전", "14:50"),
        ("밤 열두 시", "00:00"),
        ("내일 자정", "2026-11-25T00:00"),
        ("새벽 두 시", "02:00"),
        ("내일오후세시로 해줘", "2026-11-24T15:00"),
        ("내일 두 시부터 네 시까지", "2026-11-24T14:00/2026-11-24T16:00"),
        ("12월 1일부터 3일까지", "2026-12-01/2026-12-03"),
        ("11월 1일부터 12월 7일까지", "2026-11-01/2026-12-07"),
        ("12월 1일, 2일", "2026-12-01/2026-12-02"),
        ("3월부터 5월까지", "2027-03-01/2027-06-01"),
        ("앞으로 사흘 동안", "2026-11-24/2026-11-26"),
        ("저는내일 갈게요", "2026-11-24"),
        ("그럼다음주화요일에요", "2026-12-01"),
        ("내일까지요", "/2026-11-24"),
        ("내일부터 사흘간", "2026-11-24/2026-11-26"),
        ("다음 달 말", "2026-12-21/2026-12-31"),
        ("오늘 오후 세시 이후", "2026-11-23T15:00/"),
        ("열 시까지", "/10:00"),
    ],
)
def test_said_on_a_monday_morning(text: str, value: str) -> None:
    assert said(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "이 근처 약국",
        "사람하고 얘기할래요",
        "한 시민이 말했어요",
        "육사일일 번 버스 언제 와요",
        "마포구 양화로 사십오, 삼백이 호",
        "소파 두 개",
        "이 일은 누가 하나요",
        "좋은 하루 보내세요",
        "이사 가는데요",
        "아무 때나",
        "점심 식사 메뉴",
        "구청 민원실",
        "",
    ],
)
def test_ordinary_words_are_no_dates(text: str) -> None:
    assert find_times(text, NOW) == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2월 30일", "no_such_day"),
        ("십일월 삼십일일", "no_such_day"),
        ("십삼월 일일", "no_such_month"),
        ("25시", "no_such_hour"),
        ("두 시 칠십 분", "no_such_minute"),
        ("999999999일 뒤", "out_of_calendar"),
    ],
)
def test_what_does_not_exist_is_refused(text: str, reason: str) -> None:
    found = find_times(text, NOW)
    assert [match.value for match in found] == [Impossible(reason)]


@pytest.mark.parametrize(
    ("text", "value", "others"),
    [
        ("두 시", "14:00", ["02:00"]),
        ("아홉 시", "09:00", ["21:00"]),
        ("내일 두시 반", "2026-11-24T14:30", ["2026-11-24T02:30"]),
        ("화요일", "2026-11-24", ["2026-11-17"]),
        ("두 시에서 네 시 사이", "14:00/16:00", ["02:00/04:00"]),
    ],
)
def test_what_is_open_comes_back_with_the_other_reading(text: str, value: str, others: list[str]) -> None:
    (match,) = find_times(text, NOW)
    assert iso(match.value) == value
    assert [iso(other) for other in match.alternatives] == others


def test_an_hour_that_has_passed_today_is_the_later_one() -> None:
    assert said("오늘 아홉 시") == "2026-11-23T21:00"


def test_literal_reading_takes_the_clock_at_its_word() -> None:
    assert said("두 시", reading=Reading.LITERAL) == "02:00"
    assert said("내일 오후에", reading=Reading.LITERAL) == "2026-11-24T12:00/2026-11-24T16:00"
    assert said("다음 달 말", reading=Reading.LITERAL) == "2026-12-16/2026-12-31"


@pytest.mark.parametrize(
    ("text", "value"), [("점심때", "11:00/14:00"), ("내일 저녁때쯤", "2026-11-24T17:00/2026-11-24T21:00")]
)
def test_vague_words_stay_ranges(text: str, value: str) -> None:
    (match,) = find_times(text, NOW)
    assert (iso(match.value), match.vague) == (value, True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("토요일에 잃어버렸어요", "2026-11-21"),
        ("삼월 오일에 놓고 내렸어요", "2026-03-05"),
        ("21일 토요일에 갔었어요", "2026-11-21"),
    ],
)
def test_the_past_tense_looks_back(text: str, value: str) -> None:
    assert said(text) == value
    assert said(text, past=False) != value


def test_past_for_lost_property() -> None:
    assert said("십이월 일 일", past=True) == "2025-12-01"


def test_two_offers_share_what_is_said_once() -> None:
    found = find_times("다음 주 월요일이나 화요일", NOW)
    assert [iso(match.value) for match in found] == ["2026-11-30", "2026-12-01"]


def test_what_is_denied_and_what_is_meant_come_back_both() -> None:
    found = find_times("토요일 말고 일요일", NOW)
    assert [iso(match.value) for match in found] == ["2026-11-28", "2026-11-29"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("사십칠년 삼월 오일이요", date(1947, 3, 5)),
        ("1947년 3월 5일", date(1947, 3, 5)),
        ("47년 유월 육일생", date(1947, 6, 6)),
        ("사칠공삼공오", date(1947, 3, 5)),
        ("470230", Impossible("no_such_day")),
        ("2030년 1월 1일", Impossible("out_of_calendar")),
        ("몰라요", None),
    ],
)
def test_birth_dates(text: str, value: object) -> None:
    assert find_birth_date(text, NOW) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("두 시간 반", "PT2.5H"),
        ("사흘 동안", "P3D"),
        ("일주일 그리고 사흘", "P1W3D"),
        ("1년 한 달 21일", "P1Y1M21D"),
        ("삼십 분이면 돼요", "PT30M"),
        ("보름간", "P15D"),
    ],
)
def test_durations(text: str, value: str) -> None:
    assert [match.value.iso() for match in find_durations(text)] == [value]


def test_several_is_vague() -> None:
    (match,) = find_durations("몇 시간 걸려요")
    assert (match.value.iso(), match.vague) == ("PT3H", True)


days = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026년 3분기", "2026-07-01/2026-09-30"),
        ("내년 상반기", "2027-01-01/2027-06-30"),
        ("내년 초", "2027-01-01/2027-03-31"),
        ("연말", "2026-10-01/2026-12-31"),
        ("1970년대", "1970-01-01/1979-12-31"),
        ("21세기", "2000-01-01/2099-12-31"),
        ("12월 첫째 주", "2026-11-30/2026-12-06"),
        ("12월 첫째 주 금요일", "2026-12-04"),
        ("12월 마지막 금요일", "2026-12-25"),
        ("2026년 마지막 주", "2026-W53"),
        ("31주", "2026-W31"),
        ("다음 주 초", "2026-11-30/2026-12-02"),
        ("12월 중순", "2026-12-11/2026-12-20"),
        ("다음 6월", "2027-06"),
        ("지난 12월", "2025-12"),
        ("지지난주 월요일", "2026-11-09"),
        ("다다음 금요일", "2026-12-11"),
        ("지난 금요일", "2026-11-20"),
        ("12월 25일이 있는 주", "2026-12-21/2026-12-27"),
        ("같은 달", "2026-11-01/2026-11-30"),
        ("2주 뒤 금요일", "2026-12-11"),
        ("지난 3일", "2026-11-20/2026-11-22"),
        ("5분 이내에", "2026-11-23T10:00/2026-11-23T10:05"),
        ("오늘 10:30", "2026-11-23T10:30"),
        ("12/25", "2026-12-25"),
        ("25-12-2026", "2026-12-25"),
        ("11월부터 2월까지", "2026-11-01/2027-03-01"),
        ("2018년 또는 그 이후", "2018-01-01/"),
        ("2018년 이후", "2019-01-01/"),
        ("남은 하루", "2026-11-23T10:00/2026-11-23T23:59:59"),
        ("어젯밤", "2026-11-22T20:00/2026-11-22T23:59:59"),
        ("지금", "2026-11-23T10:00"),
        ("2050년 추석", ""),
    ],
)
def test_periods_and_ranks(text: str, value: str) -> None:
    assert said(text) == value


@given(days)
def test_dates_with_their_year_survive_being_said(day: date) -> None:
    assert [m.value for m in find_times(say_date(day, year=True), NOW)] == [day]


@given(st.integers(0, 364))
def test_dates_without_a_year_are_the_next_such_day(ahead: int) -> None:
    day = NOW.date() + timedelta(days=ahead)
    for words in (say_date(day), say_date(day).replace(" ", ""), f"{day.month}월 {day.day}일"):
        assert find_times(words, NOW)[0].value == day


@given(st.times().map(lambda moment: moment.replace(second=0, microsecond=0)))
def test_times_survive_being_said(moment: time) -> None:
    assert [m.value for m in find_times(say_time(moment), NOW)] == [moment]


@settings(deadline=None)
@given(
    st.text(max_size=300) | st.text("일이삼십월년주오전후시분반부터까지 에서~,0123456789/.-", max_size=300)
)
def test_total_on_any_text(text: str) -> None:
    for match in find_times(text, NOW):
        assert 0 <= match.start < match.end
        iso(match.value)
    for length in find_durations(text):
        length.value.iso()
    find_birth_date(text, NOW)


@pytest.mark.parametrize(
    "unit",
    [
        "일",
        "십",
        "일이",
        "1",
        "1,000",
        "1 ",
        "오전 ",
        "이일 ",
        "다음 주 ",
        "1월1일",
        "부터",
        "삼일일",
        "가",
        "두시 ",
        "년월",
        "1/",
    ],
)
def test_time_grows_with_length_and_not_faster(unit: str) -> None:
    begun = clock.process_time()
    text = (unit * 10_000)[:10_000]
    find_times(text, NOW)
    find_durations(text)
    find_birth_date(text, NOW)
    assert clock.process_time() - begun < 5
