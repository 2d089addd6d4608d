"""Lengths of time: 두 시간 반, 사흘, 일주일, 보름, 1년 한 달 21일, 몇 주."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

from donghaeng.korean.dates.almanac import add_months
from donghaeng.korean.jamo import normalise
from donghaeng.korean.numerals import APPROXIMATE, NUMBER, parse
from donghaeng.korean.spans import LONGEST_TEXT, WORD_END, Match

SEVERAL: Final = 3
"""What 몇 is taken for; such durations are marked vague."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time by unit, as it was said (months are not turned into days)."""

    years: Fraction = Fraction(0)
    months: Fraction = Fraction(0)
    weeks: Fraction = Fraction(0)
    days: Fraction = Fraction(0)
    hours: Fraction = Fraction(0)
    minutes: Fraction = Fraction(0)
    seconds: Fraction = Fraction(0)

    @property
    def has_clock(self) -> bool:
        """Whether it is told in hours, minutes or seconds."""
        return bool(self.hours or self.minutes or self.seconds)

    def iso(self) -> str:
        """ISO 8601, decimals kept (``PT1.5H``); a length of nothing is ``PT0S``."""
        days = "".join(_part(getattr(self, unit), letter) for unit, letter in _DATE_LETTERS)
        if self.hours and self.minutes and not self.seconds and not (self.minutes * 2) % 60:
            clock = _part(self.hours + self.minutes / 60, "H")
        else:
            clock = "".join(_part(getattr(self, unit), letter) for unit, letter in _CLOCK_LETTERS)
        return "P" + days + ("T" + clock if clock else "") if days or clock else "PT0S"

    def after(self, moment: datetime, sign: int = 1) -> datetime | None:
        """``moment`` moved by this length (backwards with ``sign`` -1); ``None`` outside the calendar."""
        months = self.years * 12 + self.months
        whole = int(months)
        day = add_months(moment.date(), sign * whole)
        if day is None:
            return None
        rest = timedelta(
            days=float(self.days + self.weeks * 7 + (months - whole) * 30),
            hours=float(self.hours),
            minutes=float(self.minutes),
            seconds=float(self.seconds),
        )
        try:
            return datetime.combine(day, moment.timetz()) + sign * rest
        except OverflowError:
            return None

    def after_day(self, day: date, sign: int = 1) -> date | None:
        """``day`` moved by this length; parts of a day are dropped."""
        moved = self.after(datetime(day.year, day.month, day.day), sign)  # noqa: DTZ001
        return None if moved is None else moved.date()


_DATE_LETTERS: Final = (("years", "Y"), ("months", "M"), ("weeks", "W"), ("days", "D"))
_CLOCK_LETTERS: Final = (("hours", "H"), ("minutes", "M"), ("seconds", "S"))


def _part(amount: Fraction, letter: str) -> str:
    return f"{float(amount):.10g}{letter}" if amount else ""


_DAY_WORDS: Final[dict[str, int | Fraction]] = {
    "하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "여드레": 8, "아흐레": 9,
    "열흘": 10, "보름": 15, "스무날": 20, "하루이틀": 1, "이삼일": 2, "사나흘": 3, "네댓새": 4, "대엿새": 5,
    "한나절": Fraction(1, 2), "반나절": Fraction(1, 4),
}  # fmt: skip
_LOOSE_WORDS: Final = frozenset({"하루이틀", "이삼일", "사나흘", "네댓새", "대엿새", "한나절", "반나절"})
_UNITS: Final = {
    "년": "years", "해": "years", "개월": "months", "달": "months", "주일": "weeks", "주": "weeks",
    "일": "days", "날": "days", "시간": "hours", "분": "minutes", "초": "seconds",
}  # fmt: skip
_UNIT = "개월|주일|시간|년|달|주|일|분|초"
_FRACTIONS: Final = {
    "반년": ("years", Fraction(1, 2)),
    "반달": ("months", Fraction(1, 2)),
    "반시간": ("hours", Fraction(1, 2)),
}
_DAYS = "|".join(sorted(_DAY_WORDS, key=len, reverse=True))
_ONE = (
    rf"(?>{_DAYS}|반년|반달|반시간|며칠|몇일|(?:몇|여러|수) ?(?:{_UNIT})"
    rf"|(?:{NUMBER}) ?(?:{_UNIT})(?: ?반(?![가-힣]))?)"
)
"""Atomic: 일 is a digit and a unit, and trying every split of 일일일… would take for ever."""
SEQUENCE: Final = rf"{_ONE}(?:(?: |, ?| ?하고 ?| 그리고 )?{_ONE}){{0,5}}(?: ?반(?![가-힣]))?"
"""A length of time: amounts with units, larger first or not."""
_PIECE = re.compile(
    rf"(?P<days>{_DAYS})|(?P<half>반년|반달|반시간)|(?P<some>며칠|몇일|(?:몇|여러|수) ?"
    rf"(?P<some_unit>{_UNIT}))|(?P<number>{NUMBER}) ?(?P<unit>{_UNIT})|(?P<and_half>반)"
)
_SOMEWHERE = re.compile(rf"(?<![가-힣0-9.]){SEQUENCE}(?:{WORD_END}|종일)")


def read_duration(words: str) -> tuple[Duration, bool] | None:
    """The length that ``words`` (as :data:`SEQUENCE` matches them) say, and whether it is vague."""
    total, vague, last = Duration(), False, ""
    for piece in _PIECE.finditer(words):
        if piece["days"]:
            unit, amount = "days", Fraction(_DAY_WORDS[piece["days"]])
            vague |= piece["days"] in _LOOSE_WORDS
        elif piece["half"]:
            unit, amount = _FRACTIONS[piece["half"]]
        elif piece["some"]:
            unit, amount, vague = _UNITS[piece["some_unit"] or "일"], Fraction(SEVERAL), True
        elif piece["and_half"]:
            unit, amount = last, Fraction(1, 2)
        else:
            value = parse(piece["number"])
            if value is None or value > 10**9:
                return None
            unit, amount = _UNITS[piece["unit"]], Fraction(str(value))
            vague |= piece["number"] in APPROXIMATE
        if not unit:
            return None
        total = replace(total, **{unit: getattr(total, unit) + amount})
        last = unit
    return (total, vague) if last else None


def find_durations(text: str) -> tuple[Match[Duration], ...]:
    """Lengths of time in ``text``, in order. A lone 3일 or 3분 counts; the caller knows what it asked for."""
    text = normalise(text[:LONGEST_TEXT])
    found: list[Match[Duration]] = []
    for match in _SOMEWHERE.finditer(text):
        read = read_duration(match.group())
        if read is not None:
            found.append(Match(read[0], match.start(), match.end(), (), read[1]))
    return tuple(found)
