"""Dates and times of day. What is vague, past or impossible comes back as a problem, never as a value."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from donghaeng.city.services.definition import SlotSpec
from donghaeng.korean.dates import Impossible, Span, TimeValue, find_birth_date, find_times
from donghaeng.korean.spans import Match
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.base import Scene

OFFICE_HOURS: Final = range(9, 18)
NOON: Final = 12
EVENING: Final = "18:00"
"""From then on twelve o'clock is midnight; in the morning it is noon."""
MOST_HOURS: Final = 3
"""Options that a citizen is offered at once (facts on voice use: at most three)."""

_EVERY_DAY = re.compile(r"매일|날마다|매주|주중|평일(?:마다|에)?")
_NO_TIME = re.compile(r"밤길|밤낮|(?:아침|점심|저녁)\s?(?:밥|식사|상)")
"""Words with a part of the day in them that tell no time."""
_EITHER = re.compile(r"\s*(?:이?나|이?든지?|아니면|또는|혹은)\s*")
"""What stands between two times of which either will do."""
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
_TOMORROW = re.compile(r"(?<![가-힣])네일(?=\s|[은는에의도로]|$)")
"""내일 as it is misheard."""
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
    for match in times_in(utterance, scene):
        words = words_of(utterance, match)
        fill = _vague_day(match, words, spec, scene) or _day_fill(match.value, words, scene)
        if fill is not None:
            return fill
    return None


def _birth(utterance: str, scene: Scene) -> SlotFill | None:
    found = find_birth_date(utterance, scene.now)
    if isinstance(found, Impossible):
        return none_such(found, utterance)
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
            return SlotFill(first.isoformat(), words=words_of(utterance, match))
        if isinstance(match.value, Impossible):
            return none_such(match.value, words_of(utterance, match))
    return None


def _one_day(value: TimeValue) -> date | None:
    return date_of(day_of(value) if isinstance(value, Span) else value)


def _vague_day(match: Match[TimeValue], words: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """Words that may mean several days (초하루: by the moon or not) or one that is not quite known (영업일
    기준 사흘 뒤: holidays); None where they mean one ("토요일쯤")."""
    if not match.vague or not _is_day(match.value):
        return None
    days = tuple(dict.fromkeys(day for one in (match.value, *match.alternatives) if (day := date_of(one))))
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


def date_of(value: TimeValue | None) -> date | None:
    """The day of a date or of a moment."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def none_such(value: Impossible, words: str) -> SlotFill:
    """What is said of a day that there is none of, or that is one of many ("매주 화요일")."""
    if value.reason == "repeats":
        return SlotFill(None, problem="repeats", words=words)
    return SlotFill(None, problem="impossible", words=words)


def _day_fill(value: TimeValue, words: str, scene: Scene) -> SlotFill | None:
    if isinstance(value, Impossible):
        return none_such(value, words)
    one_day = day_of(value) if isinstance(value, Span) else value
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

    A part of the day or a range ("점심때") is never narrowed: its hours are candidates, if no hour was said.
    That it is so every day is not the time's matter.
    """
    del spec
    utterance = _EVERY_DAY.sub(lambda found: " " * len(found.group()), utterance)
    either = _either_time(utterance, scene)
    if either is not None:
        return either
    matches = times_in(utterance, scene)
    for match in matches:
        value = match.value
        if isinstance(value, datetime):
            value = value.time()
        if isinstance(value, time):
            return SlotFill(same_half(value, match, scene.value), words=words_of(utterance, match))
        if isinstance(value, Impossible):
            return none_such(value, words_of(utterance, match))
    for match in matches:
        value = match.value
        hours = hours_of(value) if isinstance(value, Span) else ()
        if hours:
            times = tuple(f"{hour:02d}:00" for hour in hours)
            return SlotFill(None, candidates=times, score=0.7, words=words_of(utterance, match))
    return None


def one_of_two(utterance: str, scene: Scene) -> tuple[Match[TimeValue], Match[TimeValue]] | None:
    """Two times of day of which either will do ("두 시나 세 시"), the first perhaps with its day."""
    said = whole_words(utterance)
    matches = times_in(utterance, scene)
    for first, second in pairwise(matches):
        is_time = isinstance(first.value, datetime | time) and isinstance(second.value, time)
        if is_time and _EITHER.fullmatch(said[first.end : second.start]):
            return first, second
    return None


def _either_time(utterance: str, scene: Scene) -> SlotFill | None:
    two = one_of_two(utterance, scene)
    if two is None:
        return None
    first, second = (one.value.time() if isinstance(one.value, datetime) else one.value for one in two)
    if not isinstance(first, time) or not isinstance(second, time):
        return None
    times = tuple(f"{one:%H:%M}" for one in (first, after(second, first)))
    words = whole_words(utterance)[two[0].start : two[1].end]
    return SlotFill(None, candidates=times, score=0.7, words=words)


def after(second: time, first: time) -> time:
    """The second of two hours in the half of the day in which it follows the first."""
    if second < first and second.hour < NOON <= first.hour:
        return second.replace(hour=second.hour + NOON)
    return second


def day_of(span: Span) -> date | None:
    """The day of a part of one day."""
    start, end = span.start, span.end
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return None
    return start.date() if end - start < timedelta(days=1) else None


def hours_of(span: Span) -> tuple[int, ...]:
    """Up to three full hours of a part of a day, those of an office first; a morning that ends when offices
    open is offered with that hour."""
    start, end = (one.time() if isinstance(one, datetime) else one for one in (span.start, span.end))
    if not isinstance(start, time) or not isinstance(end, time) or start >= end:
        return ()
    hours = range(start.hour + bool(start.minute), end.hour + bool(end.minute))
    in_office = [hour for hour in hours if hour in OFFICE_HOURS]
    if not in_office and hours.stop == OFFICE_HOURS.start:
        return tuple([*hours, hours.stop][-MOST_HOURS:])
    offered = in_office if len(in_office) > 1 else list(hours)
    if len(offered) > MOST_HOURS:
        offered = [hour for hour in offered if hour != NOON]
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


def times_in(utterance: str, scene: Scene) -> tuple[Match[TimeValue], ...]:
    """What an utterance says of days and times, in order; positions are those of :func:`whole_words`."""
    plain = _NO_TIME.sub(lambda found: "·" * len(found.group()), whole_words(utterance))
    return find_times(plain, scene.now)


def whole_words(utterance: str) -> str:
    """The utterance with the words of dates put together that a recogniser has split or misheard:
    "다 음 추 화 요일" → "다음 주 화요일". A date read from a part of them would be another day."""
    joined = _SPLIT.sub(lambda found: found.group().replace(" ", ""), utterance)
    return _TOMORROW.sub("내일", _WEEK.sub(r"\g<which> 주 ", joined))


def same_half(value: time, match: Match[TimeValue], before: object) -> str:
    """``HH:MM`` of an hour in the morning or afternoon of the time ``before`` it, if it may be in either."""
    said = value.strftime("%H:%M")
    if isinstance(before, str) and match.alternatives and value.hour % NOON == 0:
        return f"{0 if before >= EVENING else NOON:02d}{said[2:]}"
    if isinstance(before, str) and match.alternatives:
        half = before[:2] >= "12"
        for other in (value, *match.alternatives):
            if isinstance(other, time) and (other.hour >= 12) == half:
                return other.strftime("%H:%M")
    return said


def words_of(utterance: str, match: Match[TimeValue]) -> str:
    """The words of a match."""
    return whole_words(utterance)[match.start : match.end]
