"""What each date and time word looks like, and the fields that it sets."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from donghaeng.korean.dates.almanac import HOLIDAY_NAMES
from donghaeng.korean.dates.durations import SEQUENCE, Duration, read_duration
from donghaeng.korean.dates.vocabulary import (
    BESIDE,
    DAYS_AWAY,
    MONTH_WORDS,
    MOON_DAYS,
    MOON_DAYS_WITH_DAY,
    MOON_MONTHS,
    NOT_PART_OF_DAY,
    OFFSET_AFTER,
    ORDINALS,
    PARTS_OF_DAY,
    PERIOD_ENDS,
    PERIOD_PARTS,
    REPEATS,
    SEASONS,
    STEPS,
    WEEKDAYS,
    YEARS_AWAY,
)
from donghaeng.korean.numerals import ARABIC, NATIVE, NUMBER, SINO, parse, parse_digits
from donghaeng.korean.spans import PARTICLES, WORD_END

Build = Callable[[re.Match[str]], dict[str, Any] | None]
Rule = tuple[str, str, Build]

LONGEST_YEARS: Final = 500
"""From this number on 년 names a year and no length (2018년 이후)."""


def _words(names: dict[str, int]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def _whole(words: str | None) -> int | None:
    value = parse(words) if words else None
    return int(value) if value is not None and value == int(value) else None


def _ordinal(words: str) -> int | None:
    squeezed = words.replace(" ", "")
    return ORDINALS.get(words, ORDINALS.get(squeezed, _whole(re.sub(r" ?번 ?째$", "", words))))


def _year(match: re.Match[str]) -> dict[str, Any] | None:
    value = _whole(match["y"])
    if value is None or (value < 100 and not match["y_more"]):
        return None
    return {"short_year" if value < 100 else "year": value}


def _month_number(words: str) -> int | None:
    return 6 if words == "유" else 10 if words == "시" else _whole(words)


def _month(match: re.Match[str]) -> dict[str, Any] | None:
    value = _month_number(match["m"])
    fields: dict[str, Any] = {"month": value}
    if match["month_mod"]:
        fields["which_month"] = STEPS[match["month_mod"]]
    return fields if value is not None else None


def _day(match: re.Match[str]) -> dict[str, Any] | None:
    value = _whole(match["d"])
    spelled = parse_digits(match["d"]) is not None and not match["d"].isdigit() and len(match["d"]) > 1
    return None if value is None or spelled else {"day": value}


def _weekday(match: re.Match[str]) -> dict[str, Any]:
    fields: dict[str, Any] = {"weekday": WEEKDAYS.index(match["wd"])}
    if match["wd_mod"]:
        fields["which_weekday"] = match["wd_mod"]
    return fields


def _clock(match: re.Match[str]) -> dict[str, Any] | None:
    hour, minute, second = _whole(match["h"]), _whole(match["mi"]), _whole(match["s"])
    if hour is None or (match["mi"] and minute is None):
        return None
    fields: dict[str, Any] = {"hour": hour, "minute": 30 if match["half"] else minute or 0}
    if second is not None:
        fields["second"] = second
    if match["before"]:
        fields["minute"] = -(minute or 0)
    return fields


def _digital(match: re.Match[str]) -> dict[str, Any]:
    fields = {"hour": int(match["dh"]), "minute": int(match["dm"])}
    if match["ds"]:
        fields["second"] = int(match["ds"])
    return fields


def _offset(match: re.Match[str]) -> dict[str, Any] | None:
    read = read_duration(match["off"])
    if read is None or read.length.years >= LONGEST_YEARS:
        return None
    sign = -1 if match["off_way"] in ("전", "이전") else 1
    return {
        "offset": read.length,
        "offset_bounds": (read.shortest, read.longest),
        "sign": sign,
        "vague": read.vague,
    }


def _years(match: re.Match[str]) -> dict[str, Any] | None:
    first, last = int(match["y_from"]), int(match["y_to"])
    return {"years_from": first, "years_to": last} if first < last else None


def _business(match: re.Match[str]) -> dict[str, Any] | None:
    days = _whole(match["biz"])
    if days is None:
        return None
    sign = -1 if match["biz_way"] in ("전", "이전") else 1
    length = Duration(days=Fraction(days))
    if match["biz_way"] in ("이내", "안", "내"):
        return {"stretch": length, "sign": 1, "within": True, "vague": False, "business": True}
    return {
        "offset": length,
        "offset_bounds": (length, length),
        "sign": sign,
        "vague": False,
        "business": True,
    }


def _leap_month(match: re.Match[str]) -> dict[str, Any] | None:
    month = _month_number(match["leap"])
    return None if month is None else {"month": month, "leap": True, "lunar": True}


def _moon_month(match: re.Match[str]) -> dict[str, Any]:
    return {"month": MOON_MONTHS[match["moon"]], "moon": True}


def _moon_day(match: re.Match[str]) -> dict[str, Any]:
    words = match["md"]
    day = MOON_DAYS.get(words, MOON_DAYS_WITH_DAY.get(words))
    sure = words.startswith(("초", "그믐")) or words in MOON_DAYS_WITH_DAY or match["md_day"]
    return {"day": day, "moon": True} if sure else {"day": day, "moon": True, "or_length": True}


def _around(match: re.Match[str]) -> dict[str, Any] | None:
    """앞으로 사흘, 지난 3주: a stretch that begins or ends now."""
    read = read_duration(match["str"])
    if read is None or read.length.years >= LONGEST_YEARS:
        return None
    past = match["str_mod"] in ("지난", "과거", "최근", "지나간")
    fields = {"stretch": read.length, "sign": -1 if past else 1, "within": False, "vague": read.vague}
    return {**fields, "next": True} if match["str_mod"] in ("지난", "다음") else fields


def _within(match: re.Match[str]) -> dict[str, Any] | None:
    """5분 이내: from now until then."""
    read = read_duration(match["str2"])
    if read is None:
        return None
    fields = {"stretch": read.length, "sign": 1, "within": True, "vague": read.vague}
    return fields if match["within_word"].startswith("이내") else {**fields, "deadline": True}


def _numeric(match: re.Match[str]) -> dict[str, Any] | None:
    parts = re.split(r"[/.\-,] ?", match.group())
    numbers, sizes = [int(part) for part in parts], [len(part) for part in parts]
    if len(numbers) == 2:
        return {"month": numbers[0], "day": numbers[1]}
    if sizes[0] == 4:
        year, month, day = numbers
    elif sizes[2] == 4 or numbers[0] <= 31:
        month, day, year = numbers
        if month > 12:
            month, day = day, month
    else:
        year, month, day = numbers
    if year < 100:
        year += 1900 if year >= 50 else 2000
    return {"year": year, "month": month, "day": day}


def _week_nth(match: re.Match[str]) -> dict[str, Any] | None:
    nth = _ordinal(match["wn"])
    return None if nth is None else {"nth_week": nth}


def _weekday_nth(match: re.Match[str]) -> dict[str, Any] | None:
    nth = _ordinal(match["nw"])
    return None if nth is None else {"nth_weekday": nth, "weekday": WEEKDAYS.index(match["nw_day"])}


def _number_of(group: str, field: str) -> Build:
    def build(match: re.Match[str]) -> dict[str, Any] | None:
        value = _whole(match[group])
        return None if value is None else {field: value}

    return build


def _month_rel(match: re.Match[str]) -> dict[str, Any]:
    if match["mr"] == "같은":
        return {"days": 0, "containing": "month"}
    return {"months": STEPS[match["mr"]], **_running(match["mr"])}


def _week_rel(match: re.Match[str]) -> dict[str, Any]:
    if match["wr"] == "같은":
        return {"days": 0, "containing": "week"}
    return {"weeks": STEPS[match["wr"]], **_running(match["wr"])}


def _running(word: str) -> dict[str, Any]:
    return {"running": True} if word in ("이번", "요번", "이") else {}


def _holiday(match: re.Match[str]) -> dict[str, Any]:
    fields: dict[str, Any] = {"holiday": match["hol"]}
    return {**fields, "containing": "feast"} if match["feast"] else fields


def _near_day(match: re.Match[str]) -> dict[str, Any]:
    fields: dict[str, Any] = {"days": DAYS_AWAY.get(match["rel"], 2)}
    return {**fields, "beside": True} if match["rel"] in BESIDE else fields


def _tonight(match: re.Match[str]) -> dict[str, Any]:
    if match["tn"] in ("엊저녁", "엊 저녁"):
        return {"days": -1, "part": "저녁"}
    return {"days": 0 if match["tn"].startswith("오늘") else -1, "part": "밤"}


def _constant(**fields: Any) -> Build:
    return lambda _: dict(fields)


_MODS = _words({word: step for word, step in STEPS.items() if len(word) > 1 or word in "이그담올전"})
_ORDINAL = rf"(?:{_words(ORDINALS)}|(?:{NUMBER}) ?번 ?째)"
_MONTH = rf"(?:[0-9]{{1,2}}|유|시|[일이삼사오육칠팔구십]{{1,2}}|{SINO})"
_HOUR = rf"(?:[0-9]{{1,2}}|{NATIVE}|[일이삼사오육칠팔구십영공]{{1,4}})"
_MINUTE = r"(?:[0-9]{1,2}|[일이삼사오육칠팔구십영]{1,4})"
_W = WORD_END
_MOON_END = rf"(?=$|[^가-힣]|{'|'.join((*MOON_DAYS, *PARTICLES))})"
_AFTER_WORD = rf"(?:{'|'.join(PARTICLES)}|$|[^가-힣])"
_DATE = r"[0-9]{4}[/.\-] ?[0-9]{1,2}[/.\-] ?[0-9]{1,2}|[0-9]{1,2}[/.\-][0-9]{1,2}[/.\-,](?:[0-9]{4}|[0-9]{2})"
_OFFSET_END = rf"(?=$|[^가-힣]|에|까지|부터|의|이|쯤|로|[{WEEKDAYS}]요)"
_YEAR_END = (
    rf"(?=(?P<y_more> ?{_MONTH} ?월|생|도)|$|[^가-힣]|[{WEEKDAYS}]|{'|'.join(PARTICLES)}|상반기|하반기)"
)
_NOT_CLOCK = r"(?![간민장청설작험기점행군립급스]|도[ 에가]|[가-힣]?장)"

_SPANS: Final[tuple[Rule, ...]] = (
    (
        "numeric",
        rf"(?<![0-9])(?<![0-9][/.\-])(?:{_DATE})(?![0-9/\-])|(?<![0-9/])[0-9]{{1,2}}/[0-9]{{1,2}}(?![0-9/])",
        _numeric,
    ),
    (
        "years",
        r"(?<![0-9\-])(?P<y_from>(?:19|20)[0-9]{2}) ?[-~–〜] ?(?P<y_to>(?:19|20)[0-9]{2})(?![0-9\-./])",
        _years,
    ),
    ("digital", r"(?P<dh>[0-9]{1,2}):(?P<dm>[0-9]{2})(?::(?P<ds>[0-9]{2}))?(?![0-9])", _digital),
    ("within", rf"(?P<str2>{SEQUENCE}) ?(?P<within_word>이내|내|안)(?:로|에)", _within),
    (
        "around",
        r"(?P<str_mod>앞으로|향후|다음|다가오는|오는|지난|과거|최근|지나간) ?"
        rf"(?P<str>{SEQUENCE})(?! ?(?:후|뒤|전|월)){_W}",
        _around,
    ),
    (
        "business_offset",
        rf"(?P<biz>{NUMBER}) ?영업일 ?(?P<biz_way>{OFFSET_AFTER}|이내|안|내){_OFFSET_END}",
        _business,
    ),
    ("business", r"(?:영업일|근무일|평일) ?기준(?:으로)?", _constant(business=True)),
    ("next_hour", r"(?P<nh>다음|지난) 시간(?=에)", lambda m: {"next_hour": 1 if m["nh"] == "다음" else -1}),
    ("offset", rf"(?P<off>{SEQUENCE})(?: ?(?:쯤|정도))? ?(?P<off_way>{OFFSET_AFTER}){_OFFSET_END}", _offset),
)
_DAYS: Final[tuple[Rule, ...]] = (
    ("repeats_each", rf"(?:{SEQUENCE}) ?(?:마다|에 (?:한|두|세|네) ?번)", _constant(repeats=True)),
    ("repeats", rf"(?:{REPEATS})(?:로)?", _constant(repeats=True)),
    ("holiday", rf"(?P<hol>{'|'.join(HOLIDAY_NAMES)})(?:날)?(?:(?P<feast> ?연휴)|{_W}|(?<=날))", _holiday),
    ("leap_month", rf"윤 ?(?P<leap>{_MONTH}) ?월", _leap_month),
    ("moon_month", rf"(?P<moon>{_words(MOON_MONTHS)}){_MOON_END}", _moon_month),
    ("moon_day", rf"(?P<md>{_words({**MOON_DAYS, **MOON_DAYS_WITH_DAY})})(?P<md_day>날)?{_W}", _moon_day),
    (
        "today",
        rf"(?P<rel>{_words(DAYS_AWAY)}|모래(?= ?(?:오전|오후|아침|저녁|점심|낮|에 |{_HOUR} ?시)))"
        r"(?!날|리|짜)",
        _near_day,
    ),
    ("tonight", r"(?P<tn>어젯밤|간밤|지난밤|엊저녁|엊 저녁|오늘밤)", _tonight),
    ("now", rf"(?:지금|현재|방금|당장)(?={_AFTER_WORD})", _constant(now=True)),
    ("nth_weekday", rf"(?P<nw>{_ORDINAL}) ?(?:주 )?(?P<nw_day>[{WEEKDAYS}])(?:요일|욜)", _weekday_nth),
    ("nth_week", rf"(?P<wn>{_ORDINAL}) ?주(?:차)?{_W}", _week_nth),
    ("week_number", rf"(?P<wno>{ARABIC}) ?주(?:차)?(?![일간]){_W}", _number_of("wno", "week_number")),
)
_PERIODS: Final[tuple[Rule, ...]] = (
    ("year_rel", rf"(?P<yr>{_words(YEARS_AWAY)})(?:도)?", lambda m: {"years": YEARS_AWAY[m["yr"]]}),
    ("same_year", r"같은 해", _constant(days=0, containing="year")),
    ("this_decade", r"이번 ?(?:10|십) ?년(?![가-힣])", _constant(this_decade=True)),
    ("decade", rf"(?P<dec>{SINO}) ?년대", _number_of("dec", "decade")),
    ("century", rf"(?P<cent>{SINO}) ?세기", _number_of("cent", "century")),
    ("quarter", r"(?P<q>[1-4일이삼사]) ?(?:사)?분기", _number_of("q", "quarter")),
    (
        "month_rel",
        rf"(?!전달(?!에|의|까|부|보|은|도)|전 달[가-힣])(?P<mr>{_MODS}) ?달(?![라력성리])",
        _month_rel,
    ),
    ("month_word", rf"(?P<mw>{_words(MONTH_WORDS)})", lambda m: {"months": MONTH_WORDS[m["mw"]]}),
    ("weekend", rf"(?:(?P<we>{_MODS}) ?(?:주 ?)?)?주말", lambda m: {"weekend": STEPS.get(m["we"] or "", 0)}),
    (
        "week_rel",
        rf"(?P<wr>{_MODS}|차|금|내) ?주(?=[{WEEKDAYS}](?:요|욜)|초|말|{_AFTER_WORD})",
        _week_rel,
    ),
    ("week_bare", r"주(?= (?:초|말|중반|후반))", _constant(weeks=0)),
    ("weekday", rf"(?:(?P<wd_mod>{_MODS}) ?)?(?P<wd>[{WEEKDAYS}])(?:요일|욜|요날)(?:날)?", _weekday),
    ("year", rf"(?:서기 ?)?(?P<y>[0-9]{{2,4}}|{SINO}) ?년도?{_YEAR_END}", _year),
    (
        "year_bare",
        r"(?<![0-9\-.])(?P<y4>(?:1[89]|20)[0-9]{2})(?=에|$|까지|부터|입)",
        _number_of("y4", "year"),
    ),
    (
        "month",
        rf"(?:(?P<month_mod>이번|다음|지난|올|오는|다가오는) ?)?(?P<m>{_MONTH}) ?월(?![요급세드])",
        _month,
    ),
    ("day", rf"(?P<d>{SINO}) ?일(?!요일|정|욜){_W}", _day),
    ("day_last", rf"말일{_W}", _constant(day=0)),
)
_CLOCKS: Final[tuple[Rule, ...]] = (
    (
        "clock",
        rf"(?P<h>{_HOUR}) ?시{_NOT_CLOCK}(?: ?(?:(?P<half>반)(?![려드복대]){_W}"
        rf"|(?P<mi>{_MINUTE}) ?분(?P<before> ?전(?![가-힣]|화|철))?))?(?: ?(?P<s>{_MINUTE}) ?초{_W})?",
        _clock,
    ),
    (
        "part",
        rf"(?P<part>{PARTS_OF_DAY})(?!{NOT_PART_OF_DAY})",
        lambda m: {"part": m["part"].replace(" ", "").lower()},
    ),
    (
        "period_part",
        rf"(?P<pp>{PERIOD_PARTS})(?!고)(?={_AFTER_WORD})",
        lambda m: {"period_part": m["pp"]},
    ),
    (
        "season",
        r"(?P<season>봄|여름|가을|겨울)(?:철)?(?=$|[^가-힣]|에|까지|부터|쯤|이|은|의)",
        lambda m: {"season": SEASONS[m["season"]]},
    ),
    (
        "containing",
        r"(?:이|가)? ?(?:있는|낀|들어 있는|의) ?(?P<con>주|달|해)(?=$|[^가-힣]|에|는|도)",
        lambda m: {"containing": {"주": "week", "달": "month", "해": "year"}[m["con"]]},
    ),
    ("lunar", r"음력(?:으로)?", _constant(lunar=True)),
    ("solar", r"양력(?:으로)?", _constant(solar=True)),
    ("loose_part", r"(?P<lp>늦게|일찍|중간)(?=$|[^가-힣]|에)", lambda m: {"loose_part": m["lp"]}),
    (
        "day_end",
        r"(?:하루 )?일과(?:가|를)? ?(?:마칠|마치는|끝날|끝나는|끝내는) ?(?:무렵|때|즈음)",
        _constant(days=0, day_end=True),
    ),
    ("rest_of_day", r"(?:오늘 )?남은 하루", _constant(rest_of_day=True)),
    (
        "ends",
        rf"(?P<ends>{'|'.join(PERIOD_ENDS)})(?={_AFTER_WORD})",
        lambda m: {PERIOD_ENDS[m["ends"]]: 0, "period_part": m["ends"][-1]},
    ),
)
RULES: Final = (*_SPANS, *_DAYS, *_PERIODS, *_CLOCKS)
"""Kind, regular expression and builder, in the order in which they are tried at a place."""
