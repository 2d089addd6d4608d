"""Birth dates: 사십칠년 삼월 오일, 1947년 3월 5일, 사칠공삼공오, 470305."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from donghaeng.korean.dates.almanac import make_date
from donghaeng.korean.dates.model import Impossible
from donghaeng.korean.numerals import ARABIC, SINO, parse, parse_digits
from donghaeng.korean.spans import plain

CENTURY: Final = 1900
"""A birth year in two digits is of the last century: the callers are old."""
_SPOKEN = re.compile(
    rf"(?<![가-힣0-9])(?P<year>{ARABIC}|{SINO}) ?년(?:생)?[ ,]{{0,2}}"
    rf"(?P<month>유|시|{ARABIC}|{SINO}) ?월[ ,]{{0,2}}"
    rf"(?P<day>{ARABIC}|{SINO}) ?일"
)
_DIGIT = r"[0-9공영일이삼사오육칠팔구]"
_RUN = re.compile(rf"(?<![가-힣0-9])(?:{_DIGIT}[ .\-/]{{0,2}}){{5,7}}{_DIGIT}(?![0-9])")


def find_birth_date(text: str, now: datetime) -> date | Impossible | None:
    """The birth date said in ``text``; ``None`` if there is none.

    Two-digit years are 19xx. A day that does not exist or lies after ``now`` is :class:`.Impossible`,
    and so is a lunar one: the day in the register may be either.
    """
    text = plain(text)
    lunar = "음력" in text
    spoken = _SPOKEN.search(text)
    if spoken:
        month = {"유": 6, "시": 10}.get(spoken["month"]) or parse(spoken["month"])
        found = _checked(parse(spoken["year"]), month, parse(spoken["day"]), now)
        return Impossible("lunar_calendar") if lunar and found is not None else found
    run = _RUN.search(text)
    digits = parse_digits(re.sub(r"[ .\-/]", "", run.group())) if run else None
    if digits is None or len(digits) not in (6, 8):
        return None
    if lunar:
        return Impossible("lunar_calendar")
    return _checked(int(digits[:-4]), int(digits[-4:-2]), int(digits[-2:]), now)


def _checked(
    year: float | None, month: float | None, day: float | None, now: datetime
) -> date | Impossible | None:
    if year is None or month is None or day is None:
        return None
    if not 1 <= month <= 12:
        return Impossible("no_such_month")
    found = make_date(int(year) + (CENTURY if year < 100 else 0), int(month), int(day))
    if found is None:
        return Impossible("no_such_day")
    return found if found <= now.date() else Impossible("out_of_calendar")
