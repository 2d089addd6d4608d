"""From the fields of one phrase to values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from donghaeng.korean.dates.almanac import LUNAR, LUNAR_YEAR_END, add_days, is_working_day, monday_of
from donghaeng.korean.dates.clock import (
    LITERAL_EVENING_OF_A_NEAR_DAY,
    LITERAL_LOOSE_PARTS,
    LITERAL_PARTS,
    PARTS,
    POINTS,
    resolve_clock,
)
from donghaeng.korean.dates.days import resolve_day, year_of
from donghaeng.korean.dates.durations import Duration
from donghaeng.korean.dates.lunar_days import resolve_lunar
from donghaeng.korean.dates.model import Impossible, Reading, Span, TimeValue

DAY_END: Final = time(23, 59, 59)
WORKING_DAYS_COUNTED: Final = 1000
"""More working days than this are not counted."""
WORK_ENDS: Final = (time(17), time(19))
"""When 일과를 마칠 무렵 is, by custom."""
YEARS_OF_DECADES: Final = 100
"""From this number of years on nobody counts in decades."""


_VAGUE_FIELDS: Final = frozenset({"weekend", "period_part", "business", "day_end", "season"})


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
    vague = bool(fields.get("vague")) or bool(_VAGUE_FIELDS & fields.keys())
    now = setting.now.replace(microsecond=0)
    values = _without_calendar(fields, setting)
    if values is not None:
        return values, vague
    days: list[date | Span | Impossible]
    if "offset" in fields:
        moved = _offset(fields, now)
        nearest, farthest = fields["offset_bounds"]
        if setting.reading is Reading.DAYTIME and nearest != farthest:
            bounds = (_offset({**fields, "offset": length}, now) for length in (nearest, farthest))
            return [_stretched(*bounds)], True
        if isinstance(moved, datetime):
            return [moved], vague
        days = [moved]
        if "season" in fields and isinstance(moved, date):
            days = resolve_day({"year": moved.year, "season": fields["season"]}, now.date(), past=False)
    elif _in_both_calendars(fields, setting):
        vague = True
        days = _days({**fields, "lunar": True}, setting, now.date())[:1] + _days(fields, setting, now.date())
        days = list(dict.fromkeys(day for day in days if not isinstance(day, Impossible))) or days[:1]
    else:
        days = _days(fields, setting, now.date())
    if "shift" in fields:
        days = [_shifted(day, *fields["shift"]) for day in days]
    bad = next((day for day in days if isinstance(day, Impossible)), None)
    return ([bad], vague) if bad is not None else _with_clock(days, fields, setting, vague)


def _days(fields: dict[str, Any], setting: Setting, today: date) -> list[date | Span | Impossible]:
    """A day of the month told in the past is this month's (이 일에 갔어요); all else goes by ``setting``."""
    fields = _named_day(fields, setting)
    if "lunar" in fields and "holiday" not in fields:
        return resolve_lunar(fields, year_of(fields, today), today, past=setting.past)
    if "years_from" in fields and setting.reading is Reading.LITERAL:
        return [Span(date(fields["years_from"], 1, 1), date(fields["years_to"], 1, 1))]
    if setting.told and "day" in fields and not {"month", "months", "weekday"} & fields.keys():
        return resolve_day(fields, today.replace(day=1), past=False)
    if setting.reading is Reading.LITERAL and "period_part" in fields:
        fields = {**fields, "halves": True}
    days = resolve_day(fields, today, past=setting.past)
    return [_what_is_left(day, today, setting) for day in days] if _is_late_part(fields) else days


def _named_day(fields: dict[str, Any], setting: Setting) -> dict[str, Any]:
    """양력 설 is the first of January, 윤사월 초파일 no feast; literally, 섣달그믐 is 31 December."""
    if "solar" in fields and fields.get("holiday") in ("설", "설날"):
        return {**fields, "holiday": "신정"}
    if "leap" in fields and fields.get("holiday") in LUNAR:
        return {
            **{key: fields[key] for key in fields if key != "holiday"},
            "day": LUNAR[fields["holiday"]][1],
        }
    if setting.reading is Reading.LITERAL and fields.get("holiday") in LUNAR_YEAR_END:
        return {"month": 12, "day": 31, **{key: fields[key] for key in ("year", "years") if key in fields}}
    return fields


def _shifted(day: date | Span | Impossible, length: Duration, sign: int) -> date | Span | Impossible:
    moved = length.after_day(day, sign) if isinstance(day, date) else day
    return Impossible("out_of_calendar") if moved is None else moved


def _in_both_calendars(fields: dict[str, Any], setting: Setting) -> bool:
    """Lunar words without 음력 or 양력 (팔월 보름, 초하루): by custom lunar, perhaps not meant so."""
    said = {"moon", "lunar", "solar"} & fields.keys()
    return said == {"moon"} and "months" not in fields and setting.reading is Reading.DAYTIME


def _is_late_part(fields: dict[str, Any]) -> bool:
    """이번 달 말, 이번 주 후반."""
    return "running" in fields and str(fields.get("period_part", "")).startswith(("말", "후"))


def _what_is_left(day: date | Span | Impossible, today: date, setting: Setting) -> date | Span | Impossible:
    """The end of the running week or month without its days that are over."""
    if not isinstance(day, Span) or setting.past or type(day.start) is not date or type(day.end) is not date:
        return day
    return Span(max(day.start, today), day.end) if today <= day.end else day


