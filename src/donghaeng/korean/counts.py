"""Numbers with their counters (소파 두 개, 세 명, 삼백이 호) and ordinals (두 번째, 이십일일, 일등)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from donghaeng.korean import counters
from donghaeng.korean.numerals import APPROXIMATE, NATIVE, NUMBER, SINO_APPROXIMATE, Number, parse
from donghaeng.korean.spans import WORD_END, Match, Taken, plain


@dataclass(frozen=True, slots=True)
class Count:
    """A number and what it counts, for example 2 and 개."""

    value: Number
    counter: str
    words: str = ""
    """The number as it was said (두, 육사일일, 공팔): digits said one by one may mean more than the value."""


_MORE_COUNTERS: Final = (
    "호실 국 톨 필지 통로 다스 학급 척 자루 조각 세기 킬로 키로 미리 호차 명분 인분 번지 살 돌 개월 센트"
)
COUNTERS: Final = tuple(
    sorted(
        {*counters.NATIVE, *counters.SINO, *_MORE_COUNTERS.split()} - set("만억조천백"), key=len, reverse=True
    )
)
"""Words that make the number before them a count, longest first."""
_ANY = "|".join(COUNTERS)
_OLD = r"(?<=[살돌])(?= ?(?:배기|백이|박이|잡이|먹))"
"""What may follow years of age (세 살배기)."""
_COUNT = re.compile(rf"(?<![가-힣0-9.,])(?P<number>{NUMBER}) ?(?P<counter>{_ANY})(?:{WORD_END}|{_OLD})")

_OF_PAIRS: Final = frozenset({"명", "개", "건", "회", "개월", "주", "분"})
"""Counters before which 이삼 is two or three."""
_STAND_ALONE: Final = frozenset({"하나", "둘", "셋", "넷", "스물하나", "스물둘", "스물셋", "스물넷"})
"""Forms that never stand before a counter (하나도 is 'not even one', not one degree)."""
_YEARS_OF_AGE: Final = frozenset({"세", "살"})
_FULL_YEARS = re.compile(r"^만\s?(?=.)")
"""만 before an age is 'in full years' (민법 제158조), not ten thousand."""
_COUNTER_NEXT = re.compile(rf" (?:{_ANY}){WORD_END}")
_DETERMINERS: Final = re.compile(
    r"이 (?:분|일|사람|곳|집|동|달|주|대|번|개|길|해|장|병|방|편|반|과|시|도|구|기|정|차|년)"
)
"""이 before these with a space is 'this', not two."""
_ONLY_WORDS_TEXT: Final = """
    공원 구원 영원 사원 이원 조원 일정 일반 일부 일상 일회 일치 이동 이상 이하 이번
    이분 이달 이월 이곳 이집 이편 이층집 사정 사항 사회 사기 사장 사과 오전 오후 오기
    구정 구호 구역 구급 공동 공장 공기 공정 공항 조정 조사 조회 만세 만기 천장 천편
    백반 백병 세대 세종 세월 한번 한편 한때 한통 한창 한동 한국 한강 한집 네시 두시
    일인 육교 육회 칠판 팔각 팔자 십자 구도 오해 오도 이해 이정 사도 영도 영월 영종
    영등 조개 조각 만조 일점 일기 일대 이기 이종 이형 사형 삼가 영상 영장 공통 공부
    오돌 이돌 구조 서방 서집 너무 서로 세계 일주 두부 세부 세장 한방 한시
"""
_ONLY_WORDS: Final = frozenset(_ONLY_WORDS_TEXT.split())
"""Number and counter that together are an ordinary word when written without a space."""


def find_counts(text: str) -> tuple[Match[Count], ...]:
    """Numbers with a counter in ``text``, in order. Two neighbouring numbers (두세 개) are vague."""
    text = plain(text)
    found: list[Match[Count]] = []
    position = 0
    while match := _COUNT.search(text, position):
        count = _count(match, text)
        position = match.end() if count else match.end("number")
        if count:
            found.append(count)
    return tuple(found)


def _count(match: re.Match[str], text: str) -> Match[Count] | None:
    words, counter, said = match["number"], match["counter"], match.group()
    words = _FULL_YEARS.sub("", words) if counter in _YEARS_OF_AGE else words
    value = parse(words)
    if value is None or said in _ONLY_WORDS or _DETERMINERS.match(said) or words in _STAND_ALONE:
        return None
    if counter == "동" and text.startswith("안", match.end()):
        return None
    if counter == "세" and not words[-1].isdecimal() and _COUNTER_NEXT.match(text, match.end()):
        return None
    both = APPROXIMATE.get(words, ())
    if words in SINO_APPROXIMATE and counter in _OF_PAIRS:
        both = SINO_APPROXIMATE[words]
        value = both[0]
    others = tuple(Count(other, counter, words) for other in both[1:])
    return Match(Count(value, counter, words), match.start(), match.end(), others, bool(others))


_ORDINAL = re.compile(
    rf"(?<![가-힣0-9])(?:(?P<nth>첫|{NUMBER}) ?(?:번 ?째|째)"
    rf"|(?P<rank>{NUMBER}) ?(?:등(?![록본산])|위{WORD_END}))"
)
_FIRST = re.compile(r"(?<![가-힣])(?:첫(?= )|처음|맨 먼저|제일 먼저)")
_LAST = re.compile(r"(?<![가-힣])(?:마지막|맨 끝|맨 뒤)")
_DAY = re.compile(rf"(?<![가-힣0-9])(?P<day>{NUMBER}) ?일{WORD_END}")
_NATIVE_DAY_ORDINAL = re.compile(rf"^{NATIVE}$")
LAST: Final = -1
"""The ordinal of 마지막: counted from the end."""


def find_ordinals(text: str) -> tuple[Match[int], ...]:
    """Ranks said in ``text`` (첫 번째 = 1, 이등 = 2), in order; 마지막 is :data:`LAST`."""
    text = plain(text)
    found: list[Match[int]] = []
    for match in _ORDINAL.finditer(text):
        words = match["nth"] or match["rank"]
        value = 1 if words == "첫" else parse(words)
        if value is not None and value == int(value) and value > 0:
            found.append(Match(int(value), match.start(), match.end()))
    taken = Taken(len(text))
    for rank in found:
        taken.take(rank.start, rank.end)
    found += [Match(1, m.start(), m.end()) for m in _FIRST.finditer(text) if taken.take(m.start(), m.end())]
    found += [Match(LAST, match.start(), match.end()) for match in _LAST.finditer(text)]
    return tuple(sorted(found, key=lambda m: m.start))


def find_days_of_month(text: str) -> tuple[Match[int], ...]:
    """Days of a month as ranks (오월 십일일 = 11), 1 to 31."""
    text = plain(text)
    found: list[Match[int]] = []
    for match in _DAY.finditer(re.sub(r"월(?=[일이삼십0-9])", "월 ", text)):
        value = parse(match["day"])
        if value is not None and not _NATIVE_DAY_ORDINAL.match(match["day"]) and value in range(1, 32):
            found.append(Match(int(value), match.start(), match.end()))
    return tuple(found)
