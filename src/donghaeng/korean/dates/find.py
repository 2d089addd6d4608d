"""Dates, times and intervals in a sentence."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from donghaeng.korean.dates.almanac import add_days, add_months
from donghaeng.korean.dates.durations import SEQUENCE, read_duration
from donghaeng.korean.dates.lexer import Piece, lex
from donghaeng.korean.dates.model import Impossible, Reading, Span, TimeValue
from donghaeng.korean.dates.resolve import DAY_END, Phrase, Setting, resolve
from donghaeng.korean.jamo import normalise
from donghaeng.korean.spans import LONGEST_TEXT, Match

_JOINT = re.compile(r"[ ,·\-]{0,3}(?:(?:의|에|은|는|날|도|엔|쯤|경|이고|중|그|날의|년|에는)[ ,]{0,2})?")
_FROM = re.compile(
    r" ?(?:으로부터|로부터|부터|에서부터|에서|서부터|~|〜|-|–|서)[ ,]{0,2}(?:최소 |적어도 |약 |한 |대략 )?"
)
_FIRM = re.compile(r"부터|[~〜–-]")
_AND = re.compile(r" ?(?:과|와|이랑|랑|하고)[ ,]{0,2}")
_LIST = re.compile(r" ?(?:,|과|와|이랑|하고) ?")
_EITHER = re.compile(r" ?(?:이나|나|아니면|또는|이랑|랑|하고|말고|아니고|이 아니라|과|와|,)? ?(?:아니면 )?")
_LASTING = re.compile(rf" ?(?:으로)?부터 (?P<length>{SEQUENCE}) ?(?:간|동안)(?=$|[^가-힣]|에|만)")
_UNTIL = re.compile(r" ?까지")
_BETWEEN = re.compile(r" ?(?:사이|의 사이)")
_FROM_THEN_ON = re.compile(r" (?:또는|그리고|이나|및) 그 (?:이후|후|뒤)")
_SINCE = re.compile(r" ?(?:부터|이후|이래|뒤부터|후부터)(?=$|[^가-힣]|로|에|의)")
_BEFORE = re.compile(r" ?(?:까지|이전|전까지)(?=$|[^가-힣]|에|는|의|요|만|예|이|로|입|야)")
_ABOUT = re.compile(r" ?(?:쯤|경|정도|즈음|무렵)")
_PAST_TENSE = re.compile(
    r"[았었였했왔갔됐났렸졌봤겼쳤켰탔랐샀](?:어|다|습|니|는|던|고|지|을|음|네|거|죠|잖|더)"
)
_DATE_FIELDS: Final = frozenset(
    (
        "days",
        "day",
        "month",
        "months",
        "year",
        "years",
        "short_year",
        "weekday",
        "weeks",
        "which_weekday",
        "which_month",
    )
    + ("holiday", "offset", "sign")
)


NOON_HOUR: Final = 12


def find_times(
    text: str,
    now: datetime,
    *,
    past: bool | None = None,
    reading: Reading = Reading.DAYTIME,
) -> tuple[Match[TimeValue], ...]:
    """What ``text`` says of days and hours, in order of the text.

    ``now`` (aware) is the moment of speaking. Days without a year, and weekdays, are the next ones, with
    ``past`` the last ones (``None`` = by the tense of the verb); the other one is among the alternatives. A
    bare weekday is never today. An hour without morning or afternoon is read by ``reading``, the other half
    of the day is an alternative. Days that do not exist are :class:`.Impossible`. Never raises for any text.
    """
    text = normalise(text[:LONGEST_TEXT])
    told = past is None and _PAST_TENSE.search(text) is not None
    setting = Setting(now, bool(past) or told, reading, told)
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
            fields = dict(piece.fields)
            if last is not None and _EITHER.fullmatch(text[last.end : piece.start]):
                fields = {**_said_before(last.fields, fields), **fields}
            phrases.append(Phrase(piece.start, piece.end, fields))
    return phrases


def _said_before(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """The week or month of 다음 주 월요일이나 화요일, 십이월 일 일이나 이 일, said once for both."""
    if "weekday" in second and not {"weeks", "which_weekday", "day"} & second.keys():
        return {key: first[key] for key in ("weeks",) if key in first}
    if "day" in second and not {"month", "months"} & second.keys():
        return {key: first[key] for key in ("month", "months", "year", "years") if key in first}
    return {}


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
    lasting = _LASTING.match(text, end)
    if lasting and isinstance(values[0], date) and (span := _lasting(values[0], lasting["length"])):
        return Match(span, phrase.start, lasting.end(), (), vague)
    if before and "까지" in before.group() and setting.reading is Reading.LITERAL and type(values[0]) is date:
        ends = [datetime.combine(v, DAY_END, setting.now.tzinfo) for v in values if isinstance(v, date)]
        return Match(ends[0], phrase.start, before.end(), tuple(ends[1:]), vague)
    if _FROM_THEN_ON.match(text, end):
        values = [_open(value, after=True, exclusive=False) for value in values]
    elif since or before:
        values = [
            _open(value, after=bool(since), exclusive="부터" not in (since or before or [""])[0])
            for value in values
        ]
    return Match(values[0], phrase.start, end, tuple(values[1:]), vague or bool(about))


def _lasting(day: date, words: str) -> Span | None:
    """내일부터 사흘간: that many days from ``day`` on."""
    read = read_duration(words)
    if read is None or read[0].has_clock:
        return None
    after = read[0].after_day(day)
    return Span(day, add_days(after, -1)) if after is not None else None


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
    if _next_day(gap, one, two):
        close = None
    elif not _is_interval(gap, one, two, close):
        return None
    first, second = _share(one.fields, two.fields)
    starts, vague = resolve(first, setting)
    ends, also_vague = resolve(second, setting)
    if not starts or not ends:
        return None
    between = close is not None and "사이" in close.group()
    own_year = bool({"year", "years"} & two.fields.keys())
    spans = [_between(start, ends, second, own_year=own_year, between=between) for start in starts]
    if not setting.past and not isinstance(getattr(spans[0], "start", None), datetime):
        spans = _running_first(spans, setting.now.date())
    return Match(
        spans[0], one.start, close.end() if close else two.end, tuple(spans[1:]), vague or also_vague
    )


def _running_first(spans: list[TimeValue], today: date) -> list[TimeValue]:
    """Intervals that are under way or to come before those that are over, earliest first."""
    to_come = sorted((span for span in spans if not _is_over(span, today)), key=_begin)
    return [*to_come, *(span for span in spans if _is_over(span, today))]


def _is_interval(gap: str, one: Phrase, two: Phrase, close: re.Match[str] | None) -> bool:
    if _AND.fullmatch(gap):
        return close is not None and "사이" in close.group()
    if not _FROM.fullmatch(gap):
        return False
    alike = one.fields.keys() & two.fields.keys() & {"year", "month", "day", "hour", "weekday"}
    return close is not None or _FIRM.search(gap) is not None or bool(alike)


def _next_day(gap: str, one: Phrase, two: Phrase) -> bool:
    """Two days in a row (19일, 20일): one stay, not two."""
    fields = two.fields
    return (
        _LIST.fullmatch(gap) is not None
        and fields.keys() - {"month", "months", "year", "years"} == {"day"}
        and bool({"month", "months"} & one.fields.keys())
        and bool(fields["day"] == one.fields.get("day", -1) + 1)
    )


def _begin(span: TimeValue) -> tuple[int, ...]:
    start = span.start if isinstance(span, Span) else None
    return start.timetuple()[:6] if isinstance(start, date) else (0,)


def _is_over(span: TimeValue, today: date) -> bool:
    end = span.end if isinstance(span, Span) else None
    return isinstance(end, date) and end.timetuple()[:3] < today.timetuple()[:3]


def _share(one: dict[str, Any], two: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fields said once for both ends: the date before, the part of day, the year."""
    first, second = dict(one), dict(two)
    same_day = not _DATE_FIELDS & two.keys()
    if not _DATE_FIELDS & second.keys() and "hour" in second:
        second.update({key: first[key] for key in first if key in _DATE_FIELDS})
    elif "day" in second and not {"month", "months"} & second.keys():
        second.update({key: first[key] for key in ("month", "months", "year", "years") if key in first})
    elif "weekday" in second and not {"weeks", "day"} & second.keys() and "weeks" in first:
        second["weeks"] = first["weeks"]
    elif "month" in second and not {"year", "years"} & second.keys():
        second.update({key: first[key] for key in ("year", "years") if key in first})
    if {"month"} <= first.keys() & second.keys() and not {"year", "years"} & first.keys():
        first.update({key: second[key] for key in ("year", "years") if key in second})
    if same_day and "hour" in first and "part" in first and "part" not in second and second["hour"] <= 12:
        second["part"] = first["part"]
    if "hour" in first and not _DATE_FIELDS & first.keys():
        first.update({key: second[key] for key in second if key in _DATE_FIELDS})
    return first, second


