"""Dates, times and datetimes. What is vague, past or impossible comes back as a problem, never as a value."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from donghaeng.city.services.definition import SlotSpec
from donghaeng.korean.dates import Impossible, Span, TimeValue, find_birth_date, find_times
from donghaeng.korean.spans import Match
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.base import Scene

OFFICE_HOURS: Final = range(9, 18)
MOST_HOURS: Final = 3
"""Options that a citizen is offered at once (facts on voice use: at most three)."""

_EVERY_DAY = re.compile(r"매일|날마다|매주|주중|평일(?:마다|에)?")
_ABOUT = re.compile(r"(?:쯤|경|께|무렵|정도)$")
_WEEKDAYS = "월화수목금토일"
_DATE_WORDS: tuple[str, ...] = (
    "다다음",
    "다음",
    "이번",
    "지난",
    "오늘",
    "내일",
    "모레",
    "글피",
    "오전",
    "오후",
)
_DATE_WORDS += tuple(f"{day}요일" for day in _WEEKDAYS)
_SPLIT = re.compile("|".join(" ?".join(word) for word in _DATE_WORDS))
_WEEK = re.compile(rf"(?P<which>다다음|다음|이번|지난)\s?[주추쥬죽조]\s?(?=[{_WEEKDAYS}]요일)")
_WEEKDAY_ALONE = re.compile(rf"(?<!주\s)(?<!주)(?<!주의\s)(?P<day>[{_WEEKDAYS}])요일")


def day(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """A date that is not over, ``YYYY-MM-DD``; a bare weekday that corrects a date keeps its week. For a slot
    of the past a date that is not to come, for one of birth a day with its year."""
    if spec.birth:
        return _birth(utterance, scene)
    if spec.past:
        return _day_before(utterance, scene)
    same_week = _same_week(utterance, scene)
    if same_week is not None:
        return same_week
    for match in _times(utterance, scene):
        words = _words(utterance, match)
        fill = _vague_day(match, words, spec, scene) or _day_fill(match.value, words, scene)
        if fill is not None:
            return fill
    return None


def _birth(utterance: str, scene: Scene) -> SlotFill | None:
    found = find_birth_date(utterance, scene.now)
    if isinstance(found, Impossible):
        return _none_such(found, utterance)
    return SlotFill(found.isoformat(), words=utterance) if found is not None else None


def _day_before(utterance: str, scene: Scene) -> SlotFill | None:
    """The last such day up to today. Of words that mean several days (이삼일 전) the first is taken: what is
    looked for from a day on includes what came later."""
    today = scene.now.date()
    for match in find_times(whole_words(utterance), scene.now, past=True):
        days = [_one_day(value) for value in (match.value, *match.alternatives)]
        over = [one for one in days if one is not None and one <= today]
        if over:
            first = min(over) if match.vague else over[0]
            return SlotFill(first.isoformat(), words=_words(utterance, match))
        if isinstance(match.value, Impossible):
            return _none_such(match.value, _words(utterance, match))
    return None


def _one_day(value: TimeValue) -> date | None:
    return _date_of(_day_of(value) if isinstance(value, Span) else value)


def _vague_day(match: Match[TimeValue], words: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """Words that may mean several days (초하루: by the moon or not) or one that is not quite known (영업일
    기준 사흘 뒤: holidays); None where they mean one ("토요일쯤")."""
    if not match.vague or not _is_day(match.value):
        return None
    days = tuple(dict.fromkeys(day for one in (match.value, *match.alternatives) if (day := _date_of(one))))
    later = tuple(day.isoformat() for day in days if day >= scene.now.date())
    if len(later) > 1:
        return SlotFill(None, candidates=later, score=0.7, words=words)
    if not later or _ABOUT.search(words):
        return None
    if spec.required or scene.asked:
        return SlotFill(None, problem="vague", words=words)
    return SlotFill(later[0], score=0.6, words=words)


def _is_day(value: TimeValue) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _date_of(value: TimeValue | None) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _none_such(value: Impossible, words: str) -> SlotFill:
    """What is said of a day that there is none of, or that is one of many ("매주 화요일")."""
    if value.reason == "repeats":
        return SlotFill(None, problem="repeats", words=words)
    return SlotFill(None, problem="impossible", words=words)


def _day_fill(value: TimeValue, words: str, scene: Scene) -> SlotFill | None:
    if isinstance(value, Impossible):
        return _none_such(value, words)
    one_day = _day_of(value) if isinstance(value, Span) else value
    if isinstance(one_day, datetime):
        one_day = one_day.date()
    if isinstance(one_day, date):
        past = one_day < scene.now.date()
        return (
            SlotFill(None, problem="past", words=words)
            if past
            else SlotFill(one_day.isoformat(), words=words)
        )
    if isinstance(value, Span) and scene.asked and not isinstance(value.start, time):
        return SlotFill(None, problem="vague", words=words)
    return None


def clock(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """A time of day, ``HH:MM``; a corrected hour keeps its morning or afternoon.

    A part of the day or a range ("점심때") is never narrowed: its hours are candidates. That it is so every
    day is not the time's matter.
    """
    del spec
    utterance = _EVERY_DAY.sub(lambda found: " " * len(found.group()), utterance)
    for match in _times(utterance, scene):
        value = match.value
        if isinstance(value, datetime):
            value = value.time()
        if isinstance(value, time):
            return SlotFill(_same_half(value, match, scene.value), words=_words(utterance, match))
        if isinstance(value, Impossible):
            return _none_such(value, _words(utterance, match))
        hours = _hours(value) if isinstance(value, Span) else ()
        if hours:
            times = tuple(f"{hour:02d}:00" for hour in hours)
            return SlotFill(None, candidates=times, score=0.7, words=_words(utterance, match))
    return None


def moment(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """A day and a time, ``YYYY-MM-DDTHH:MM``; a time alone is the next such time. A part of a day gives its
    hours as candidates where the slot is required, else its middle with a low score."""
    day_found: date | None = None
    for match in _times(utterance, scene):
        value = match.value
        if isinstance(value, datetime):
            return _either(match, utterance, scene) or _future(value, scene, _words(utterance, match))
        if isinstance(value, Impossible):
            return _none_such(value, _words(utterance, match))
        if isinstance(value, Span) and (vague := _vague_moment(value, day_found, spec, scene)) is not None:
            return replace(vague, words=_words(utterance, match))
        if isinstance(value, date):
            day_found = value
        elif isinstance(value, time):
            start = day_found or scene.now.date()
            said = datetime.combine(start, value, scene.now.tzinfo)
            if day_found is None and said < scene.now:
                said += timedelta(days=1)
            return _future(said, scene, _words(utterance, match))
    if day_found is not None:
        noon = datetime.combine(day_found, time(12), scene.now.tzinfo)
        return SlotFill(noon.strftime("%Y-%m-%dT%H:%M"), score=0.6) if not scene.asked else None
    return None


def _either(match: Match[TimeValue], utterance: str, scene: Scene) -> SlotFill | None:
    """The same time on each of the days that vague words may mean ("초하루 세 시"); None where it is one."""
    moments = [one for one in (match.value, *match.alternatives) if isinstance(one, datetime)]
    by_day: dict[date, SlotFill] = {}
    for said in moments if match.vague else ():
        fill = _future(said, scene, "")
        if fill.value is not None:
            by_day.setdefault(said.date(), fill)
    if len(by_day) < 2:
        return None
    candidates = tuple(fill.value for fill in by_day.values())
    return SlotFill(None, candidates=candidates, score=0.7, words=_words(utterance, match))


def _vague_moment(span: Span, before: date | None, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    hours = _hours(span)
    start = _day_of(span) or before or scene.now.date()
    later = [
        datetime.combine(start, time(hour), scene.now.tzinfo).strftime("%Y-%m-%dT%H:%M")
        for hour in hours
        if datetime.combine(start, time(hour), scene.now.tzinfo) > scene.now
    ]
    if not hours:
        return None
    if not later:
        return SlotFill(None, problem="past")
    if spec.required or scene.asked:
        return SlotFill(None, candidates=tuple(later), score=0.7)
    return SlotFill(later[len(later) // 2], score=0.6)


def _day_of(span: Span) -> date | None:
    """The day of a part of one day."""
    start, end = span.start, span.end
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return None
    return start.date() if end - start < timedelta(days=1) else None


def _hours(span: Span) -> tuple[int, ...]:
    """Up to three full hours of a part of a day, those of an office first."""
    start, end = (one.time() if isinstance(one, datetime) else one for one in (span.start, span.end))
    if not isinstance(start, time) or not isinstance(end, time) or start >= end:
        return ()
    hours = range(start.hour + bool(start.minute), end.hour + bool(end.minute))
    in_office = [hour for hour in hours if hour in OFFICE_HOURS]
    offered = in_office if len(in_office) > 1 else list(hours)
    if len(offered) <= MOST_HOURS:
        return tuple(offered)
    return offered[0], offered[len(offered) // 2], offered[-1]


def _same_week(utterance: str, scene: Scene) -> SlotFill | None:
    match = _WEEKDAY_ALONE.search(whole_words(utterance))
    if match is None or not isinstance(scene.value, str):
        return None
    before = date.fromisoformat(scene.value)
    meant = before + timedelta(days=_WEEKDAYS.index(match["day"]) - before.weekday())
    return SlotFill(meant.isoformat(), words=match.group()) if meant >= scene.now.date() else None


def _times(utterance: str, scene: Scene) -> tuple[Match[TimeValue], ...]:
    return find_times(whole_words(utterance), scene.now)


def whole_words(utterance: str) -> str:
    """The utterance with the words of dates put together that a recogniser has split or misheard:
    "다 음 추 화 요일" → "다음 주 화요일". A date read from a part of them would be another day."""
    joined = _SPLIT.sub(lambda found: found.group().replace(" ", ""), utterance)
    return _WEEK.sub(r"\g<which> 주 ", joined)


def _future(value: datetime, scene: Scene, words: str) -> SlotFill:
    aware = value if value.tzinfo is not None else value.replace(tzinfo=scene.now.tzinfo)
    if aware < scene.now - timedelta(minutes=1):
        return SlotFill(None, problem="past", words=words)
    return SlotFill(aware.strftime("%Y-%m-%dT%H:%M"), words=words)


def _same_half(value: time, match: Match[TimeValue], before: object) -> str:
    said = value.strftime("%H:%M")
    if isinstance(before, str) and match.alternatives:
        half = before[:2] >= "12"
        for other in (value, *match.alternatives):
            if isinstance(other, time) and (other.hour >= 12) == half:
                return other.strftime("%H:%M")
    return said


def _words(utterance: str, match: Match[TimeValue]) -> str:
    return whole_words(utterance)[match.start : match.end]
