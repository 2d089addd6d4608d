"""What a person is reached by, in Korean text: e-mail addresses, postal addresses and names.

Telephone numbers are found among the chains of digits (:mod:`donghaeng.trust.segments`); here only those
that lack a prefix ("연락처 312-4567"). Found are road and lot addresses with a house number (도로명주소법;
지번), a flat of a building ("백일 동 천이백삼 호"), and names where words tell that they are names
("제 이름은", "씨", "님"). A stop, a district or a road alone is no address. Pure, and linear in the length
of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from donghaeng.korean.person_names import GIVEN_SYLLABLES, LONG_SURNAMES, SURNAMES

ContactKind = Literal["phone", "email", "address", "name"]

_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}"
    r"|(?:[A-Za-z0-9._-]{1,64}|[가-힣]{1,12})\s?(?:골뱅이|앳)\s?[A-Za-z가-힣]{2,20}\s?(?:닷|쩜|점|도트|\.)\s?"
    r"(?:컴|넷|com|net|씨오|케이알|고|kr)(?:\s?(?:닷|점|\.)\s?(?:케이알|kr))?"
)
_AT_SIGN = re.compile("@|골뱅이|앳")
_BARE_PHONE = re.compile(r"(?:전화|연락처|핸드폰|휴대폰)[^\d\n]{0,8}(?P<number>\d{3,4}[-\s]?\d{4})(?![\d-])")

_SAID = "[일이삼사오육칠팔구십백천]"
_NUMBER = rf"(?:\d{{1,5}}|{_SAID}{{1,9}})"
_REGION = r"(?:[가-힣]{1,7}(?:특별시|광역시|시|도|군|구)\s?){0,3}"
_INSIDE = (
    rf"(?:,?\s?(?:지하\s?)?(?:제?\s?{_NUMBER}\s?(?:동|호|층)(?![가-힣]{{0,8}}\s?(?:\d|버스))"
    rf"|{_NUMBER}\s?번지)){{0,3}}"
)
_COUNTED = (
    r"(?!\s?(?:원|만\s?원|분|번\s?(?:버스|출구|타|을|이|으로|으루|마을)|명|장|개|시|월|년|회|살|세|통|곳"
    r"|일(?![일이삼사오육칠팔구십백천])|호선|군데|정거장)|[\d,.:]*\d|만|-\d{3})"
)
_NO_ROADS_TEXT = """
    버스 카드 이체 계좌이체 문자 전화 택시 번호 계좌 지하철 전철 앞으 뒤 위 아래 그대 따 서 바 새
    별 주 이리 저리 그리 어디 여기 거기 통장 메일 이메일 현금 스 으 대 정도 최대 최소 날짜 시 하루
    제 진짜 도 걸 무료 유료 단위
