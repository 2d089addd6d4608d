"""Calendar arithmetic and the days that have a name."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Final

from donghaeng.korean.dates import lunar, solar_terms

MONDAY, SATURDAY, SUNDAY = 0, 5, 6

SOLAR: Final = {
    "크리스마스이브": (12, 24), "크리스마스 이브": (12, 24),
    "크리스마스": (12, 25), "성탄절": (12, 25),
    "신정": (1, 1), "새해 첫날": (1, 1), "새해": (1, 1), "삼일절": (3, 1), "3.1절": (3, 1), "식목일": (4, 5),
    "근로자의 날": (5, 1), "노동절": (5, 1), "어린이날": (5, 5), "어버이날": (5, 8), "스승의 날": (5, 15),
    "현충일": (6, 6), "제헌절": (7, 17), "광복절": (8, 15), "국군의 날": (10, 1), "개천절": (10, 3),
    "노인의 날": (10, 2), "한글날": (10, 9),
    "밸런타인데이": (2, 14), "발렌타인데이": (2, 14), "핼러윈": (10, 31), "할로윈": (10, 31),
    "만우절": (4, 1), "독립 기념일": (7, 4), "독립기념일": (7, 4),
}  # fmt: skip
"""Days fixed in the solar calendar: (month, day). Sources: 관공서의 공휴일에 관한 규정,
각종 기념일 등에 관한 규정, and custom."""

LUNAR: Final = {
    "설날": (1, 1), "구정": (1, 1), "설": (1, 1), "정월대보름": (1, 15), "정월 대보름": (1, 15),
    "대보름": (1, 15), "삼짇날": (3, 3),
    "부처님 오신 날": (4, 8), "부처님오신날": (4, 8), "부처님 오신날": (4, 8),
    "석가탄신일": (4, 8), "사월 초파일": (4, 8), "사월초파일": (4, 8), "초파일": (4, 8), "단오": (5, 5),
    "단옷날": (5, 5), "유두절": (6, 15), "칠월칠석": (7, 7), "칠월 칠석": (7, 7), "칠석날": (7, 7),
    "칠석": (7, 7), "백중날": (7, 15), "백중": (7, 15), "추석": (8, 15), "한가위": (8, 15), "중추절": (8, 15),
    "중양절": (9, 9),
}  # fmt: skip
"""Days fixed in the lunar calendar: (month, day)."""
LUNAR_YEAR_END: Final = ("섣달그믐날", "섣달 그믐날", "섣달그믐", "섣달 그믐")
"""The last day of the lunar year; in the published specs of Recognizers-Text the 31st of December."""
_NEW_YEARS_EVE: Final = ("까치설날", "까치설")
"""The day before 설날."""
_EASTER: Final = ("부활절", "부활 주일")

_FLOATING: Final = {
    "성년의 날": (5, MONDAY, 3), "추수감사절": (11, 3, 4), "아버지의 날": (6, SUNDAY, 3),
    "어머니의 날": (5, SUNDAY, 2), "블랙 프라이데이": (11, 4, 4), "마틴 루터 킹 데이": (1, MONDAY, 3),
    "마틴 루터 킹의 날": (1, MONDAY, 3), "대통령의 날": (2, MONDAY, 3), "메모리얼 데이": (5, MONDAY, -1),
    "콜럼버스 데이": (10, MONDAY, 2), "콜럼버스의 날": (10, MONDAY, 2),
}  # fmt: skip
"""Days fixed by weekday: (month, weekday, which one of the month)."""

HOLIDAY_NAMES: Final = tuple(
    sorted(
        {*SOLAR, *LUNAR, *LUNAR_YEAR_END, *_NEW_YEARS_EVE, *_FLOATING, *_EASTER, *solar_terms.NAMES},
        key=len,
        reverse=True,
    )
)
_DAYS_OFF: Final = (
    "신정", "삼일절", "부처님오신날", "어린이날", "현충일", "광복절", "개천절", "한글날", "크리스마스",
)  # fmt: skip
_LONG_DAYS_OFF: Final = ("설날", "추석")
"""Off together with the day before and the day after."""


def holiday(name: str, year: int) -> date | None:
    """The day of that name in ``year``; ``None`` for a lunar one outside 1900 to 2049, a solar term outside
    2000 to 2050."""
    if name in SOLAR:
        return date(year, *SOLAR[name])
    if name in _FLOATING:
        return nth_weekday(year, *_FLOATING[name])
    if name in LUNAR:
        return lunar.to_solar(lunar.LunarDate(year, *LUNAR[name]))
    if name in LUNAR_YEAR_END or name in _NEW_YEARS_EVE:
        return lunar.last_of_month(year - (name in _NEW_YEARS_EVE), 12)
    if name in _EASTER:
        return _easter(year)
    return solar_terms.solar_day(name, year)


def _easter(year: int) -> date:
    """Sunday after the first full moon of spring, Gregorian rule (Meeus/Jones/Butcher)."""
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    shift = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * shift) // 451
    month, day = divmod(moon + shift - 7 * late + 114, 31)
    return date(year, month, day + 1)


def is_working_day(day: date) -> bool:
    """Monday to Friday and no public holiday (관공서의 공휴일에 관한 규정 less substitutes and elections)."""
    if day.weekday() >= SATURDAY:
        return False
    if any(holiday(name, day.year) == day for name in _DAYS_OFF):
        return False
    feasts = (holiday(name, day.year) for name in _LONG_DAYS_OFF)
    return all(feast is None or abs((feast - day).days) > 1 for feast in feasts)


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
