"""Values of Korean expressions in the output forms of ``donghaeng eval expressions`` (CONTRACT 5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Final

from donghaeng.korean.counts import find_days_of_month, find_ordinals
from donghaeng.korean.dates import Reading, Span, TimeValue, find_durations, find_times, iso
from donghaeng.korean.money import find_money
from donghaeng.korean.numbers import find_numbers
from donghaeng.korean.numerals import Number
from donghaeng.korean.phones import Phone, find_phones

_OF_TIME = re.compile(r"(?:달|개월|시간|주|년|분|초|시)$")
DIGITS: Final = 15
"""Significant decimal digits that every binary double keeps (IEEE 754)."""
Value = str | int | float | dict[str, int | float | str]


def values(text: str, now: datetime, kind: str) -> list[Value]:
    """What ``text`` says of ``kind``, best first; empty if nothing.

    ``kind`` is one of :data:`KINDS`; raises :class:`ValueError` for another. time = ISO 8601 date, datetime
    or ``start/end``; duration = ISO 8601; number and ordinal = numbers; money = ``{"amount", "currency"}``;
    phone = digits with hyphens. ``now`` is the moment of speaking.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of expression {kind!r}; known: {', '.join(KINDS)}")
    return list(dict.fromkeys(KINDS[kind](text, now))) if kind != "money" else KINDS[kind](text, now)


def _numbers(text: str, now: datetime) -> list[Value]:
    found = sorted(find_numbers(text), key=lambda m: bool(_OF_TIME.search(text[m.start : m.end])))
    return [_decimal(value) for match in found for value in (match.value, *match.alternatives)]


def _decimal(value: Number) -> Number:
    """A fraction as the decimal of :data:`DIGITS` digits for it (삼분의 일 = 0.333333333333333)."""
    return value if isinstance(value, int) else float(f"{value:.{DIGITS}g}")


def _ordinals(text: str, now: datetime) -> list[Value]:
    ranks = find_ordinals(text) or find_days_of_month(text)
    return [match.value for match in ranks]


def _money(text: str, now: datetime) -> list[Value]:
    return [{"amount": m.value.amount, "currency": m.value.currency} for m in find_money(text)]


def _phones(text: str, now: datetime) -> list[Value]:
    return [str(m.value) for m in find_phones(text, expected=True) if isinstance(m.value, Phone)]


def _times(text: str, now: datetime) -> list[Value]:
    found = find_times(text, now, reading=Reading.LITERAL)
    dated = [m for m in found if not _is_bare_clock(m.value)] or list(found)
    return [iso(value) for match in dated for value in (match.value, *match.alternatives) if iso(value)]


def _is_bare_clock(value: TimeValue) -> bool:
    return isinstance(value, time) or (isinstance(value, Span) and isinstance(value.start, time))


def _durations(text: str, now: datetime) -> list[Value]:
    return [match.value.iso() for match in find_durations(text)]


KINDS: Final[Mapping[str, Callable[[str, datetime], list[Value]]]] = {
    "time": _times,
    "duration": _durations,
    "number": _numbers,
    "ordinal": _ordinals,
    "money": _money,
    "phone": _phones,
}
