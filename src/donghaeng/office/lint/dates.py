"""Dates ``2026. 11. 21.`` and times ``15:30`` (행정업무규정 제7조 제5항). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from donghaeng.office.lint.finding import Found

_LETTERS: Final = re.compile(r"(?<!\d)(?P<y>\d{4})년\s*(?P<m>\d{1,2})월\s*(?P<d>\d{1,2})일")
_SIGNS: Final = re.compile(
    r"(?<![\w.\-/제])(?P<y>(?:19|20)\d{2}|['’‘]\d{2})\s*(?P<sign>[.\-/])\s*(?P<m>\d{1,2})\s*(?P=sign)"
    r"\s*(?P<d>\d{1,2})(?![\d\-/])(?P<dot>\.(?!\w{2,4}\b)|\.(?=[가-힣])|)(?!호)"
)
_HALF: Final = r"(?P<half>오전|오후|낮|밤|새벽|아침|저녁)\s*"
_CLOCK: Final = re.compile(
    rf"(?<![가-힣\d])(?:{_HALF})?(?P<hour>\d{{1,2}})시(?!간|도|군|구|민|내|설|정|청)"
    r"(?:\s*(?P<minute>\d{1,2})분(?!의|기)|\s*(?P<thirty>반)(?![가-힣]{2}))?"
)
_MORNING: Final = frozenset(("오전", "새벽", "아침"))
_NOON = 12


def dates(text: str) -> Iterator[Found]:
    """Whole dates in any other form."""
    for pattern in (_LETTERS, _SIGNS):
        for found in pattern.finditer(text):
            year, month, day = found["y"], int(found["m"]), int(found["d"])
            if not (1 <= month <= 12 and 1 <= day <= 31):
                continue
            full = f"20{year[1:]}" if len(year) == 3 else year
            right = f"{full}. {month}. {day}."
            if found.group() != right:
                yield Found("date.form", found.start(), found.end(), (right,))


def times(text: str) -> Iterator[Found]:
    """Times of the clock with letters; without a fix where morning or afternoon is not said."""
    for found in _CLOCK.finditer(text):
        hour, half = int(found["hour"]), found["half"]
        minute = 30 if found["thirty"] else int(found["minute"] or 0)
        if hour > 24 or minute > 59:
            continue
        told = hour if found["hour"].startswith("0") else _hour(hour, half)
        fixes = () if told is None else (f"{told:02}:{minute:02}",)
        yield Found("time.form", found.start(), found.end(), fixes)


def _hour(hour: int, half: str | None) -> int | None:
    """Of 24, or None where it may be either of two."""
    if half is None:
        return hour if hour > _NOON else None
    if hour > _NOON:
        return hour
    if half in _MORNING:
        return hour % _NOON
    if half == "밤" and (hour == _NOON or hour < 5):
        return 24 if hour == _NOON else hour
    if half == "낮" and hour in (10, 11):
        return hour
    return hour % _NOON + _NOON
