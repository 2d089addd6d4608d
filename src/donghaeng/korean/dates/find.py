"""Dates, times and intervals in a sentence."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from donghaeng.korean.dates.almanac import add_days, add_months
from donghaeng.korean.dates.bounds import bounded, opened, so_far
from donghaeng.korean.dates.durations import SEQUENCE, Duration, read_duration
from donghaeng.korean.dates.lexer import Piece, lex
from donghaeng.korean.dates.model import Impossible, Reading, Span, TimeValue
from donghaeng.korean.dates.resolve import DAY_END, Phrase, Setting, resolve
from donghaeng.korean.spans import Match, plain

_JOINT = re.compile(r"[ ,·\-]{0,3}(?:(?:의|에|은|는|날|도|엔|쯤|경|이고|중|그|날의|년|에는)[ ,]{0,2})?")
_FROM = re.compile(
    r" ?(?:으로부터|로부터|부터|에서부터|에서|서부터|~|〜|-|–|서)[ ,]{0,2}(?:최소 |적어도 |약 |한 |대략 )?"
)
_FIRM = re.compile(r"부터|[~〜–-]")
_AND = re.compile(r" ?(?:과|와|이랑|랑|하고)[ ,]{0,2}")
_LIST = re.compile(r" ?(?:,|과|와|이랑|하고) ?")
_EITHER = re.compile(r" ?(?:이나|나|아니면|또는|이랑|랑|하고|말고|아니고|이 아니라|과|와|,)? ?(?:아니면 )?")
_LASTING = re.compile(
    rf" ?(?:(?:으로)?부터|이후로) (?P<length>{SEQUENCE})"
    r" ?(?:(?:간|동안)(?=$|[^가-힣]|에|만)|(?=$|[^가-힣])(?! ?(?:전|후|뒤)))"
)
_UNTIL = re.compile(r" ?까지")
_BETWEEN = re.compile(r" ?(?:사이|의 사이)")
_FROM_THEN_ON = re.compile(r" (?:또는|그리고|이나|및) 그 (?:이후|후|뒤)")
_SINCE = re.compile(r" ?(?:부터|이후|이래|뒤부터|후부터|쇠고|지나고|지나서|지나면)(?=$|[^가-힣]|로|에|의)")
_INCLUSIVE = re.compile("부터|이래|까지")
_BEFORE = re.compile(r" ?(?:까지|이전|전까지|전(?=에))(?=$|[^가-힣]|에|는|의|요|만|예|이|로|입|야)")
_ABOUT = re.compile(r" ?(?:쯤|경|정도|즈음|무렵)")
_PAST_TENSE = re.compile(
    r"[았었였했왔갔됐났렸졌봤겼쳤켰탔랐샀](?:어|다|습|니|는|던|고|지|을|음|네|거|죠|잖|더)"
)
_EVERY = re.compile(r" ?마다")
_LISTED = re.compile(r" ?(?:,|이랑|랑|하고|과|와) ?| ")
_NO_CLASH: Final = frozenset({"vague", "moon", "lunar"})
"""What both of two pieces may say of one day (정월 초하루, 음력 섣달)."""
_ANCHORS: Final = frozenset({"holiday", "day", "weekday"})
"""Fields that name a day to count from (추석 전날, 화요일 사흘 뒤)."""
_BESIDE = re.compile(r" ?(?:의 )?")
LONGEST_LUNAR_GAP: Final = 12
"""Characters between 음력 and the date that it is said of."""
_WHOLE = re.compile(r"(?<![가-힣])(?P<grain>하루|일주일|한 주|한 달|일 년|한 해) ?(?:동안|내내|종일)")
"""A length of one without a day: literally, all of the running one."""
_GRAINS: Final = {"루": "days", "일": "weeks", "주": "weeks", "달": "months", "년": "years", "해": "years"}
_REPORT = re.compile(r"(?<=[다라자냐])고 ?(?:들었|했|말했|하셨|그랬)[가-힣]{0,4}")
"""A verb of saying, whose tense is not that of what is said (온다고 했어요)."""
_DATE_FIELDS: Final = frozenset(
    (
        "lunar",
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
    text = plain(text)
    told = past is None and _PAST_TENSE.search(_REPORT.sub("", text)) is not None
    setting = Setting(now, bool(past) or told, reading, told)
    phrases = _marked(text, _phrases(text, lex(text)))
    found: list[Match[TimeValue]] = []
    position = 0
    while position < len(phrases):
        pair = _interval(text, phrases, position, setting)
        found.append(pair or _single(text, phrases[position], setting))
        position += 2 if pair else 1
    found = [match for match in found if match.value is not _NOTHING]
    alone = [p for p in phrases if p.fields.keys() <= {"repeats"}]
    if len(found) > len(alone):
        starts = {phrase.start for phrase in alone}
        found = [match for match in found if match.start not in starts]
    if not found and reading is Reading.LITERAL and (lone := _WHOLE.search(text)):
        return (_single(text, Phrase(lone.start(), lone.end(), {_GRAINS[lone["grain"][-1]]: 0}), setting),)
    return tuple(found)


_NOTHING: Final = Span(None, None)


def _phrases(text: str, pieces: list[Piece]) -> list[Phrase]:
    phrases: list[Phrase] = []
    for piece in pieces:
        last = phrases[-1] if phrases else None
        shift = _shift(text[last.end : piece.start], last, piece) if last is not None else None
        if last is not None and shift is not None:
            last.fields["shift"] = shift
            last.end = piece.end
        elif last is not None and _joins(
            text[last.end : piece.start], last, piece, until=_UNTIL.match(text, piece.end)
        ):
            last.fields.update(piece.fields)
            last.end = piece.end
        else:
            fields = dict(piece.fields)
            if last is not None and _EITHER.fullmatch(text[last.end : piece.start]):
                fields = {**_said_before(last.fields, fields), **fields}
            phrases.append(Phrase(piece.start, piece.end, fields))
    return phrases


def _shift(gap: str, phrase: Phrase, piece: Piece) -> tuple[Duration, int] | None:
    """How far the day meant is from the one named before it: 추석 전날, 설 다음 날, 화요일 사흘 뒤."""
    counted = "offset" in piece.fields and not piece.fields["offset"].has_clock and not piece.fields["vague"]
    if not (counted or "beside" in piece.fields) or not _BESIDE.fullmatch(gap):
        return None
    if not _ANCHORS & phrase.fields.keys() or {"hour", "shift", "part"} & phrase.fields.keys():
        return None
    if counted:
        return piece.fields["offset"], piece.fields["sign"]
    days = piece.fields["days"]
    return Duration(days=Fraction(abs(days))), 1 if days > 0 else -1


def _marked(text: str, phrases: list[Phrase]) -> list[Phrase]:
    """``phrases`` with what stands after or far before them: 화요일마다, 음력 생일이 팔월 보름."""
    for place in range(len(phrases) - 1, -1, -1):
        phrase, after = phrases[place], phrases[place + 1] if place + 1 < len(phrases) else None
        listed = (
            after is not None
            and "repeats" in after.fields
            and _LISTED.fullmatch(text[phrase.end : after.start])
        )
        if _EVERY.match(text, phrase.end) or listed:
            phrase.fields["repeats"] = True
    for before, phrase in pairwise(phrases):
        near = phrase.start - before.end <= LONGEST_LUNAR_GAP
        if before.fields.keys() == {"lunar"} and near and {"month", "day"} & phrase.fields.keys():
            phrase.fields["lunar"] = True
    return phrases


def _said_before(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """The week or month of 다음 주 월요일이나 화요일, 십이월 일 일이나 이 일, said once for both."""
    if "weekday" in second and not {"weeks", "which_weekday", "day"} & second.keys():
        return {key: first[key] for key in ("weeks",) if key in first}
    if "day" in second and not {"month", "months"} & second.keys():
        return {key: first[key] for key in ("month", "months", "year", "years") if key in first}
    return {}


def _joins(gap: str, phrase: Phrase, piece: Piece, *, until: object) -> bool:
    clash = (phrase.fields.keys() & piece.fields.keys()) - _NO_CLASH
    if "offset" in piece.fields or "stretch" in piece.fields:
        anchored = phrase.fields.keys() <= {"days", "now", "business"}
        return (
            anchored and bool(_FROM.fullmatch(gap) or _JOINT.fullmatch(gap)) and not ("부터" in gap and until)
        )
    if clash or not _JOINT.fullmatch(gap):
        return False
    return not ("hour" in phrase.fields and _DATE_FIELDS & piece.fields.keys() and gap.strip(" ,"))


def _single(text: str, phrase: Phrase, setting: Setting) -> Match[TimeValue]:
    values, vague = resolve(phrase.fields, setting)
    about = _ABOUT.match(text, phrase.end)
    end = about.end() if about else phrase.end
    if not values:
        return Match(_NOTHING, phrase.start, end)
    limits = bounded(text, phrase, values, setting.now.date())
    if limits:
        return Match(limits[0], phrase.start, end, tuple(limits[1:]), vague)
    until_now = "now" in phrase.fields and isinstance(values[0], Span)
    if until_now or (setting.told and "period_part" in phrase.fields):
        values = [so_far(value, setting.now.date()) for value in values]
    since, before = _SINCE.match(text, end), _BEFORE.match(text, end)
    lasting = _LASTING.match(text, end)
    if (
        lasting
        and isinstance(values[0], date)
        and (span := _lasting(values[0], lasting["length"], setting.reading))
    ):
        return Match(span, phrase.start, lasting.end(), (), vague)
    if before and "까지" in before.group() and setting.reading is Reading.LITERAL and type(values[0]) is date:
        ends = [datetime.combine(v, DAY_END, setting.now.tzinfo) for v in values if isinstance(v, date)]
        return Match(ends[0], phrase.start, before.end(), tuple(ends[1:]), vague)
    if _FROM_THEN_ON.match(text, end):
        values = [opened(value, after=True, exclusive=False) for value in values]
    elif (since or before) and not until_now:
        values = [
            opened(
                value, after=bool(since), exclusive=_INCLUSIVE.search((since or before or [""])[0]) is None
            )
            for value in values
        ]
    return Match(values[0], phrase.start, end, tuple(values[1:]), vague or bool(about))


def _lasting(day: date, words: str, reading: Reading) -> Span | date | None:
    """내일부터 사흘간: that many days from ``day`` on; literally, the day that is reached."""
    read = read_duration(words)
    if read is None or read.length.has_clock:
        return None
    after = read.length.after_day(day)
    if after is None or reading is Reading.LITERAL:
        return after
    return Span(day, add_days(after, -1))


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
    if second.keys() == {"year"} and _year_of(starts) >= second["year"]:
        starts, vague = resolve({**first, "years": 0}, setting)
    ends, also_vague = resolve(second, setting)
    if not starts or not ends:
        return None
    between = setting.reading is Reading.LITERAL or (close is not None and "사이" in close.group())
    own_year = bool({"year", "years"} & two.fields.keys())
    spans = [_between(start, ends, second, own_year=own_year, between=between) for start in starts]
    if (
        not setting.past
        and "weekday" not in one.fields
        and not isinstance(getattr(spans[0], "start", None), datetime)
    ):
        spans = _running_first(spans, setting.now.date())
    return Match(
        spans[0], one.start, close.end() if close else two.end, tuple(spans[1:]), vague or also_vague
    )


def _year_of(values: list[TimeValue]) -> int:
    """The year in which the likeliest value begins; 0 where there is none."""
    return (
        _begin(values[0])[0]
        if values and isinstance(values[0], Span)
        else getattr(values[0], "year", 0)
        if values
        else 0
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
    elif ("day" in second or second.keys() == {"period_part"}) and not {"month", "months"} & second.keys():
        second.update({key: first[key] for key in ("month", "months", "year", "years") if key in first})
    elif "weekday" in second and not {"weeks", "day"} & second.keys() and "weeks" in first:
        second["weeks"] = first["weeks"]
    elif "month" in second and not {"year", "years"} & second.keys():
        second.update({key: first[key] for key in ("year", "years") if key in first})
    if "month" in first and "month" in second and not {"year", "years"} & first.keys():
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
    end = later[0] if later else _moved_on(finish[0], begin, fields, own_year=own_year)
    if type(begin) is type(end) and not isinstance(begin, time) and not _after(end, begin) and end != begin:
        return Impossible("ends_before_it_begins")
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


def _moved_on(end: Any, begin: Any, fields: dict[str, Any], *, own_year: bool) -> Any:
    """``end`` in the next half day, week, month or year when it would lie before the beginning."""
    if "weekday" in fields and type(end) is date and type(begin) is date:
        return add_days(begin, (end - begin).days % 7) or end
    if isinstance(end, datetime):
        return end + timedelta(hours=12) if end.hour < 12 else end + timedelta(days=1)
    if not isinstance(end, date) or own_year:
        return end
    return add_months(end, 12 if "month" in fields else 1) or end
