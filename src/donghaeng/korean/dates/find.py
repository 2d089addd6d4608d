"""Dates, times and intervals in a sentence."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from donghaeng.korean.dates.almanac import add_months
from donghaeng.korean.dates.lexer import Piece, lex
from donghaeng.korean.dates.model import Impossible, Reading, Span, TimeValue
from donghaeng.korean.dates.resolve import Phrase, Setting, resolve
from donghaeng.korean.jamo import normalise
from donghaeng.korean.spans import LONGEST_TEXT, Match

_JOINT = re.compile(r"[ ,·\-]{0,3}(?:(?:의|에|은|는|날|도|엔|쯤|경|이고|중|그|날의|년|에는)[ ,]{0,2})?")
_FROM = re.compile(r" ?(?:으로부터|로부터|부터|에서부터|에서|서부터|~|〜|-|–|서)[ ,]{0,2}")
_AND = re.compile(r" ?(?:과|와|이랑|랑|하고)[ ,]{0,2}")
_UNTIL = re.compile(r" ?까지")
_BETWEEN = re.compile(r" ?(?:사이|의 사이)")
_SINCE = re.compile(r" ?(?:부터|이후|이래|뒤부터|후부터)(?=$|[^가-힣]|로|에|의)")
_BEFORE = re.compile(r" ?(?:까지|이전|전까지)(?=$|[^가-힣]|에|는|의)")
_ABOUT = re.compile(r" ?(?:쯤|경|정도|즈음|무렵)")
_DATE_FIELDS: Final = frozenset(
    "days day month months year years weekday weeks which_weekday which_month holiday offset sign".split()
)
_CLOCK_FIELDS: Final = frozenset({"hour", "minute", "second"})
_ORDER: Final = ("year", "years", "month", "months", "weeks", "day", "weekday", "days", "part", "hour")
_SILENT: Final = frozenset({"vague", "minute", "second", "sign", "within", "which_month", "which_weekday"})


def find_times(
    text: str,
    now: datetime,
    *,
    past: bool = False,
    reading: Reading = Reading.DAYTIME,
) -> tuple[Match[TimeValue], ...]:
    """What ``text`` says of days and hours, in order of the text.

    ``now`` (aware) is the moment of speaking. Days without a year, and weekdays, are the next ones, with
    ``past`` the last ones; the other one is among the alternatives. A bare weekday is never today. An hour
    without morning or afternoon is read by ``reading``, the other half of the day is an alternative. Days
    that do not exist are :class:`.Impossible`. Never raises for any text.
    """
    setting = Setting(now, past, reading)
    text = normalise(text[:LONGEST_TEXT])
    phrases = _phrases(text, lex(text))
    found: list[Match[TimeValue]] = []
    position = 0
    while position < len(phrases):
        pair = _interval(text, phrases, position, setting)
        found.append(pair or _single(text, phrases[position], setting))
        position += 2 if pair else 1
    return tuple(match for match in found if match.value is not _NOTHING)


_NOTHING: Final = Span(None, None)


def _phrases(text: str, pieces: list[Piece]) -> list[Phrase]:
    phrases: list[Phrase] = []
    for piece in pieces:
        last = phrases[-1] if phrases else None
        if last is not None and _joins(text[last.end : piece.start], last, piece):
            last.fields.update(piece.fields)
            last.end = piece.end
        else:
            phrases.append(Phrase(piece.start, piece.end, dict(piece.fields)))
    return phrases


def _joins(gap: str, phrase: Phrase, piece: Piece) -> bool:
    clash = (phrase.fields.keys() & piece.fields.keys()) - {"vague"}
    if "offset" in piece.fields or "stretch" in piece.fields:
        return phrase.fields.keys() <= {"days", "now"} and bool(_FROM.fullmatch(gap) or _JOINT.fullmatch(gap))
    if clash or not _JOINT.fullmatch(gap):
        return False
    return not ("hour" in phrase.fields and _DATE_FIELDS & piece.fields.keys() and gap.strip(" ,"))


def _single(text: str, phrase: Phrase, setting: Setting) -> Match[TimeValue]:
    values, vague = resolve(phrase.fields, setting)
    about = _ABOUT.match(text, phrase.end)
    end = about.end() if about else phrase.end
    if not values:
        return Match(_NOTHING, phrase.start, end)
    since, before = _SINCE.match(text, end), _BEFORE.match(text, end)
    if since or before:
        values = [
            _open(value, after=bool(since), exclusive="부터" not in (since or before or [""])[0])
            for value in values
        ]
    return Match(values[0], phrase.start, end, tuple(values[1:]), vague or bool(about))


def _open(value: TimeValue, *, after: bool, exclusive: bool) -> TimeValue:
    """The open interval from or up to ``value``; 이후 of a month begins after it."""
    if isinstance(value, Impossible):
        return value
    if isinstance(value, Span):
        if after:
            end = value.end
            later = (
                end + timedelta(days=1) if exclusive and type(end) is date and end < date.max else value.start
            )
            return Span(later, None)
        return Span(None, value.start if exclusive else value.end)
    return Span(value, None) if after else Span(None, value)


def _interval(text: str, phrases: list[Phrase], position: int, setting: Setting) -> Match[TimeValue] | None:
    if position + 1 >= len(phrases):
        return None
    one, two = phrases[position], phrases[position + 1]
    gap = text[one.end : two.start]
    close = _UNTIL.match(text, two.end) or _BETWEEN.match(text, two.end)
    firm = "부터" in gap or "~" in gap or "-" in gap or "–" in gap or "〜" in gap
    if not (_FROM.fullmatch(gap) and (firm or close)) and not (
        _AND.fullmatch(gap) and _BETWEEN.match(text, two.end)
    ):
        return None
    first, second = _share(one.fields, two.fields)
    starts, vague = resolve(first, setting)
    if not starts:
        return None
    anchored = setting if not isinstance(starts[0], date) else setting
    ends, also_vague = resolve(second, anchored)
    if not ends:
        return None
    value = _between(starts[0], ends, second)
    others = tuple(_between(start, ends[::-1], second) for start in starts[1:2])
    end = close.end() if close else two.end
    return Match(value, one.start, end, others, vague or also_vague)


def _share(one: dict[str, Any], two: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fields said once for both ends: the date before, the part of day, the year."""
    first, second = dict(one), dict(two)
    if not _DATE_FIELDS & second.keys() and "hour" in second:
        second.update({key: first[key] for key in first if key in _DATE_FIELDS})
    elif "day" in second and not {"month", "months"} & second.keys():
        second.update({key: first[key] for key in ("month", "months", "year", "years") if key in first})
    elif "weekday" in second and not {"weeks", "day"} & second.keys() and "weeks" in first:
        second["weeks"] = first["weeks"]
    elif "month" in second and not {"year", "years"} & second.keys():
        second.update({key: first[key] for key in ("year", "years") if key in first})
    if "month" in first and not {"year", "years"} & first.keys():
        first.update({key: second[key] for key in ("year", "years") if key in second})
    if (
        "part" in first
        and "hour" in first
        and "hour" in second
        and "part" not in second
        and second["hour"] <= 12
    ):
        second["part"] = first["part"]
    if "hour" in first and not _DATE_FIELDS & first.keys():
        first.update({key: second[key] for key in second if key in _DATE_FIELDS})
    return first, second


