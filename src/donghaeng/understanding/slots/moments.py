"""A day together with a time of day. A part of it may be said before, or stand already and be corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from donghaeng.city.services.definition import SlotSpec
from donghaeng.korean.dates import Impossible, Span, TimeValue
from donghaeng.korean.spans import Match
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.base import Scene
from donghaeng.understanding.slots.when import (
    EVENING,
    NOON,
    after,
    date_of,
    day_of,
    hours_of,
    none_such,
    one_of_two,
    same_half,
    times_in,
    whole_words,
    words_of,
)

MOMENT: Final = "%Y-%m-%dT%H:%M"


def moment(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """A day and a time, ``YYYY-MM-DDTHH:MM``.

    A time alone is on the day that the slot has, else the next such time; a day alone keeps the time that the
    slot has, else the time is still to be said (problem ``incomplete``) where the slot is required. A part of
    a day or one of two times gives candidates.
    """
    two = _either_time(utterance, scene)
    if two is not None:
        return two
    said: Match[TimeValue] | None = None
    for match in times_in(utterance, scene):
        day = date_of(said.value) if said is not None else None
        fill = _moment_of(match, utterance, day, spec, scene)
        if fill is not None:
            return fill
        if _is_day(match.value):
            said = match
    return _day_alone(said, utterance, spec, scene) if said is not None else None


def _is_day(value: TimeValue) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _moment_of(
    match: Match[TimeValue], utterance: str, before: date | None, spec: SlotSpec, scene: Scene
) -> SlotFill | None:
    """What a match says with the day that was said ``before`` it; None for a day alone."""
    value, words = match.value, words_of(utterance, match)
    fill: SlotFill | None = None
    if isinstance(value, datetime):
        fill = _either_day(match, utterance, scene) or _future(value, scene, words)
    elif isinstance(value, Impossible):
        fill = none_such(value, words)
    elif isinstance(value, Span):
        vague = _vague_moment(value, before, spec, scene)
        fill = replace(vague, words=words) if vague is not None else None
    elif isinstance(value, time):
        fill = _time_alone(match, before, scene, words)
    return fill


def _time_alone(match: Match[TimeValue], before: date | None, scene: Scene, words: str) -> SlotFill:
    value, known = match.value, _known(scene)
    assert isinstance(value, time)
    if before is None and known is not None:
        hour = time.fromisoformat(same_half(value, match, f"{known:%H:%M}"))
        midnight = f"{known:%H:%M}" >= EVENING and value.hour % NOON == 0
        day = known.date() + timedelta(days=midnight)
        return _future(datetime.combine(day, hour, scene.now.tzinfo), scene, words)
    said = datetime.combine(before or scene.now.date(), value, scene.now.tzinfo)
    if before is None and said < scene.now:
        said += timedelta(days=1)
    return _future(said, scene, words)


def _day_alone(match: Match[TimeValue], utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    day, words = date_of(match.value), words_of(utterance, match)
    known = _known(scene)
    if day is None:
        return None
    if known is not None:
        return _future(datetime.combine(day, known.time(), scene.now.tzinfo), scene, words)
    if spec.required:
        problem = "past" if day < scene.now.date() else "incomplete"
        return SlotFill(None, problem=problem, words=words)
    if scene.asked:
        return None
    noon = datetime.combine(day, time(12), scene.now.tzinfo)
    return SlotFill(noon.strftime(MOMENT), score=0.6)


def _known(scene: Scene) -> datetime | None:
    """The value that the slot has."""
    return datetime.fromisoformat(scene.value) if isinstance(scene.value, str) else None


def _either_day(match: Match[TimeValue], utterance: str, scene: Scene) -> SlotFill | None:
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
    return SlotFill(None, candidates=candidates, score=0.7, words=words_of(utterance, match))


def _either_time(utterance: str, scene: Scene) -> SlotFill | None:
    """Both of two times that were said with "나" between them, on the day said before them or today."""
    two = one_of_two(utterance, scene)
    second = two[1].value if two is not None else None
    if two is None or not isinstance(second, time):
        return None
    first = two[0].value
    if isinstance(first, time):
        first = datetime.combine(_day_before(utterance, two[0], scene), first, scene.now.tzinfo)
    if not isinstance(first, datetime):
        return None
    other = datetime.combine(first.date(), after(second, first.time()), scene.now.tzinfo)
    fills = [_future(one, scene, "") for one in (first, other)]
    later = tuple(fill.value for fill in fills if fill.value is not None)
    words = whole_words(utterance)[two[0].start : two[1].end]
    return SlotFill(None, candidates=later, score=0.7, words=words) if len(later) > 1 else None


def _day_before(utterance: str, match: Match[TimeValue], scene: Scene) -> date:
    """The day that was said before a time; the slot's, else today, where none was."""
    days = [date_of(one.value) for one in times_in(utterance, scene) if one.end <= match.start]
    known = _known(scene)
    otherwise = known.date() if known is not None else scene.now.date()
    return next((one for one in reversed(days) if one is not None), otherwise)


def _vague_moment(span: Span, before: date | None, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    hours, known = hours_of(span), _known(scene)
    start = day_of(span) or before or (known.date() if known is not None else scene.now.date())
    later = [
        datetime.combine(start, time(hour), scene.now.tzinfo).strftime(MOMENT)
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


def _future(value: datetime, scene: Scene, words: str) -> SlotFill:
    aware = value if value.tzinfo is not None else value.replace(tzinfo=scene.now.tzinfo)
    if aware < scene.now - timedelta(minutes=1):
        return SlotFill(None, problem="past", words=words)
    return SlotFill(aware.strftime(MOMENT), words=words)
