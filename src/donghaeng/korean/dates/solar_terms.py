"""Days that follow the Sun: 입춘, 하지, 동지 … and the hot days (삼복) counted from them; 2000 to 2050."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

FIRST_YEAR: Final = 2000
_TERMS: Final = {
    "입춘": (2, 3, "111111111111111111111011101110111011101110111011101"),
    "춘분": (3, 20, "001100110011001100110011000100010001000100010001000"),
    "하지": (6, 21, "000100010001000100010000000000000000000000000000000"),
    "입추": (8, 7, "001100110001000100010001000100010001000100000000000"),
    "추분": (9, 22, "111111111111011101110111011101110111011101110011001"),
    "동지": (12, 21, "011101110111011101110111011100110011001100110011001"),
}
"""Month, earliest day and how many days later the term falls in each year from :data:`FIRST_YEAR` on.

Computed from the apparent longitude of the Sun (VSOP87) in Korean time; the closest calls, 2021 (입춘 at
23:59) and 2025 (동지 at 00:03), agree with 한국천문연구원, 월력요항.
"""

_SEVENTH_STEM: Final = 6
_STEMS: Final = 10
_STEM_OF_DAY_ONE: Final = 4
"""The stem of the proleptic ordinal 0, so that 2000-01-07 (갑자) is the first of the cycle."""
_DOG_DAYS: Final = {"초복": ("하지", 2), "중복날": ("하지", 3), "말복": ("입추", 0)}
"""The term that each is counted from and how many 경 days are passed over (초복 = third from 하지 on)."""
_AFTER_TERM: Final = {"한식날": ("동지", 105)}
"""Days after the term of the year before."""

NAMES: Final = (
    *(name for name in _TERMS if name != "하지"),
    "하짓날",
    "하지날",
    "동짓날",
    *_DOG_DAYS,
    *_AFTER_TERM,
)
"""하지 and 중복 alone are other words (하지 마세요, 중복 신청)."""


def solar_day(name: str, year: int) -> date | None:
    """The day of that name in ``year``; ``None`` outside the table."""
    if name in _DOG_DAYS:
        term, passed = _DOG_DAYS[name]
        start = _term(term, year)
        if start is None:
            return None
        ahead = (_SEVENTH_STEM - start.toordinal() - _STEM_OF_DAY_ONE) % _STEMS
        return start + timedelta(days=ahead + _STEMS * passed)
    if name in _AFTER_TERM:
        term, days = _AFTER_TERM[name]
        start = _term(term, year - 1)
        return None if start is None else start + timedelta(days=days)
    return _term({"하짓날": "하지", "하지날": "하지", "동짓날": "동지"}.get(name, name), year)


def _term(name: str, year: int) -> date | None:
    month, first, later = _TERMS[name]
    if not 0 <= year - FIRST_YEAR < len(later):
        return None
    return date(year, month, first + int(later[year - FIRST_YEAR]))