def _between(
    start: TimeValue, ends: list[TimeValue], fields: dict[str, Any], *, own_year: bool, between: bool
) -> TimeValue:
    if isinstance(start, Impossible):
        return start
    if isinstance(ends[0], Impossible):
        return ends[0]
    begin = start.start if isinstance(start, Span) else start
    finish = [_last(end, between=between) for end in ends if not isinstance(end, Impossible)]
    later = [end for end in finish if _after(end, begin)]
    later.sort(key=lambda end: end.timetuple()[:6] if isinstance(end, date) else (0,))
    if isinstance(begin, time):
        later = [end for end in finish if isinstance(end, time) and end > begin] or finish
        later = later[-1:] if begin.hour < NOON_HOUR else later[:1]
    whole = isinstance(start, Span) and isinstance(ends[0], Span) and type(begin) is date and not between
    end = later[0] if later else _moved_on(finish[0], fields, own_year=own_year)
    return Span(begin, end, "several" if whole else "")


def _last(value: date | datetime | time | Span, *, between: bool) -> date | datetime | time | None:
    """The end of an interval that a word closes: 오월까지 with all of May, 오월 사이 up to its beginning."""
    if isinstance(value, Span):
        return value.start if between else value.end
    return value


def _after(end: Any, begin: Any) -> bool:
    if type(end) is type(begin) and end is not None:
        return bool(end > begin)
    if isinstance(end, date) and isinstance(begin, date):
        return end.timetuple()[:3] >= begin.timetuple()[:3]
    return True


def _moved_on(end: Any, fields: dict[str, Any], *, own_year: bool) -> Any:
    """``end`` in the next half day, month or year when it would lie before the beginning."""
    if isinstance(end, datetime):
        return end + timedelta(hours=12) if end.hour < 12 else end + timedelta(days=1)
    if not isinstance(end, date) or own_year:
        return end
    return add_months(end, 12 if "month" in fields else 1) or end
