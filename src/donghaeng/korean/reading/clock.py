"""Reading dates and times of day aloud.

A clock time is spoken on twelve hours with 오전/오후/낮/밤 although documents write twenty-four
(행정업무의 운영 및 혁신에 관한 규정 제7조); 6월 and 10월 are 유월 and 시월.
"""

from __future__ import annotations

import re
from typing import Final

from donghaeng.korean.numerals import native_attributive, sino
from donghaeng.korean.reading.numbers import DASH, TILDE, Found, after, before, say_whole

MIDNIGHT: Final = 24
LAST_HOUR: Final = 29
"""The latest hour of a day's opening times, counted on past midnight: five in the morning."""
_MONTHS = {6: "유월", 10: "시월"}
_PART_OF_DAY_BEFORE = re.compile(r"(?:오전|오후|아침|저녁|밤|낮|새벽|정오|점심|한밤)\s*$")
_WEEKDAY = r"[월화수목금토일]"
_PAREN_DAY = rf"\s?\(\s?{_WEEKDAY}(?:요일)?\s?\)"
_DAY_IN_PARENS = re.compile(rf"\(\s?({_WEEKDAY})(?:요일)?\s?\)")
_HANGUL = re.compile("[가-힣]")
_NUMBERS = re.compile(r"\d+")


def say_month(month: int) -> str:
    """유월, 시월, 십일월 …"""
    return _MONTHS.get(month) or f"{sino(month)}월"


def say_date(year: int | None, month: int, day: int | None) -> str:
    """``(2026, 11, 21)`` → 이천이십육 년 십일월 이십일 일."""
    parts = [f"{say_whole(str(year))} 년"] if year is not None else []
    parts.append(say_month(month))
    if day is not None:
        parts.append(f"{sino(day)} 일")
    return " ".join(parts)


def say_clock(hour: int, minute: int | None, second: int | None, left: str = "") -> str:
    """A time of a 24-hour clock on twelve hours: (15, 30) → 오후 세 시 삼십 분, (0, 10) → 밤 열두 시 십 분.

    What is open past midnight counts on: (26, 0) → 새벽 두 시.

    Args:
        hour: 0 … :data:`LAST_HOUR`.
        minute, second: left out where ``None`` or, for the minute, 0 without a second.
        left: the text before; a part of day that stands there is not said again.
    """
    named = bool(_PART_OF_DAY_BEFORE.search(left))
    if hour == 0 and named:
        parts = ["영 시"]
    else:
        parts = [] if named else [_part_of_day(hour)]
        parts.append(f"{native_attributive((hour + 11) % 12 + 1)} 시")
    if minute or second:
        parts.append(f"{sino(minute or 0)} 분")
    if second:
        parts.append(f"{sino(second)} 초")
    return " ".join(parts)


def _part_of_day(hour: int) -> str:
    if hour in (0, MIDNIGHT):
        return "밤"
    if hour > MIDNIGHT:
        return "새벽"
    if hour == 12:
        return "낮"
    return "오전" if hour < 12 else "오후"


