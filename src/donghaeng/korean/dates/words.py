"""Days and hours as Korean words, the inverse of :mod:`.find` (십이월 일 일, 오후 두 시 반)."""

from __future__ import annotations

from datetime import date, time
from typing import Final

from donghaeng.korean.numerals import native_attributive, sino

MONTHS: Final = {6: "유월", 10: "시월"}
"""Months whose spoken form is not the number and 월 (표준어 규정)."""
WEEKDAYS: Final = ("월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일")


def say_date(day: date, *, year: bool = False, weekday: bool = False) -> str:
    """십이월 일 일, with the year and the day of the week on request."""
    words = [f"{sino(day.year)} 년"] if year else []
    words += [MONTHS.get(day.month, sino(day.month) + "월"), sino(day.day) + " 일"]
    words += [WEEKDAYS[day.weekday()]] if weekday else []
    return " ".join(words)


def say_time(moment: time) -> str:
    """Twelve-hour words: 오전 아홉 시, 오후 두 시 반, 낮 열두 시, 밤 열두 시 십 분."""
    hour = moment.hour % 12 or 12
    part = {0: "밤", 12: "낮"}.get(moment.hour, "오전" if moment.hour < 12 else "오후")
    words = f"{part} {native_attributive(hour)} 시"
    if moment.minute == 30:
        return words + " 반"
    return words + (f" {sino(moment.minute)} 분" if moment.minute else "")
