"""Which day the fields of a phrase name in the lunar calendar (음력 팔월 보름, 동짓달 초하루, 윤사월)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from donghaeng.korean.dates import lunar
from donghaeng.korean.dates.model import Impossible, Span

SEARCH_YEARS: Final = 8
"""How far a lunar day is looked for, both ways; a 30th is missing from a month for few years in a row."""
SEARCH_LEAP_YEARS: Final = 40
"""The same for a leap month, which comes back after decades."""
SEARCH_MONTHS: Final = 13
"""How many lunar months a day without a month is looked for, both ways."""


def resolve_lunar(
    fields: Mapping[str, Any], year: int | None, today: date, *, past: bool
) -> list[date | Span | Impossible]:
    """Days and months named by ``fields`` (month, months, day with 0 = the last, leap), best first.

    ``year`` is the lunar year where it is said. Without it the next such day comes first, with ``past`` the
    last. Empty if no month and no day is named.
    """
    if not {"month", "months", "day"} & fields.keys():
        return []
    month, day = fields.get("month"), fields.get("day")
    if month is not None and not 1 <= month <= 12:
        return [Impossible("no_such_month")]
    if day is not None and not 0 <= day <= lunar.LONGEST_MONTH:
        return [Impossible("no_such_day")]
    months = list(_months(fields, year, today))
    if not months:
        return [Impossible("out_of_calendar")]
    named = [found for span in months if (found := _day_of(span, day)) is not None]
    return _ordered(named, today, past=past) if named else [Impossible("no_such_day")]


def _months(fields: Mapping[str, Any], year: int | None, today: date) -> Iterator[tuple[date, date]]:
    """First and last solar day of each lunar month that may be meant."""
    if "month" not in fields:
        steps = [fields["months"]] if "months" in fields else range(-SEARCH_MONTHS, SEARCH_MONTHS + 1)
        yield from (span for step in steps if (span := lunar.months_from(today, step)) is not None)
        return
    leap = "leap" in fields
    reach = SEARCH_LEAP_YEARS if leap else SEARCH_YEARS
    for each in [year] if year is not None else range(today.year - reach, today.year + reach + 1):
        first = lunar.to_solar(lunar.LunarDate(each, fields["month"], 1, leap))
        last = lunar.last_of_month(each, fields["month"], leap=leap)
        if first is not None and last is not None:
            yield first, last


def _day_of(month: tuple[date, date], day: int | None) -> date | Span | None:
    first, last = month
    if day is None:
        return Span(first, last)
    found = first + timedelta(days=day - 1) if day else last
    return found if found <= last else None


def _ordered(found: list[date | Span], today: date, *, past: bool) -> list[date | Span | Impossible]:
    """The nearest to come and the nearest gone, the latter first with ``past``."""
    coming = [one for one in found if _last(one) >= today]
    gone = [one for one in found if _last(one) < today]
    nearest = [*gone[-1:], *coming[:1]] if past else [*coming[:1], *gone[-1:]]
    return list(nearest)


def _last(found: date | Span) -> date:
    end = found.end if isinstance(found, Span) else found
    return end if isinstance(end, date) else date.max
