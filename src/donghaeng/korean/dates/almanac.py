"""Calendar arithmetic and the days that have a name."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Final

MONDAY, SUNDAY = 0, 6

SOLAR: Final = {
    "크리스마스이브": (12, 24), "크리스마스 이브": (12, 24),
    "크리스마스": (12, 25), "성탄절": (12, 25),
    "신정": (1, 1), "새해 첫날": (1, 1), "새해": (1, 1), "삼일절": (3, 1), "3.1절": (3, 1), "식목일": (4, 5),
    "근로자의 날": (5, 1), "노동절": (5, 1), "어린이날": (5, 5), "어버이날": (5, 8), "스승의 날": (5, 15),
    "현충일": (6, 6), "제헌절": (7, 17), "광복절": (8, 15), "국군의 날": (10, 1), "개천절": (10, 3),
    "노인의 날": (10, 2), "한글날": (10, 9), "섣달그믐날": (12, 31), "섣달그믐": (12, 31),
    "밸런타인데이": (2, 14), "발렌타인데이": (2, 14), "핼러윈": (10, 31), "할로윈": (10, 31),
    "만우절": (4, 1), "독립 기념일": (7, 4), "독립기념일": (7, 4),
}  # fmt: skip
"""Days fixed in the solar calendar: (month, day). Sources: 관공서의 공휴일에 관한 규정,
각종 기념일 등에 관한 규정, and custom."""

_LUNAR_NAMES: Final = {
    "설날": 0, "구정": 0, "설": 0, "부처님 오신 날": 1, "부처님오신날": 1, "석가탄신일": 1, "초파일": 1,
    "추석": 2, "한가위": 2,
}  # fmt: skip
_LUNAR: Final = {
    2015: ((2, 19), (5, 25), (9, 27)), 2016: ((2, 8), (5, 14), (9, 15)), 2017: ((1, 28), (5, 3), (10, 4)),
    2018: ((2, 16), (5, 22), (9, 24)), 2019: ((2, 5), (5, 12), (9, 13)), 2020: ((1, 25), (4, 30), (10, 1)),
    2021: ((2, 12), (5, 19), (9, 21)), 2022: ((2, 1), (5, 8), (9, 10)), 2023: ((1, 22), (5, 27), (9, 29)),
    2024: ((2, 10), (5, 15), (9, 17)), 2025: ((1, 29), (5, 5), (10, 6)), 2026: ((2, 17), (5, 24), (9, 25)),
    2027: ((2, 7), (5, 13), (9, 15)), 2028: ((1, 27), (5, 2), (10, 3)), 2029: ((2, 13), (5, 20), (9, 22)),
    2030: ((2, 3), (5, 9), (9, 12)), 2031: ((1, 23), (5, 28), (10, 1)), 2032: ((2, 11), (5, 16), (9, 19)),
    2033: ((1, 31), (5, 6), (9, 8)), 2034: ((2, 19), (5, 25), (9, 27)), 2035: ((2, 8), (5, 15), (9, 16)),
}  # fmt: skip
"""설날, 부처님 오신 날, 추석 in the solar calendar by year: 한국천문연구원, 음양력 변환."""

_FLOATING: Final = {
    "성년의 날": (5, MONDAY, 3), "추수감사절": (11, 3, 4), "아버지의 날": (6, SUNDAY, 3),
    "어머니의 날": (5, SUNDAY, 2), "블랙 프라이데이": (11, 4, 4),
}  # fmt: skip
"""Days fixed by weekday: (month, weekday, which one of the month)."""

HOLIDAY_NAMES: Final = tuple(sorted({*SOLAR, *_LUNAR_NAMES, *_FLOATING}, key=len, reverse=True))


def holiday(name: str, year: int) -> date | None:
    """The day of that name in ``year``; ``None`` for a lunar day outside the table (2015 to 2035)."""
    if name in SOLAR:
        return date(year, *SOLAR[name])
    if name in _FLOATING:
        return nth_weekday(year, *_FLOATING[name])
    if year not in _LUNAR:
        return None
    return date(year, *_LUNAR[year][_LUNAR_NAMES[name]])


def add_months(day: date, months: int) -> date | None:
    """The same day ``months`` later, or the month's last if it is shorter; ``None`` outside the calendar."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_days(day: date, days: int) -> date | None:
    """``day`` moved; ``None`` outside the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def make_date(year: int, month: int, day: int) -> date | None:
    """The date, or ``None`` if there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def last_day(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def monday_of(day: date) -> date:
    """The Monday of the week of ``day`` (the first week of the calendar begins on its first day)."""
    return add_days(day, -day.weekday()) or day


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The ``nth`` such weekday of a month, -1 = the last; ``None`` if the month has fewer."""
    if nth < 0:
        last = last_day(year, month)
        return add_days(last, -((last.weekday() - weekday) % 7))
    first = date(year, month, 1)
    return make_date(year, month, 1 + (weekday - first.weekday()) % 7 + 7 * (nth - 1))


def week_of_month(year: int, month: int, nth: int) -> date | None:
    """Monday of the ``nth`` week of a month (ISO rule: the week that has the month's Thursday); -1 = last."""
    thursday = nth_weekday(year, month, 3, nth)
    return None if thursday is None else add_days(thursday, -3)
