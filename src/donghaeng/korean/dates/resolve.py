"""From the fields of one phrase to values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from donghaeng.korean.dates.almanac import add_days, monday_of
from donghaeng.korean.dates.clock import LITERAL_PARTS, PARTS, POINTS, resolve_clock
from donghaeng.korean.dates.days import resolve_day
from donghaeng.korean.dates.durations import Duration
from donghaeng.korean.dates.model import Impossible, Reading, Span, TimeValue

DAY_END: Final = time(23, 59, 59)


@dataclass(slots=True)
class Phrase:
    """Neighbouring pieces that name one moment or span together."""

    start: int
    end: int
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setting:
    """What readings depend on besides the words."""

    now: datetime
    past: bool = False
    reading: Reading = Reading.DAYTIME
    told: bool = False
    """``past`` was taken from the tense of a verb and not from the caller."""


def resolve(fields: dict[str, Any], setting: Setting) -> tuple[list[TimeValue], bool]:
    """Values that ``fields`` may mean, best first, and whether the words are vague."""
    vague = bool(fields.get("vague")) or bool({"weekend", "period_part"} & fields.keys())
    now = setting.now.replace(microsecond=0)
    values = _without_calendar(fields, now)
    if values is not None:
        return values, vague
    days: list[date | Span | Impossible]
    if "offset" in fields:
        moved = _offset(fields, now)
        if isinstance(moved, datetime):
            return [moved], vague
        days = [moved]
    else:
        days = _days(fields, setting, now.date())
    bad = next((day for day in days if isinstance(day, Impossible)), None)
    return ([bad], vague) if bad is not None else _with_clock(days, fields, setting, vague)


def _days(fields: dict[str, Any], setting: Setting, today: date) -> list[date | Span | Impossible]:
    """A day of the month told in the past is this month's (이 일에 갔어요); all else goes by ``setting``."""
    if setting.told and "day" in fields and not {"month", "months", "weekday"} & fields.keys():
        return resolve_day(fields, today.replace(day=1), past=False)
    if setting.reading is Reading.LITERAL and "period_part" in fields:
        fields = {**fields, "halves": True}
    return resolve_day(fields, today, past=setting.past)


def _without_calendar(fields: dict[str, Any], now: datetime) -> list[TimeValue] | None:
    """Values that no calendar is needed for; ``None`` where it is."""
    if "now" in fields and len(fields) == 1:
        return [now]
    if "lunar" in fields:
        return [Impossible("lunar_calendar")] if {"month", "day"} & fields.keys() else []
    if "rest_of_day" in fields:
        return [Span(now, datetime.combine(now.date(), DAY_END, now.tzinfo))]
    return _stretch(fields, now) if "stretch" in fields else None


def _with_clock(
    days: list[date | Span | Impossible], fields: dict[str, Any], setting: Setting, vague: bool
) -> tuple[list[TimeValue], bool]:
    part = str(fields.get("part", ""))
    whole_days = [day for day in days if isinstance(day, date)]
    times: list[tuple[time, int]] | Impossible
    if "hour" in fields:
        times = resolve_clock(
            fields["hour"], fields.get("minute", 0), fields.get("second", 0), part, setting.reading
        )
    elif part in POINTS:
        times = [POINTS[part]]
    elif part:
        return _parts(whole_days, part, setting), True
    else:
        return list(days), vague
    if isinstance(times, Impossible):
        return [times], vague
    if not whole_days:
        return [clock for clock, _ in times], vague
    return _moments(whole_days, times, setting), vague


def _parts(days: list[date], part: str, setting: Setting) -> list[TimeValue]:
    literal = setting.reading is Reading.LITERAL
    begin, end = LITERAL_PARTS.get(part, PARTS[part]) if literal else PARTS[part]
    if not days:
        return [Span(begin, end)]
    zone = setting.now.tzinfo
    return [Span(datetime.combine(day, begin, zone), datetime.combine(day, end, zone)) for day in days]


def _moments(days: list[date], times: list[tuple[time, int]], setting: Setting) -> list[TimeValue]:
    zone = setting.now.tzinfo
    found = []
    for day in days:
        for clock, shift in times:
            moved = add_days(day, shift)
            if moved is not None:
                found.append(datetime.combine(moved, clock, zone))
    if setting.reading is Reading.DAYTIME and not setting.past and len(found) > 1:
        same_day = [m for m in found if m.date() == days[0]]
        if same_day and same_day[0] < setting.now:
            later = [m for m in same_day if m >= setting.now]
            found = [*later, *(m for m in found if m not in later)]
    return list(found) if found else [Impossible("out_of_calendar")]


def _anchor(fields: dict[str, Any], now: datetime) -> datetime:
    """The moment that an offset counts from: now, or the day said before it (내일부터 사흘 뒤)."""
    day = add_days(now.date(), fields.get("days", 0)) or now.date()
    return datetime.combine(day, now.timetz())


def _offset(fields: dict[str, Any], now: datetime) -> date | datetime | Impossible:
    length: Duration = fields["offset"]
    moved = length.after(_anchor(fields, now), fields["sign"])
    if moved is None:
        return Impossible("out_of_calendar")
    if length.has_clock:
        return moved
    if "weekday" in fields and not length.days:
        return monday_of(moved.date()) + timedelta(days=fields["weekday"])
    return moved.date()


def _stretch(fields: dict[str, Any], now: datetime) -> list[TimeValue]:
    length: Duration = fields["stretch"]
    begin = _anchor(fields, now)
    other = length.after(begin, fields["sign"])
    if other is None:
        return [Impossible("out_of_calendar")]
    if "deadline" in fields and "days" not in fields and "now" not in fields:
        return [other if length.has_clock else other.date(), Span(begin, other)]
    if length.has_clock:
        return [Span(min(begin, other), max(begin, other))]
    if fields["sign"] < 0:
        return [Span(other.date(), add_days(begin.date(), -1))]
    if fields["within"]:
        return [Span(begin.date(), other.date())]
    return [Span(add_days(begin.date(), 1), other.date())]