def _without_calendar(fields: dict[str, Any], setting: Setting) -> list[TimeValue] | None:
    """Values that no calendar is needed for; ``None`` where it is."""
    now = setting.now.replace(microsecond=0)
    if "now" in fields and len(fields) == 1:
        return [now]
    if "repeats" in fields:
        return [Impossible("repeats")]
    if "rest_of_day" in fields:
        return [Span(now, datetime.combine(now.date(), DAY_END, now.tzinfo))]
    if "next_hour" in fields:
        other = now + timedelta(hours=fields["next_hour"])
        return [Span(min(now, other), max(now, other))] if setting.reading is Reading.LITERAL else []
    if "day_end" in fields:
        literal = setting.reading is Reading.LITERAL
        today = [datetime.combine(now.date(), hour, now.tzinfo) for hour in (*WORK_ENDS, DAY_END)]
        return [today[-1]] if literal else [Span(today[0], today[1])]
    return _stretch(fields, now, setting) if "stretch" in fields else None


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
        return _parts(whole_days, part, setting, near=fields.get("days") in (-1, 1)), True
    elif "loose_part" in fields and whole_days and setting.reading is Reading.LITERAL:
        return [_loose_part(day, fields["loose_part"], setting.now) for day in whole_days], True
    else:
        return list(days), vague
    if isinstance(times, Impossible):
        return [times], vague
    if not whole_days:
        return [clock for clock, _ in times], vague
    return _moments(whole_days, times, setting), vague


def _parts(days: list[date], part: str, setting: Setting, *, near: bool) -> list[TimeValue]:
    literal = setting.reading is Reading.LITERAL
    begin, end = LITERAL_PARTS.get(part, PARTS[part]) if literal else PARTS[part]
    if literal and part == "저녁" and near:
        begin, end = LITERAL_EVENING_OF_A_NEAR_DAY
    if not days:
        return [Span(begin, end)]
    zone = setting.now.tzinfo
    return [Span(datetime.combine(day, begin, zone), datetime.combine(day, end, zone)) for day in days]


def _loose_part(day: date, words: str, now: datetime) -> Span:
    begin, end_hour = LITERAL_LOOSE_PARTS[words]
    end = datetime.combine(day, time(0), now.tzinfo) + timedelta(hours=end_hour)
    return Span(datetime.combine(day, begin, now.tzinfo), end)


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
    moved = _moved(length, _anchor(fields, now), fields)
    if moved is None:
        return Impossible("out_of_calendar")
    if length.has_clock:
        return moved
    if "weekday" in fields and not length.days:
        return monday_of(moved.date()) + timedelta(days=fields["weekday"])
    return moved.date()


def _moved(length: Duration, begin: datetime, fields: dict[str, Any]) -> datetime | None:
    """``begin`` moved by ``length``, over working days after 영업일; ``None`` outside the calendar."""
    if "business" not in fields or length != Duration(days=length.days):
        return length.after(begin, fields["sign"])
    if not 0 < length.days <= WORKING_DAYS_COUNTED:
        return None
    day = begin.date()
    for _ in range(int(length.days)):
        day += timedelta(days=fields["sign"])
        while not is_working_day(day):
            day += timedelta(days=fields["sign"])
    return datetime.combine(day, begin.timetz())


def _decades(year: int, years: int, sign: int) -> list[TimeValue]:
    """다음 10년, 지난 20년 as whole decades of the calendar; empty for other numbers of years."""
    if years % 10 or not 0 < years <= YEARS_OF_DECADES:
        return []
    this = year - year % 10
    first, last = (this + 10, this + 9 + years) if sign > 0 else (this - years, this - 1)
    return [Span(date(first, 1, 1), date(last, 12, 31))]


def _stretched(one: date | Impossible, other: date | Impossible) -> TimeValue:
    """From the nearer to the farther of two moments (사나흘 뒤)."""
    if isinstance(one, Impossible) or isinstance(other, Impossible):
        return Impossible("out_of_calendar")
    return Span(min(one, other), max(one, other))


def _stretch(fields: dict[str, Any], now: datetime, setting: Setting) -> list[TimeValue]:
    length: Duration = fields["stretch"]
    begin = _anchor(fields, now)
    if setting.reading is Reading.LITERAL and "next" in fields and length == Duration(years=length.years):
        decades = _decades(now.year, int(length.years), fields["sign"])
        if decades:
            return decades
    other = _moved(length, begin, fields)
    if other is None:
        return [Impossible("out_of_calendar")]
    if "deadline" in fields and "days" not in fields and "now" not in fields:
        return [other if length.has_clock else other.date(), Span(begin, other)]
    return [_between(begin, other, fields)]


def _between(begin: datetime, other: datetime, fields: dict[str, Any]) -> Span:
    """The stretch from ``begin`` to ``other``: moments where hours are said, else days; today with 이내."""
    if fields["stretch"].has_clock:
        return Span(min(begin, other), max(begin, other))
    if fields["sign"] < 0:
        return Span(other.date(), add_days(begin.date(), -1))
    return Span(begin.date() if fields["within"] else add_days(begin.date(), 1), other.date())