"""
_NO_ROADS = frozenset(_NO_ROADS_TEXT.split())
_ROAD = re.compile(
    rf"(?P<region>{_REGION})(?<![가-힣])(?P<road>[가-힣]{{1,8}}(?:\d{{1,3}}(?:가|길))?(?:대로|로|길))\s?"
    rf"(?P<branch>{_NUMBER}\s?(?:번?\s?길)\s?)?(?P<house>{_NUMBER}(?:\s?(?:-|다시)\s?{_NUMBER})?)"
    rf"{_COUNTED}(?:\s?번지)?{_INSIDE}"
)
_ROAD_SIGN = re.compile(rf"(?:로|길)\s?(?:\d|{_SAID})")
_LOT = re.compile(
    rf"{_REGION}(?<![가-힣])(?:[가-힣]{{1,5}}\d?(?:동|리)|[가-힣]{{1,5}}\s?\d가)\s(?:산\s?)?"
    rf"(?:{_NUMBER}\s?(?:-|다시|에)\s?{_NUMBER}(?![\d시분])(?:\s?번지)?|{_NUMBER}\s?번지){_INSIDE}"
)
_LOT_SIGN = re.compile(rf"(?:동|리|가)\s(?:산\s?)?(?:\d|{_SAID})")
_FLAT = re.compile(
    rf"(?:{_REGION}(?<![가-힣])[가-힣]{{2,16}}(?<![은는가로])\s)?(?:제\s?)?{_NUMBER}\s?동\s?(?:제\s?)?{_NUMBER}\s?호(?!선)"
)
_FLAT_SIGN = re.compile(rf"(?:\d|{_SAID})\s?동\s?(?:제\s?)?(?:\d|{_SAID})")

_PERSON = (
    rf"(?:(?:{'|'.join(LONG_SURNAMES)})|[{''.join(sorted(SURNAMES))}])"
    rf"[{''.join(sorted(GIVEN_SYLLABLES))}]{{1,2}}"
)
_NAMES = re.compile(
    rf"(?:이름|성함|성명|존함|신청인|신청자|보호자|대상자|예금주)(?:은요|는요|은|는|이|가|을)?\s?:?\s{{0,2}}(?P<told>{_PERSON}"
    rf"|[{''.join(sorted(SURNAMES))}][가-힣]{{2}}(?<![요다까데서면고는은게지])(?=이?(?:에요|예요|입니다|고|라고)|[\s,.]|$))"
    rf"|(?<![가-힣])(?:저는|나는|제가|내가|전|난)\s(?P<own>{_PERSON})"
    r"(?=이?(?:입니다|이에요|예요|에요|라고|라구|인데|고요|여요)|(?:이라))"
    rf"|(?<![가-힣])(?P<addressed>{_PERSON})"
    r"(?=\s?(?:씨|님|선생님|어르신|할머니|할아버지|여사)(?![가-힣]{3}))"
    rf"|(?:^|[.,]\s?|\]\s)(?P<alone>{_PERSON})(?=(?:입니다|이에요|예요)(?:$|[.,\s]))"
    rf"|(?:[\d\]공일이삼사오육칠팔구]|[이고구]고|[이고구]고요),?\s(?P<after>{_PERSON})"
    r"(?=(?:입니다|이에요|예요)(?:$|[.,\s]))"
)
_NAME_SIGN = re.compile(
    "이름|성함|성명|존함|신청|보호자|대상자|예금주|저는|나는|제가|내가|[전난] |씨|님|어르신|할머|할아|여사"
    "|입니다|예요|이에요"
)
_NO_NAMES_TEXT = """
    고객 선생 기사 사장 이모 고모 신부 주임 조교 원장 강사 이용자 신청자 신청인 담당자 보호자 주민
    시민 구민 민원인 이장 임자 위원 위원장 부장 과장 국장 실장 팀장 회장 의원 교수 주인 손 손주
    손자 손녀 공무원 장모 장인 하나 여보 여사 부모 조상 이분 전문 공주 왕자 이사 방문자 원래 안내
    구청장 시장 국민 여기 노인 한사람 문의 지금 이제 모두 오전 오후 예약 정말 주소 성함 신청 이용
    방금 오늘 내일 이번 전화 연락 변호사 남자 여자 여성 남성 은행 우체국 이거 그거 저거
"""
_NO_NAMES = frozenset(_NO_NAMES_TEXT.split())


def contact_data(text: str) -> Iterator[tuple[int, int, ContactKind]]:
    """Start, end and kind of what a person is reached by; may overlap."""
    if _AT_SIGN.search(text):
        yield from ((match.start(), match.end(), "email") for match in _EMAIL.finditer(text))
    yield from ((*match.span("number"), "phone") for match in _BARE_PHONE.finditer(text))
    yield from ((start, end, "address") for start, end in _addresses(text))
    if _NAME_SIGN.search(text):
        yield from ((start, end, "name") for start, end in _person_names(text))


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    if _ROAD_SIGN.search(text):
        for match in _ROAD.finditer(text):
            if _is_road(match):
                yield _trimmed(text, match)
    if _LOT_SIGN.search(text):
        yield from (_trimmed(text, match) for match in _LOT.finditer(text))
    if _FLAT_SIGN.search(text):
        yield from (match.span() for match in _FLAT.finditer(text))


def _is_road(match: re.Match[str]) -> bool:
    """A road by its district, its branch, or a number that is no word by chance ("…로 이사")."""
    if match["region"].strip() or match["branch"]:
        return True
    name = re.sub(r"\d.*|(?:대로|로|길)$", "", match["road"])
    house = match["house"]
    said_plainly = any(place in house for place in "십백천")
    return name not in _NO_ROADS and len(name) > 1 and (house[0].isdigit() or said_plainly)


def _trimmed(text: str, match: re.Match[str]) -> tuple[int, int]:
    """Without a copula that reads as a digit ("사십오이에요")."""
    end = match.end()
    if text[end - 1 : end] == "이" and text[end : end + 1] in ("에", "고", "구", "요", "라", "여", "거"):
        end -= 1
    return match.start(), end


def _person_names(text: str) -> Iterator[tuple[int, int]]:
    for match in _NAMES.finditer(text):
        group = str(match.lastgroup)
        name = match[group]
        demonstrative = group == "addressed" and name[0] in "이그저" and len(name) == 2
        quarter = group == "alone" and name[-1] == "동"
        if name not in _NO_NAMES and not demonstrative and not quarter:
            yield match.span(group)
