"""The day by which something is due, in a sentence. Pure.

Days are read by :mod:`donghaeng.korean.dates`. A week that is named as a whole ends on its Friday, a month
on its last day; an hour without a day is on the day of the meeting.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Final

from donghaeng.korean.dates import Impossible, Span, TimeValue, find_durations, find_times
from donghaeng.korean.spans import Match

_UNTIL: Final = re.compile(
    r"\s?(?:(?:퇴근|업무 ?시간|점심|오전|오후|저녁|아침|중|안|내|이내|회의|말|초|중순|하순)\s?)?"
    r"(?:까지|안으로|안에|중으로|중에|내로|이내로|이내에|이내|전까지|전에|전으로|까지는|까지만|으로)"
)
_ON: Final = re.compile(
    r"\s?(?:(?:오전|오후|저녁|아침|점심|회의|새벽|밤)\s?)?(?:에|에는|날|중)?(?=\s|$|[,.])"
)
_FROM: Final = re.compile(r"\s?(?:부터|이후|에서)")
_WITHIN: Final = re.compile(r"\s?(?:안에|안으로|이내|내로|내에|뒤까지|후까지|만에)")
_FRIDAY: Final = 4


def due(text: str, now: datetime, *, loose: bool = False) -> tuple[date | None, tuple[int, int]]:
    """The day and where it stands; (None, (0, 0)) where none is said.

    Args:
        text: a sentence.
        now: beginning of the meeting, with its offset.
        loose: whether a day without 까지 counts too (내일 보내겠습니다).
    """
    best: tuple[date | None, tuple[int, int]] = (None, (0, 0))
    for match in find_times(text, now, past=False):
        if isinstance(match.value, Impossible):
            continue
        end = _until(text, match)
        firm = end > match.end or "까지" in text[match.start : match.end] or _within(text, match)
        if _FROM.match(text, match.end) or (isinstance(match.value, Span) and _open(match.value)):
            continue
        if not (firm or (loose and _ON.match(text, match.end) and _is_day(match.value))):
            continue
        day = _day(match.value, now)
        if day is not None:
            best = (day, (match.start, max(end, match.end)))
    if best[0] is None:
        best = _counted(text, now)
    return best


def _open(span: Span) -> bool:
    return span.end is None


def _is_day(value: TimeValue) -> bool:
    return not isinstance(value, time)


def _until(text: str, match: Match[TimeValue]) -> int:
    after = _UNTIL.match(text, match.end)
    return after.end() if after else match.end


def _within(text: str, match: Match[TimeValue]) -> bool:
    return bool(re.search(r"(?:안에|이내|내로|중으로|전에|전까지|안으로)$", text[match.start : match.end]))


def _counted(text: str, now: datetime) -> tuple[date | None, tuple[int, int]]:
    """사흘 안에, 이 주 이내로: so many days from the meeting."""
    for match in find_durations(text):
        after = _WITHIN.match(text, match.end)
        length = match.value
        if after is None or length.has_clock:
            continue
        day = length.after_day(now.date())
        if day is not None:
            return day, (match.start, after.end())
    return None, (0, 0)


def _day(value: TimeValue, now: datetime) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, time):
        return now.date()
    if isinstance(value, Span):
        if value.grain == "week" and isinstance(value.start, date):
            start = value.start
            return start + timedelta(days=max(0, _FRIDAY - start.weekday()))
        end = value.end
        return None if end is None else _day(end, now)
    return None
