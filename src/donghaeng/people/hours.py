"""When counsellors are at the desk: hours of the week, public holidays, and days out of the row. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from donghaeng.people.calling import SEOUL
from donghaeng.people.cases import Opening

if TYPE_CHECKING:
    from holidays import HolidayBase

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_CLOSED_DAYS: Final = 60
"""A desk that opens on none of so many days has no next opening."""
HOURS_CLOSED: Final = "hours"
LAST_CALL: Final = timedelta(minutes=15)
"""So long before it closes the desk makes its last call: a talk needs its time."""
FURTHEST: Final = timedelta(days=30)
"""No call is promised for later than that."""


@dataclass(frozen=True, slots=True)
class Span:
    """Hours of one day, Seoul time; the end is not in them. Midnight as an end is that of the day's night."""

    begins: time
    ends: time

    @property
    def until(self) -> timedelta:
        """The end, from the day's beginning."""
        whole = timedelta(days=1)
        return whole if self.ends == time(0) else timedelta(hours=self.ends.hour, minutes=self.ends.minute)


@dataclass(frozen=True, slots=True)
class Hours:
    """When the desk works."""

    week: Mapping[str, Span]
    """By :data:`DAYS`; a day that is not in it is closed."""
    public_holidays: bool = False
    """Whether it works on public holidays too."""
    closed: Mapping[date, str] = field(default_factory=dict)
    """Days on which it is closed, with the reason."""
    opened: Mapping[date, Span] = field(default_factory=dict)
    """Days on which it works whatever day it is."""

    def at(self, moment: datetime) -> Opening:
        """Whether it works at a moment, and until or from when."""
        here = moment.astimezone(SEOUL)
        span = self._span(here.date())
        if span is not None:
            opens, closes = _bounds(here.date(), span)
            if opens <= here < closes:
                return Opening(is_open=True, closes_at=closes)
        why = self._why_closed(here.date()) or HOURS_CLOSED
        return Opening(is_open=False, why_closed=why, opens_at=self._next(here))

    def first_from(self, moment: datetime) -> datetime | None:
        """The first moment from ``moment`` on at which it works; None where there is none for long."""
        opening = self.at(moment)
        return moment.astimezone(SEOUL) if opening.is_open else opening.opens_at

    def takes_call(self, at: datetime, now: datetime) -> bool:
        """Whether a call may be promised for a moment: to come, not too far off, and the desk works."""
        here = at.astimezone(SEOUL)
        span = self._span(here.date())
        if span is None or not now <= at <= now + FURTHEST:
            return False
        opens, closes = _bounds(here.date(), span)
        return opens <= here <= max(opens, closes - LAST_CALL)

    def nearest_call(self, wanted: datetime, now: datetime) -> datetime | None:
        """The moment nearest to ``wanted`` for which a call may be promised, the later of two that are as
        near; None where the desk works on none of the days to come.

        Args:
            wanted: what was asked for; itself where :meth:`takes_call` of it holds.
            now: no call is before; at most :data:`FURTHEST` after it.
        """
        if self.takes_call(wanted, now):
            return wanted.astimezone(SEOUL)
        first, last = now.astimezone(SEOUL), (now + FURTHEST).astimezone(SEOUL)
        best: datetime | None = None
        for number in range((last.date() - first.date()).days + 1):
            day = first.date() + timedelta(days=number)
            span = self._span(day)
            if span is None:
                continue
            opens, closes = _bounds(day, span)
            earliest, latest = max(opens, first), min(max(opens, closes - LAST_CALL), last)
            if earliest > latest:
                continue
            near = min(max(wanted.astimezone(SEOUL), earliest), latest)
            if best is None or abs(near - wanted) <= abs(best - wanted):
                best = near
        return best

    def why_not(self, at: datetime, now: datetime) -> str | None:
        """Why no call may be promised for a moment: ``past``, ``far``, :data:`HOURS_CLOSED` (before, after or
        a day of the week without hours), or the name of the holiday; None where one may be."""
        if self.takes_call(at, now):
            return None
        if at < now:
            return "past"
        if at > now + FURTHEST:
            return "far"
        return self._why_closed(at.astimezone(SEOUL).date()) or HOURS_CLOSED

    def _next(self, here: datetime) -> datetime | None:
        for number in range(LONGEST_CLOSED_DAYS):
            day = here.date() + timedelta(days=number)
            span = self._span(day)
            if span is not None and (opens := _bounds(day, span)[0]) > here:
                return opens
        return None

    def _span(self, day: date) -> Span | None:
        if day in self.opened:
            return self.opened[day]
        return None if self._why_closed(day) is not None else self.week.get(DAYS[day.weekday()])

    def _why_closed(self, day: date) -> str | None:
        if day in self.opened:
            return None
        if day in self.closed:
            return self.closed[day]
        return None if self.public_holidays else public_holiday(day)


def public_holiday(day: date) -> str | None:
    """The Korean name of the public holiday that a day is, substitute days included."""
    name: str | None = _holidays(day.year).get(day)
    return name


@lru_cache(maxsize=8)
def _holidays(year: int) -> HolidayBase:
    # The calendars of all countries take 0.2 s to import, which no start need pay.
    import holidays  # noqa: PLC0415

    return holidays.country_holidays("KR", years=year, language="ko")


def _bounds(day: date, span: Span) -> tuple[datetime, datetime]:
    midnight = datetime.combine(day, time(0), SEOUL)
    return datetime.combine(day, span.begins, SEOUL), midnight + span.until
