"""From text to pieces: each date or time word with what it contributes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from donghaeng.korean.dates.almanac import HOLIDAY_NAMES
from donghaeng.korean.dates.durations import SEQUENCE, Duration, read_duration
from donghaeng.korean.numerals import ARABIC, NATIVE, NUMBER, SINO, parse, parse_digits
from donghaeng.korean.spans import PARTICLES, WORD_END


@dataclass(frozen=True, slots=True)
class Piece:
    """One date or time word: ``fields`` are what it sets in a :class:`.phrase.Phrase`."""

    kind: str
    start: int
    end: int
    fields: dict[str, Any]


LONGEST_YEARS: Final = 500
"""From this number on 년 names a year and no length (2018년 이후)."""
Build = Callable[[re.Match[str]], dict[str, Any] | None]

_TODAY: Final = {
    "오늘": 0, "금일": 0, "당일": 0, "그날": 0, "그 날": 0, "이 날": 0, "이날": 0, "나의 하루": 0,
    "내일모레": 2, "내일 모레": 2, "낼모레": 2, "낼 모레": 2, "내일 모래": 2, "내일": 1, "낼": 1, "명일": 1,
    "익일": 1, "그 다음 날": 1, "그다음 날": 1, "그 다음날": 1, "그다음날": 1, "다음 날": 1, "다음날": 1,
    "이튿날": 1, "모레": 2, "그글피": 4, "글피": 3, "어제": -1, "어저께": -1, "작일": -1, "그 전날": -1,
    "전날": -1, "지난 날": -1, "그저께": -2, "그제께": -2, "그제": -2, "엊그제": -2, "엊그저께": -2,
    "그끄저께": -3, "그끄제": -3, "그그저께": -3, "그그제": -3,
}  # fmt: skip
_NEXT_TIMES: Final = {
    "이번": 0, "금": 0, "이": 0, "당": 0, "그": 0, "같은": 0, "올": 0, "요번": 0, "다음": 1, "다음번": 1, "담": 1,
    "차": 1, "내": 1, "익": 1, "다가오는": 1, "오는": 1, "돌아오는": 1, "다다음": 2, "다담": 2, "다음다음": 2,
    "지난": -1, "저번": -1, "지난번": -1, "전": -1, "작": -1, "지지난": -2, "저저번": -2, "재작": -2,
}  # fmt: skip
_MODS = "|".join(sorted((m for m in _NEXT_TIMES if len(m) > 1 or m in "이그담올전"), key=len, reverse=True))
_YEARS: Final = {
    "올해": 0, "올 해": 0, "금년": 0, "이번 해": 0, "그해": 0, "그 해": 0, "당해": 0, "내년": 1,
    "다음 해": 1, "다음해": 1, "명년": 1, "작년": -1, "지난해": -1, "지난 해": -1, "전년도": -1, "전년": -1,
    "재작년": -2, "지지난해": -2, "내후년": 2, "후년": 2, "다다음 해": 2, "다다음해": 2, "독립": 0,
}  # fmt: skip
del _YEARS["독립"]
_ORDINALS: Final = {
    "첫": 1, "첫째": 1, "첫 번째": 1, "첫번째": 1, "둘째": 2, "셋째": 3, "넷째": 4, "다섯째": 5, "마지막": -1,
}  # fmt: skip
_PARTS_OF_DAY: Final = (
    "이른 아침|늦은 아침|이른 오후|늦은 오후|이른 저녁|늦은 저녁|이른 밤|늦은 밤|이른 새벽|저녁때|점심때|점심시간|점심 때|"
    "저녁 때|아침때|아침 때|한밤중|한밤|한낮|대낮|낮때|오전|오후|아침|점심|저녁|새벽|정오|자정|밤|낮|am|pm|AM|PM"
)
_PERIOD_PARTS: Final = "초순|중순|하순|상순|상반기|하반기|초반|중반|후반|초|말"
_WEEKDAYS: Final = "월화수목금토일"
_OFFSET_AFTER = "뒤|후|이후|있다가|있다|지나서|지나|넘어서"
_ORDINAL = rf"(?:{'|'.join(sorted(_ORDINALS, key=len, reverse=True))}|(?:{NUMBER}) ?번 ?째)"


def _words(names: dict[str, int]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def _whole(words: str | None) -> int | None:
    value = parse(words) if words else None
    return int(value) if value is not None and value == int(value) else None


def _ordinal(words: str) -> int | None:
    squeezed = words.replace(" ", "")
    return _ORDINALS.get(words, _ORDINALS.get(squeezed, _whole(re.sub(r" ?번 ?째$", "", words))))


def _year(match: re.Match[str]) -> dict[str, Any] | None:
    value = _whole(match["y"])
    if value is None or (value < 100 and not match["y_more"]):
        return None
    return {"short_year" if value < 100 else "year": value}


def _month(match: re.Match[str]) -> dict[str, Any] | None:
    words = match["m"]
    value = 6 if words == "유" else 10 if words == "시" else _whole(words)
    fields: dict[str, Any] = {"month": value}
    if match["month_mod"]:
        fields["which_month"] = _NEXT_TIMES[match["month_mod"]]
    return fields if value is not None else None


def _day(match: re.Match[str]) -> dict[str, Any] | None:
    value = _whole(match["d"])
    spelled = parse_digits(match["d"]) is not None and not match["d"].isdigit() and len(match["d"]) > 1
    return None if value is None or spelled else {"day": value}


def _weekday(match: re.Match[str]) -> dict[str, Any]:
    fields: dict[str, Any] = {"weekday": _WEEKDAYS.index(match["wd"])}
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
    if read is None or read[0].years >= LONGEST_YEARS:
        return None
    sign = -1 if match["off_way"] in ("전", "이전") else 1
    return {"offset": read[0], "sign": sign, "vague": read[1]}


def _around(match: re.Match[str]) -> dict[str, Any] | None:
    """앞으로 사흘, 지난 3주: a stretch that begins or ends now."""
    read = read_duration(match["str"])
    if read is None or read[0].years >= LONGEST_YEARS:
        return None
    past = match["str_mod"] in ("지난", "과거", "최근", "지나간")
    return {"stretch": read[0], "sign": -1 if past else 1, "within": False, "vague": read[1]}


def _within(match: re.Match[str]) -> dict[str, Any] | None:
    """5분 이내: from now until then."""
    read = read_duration(match["str2"])
    if read is None:
        return None
    fields = {"stretch": read[0], "sign": 1, "within": True, "vague": read[1]}
    return fields if match["within_word"].startswith("이내") else {**fields, "deadline": True}


def _numeric(match: re.Match[str]) -> dict[str, Any] | None:
    numbers = [int(part) for part in re.split(r"[/.\-,]", match.group())]
    sizes = [len(part) for part in re.split(r"[/.\-,]", match.group())]
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
    return None if nth is None else {"nth_weekday": nth, "weekday": _WEEKDAYS.index(match["nw_day"])}


def _number_of(group: str, field: str) -> Build:
    def build(match: re.Match[str]) -> dict[str, Any] | None:
        value = _whole(match[group])
        return None if value is None else {field: value}

    return build


_MONTH_NUMBER = rf"(?:\d{{1,2}}|유|시|[일이삼사오육칠팔구십]{{1,2}}|{SINO})"
_HOUR = rf"(?:\d{{1,2}}|{NATIVE}|[일이삼사오육칠팔구십영공]{{1,4}})"
_MINUTE = rf"(?:\d{{1,2}}|[일이삼사오육칠팔구십영]{{1,4}})"
_W = WORD_END

RULES: Final[tuple[tuple[str, str, Build], ...]] = (
    ("numeric", r"(?<!\d)(?<!\d[/.\-])(?:\d{4}[/.\-] ?\d{1,2}[/.\-] ?\d{1,2}|\d{1,2}[/.\-]\d{1,2}[/.\-,](?:\d{4}|\d{2}))(?![\d/\-])"
     r"|(?<![\d/])\d{1,2}/\d{1,2}(?![\d/])", _numeric),
    ("digital", r"(?P<dh>\d{1,2}):(?P<dm>\d{2})(?::(?P<ds>\d{2}))?(?!\d)", _digital),
    ("within", rf"(?P<str2>{SEQUENCE}) ?(?P<within_word>이내|내|안)(?:로|에)", _within),
    ("around", rf"(?P<str_mod>앞으로|향후|다음|다가오는|오는|지난|과거|최근|지나간) ?(?P<str>{SEQUENCE})(?! ?(?:후|뒤|전|[월]))"
     rf"(?P<span_end>{_W})", _around),
    ("offset", rf"(?P<off>{SEQUENCE}) ?(?P<off_way>{_OFFSET_AFTER}|이전|전)(?=$|[^가-힣]|에|까지|부터|의|이|쯤|로|[월화수목금토일]요)", _offset),
    ("holiday", rf"(?P<hol>{'|'.join(HOLIDAY_NAMES)})(?:{_W}|날)", lambda m: {"holiday": m["hol"]}),
    ("today", rf"(?P<rel>{_words(_TODAY)}|모래(?= ?(?:오전|오후|아침|저녁|점심|낮|에 |{_HOUR} ?시)))(?!날|리|짜)",
     lambda m: {"days": _TODAY.get(m["rel"], 2)}),
    ("tonight", r"(?P<tn>어젯밤|간밤|지난밤|오늘밤)", lambda m: {"days": 0 if m["tn"] == "오늘밤" else -1, "part": "밤"}),
    ("now", rf"(?:지금|현재|방금|당장)(?={'|'.join(PARTICLES)}|$|[^가-힣])", lambda m: {"now": True}),
    ("nth_weekday", rf"(?P<nw>{_ORDINAL}) ?(?:주 )?(?P<nw_day>[{_WEEKDAYS}])(?:요일|욜)", _weekday_nth),
    ("nth_week", rf"(?P<wn>{_ORDINAL}) ?주(?:차)?{_W}", _week_nth),
    ("week_number", rf"(?P<wno>{ARABIC}) ?주(?:차)?(?![일간]){_W}", _number_of("wno", "week_number")),
    ("year_rel", rf"(?P<yr>{_words(_YEARS)})(?:도)?", lambda m: {"years": _YEARS[m["yr"]]}),
    ("same_year", r"같은 해", lambda _: {"days": 0, "containing": "year"}),
    ("decade", rf"(?P<dec>{SINO}) ?년대", _number_of("dec", "decade")),
    ("century", rf"(?P<cent>{SINO}) ?세기", _number_of("cent", "century")),
    ("quarter", rf"(?P<q>[1-4일이삼사]) ?(?:사)?분기", _number_of("q", "quarter")),
    ("month_rel", rf"(?P<mr>{_MODS}) ?달(?![라력성리])", lambda m: {"days": 0, "containing": "month"} if m["mr"] == "같은" else {"months": _NEXT_TIMES[m["mr"]]}),
    ("month_word", r"(?P<mw>금월|당월|내월|익월|전월)",
     lambda m: {"months": {"금": 0, "당": 0, "내": 1, "익": 1, "전": -1}[m["mw"][0]]}),
    ("weekend", rf"(?:(?P<we>{_MODS}) ?(?:주 ?)?)?주말", lambda m: {"weekend": _NEXT_TIMES.get(m["we"] or "", 0)}),
    ("week_rel", rf"(?P<wr>{_MODS}|차|금|내) ?주(?=$|[^가-힣]|[{_WEEKDAYS}]요|[{_WEEKDAYS}]욜|{'|'.join(PARTICLES)}|초|말)",
     lambda m: {"days": 0, "containing": "week"} if m["wr"] == "같은" else {"weeks": _NEXT_TIMES[m["wr"]]}),
    ("week_bare", r"주(?= (?:초|말|중반|후반))", lambda _: {"weeks": 0}),
    ("weekday", rf"(?:(?P<wd_mod>{_MODS}) ?)?(?P<wd>[{_WEEKDAYS}])(?:요일|욜|요날)(?:날)?", _weekday),
    ("year", rf"(?:서기 ?)?(?P<y>\d{{2,4}}|{SINO}) ?년도?(?=(?P<y_more> ?{_MONTH_NUMBER} ?월|생|도)|$|[^가-힣]|[{_WEEKDAYS}]|{'|'.join(PARTICLES)}|상반기|하반기|생)", _year),
    ("year_bare", r"(?<![\d\-.])(?P<y4>(?:1[89]|20)\d{2})(?=에|$|까지|부터|입)", _number_of("y4", "year")),
    ("month", rf"(?:(?P<month_mod>이번|다음|지난|올|오는|다가오는) ?)?(?P<m>{_MONTH_NUMBER}) ?월(?![요급세드])", _month),
    ("day", rf"(?P<d>{SINO}) ?일(?!요일|정|욜){_W}", _day),
    ("day_last", rf"(?:말일|그믐날?){_W}", lambda _: {"day": 0}),
    ("day_first", rf"초하루(?:날)?{_W}", lambda _: {"day": 1}),
    ("clock", rf"(?P<h>{_HOUR}) ?시(?![간민장청설작험기점행군립급스]|도[ 에가]|[가-힣]?장)"
     rf"(?: ?(?:(?P<half>반)(?![려드복대]){_W}|(?P<mi>{_MINUTE}) ?분(?P<before> ?전(?![가-힣]|화|철))?))?"
     rf"(?: ?(?P<s>{_MINUTE}) ?초{_W})?", _clock),
    ("part", rf"(?P<part>{_PARTS_OF_DAY})(?!꽃|마|지기|은밥| ?밥|약|샘|낮|참|상| ?식사| ?먹| ?메뉴| ?값)", lambda m: {"part": m["part"].replace(" ", "").lower()}),
    ("period_part", rf"(?P<pp>{_PERIOD_PARTS})(?!고)(?=$|[^가-힣]|{'|'.join(PARTICLES)})", lambda m: {"period_part": m["pp"]}),
    ("containing", r"(?:이|가)? ?(?:있는|낀|들어 있는|의) ?(?P<con>주|달|해)(?=$|[^가-힣]|에|는|도)",
     lambda m: {"containing": {"주": "week", "달": "month", "해": "year"}[m["con"]]}),
    ("lunar", r"음력(?:으로)?", lambda _: {"lunar": True}),
    ("rest_of_day", r"(?:오늘 )?남은 하루", lambda _: {"rest_of_day": True}),
    ("ends", rf"(?P<ends>연말|연초|월말|월초|주초|학기초)(?={'|'.join(PARTICLES)}|$|[^가-힣])",
     lambda m: {{"연": "years", "월": "months", "주": "weeks", "학": "years"}[m["ends"][0]]: 0, "period_part": m["ends"][-1]}),
)  # fmt: skip
_COMBINED = re.compile("|".join(f"(?P<_{kind}>{pattern})" for kind, pattern, _ in RULES))
_BUILDERS: Final = {kind: build for kind, _, build in RULES}
_SINGLE: Final = tuple((kind, re.compile(pattern), build) for kind, pattern, build in RULES)
_START = re.compile(r"[0-9가-힣apAP]")


def lex(text: str) -> list[Piece]:
    """The date and time words of ``text`` (NFC) in order, none overlapping.

    A word may begin at the start, after anything but Hangul, right after another piece, or with a digit.
    """
    pieces: list[Piece] = []
    position, after_piece = 0, True
    while position < len(text):
        open_here = after_piece or not "가" <= text[position - 1] <= "힣" or text[position].isdigit()
        piece = _at(text, position) if open_here and _START.match(text, position) else None
        if piece is not None and _is_ordinary(text, piece, pieces):
            piece = None
        after_piece = piece is not None
        if piece is None:
            position += 1
            continue
        pieces.append(piece)
        position = piece.end
    return pieces


def _is_ordinary(text: str, piece: Piece, before: list[Piece]) -> bool:
    """Date words that are none here: 이 일 (this matter), wishes (좋은 하루, 즐거운 주말), 의 주 after no date."""
    touching = bool(before) and before[-1].end >= piece.start - 1
    if piece.kind == "containing":
        return not (bool(before) and before[-1].end == piece.start)
    if piece.kind == "day" and (text[piece.start : piece.end] == "이 일" or piece.fields["day"] > 31):
        return not (touching and {"month", "months", "year"} & before[-1].fields.keys())
    return _WISH.search(text, max(0, piece.start - 4), piece.start) is not None


_WISH = re.compile(r"(?:좋은|즐거운|행복한) $")


def _at(text: str, position: int) -> Piece | None:
    if position and text[position].isdigit() and text[position - 1].isdigit():
        return None
    if not _COMBINED.match(text, position):
        return None
    for kind, pattern, build in _SINGLE:
        match = pattern.match(text, position)
        fields = build(match) if match and match.end() > position else None
        if match and fields is not None:
            return Piece(kind, position, match.end(), fields)
    return None


__all__ = ["Duration", "Piece", "lex"]
