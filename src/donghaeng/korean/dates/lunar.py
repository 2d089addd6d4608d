"""The Korean lunar calendar (음력), as 한국천문연구원 publishes it: 1900 to 2050."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from korean_lunar_calendar import KoreanLunarCalendar

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2049
"""Lunar years that are wholly within the published table."""
LONGEST_MONTH: Final = 30


@dataclass(frozen=True, slots=True)
class LunarDate:
    """A day of the lunar calendar; ``leap`` = of the inserted month (윤달) that repeats ``month``."""

    year: int
    month: int
    day: int
    leap: bool = False


@lru_cache(maxsize=1024)
def to_solar(lunar: LunarDate) -> date | None:
    """The solar date; ``None`` if the lunar calendar has no such day or the year is outside the table."""
    if not FIRST_YEAR <= lunar.year <= LAST_YEAR or not 1 <= lunar.month <= 12:
        return None
    calendar = KoreanLunarCalendar()
    if not 1 <= lunar.day <= LONGEST_MONTH:
        return None
    if not calendar.setLunarDate(lunar.year, lunar.month, lunar.day, lunar.leap):
        return None
    found = date(calendar.solarYear, calendar.solarMonth, calendar.solarDay)
    return found if from_solar(found) == lunar else None


@lru_cache(maxsize=1024)
def from_solar(day: date) -> LunarDate | None:
    """The lunar date; ``None`` outside the table."""
    calendar = KoreanLunarCalendar()
    if not FIRST_YEAR <= day.year <= LAST_YEAR + 1:
        return None
    if not calendar.setSolarDate(day.year, day.month, day.day):
        return None
    return LunarDate(
        calendar.lunarYear, calendar.lunarMonth, calendar.lunarDay, bool(calendar.isIntercalation)
    )


def last_of_month(year: int, month: int, *, leap: bool = False) -> date | None:
    """그믐: the last day of a lunar month, its 29th or 30th."""
    return to_solar(LunarDate(year, month, LONGEST_MONTH, leap)) or to_solar(
        LunarDate(year, month, LONGEST_MONTH - 1, leap)
    )


def months_from(day: date, steps: int) -> tuple[date, date] | None:
    """First and last solar day of the lunar month ``steps`` months after the one of ``day``."""
    lunar = from_solar(day)
    if lunar is None:
        return None
    first = day - timedelta(days=lunar.day - 1)
    for _ in range(abs(steps)):
        step = _length(first) if steps > 0 else -_length(first - timedelta(days=1))
        first += timedelta(days=step)
    if from_solar(first) is None:
        return None
    return first, first + timedelta(days=_length(first) - 1)


def _length(day: date) -> int:
    """Days of the lunar month of ``day``."""
    lunar = from_solar(day)
    if lunar is None:
        return LONGEST_MONTH
    last = to_solar(LunarDate(lunar.year, lunar.month, LONGEST_MONTH, lunar.leap))
    return LONGEST_MONTH if last is not None else LONGEST_MONTH - 1
