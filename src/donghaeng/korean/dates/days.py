"""Which day, week, month or year the fields of a phrase name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from donghaeng.korean.dates.almanac import (
    add_days,
    add_months,
    holiday,
    last_day,
    make_date,
    monday_of,
    nth_weekday,
    week_of_month,
)
from donghaeng.korean.dates.model import Impossible, Span

Fields = Mapping[str, Any]
YEARS_AHEAD: Final = 10
"""A year in two digits lies at most this far ahead; a larger one is of the last century."""
Day = date | Span | Impossible

SEARCH_MONTHS: Final = 48
"""How far a day that few months have (31일 금요일) is looked for, both ways."""
SEARCH_YEARS: Final = 8
"""How far 2월 29일 is looked for; leap years lie at most eight years apart."""


def resolve_day(fields: Fields, today: date, *, past: bool) -> list[Day]:
    """Days or calendar spans named by ``fields``, best first; empty if they name none.

    ``past`` prefers the last such day to the next one where the words leave the year or week open.
    """
    for needed, resolve in _RESOLVERS:
        if needed in fields:
            found = resolve(fields, today, past)
            if found is not None:
                return (
                    [_around(day, fields["containing"]) for day in found] if "containing" in fields else found
                )
    return []


def _around(day: Day, grain: str) -> Day:
    """The week, month or year that ``day`` lies in, or the three days off around a feast."""
    if not isinstance(day, date):
        return day
    if grain == "feast":
        return Span(add_days(day, -1), add_days(day, 1))
    if grain == "week":
        return Span(monday_of(day), add_days(monday_of(day), 6))
    if grain == "month":
        return Span(day.replace(day=1), last_day(day.year, day.month))
    return Span(date(day.year, 1, 1), date(day.year, 12, 31))


def _relative(fields: Fields, today: date, past: bool) -> list[Day] | None:
    day = add_days(today, fields["days"])
    return [day] if day else [Impossible("out_of_calendar")]


def _holiday(fields: Fields, today: date, past: bool) -> list[Day] | None:
    year = year_of(fields, today)
    years = [year] if year is not None else [today.year + n for n in (-1, 0, 1)]
    days = [day for y in years if (day := holiday(fields["holiday"], y)) is not None]
    if not days:
        return [Impossible("out_of_calendar")]
    return _ordered(days, today, past) if year is None else list(days)


def _ordered(days: Iterable[date], today: date, past: bool) -> list[Day]:
    """Upcoming days nearest first, then past ones latest first; the other way round with ``past``."""
    upcoming = sorted(day for day in days if day >= today)
    gone = sorted((day for day in days if day < today), reverse=True)
    if past:
        gone = sorted((day for day in days if day <= today), reverse=True)
        upcoming = sorted(day for day in days if day > today)
        return [*gone[:1], *upcoming[:1]]
    return [*upcoming[:1], *gone[:1]]


def year_of(fields: Fields, today: date) -> int | None:
    """The year that is said, two digits and 내년 included."""
    if "year" in fields:
        return int(fields["year"])
    if "short_year" in fields:
        short = int(fields["short_year"])
        return short + (2000 if short <= today.year % 100 + YEARS_AHEAD else 1900)
    return today.year + int(fields["years"]) if "years" in fields else None


def _month(fields: Fields, today: date, past: bool) -> tuple[int, int] | None:
    """Year and month that the fields name, the year supplied where it is open."""
    if "months" in fields:
        first = add_months(today.replace(day=1), fields["months"])
        return (first.year, first.month) if first else None
    if "month" not in fields:
        return None
    year, month = year_of(fields, today), int(fields["month"])
    if year is None:
        year = today.year
        which = fields.get("which_month")
        if which == 1 and month <= today.month:
            year += 1
        elif which == -1 and month >= today.month:
            year -= 1
        elif which is None and not past and month < today.month:
            year += 1
        elif which is None and past and month > today.month:
            year -= 1
    return year, month


def _nth_weekday(fields: Fields, today: date, past: bool) -> list[Day] | None:
    year, month = _month(fields, today, past) or (today.year, today.month)
    if not 1 <= month <= 12 or not 1 <= year <= 9999:
        return [Impossible("no_such_month")]
    day = nth_weekday(year, month, fields["weekday"], fields["nth_weekday"])
    return [day] if day else [Impossible("no_such_day")]


def _nth_week(fields: Fields, today: date, past: bool) -> list[Day] | None:
    nth, named = int(fields["nth_week"]), _month(fields, today, past)
    year = year_of(fields, today)
    if named is None and year is not None:
        monday = _iso_week(year, nth)
    else:
        year, month = named or (today.year, today.month)
        if not 1 <= month <= 12:
            return [Impossible("no_such_month")]
        monday = week_of_month(year, month, nth) if 1 <= year <= 9999 else None
    if monday is None:
        return [Impossible("no_such_day")]
    if "weekday" in fields and named is not None:
        day = nth_weekday(named[0], named[1], fields["weekday"], nth)
        return [day] if day else [Impossible("no_such_day")]
    if "weekday" in fields:
        return [monday + timedelta(days=fields["weekday"])]
    return [Span(monday, add_days(monday, 6), "" if named or year is None else "week")]


def _iso_week(year: int, week: int) -> date | None:
    try:
        return date.fromisocalendar(year, 53 if week == -1 else week, 1)
    except ValueError:
        return date.fromisocalendar(year, 52, 1) if week == -1 and 1 <= year <= 9999 else None


def _week_number(fields: Fields, today: date, past: bool) -> list[Day] | None:
    monday = _iso_week(year_of(fields, today) or today.year, fields["week_number"])
    return [Span(monday, add_days(monday, 6), "week")] if monday else [Impossible("no_such_day")]


def _weeks(fields: Fields, today: date, past: bool) -> list[Day] | None:
    monday = add_days(monday_of(today), 7 * fields["weeks"])
    if monday is None:
        return [Impossible("out_of_calendar")]
    if "weekday" in fields:
        return [monday + timedelta(days=fields["weekday"])]
    part = fields.get("period_part")
    if part:
        early = part.startswith("초")
        bounds = (0, 2) if early else (1, 3) if part.startswith("중") else (3, 6)
        return [Span(add_days(monday, bounds[0]), add_days(monday, bounds[1]))]
    return [Span(monday, add_days(monday, 6), "week")]


def _weekend(fields: Fields, today: date, past: bool) -> list[Day] | None:
    monday = monday_of(today) + timedelta(days=7 * fields["weekend"])
    return [Span(monday + timedelta(days=5), monday + timedelta(days=6))]


def _day_of_month(fields: Fields, today: date, past: bool) -> list[Day] | None:
    day = int(fields["day"])
    if not 0 <= day <= 31:
        return [Impossible("no_such_day")]
    if "month" in fields or "months" in fields:
        return _month_and_day(fields, day, today, past)
    year = year_of(fields, today)
    if year is not None:
        return None
    candidates = []
    for step in range(-SEARCH_MONTHS, SEARCH_MONTHS):
        first = add_months(today.replace(day=1), step)
        found = first and (
            make_date(first.year, first.month, day) if day else last_day(first.year, first.month)
        )
        if found and fields.get("weekday", found.weekday()) == found.weekday():
            candidates.append(found)
    return _ordered(candidates, today, past) if candidates else [Impossible("no_such_day")]


def _month_and_day(fields: Fields, day: int, today: date, past: bool) -> list[Day]:
    year, month = _month(fields, today, past) or (today.year, 0)
    if not 1 <= month <= 12:
        return [Impossible("no_such_month")]
    if not 1 <= year <= 9999:
        return [Impossible("out_of_calendar")]
    if not day:
        return [last_day(year, month)]
    open_year = "months" not in fields and year_of(fields, today) is None and "which_month" not in fields
    if not open_year:
        found = make_date(year, month, day)
        return [found] if found else [Impossible("no_such_day")]
    years = range(today.year - SEARCH_YEARS, today.year + SEARCH_YEARS + 1)
    days = [found for y in years if (found := make_date(y, month, day))]
    return _ordered(days, today, past) if days else [Impossible("no_such_day")]


def _weekday(fields: Fields, today: date, past: bool) -> list[Day] | None:
    weekday, which = int(fields["weekday"]), fields.get("which_weekday")
    ahead = (weekday - today.weekday() - 1) % 7 + 1
    coming, gone = add_days(today, ahead), add_days(today, -((today.weekday() - weekday - 1) % 7 + 1))
    this_week = add_days(monday_of(today), weekday)
    next_week, week_after = add_days(monday_of(today), 7 + weekday), add_days(monday_of(today), 14 + weekday)
    if which in ("이번", "이", "금", "요번", "올"):
        chosen = [this_week]
    elif which in ("다음", "다음번", "담", "차"):
        chosen = [next_week]
    elif which in ("다다음", "다담", "다음다음"):
        chosen = [week_after]
    elif which in ("지난", "저번", "지난번", "전"):
        chosen = [gone]
    elif which in ("지지난", "저저번"):
        chosen = [add_days(monday_of(today), weekday - 14)]
    elif which in ("다가오는", "오는", "돌아오는") or not past:
        chosen = [coming, *([] if which else [gone])]
    else:
        chosen = [gone, coming]
    return [day for day in chosen if day is not None] or [Impossible("out_of_calendar")]


def _month_span(fields: Fields, today: date, past: bool) -> list[Day] | None:
    year, month = _month(fields, today, past) or (0, 0)
    if not 1 <= month <= 12:
        return [Impossible("no_such_month")]
    if not 1 <= year <= 9999:
        return [Impossible("out_of_calendar")]
    exact = "months" in fields or "which_month" in fields or year_of(fields, today) is not None
    other = year + (1 if past or month > today.month or year < today.year else -1)
    if not past and year == today.year and month >= today.month:
        other = year - 1
    years = [year] if exact or not 1 <= other <= 9999 else [year, other]
    return [_part_of_month(y, month, fields, exact=exact) for y in years]


def _part_of_month(year: int, month: int, fields: Fields, *, exact: bool) -> Span:
    """The whole month, or its first, second or last ten days (초순, 중순, 하순 of 표준국어대사전)."""
    part = fields.get("period_part", "")
    if part and not part.startswith("중") and "halves" in fields:
        early = part.startswith(("초", "상"))
        return Span(
            date(year, month, 1 if early else 16), date(year, month, 15) if early else last_day(year, month)
        )
    if part.startswith(("초", "상순")):
        return Span(date(year, month, 1), date(year, month, 10))
    if part.startswith("중"):
        return Span(date(year, month, 10 if "halves" in fields else 11), date(year, month, 20))
    if part:
        return Span(date(year, month, 21), last_day(year, month))
    return Span(date(year, month, 1), last_day(year, month), "month" if exact else "")


def _months_between(year: int, first: int, last: int) -> list[Day]:
    if not 1 <= year <= 9999:
        return [Impossible("out_of_calendar")]
    return [Span(date(year, first, 1), last_day(year, last))]


def _quarter(fields: Fields, today: date, past: bool) -> list[Day] | None:
    quarter, year = int(fields["quarter"]), year_of(fields, today)
    if not 1 <= quarter <= 4:
        return [Impossible("no_such_month")]
    if year is None:
        over = 3 * quarter < today.month
        year = today.year + (1 if over and not past else 0)
    return _months_between(year, 3 * quarter - 2, 3 * quarter)


def _this_decade(fields: Fields, today: date, past: bool) -> list[Day] | None:
    return _decade({"decade": today.year - today.year % 10}, today, past)


def _decade(fields: Fields, today: date, past: bool) -> list[Day] | None:
    first = int(fields["decade"])
    if first < 100:
        first += 1900 if first > today.year % 100 else 2000
    if not 1 <= first <= 9990:
        return [Impossible("out_of_calendar")]
    return [Span(date(first, 1, 1), date(first + 9, 12, 31))]


def _years(fields: Fields, today: date, past: bool) -> list[Day] | None:
    return [Span(date(fields["years_from"], 1, 1), date(fields["years_to"], 12, 31), "several")]


def _century(fields: Fields, today: date, past: bool) -> list[Day] | None:
    first = (int(fields["century"]) - 1) * 100
    if not 0 <= first <= 9800:
        return [Impossible("out_of_calendar")]
    return [Span(date(max(1, first), 1, 1), date(first + 99, 12, 31))]


def _year_span(fields: Fields, today: date, past: bool) -> list[Day] | None:
    year = year_of(fields, today) or 0
    if not 1 <= year <= 9999:
        return [Impossible("out_of_calendar")]
    if "season" in fields:
        first = date(year, fields["season"], 1)
        last = add_months(first, 2)
        return [Span(first, last_day(last.year, last.month))] if last else [Impossible("out_of_calendar")]
    part = fields.get("period_part", "")
    if part:
        return _months_between(year, *_months_of_part(part, halves="halves" in fields))
    return [Span(date(year, 1, 1), date(year, 12, 31), "year")]


def _months_of_part(part: str, *, halves: bool) -> tuple[int, int]:
    """First and last month of 상반기, 하반기 or, by custom, 연초, 중반 and 연말."""
    if part == "상반기" or (halves and part.startswith("초")):
        return 1, 6
    if part == "하반기" or (halves and not part.startswith("중")):
        return 7, 12
    return (1, 3) if part.startswith(("초", "상")) else (4, 8) if part.startswith("중") else (10, 12)


_Resolver = Callable[[Fields, date, bool], list[Day] | None]
_RESOLVERS: Final[tuple[tuple[str, _Resolver], ...]] = (
    ("days", _relative),
    ("holiday", _holiday),
    ("weekend", _weekend),
    ("nth_weekday", _nth_weekday),
    ("nth_week", _nth_week),
    ("week_number", _week_number),
    ("day", _day_of_month),
    ("weeks", _weeks),
    ("weekday", _weekday),
    ("month", _month_span),
    ("months", _month_span),
    ("quarter", _quarter),
    ("decade", _decade),
    ("this_decade", _this_decade),
    ("years_from", _years),
    ("century", _century),
    ("year", _year_span),
    ("years", _year_span),
    ("short_year", _year_span),
)
