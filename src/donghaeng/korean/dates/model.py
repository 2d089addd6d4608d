"""The values that dates and times are read as."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Span:
    """From ``start`` to ``end``; ``None`` = open. With dates both days belong to it."""

    start: date | datetime | time | None
    end: date | datetime | time | None
    grain: str = ""
    """``week``, ``month`` or ``year`` where the words name exactly one of these; ``several`` for a run of
    whole months or years, whose interval is written with the first day after it."""


@dataclass(frozen=True, slots=True)
class Impossible:
    """The words name no single day or hour, or none that exists; ``reason`` is a word for the dialogue."""

    reason: str
    """``no_such_day``, ``no_such_month``, ``no_such_hour``, ``no_such_minute``, ``out_of_calendar``,
    ``ends_before_it_begins`` (5일부터 1일까지, the year said with both),
    ``repeats`` (every such day, 매주 화요일: ask for one) or ``lunar_calendar`` (a lunar birth date: ask for
    the one in the register)."""


TimeValue = date | datetime | time | Span | Impossible
"""``datetime`` values carry the time zone of the moment of speaking; ``time`` = an hour without a day."""


class Reading(StrEnum):
    """How to read words that leave bounds open: bare hours, parts of the day and of periods."""

    DAYTIME = "daytime"
    """What a citizen means at a counter: 두 시 is in the afternoon (offices are open from 7 to 6), 오후 ends
    at six, 월말 are the last ten days."""
    LITERAL = "literal"
    """What the published specs of Recognizers-Text count, for comparison with them: the 24-hour clock, parts
    of the day of four hours (오후 12 to 16; 내일 저녁 from 20 on; 오늘 늦게 from noon), halves of a period
    (월말 from the 16th; 중순 from the 10th), whole decades (다음 10년) and running periods (한 달 동안), a
    day with 까지 as its last second, an interval up to the first day of a month or year, a length
    counted from a day (내일부터 3주) as the day reached, one number for loose words (며칠 뒤)."""


def iso(value: TimeValue) -> str:
    """ISO 8601 as wall time without an offset; intervals with a slash; ``""`` for :class:`Impossible`.

    Weeks, months and years are written in the form of their grain (``2026-W48``, ``2026-11``, ``2026``).
    """
    if isinstance(value, Span):
        return _iso_span(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S" if value.second else "%Y-%m-%dT%H:%M").rjust(16, "0")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M:%S" if value.second else "%H:%M")
    return ""


def _iso_span(span: Span) -> str:
    start = span.start
    if isinstance(start, date) and span.grain == "week":
        calendar = start.isocalendar()
        return f"{calendar.year:04}-W{calendar.week:02}"
    if isinstance(start, date) and span.grain == "month":
        return f"{start.year:04}-{start.month:02}"
    if isinstance(start, date) and span.grain == "year":
        return f"{start.year:04}"
    if type(span.end) is date and span.grain == "several" and span.end < date.max:
        return f"{iso(start) if start else ''}/{(span.end + timedelta(days=1)).isoformat()}"
    return "/".join(iso(bound) if bound is not None else "" for bound in (start, span.end))
