"""Lengths of time: 두 시간 반, 사흘, 일주일, 보름, 1년 한 달 21일, 몇 주."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

from donghaeng.korean.dates.almanac import add_months
from donghaeng.korean.numerals import APPROXIMATE, NUMBER, SINO_APPROXIMATE, parse
from donghaeng.korean.spans import WORD_END, Match, plain

LARGEST_AMOUNT: Final = 10**9
"""A larger number of any unit is no length of time."""
SEVERAL: Final = 3
"""What 몇 is taken for where one number is needed; such durations are marked vague."""
SEVERAL_AT_LEAST: Final = 2
SEVERAL_AT_MOST: Final = 5


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


_DAY_WORDS: Final[dict[str, tuple[int | Fraction, int | Fraction]]] = {
    **{word: (days, days) for days, word in enumerate(
        ("하루", "이틀", "사흘", "나흘", "닷새", "엿새", "이레", "여드레", "아흐레", "열흘", "열하루",
         "열이틀", "열사흘", "열나흘", "열닷새", "열엿새", "열이레", "열여드레", "열아흐레", "스무날"), 1)},
    "보름": (15, 15), "하루이틀": (1, 2), "하루 이틀": (1, 2), "사날": (3, 4), "사나흘": (3, 4),
    "네댓새": (4, 5), "대엿새": (5, 6),
    "예니레": (6, 7), "달포": (31, 45), "한나절": (Fraction(1, 2), Fraction(1, 2)),
    "반나절": (Fraction(1, 4), Fraction(1, 4)),
}  # fmt: skip
"""Words for numbers of days: the fewest and the most that they mean (표준국어대사전)."""
_LOOSE_WORDS: Final = frozenset(
    {"한나절", "반나절", *(word for word, (fewest, most) in _DAY_WORDS.items() if fewest != most)}
)
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


@dataclass(frozen=True, slots=True)
class Said:
    """A length of time as said, and the bounds that loose words (사나흘, 몇 주, 두세 시간) leave open."""

    length: Duration
    shortest: Duration
    longest: Duration
    vague: bool


_Amounts = tuple[Fraction, Fraction, Fraction]


def read_duration(words: str) -> Said | None:
    """The length that ``words`` (as :data:`SEQUENCE` matches them) say."""
    totals, vague, last = [Duration(), Duration(), Duration()], False, ""
    for piece in _PIECE.finditer(words):
        read = _read_piece(piece, last)
        if read is None:
            return None
        last, amounts = read
        vague |= len(set(amounts)) > 1 or piece["days"] in _LOOSE_WORDS
        totals = [
            replace(total, **{last: getattr(total, last) + amount})
            for total, amount in zip(totals, amounts, strict=True)
        ]
    return Said(totals[0], totals[1], totals[2], vague) if last else None


def _read_piece(piece: re.Match[str], last: str) -> tuple[str, _Amounts] | None:
    """The unit of one amount and the amount, its least and its most; ``last`` is the unit that 반 halves."""
    if piece["days"]:
        fewest, most = _DAY_WORDS[piece["days"]]
        return "days", (Fraction(fewest), Fraction(fewest), Fraction(most))
    if piece["half"]:
        unit, amount = _FRACTIONS[piece["half"]]
        return unit, (amount, amount, amount)
    if piece["some"]:
        several = (Fraction(SEVERAL), Fraction(SEVERAL_AT_LEAST), Fraction(SEVERAL_AT_MOST))
        return _UNITS[piece["some_unit"] or "일"], several
    if piece["and_half"]:
        return (last, (Fraction(1, 2), Fraction(1, 2), Fraction(1, 2))) if last else None
    return _read_number(piece["number"], _UNITS[piece["unit"]])


def _read_number(words: str, unit: str) -> tuple[str, _Amounts] | None:
    words = words.removeprefix("만 ")
    both = SINO_APPROXIMATE.get(words) or APPROXIMATE.get(words)
    if both:
        return unit, (Fraction(both[0]), Fraction(both[0]), Fraction(both[-1]))
    value = parse(words)
    if value is None or value > LARGEST_AMOUNT:
        return None
    amount = Fraction(str(value))
    return unit, (amount, amount, amount)


def find_durations(text: str) -> tuple[Match[Duration], ...]:
    """Lengths of time in ``text``, in order; loose ones are vague.

    A lone 3일 or 3분 counts; the caller knows what it asked for.
    """
    text = plain(text)
    found: list[Match[Duration]] = []
    for match in _SOMEWHERE.finditer(text):
        read = read_duration(match.group())
        if read is not None:
            found.append(Match(read.length, match.start(), match.end(), (), read.vague))
    return tuple(found)