def _between(start: TimeValue, ends: list[TimeValue], fields: dict[str, Any]) -> TimeValue:
    if isinstance(start, Impossible):
        return start
    if isinstance(ends[0], Impossible):
        return ends[0]
    begin = start.start if isinstance(start, Span) else start
    finish = [_bound(end, first=isinstance(start, Span)) for end in ends]
    later = [end for end in finish if _after(end, begin)]
    if later:
        return Span(begin, later[0])
    return Span(begin, _moved_on(finish[0], begin, fields))


def _bound(value: TimeValue, *, first: bool) -> date | datetime | time | None:
    """The end of an interval whose last word is ``value``: spans of one kind meet at their beginnings."""
    if isinstance(value, Span):
        return value.start if first else value.end
    return None if isinstance(value, Impossible) else value


def _after(end: Any, begin: Any) -> bool:
    if type(end) is type(begin) and end is not None:
        return bool(end > begin)
    if isinstance(end, date) and isinstance(begin, date):
        return end.timetuple()[:3] >= begin.timetuple()[:3]
    return True


def _moved_on(end: Any, begin: Any, fields: dict[str, Any]) -> Any:
    """``end`` in the next half day, month or year when it would lie before ``begin``."""
    if isinstance(end, datetime):
        return end + timedelta(hours=12) if end.hour < 12 else end + timedelta(days=1)
    if isinstance(end, time) or end is None:
        return end
    if "year" in fields:
        return end
    step = 12 if "month" in fields else 1
    return add_months(end, step) or end