def _is_date(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31


def _weekday(written: str) -> str:
    found = _DAY_IN_PARENS.search(written)
    return f" {found.group(1)}요일" if found else ""


def full_date(match: Found) -> str:
    """``2026. 11. 21.(토)``, ``2026-11-21``, ``10/30/2024``, ``29/12/2000``."""
    numbers = [int(number) for number in _NUMBERS.findall(match.group())]
    year_first = numbers[2] < 1000
    year, month, day = numbers if year_first else (numbers[2], numbers[0], numbers[1])
    if not _is_date(month, day) and _is_date(day, month):
        month, day = day, month
    if not _is_date(month, day):
        return " ".join(say_whole(str(number)) for number in numbers)
    return say_date(year, month, day) + _weekday(match.group())


def short_date(match: Found) -> str:
    """``6. 10.`` → 유월 십 일, ``11/21(토)`` → 십일월 이십일 일 토요일."""
    month, day = (int(number) for number in _NUMBERS.findall(match.group())[:2])
    if not _is_date(month, day):
        return f"{sino(month)}, {sino(day)}."
    return say_date(None, month, day) + _weekday(match.group())


_MONTH = re.compile(rf"(\d{{1,2}})(?:{TILDE}(\d{{1,2}}))?\s?월")


def month(match: Found) -> str:
    """``6월`` → 유월, ``6~8월`` → 유월에서 팔월."""
    first, last = _MONTH.fullmatch(match.group()).groups()  # type: ignore[union-attr]
    if not last:
        return say_month(int(first))
    return f"{say_month(int(first))}에서 {say_month(int(last))}"


_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


def clock(match: Found) -> str:
    """``15:30`` → 오후 세 시 삼십 분; ``09:00~18:00`` → 오전 아홉 시부터 오후 여섯 시까지."""
    times = [
        say_clock(int(hour), int(minute), int(second or 0), before(match) if index == 0 else "")
        for index, (hour, minute, second) in enumerate(_CLOCK.findall(match.group()))
    ]
    until = "까지" if len(times) > 1 and not _HANGUL.match(after(match)) else ""
    return "부터 ".join(times) + until


_HOUR = re.compile(r"(\d{1,2})\s?시(?:\s?(\d{1,2})\s?분)?")


def hour(match: Found) -> str:
    """``3시 5분`` → 세 시 오 분; 13 and more are turned to twelve hours, 1 to 12 stay as they are."""
    hours, minutes = _HOUR.fullmatch(match.group()).groups()  # type: ignore[union-attr]
    number, minute = int(hours), int(minutes) if minutes else None
    if number == 24 and _ROUND_THE_CLOCK.match(after(match)):
        return "이십사 시"
    if 1 <= number <= 12:
        said = f"{native_attributive(number)} 시"
        return said if minute is None else f"{said} {sino(minute)} 분"
    if number <= LAST_HOUR:
        return say_clock(number, minute, None, before(match))
    return f"{sino(number)} 시" + (f" {sino(minute)} 분" if minute is not None else "")


_ROUND_THE_CLOCK = re.compile(r"\s?(?:약국|편의점|병원|응급|영업|운영|상담|진료|연중)")
_HOURS = re.compile(rf"(\d{{1,2}})(?:\s?시)?{DASH}(\d{{1,2}})\s?시")


def hours(match: Found) -> str:
    """``2~3시`` → 두 시에서 세 시; ``09~18시`` → 오전 아홉 시에서 오후 여섯 시."""
    low, high = (int(number) for number in _HOURS.fullmatch(match.group()).groups())  # type: ignore[union-attr]
    if max(low, high) > LAST_HOUR:
        return f"{sino(low)} 시에서 {sino(high)} 시"
    if 1 <= low <= 12 and 1 <= high <= 12:
        return f"{native_attributive(low)} 시에서 {native_attributive(high)} 시"
    return f"{say_clock(low, None, None, before(match))}에서 {say_clock(high, None, None)}"


def weekday(match: Found) -> str:
    """``(토)`` → 토요일."""
    return _weekday(match.group()) + " "


def weekday_alone(match: Found) -> str:
    """The day before a clock time: ``토 09:00`` → 토요일 …"""
    return match.group() + "요일"


def weekdays(match: Found) -> str:
    """``월~금`` → 월요일부터 금요일."""
    first, last = re.findall(_WEEKDAY, match.group().replace("요일", ""))
    return f"{first}요일부터 {last}요일"


def since(match: Found) -> str:
    """The mark between two dates: 부터."""
    del match
    return "부터 "


_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_TWO_TIMES = r"(?:[01]?\d|2\d):[0-5]\d(?::[0-5]\d)?"
RULES: Final = (
    (
        "full_date",
        rf"(?<![\d.])(?:(?:19|20|21)\d\d\s?(?P<date_mark>[./-])\s?\d{{1,2}}\s?(?P=date_mark)\s?\d{{1,2}}(?:\.(?!\d))?"
        rf"|\d\d\.\s?(?:0?[1-9]|1[0-2])\.\s?{_DAY}\.?(?=\D|$)"
        rf"|\d{{1,2}}/\d{{1,2}}/(?:19|20)\d\d)(?!\d)(?:{_PAREN_DAY})?",
        full_date,
    ),
    (
        "short_date",
        rf"(?<![\d.])(?:(?:0?[1-9]|1[0-2])\.\s?{_DAY}\.(?!\s?\d)(?:{_PAREN_DAY})?"
        rf"|(?:0?[1-9]|1[0-2])[./]\s?{_DAY}{_PAREN_DAY})",
        short_date,
    ),
    ("clock", rf"(?<![\d:]){_TWO_TIMES}(?:{DASH}{_TWO_TIMES})?(?![\d:])", clock),
    ("hours", rf"(?<!\d)\d{{1,2}}(?:\s?시{DASH}|{TILDE})\d{{1,2}}\s?시(?!간)", hours),
    (
        "hour",
        r"(?<![\d.,])\d{1,2}\s?시(?!간|민|장|청|설|각|내|도|군|립|급|스)(?:\s?\d{1,2}\s?분(?![류실석야기]))?",
        hour,
    ),
    ("month", rf"(?<![\d.,])(?:(?:0?[1-9]|1[0-2]){TILDE})?(?:0?[1-9]|1[0-2])\s?월", month),
    ("weekdays", rf"(?<![가-힣]){_WEEKDAY}(?:요일)?{TILDE}{_WEEKDAY}(?:요일)?(?![가-힣])", weekdays),
    ("weekday_alone", rf"(?<![가-힣]){_WEEKDAY}(?=\s?\d{{1,2}}:\d\d)", weekday_alone),
    ("weekday", rf"(?<=일){_PAREN_DAY}", weekday),
    ("since", rf"(?<=[일월년요)]){TILDE}(?=\d)", since),
)
"""Rules in the order in which they are tried; see :mod:`donghaeng.korean.reading`."""
