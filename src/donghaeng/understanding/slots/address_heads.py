"""The beginning of a dictated address: gu, and road name or dong, however they were spaced."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from donghaeng.city.places.model import Kind
from donghaeng.understanding.slots.address_numbers import NUMERAL, Run
from donghaeng.understanding.slots.base import Scene
from donghaeng.understanding.slots.gazetteer import SURE

LONGEST_ROAD: Final = 9
"""Syllables of a road's name before 로 or 길 (동대문종합시장, 국회대로62가 aside)."""
MOST_PIECES: Final = 3
"""Words that a recogniser makes of one road name."""
SHORTEST_GU_BY_SOUND: Final = 3

_NUMBER_NEXT = rf"(?=\s?(?:지하\s?)?{NUMERAL})"
_ROAD_END = re.compile(rf"(?:대\s?로|로|길){_NUMBER_NEXT}")
_BARE_ROAD = re.compile(r"(?:대로|로|길)(?=$|\s|[이요에예])")
_SIDE = re.compile(
    rf"\s?(?P<n>{NUMERAL}+(?:\s{NUMERAL}+)*)\s?(?P<way>번안|번|안|가|나|다|라|마|바|아|자|차|카|타|파|하)?\s?길"
)
_DONG_END = re.compile(
    rf"(?:(?:동|[동로])\s?(?P<ga>{NUMERAL})\s?가(?![가-힣]*길)|동)(?=\s?(?:산\s?)?{NUMERAL})"
)
_HILL = re.compile(rf"\s?산\s?(?={NUMERAL})")
_WORD_BEFORE = re.compile(r"[가-힣A-Za-z0-9·]+$")
_SKIPPED = re.compile(
    r"[가-힣]*(?:동|에|의|요|는|은|인데|저기|그|음|어|뭐|거기|있는|사는|집|주소는|여기|무슨)$"
)
_NUMERALS_ONLY = re.compile(rf"{NUMERAL}+")
_LAST_NUMBER = re.compile(rf"(?P<name>[가-힣]{{2,}}?)(?:제)?{NUMERAL}+$")
_NOT_ROADS_TEXT: Final = """
    바 따 서 새 별 주 제대 그대 이대 마음대 절대 실제 진짜 억지 대체 스스 차례 홀 그리 이리 저리 어디 거기
    여기 버스 택시 지하철 전철 차 전화 문자 카드 번호 날짜 시간 시 걸 거 도 통 진 경 피 하루 오후 오늘 내일
    모레 글피 요일 개 대 기 세 네 두 바탕 위 아래 뒤 앞 혼자 셋이 둘이 도보 계좌 현금 메일 문의 상담사
    상담원 진료 검사 예약 신청 접수 보통 때 원래 본래 제 나 저 너 우리 무료 유료
"""
_NOT_ROADS: Final = frozenset(_NOT_ROADS_TEXT.split())
_NOT_DONGS: Final = frozenset(
    [
        "운",
        "활",
        "이",
        "행",
        "자",
        "공",
        "노",
        "감",
        "변",
        "아",
        "진",
        "충",
        "작",
        "가",
        "협",
        "소",
        "연",
        "율",
    ]
    + ["출", "수", "부", "시", "합", "난"]
)
_NOT_ROAD_ENDS: Final = ("으", "요일", "번호", "까지", "부터", "시간")
_SHORT_ROADS: Final = frozenset(["종"])
"""One syllable before 로 that is a road; 바로, 서로 and the like are none."""

Roads = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class District:
    """A gu that was said."""

    name: str
    start: int
    end: int
    """Where the words after it begin."""


@dataclass(frozen=True, slots=True)
class Head:
    """A road or dong that was said."""

    street: str
    start: int
    end: int
    """Where its numbers begin."""
    district: str = ""
    known_in: frozenset[str] = frozenset()
    """The gu that are known to have it."""
    is_lot: bool = False
    on_hill: bool = False
    """A lot numbered with 산."""


def find_district(text: str, scene: Scene) -> District | None:
    """The first gu of ``text``, by its name in any spacing or by its sound."""
    pattern = scene.gazetteer.district_pattern
    match = pattern.search(text) if pattern is not None else None
    if match is not None:
        return District(match.group().replace(" ", ""), match.start(), match.end())
    for place, found in scene.gazetteer.find(text, Kind.DISTRICT, asked=False):
        if found.name == place.name and len(place.name) >= SHORTEST_GU_BY_SOUND and found.distance <= SURE:
            return District(place.name, found.start, found.end)
    return None


def find_heads(text: str, district: District | None, scene: Scene, *, bare: bool = False) -> Iterator[Head]:
    """Roads and dong that may begin an address, in the order in which they are tried: lots with 가 (종로3가),
    roads, lots. With ``bare`` also those that no number follows."""
    lots = [match for match in _DONG_END.finditer(text) if match["ga"]]
    for match in lots:
        yield from _lot(text, match, district, scene)
    for match in _ROAD_END.finditer(text):
        yield from _road(text, match, district, scene)
    for match in _DONG_END.finditer(text):
        if not match["ga"]:
            yield from _lot(text, match, district, scene)
    if bare:
        for match in _BARE_ROAD.finditer(text):
            yield from _road(text, match, district, scene)


def _road(text: str, match: re.Match[str], district: District | None, scene: Scene) -> Iterator[Head]:
    known = scene.gazetteer.roads
    ending = match.group().replace(" ", "")
    found = _road_name(text, match.start(), ending, district, known)
    if found is None or _inside(match, district):
        return
    name, start = found
    road = name + ending
    side = _SIDE.match(text, match.end())
    end = match.end()
    street = road
    if side is not None:
        values = Run(tuple(side["n"].split()), "end").numbers(1)
        if len(values) == 1:
            street, end = f"{road}{values[0][0]}{side['way'] or ''}길", side.end()
    gu = district.name if district is not None and district.end <= start else ""
    yield Head(street, start, end, gu, known.get(street) or known.get(road, frozenset()))


def _inside(match: re.Match[str], district: District | None) -> bool:
    """Whether the 로 or 동 is a part of the gu's own name (종로구)."""
    return district is not None and district.start <= match.start() < district.end


def _road_name(
    text: str, at: int, ending: str, district: District | None, known: Roads
) -> tuple[str, int] | None:
    """The name before 로 or 길 and where it begins."""
    after_gu = district is not None and district.end <= at
    start = district.end if district is not None and after_gu else 0
    pieces = list(re.finditer(r"\S+", text[start:at]))
    if after_gu:
        while pieces and len(pieces) > 1 and _SKIPPED.fullmatch(pieces[0].group()):
            rest = "".join(piece.group() for piece in pieces[1:])
            if len(rest) < 2:
                break
            pieces = pieces[1:]
        name = "".join(piece.group() for piece in pieces)
        if pieces and len(pieces) <= MOST_PIECES and len(name) <= LONGEST_ROAD:
            return _if_road(name, ending, start + pieces[0].start(), known)
    if not pieces:
        return None
    for count in (3, 2):
        name = "".join(piece.group() for piece in pieces[-count:])
        if len(pieces) >= count and name + ending in known:
            return name, start + pieces[-count].start()
    return _if_road(pieces[-1].group(), ending, start + pieces[-1].start(), known)


def _if_road(name: str, ending: str, start: int, known: Roads) -> tuple[str, int] | None:
    whole = name + ending
    if whole in known:
        return name, start
    plain = name + ("대" if ending == "대로" else "")
    if not name or _WORD_BEFORE.fullmatch(name) is None or _NUMERALS_ONLY.fullmatch(name):
        return None
    if (
        plain in _NOT_ROADS
        or name.endswith(("으", "요일", "번호", "까지", "부터", "시간"))
        or len(name) > LONGEST_ROAD
    ):
        return None
    if len(name) == 1 and name not in _SHORT_ROADS and ending != "대로":
        return None
    return name, start


def _lot(text: str, match: re.Match[str], district: District | None, scene: Scene) -> Iterator[Head]:
    word = _WORD_BEFORE.search(text[: match.start()].rstrip())
    if word is None or _inside(match, district):
        return
    name, start = word.group(), word.start()
    if district is not None and start < district.end <= match.start():
        name, start = text[district.end : match.start()].strip(), district.end
    spaced = text[start + len(name) : match.start()].strip() == "" and text[match.start() - 1] == " "
    if _NUMERALS_ONLY.fullmatch(name):
        earlier = _WORD_BEFORE.search(text[:start].rstrip())
        if earlier is None or not scene.gazetteer.exact(f"{earlier.group()}동", Kind.DONG):
            return
        name, start = earlier.group() + name, earlier.start()
    dong = name + re.sub(r"\s|\d|[공영빵일이삼사오육륙칠팔구십백천]", "", match.group()[:1])
    if match["ga"]:
        values = Run((match["ga"],), "end").numbers(1)
        dong += f"{values[0][0]}가" if values else ""
    else:
        numbered = _LAST_NUMBER.match(name)
        if numbered is not None and scene.gazetteer.exact(f"{numbered['name']}동", Kind.DONG):
            dong = f"{numbered['name']}동"
    bearers = scene.gazetteer.exact(dong, Kind.DONG)
    gu = district.name if district is not None and district.end <= start else ""
    if not bearers and (name in _NOT_DONGS or spaced) and not gu:
        return
    if not bearers and not gu and not match["ga"] and not scene.asked and "번지" not in text:
        return
    hill = _HILL.match(text, match.end())
    end = hill.end() if hill is not None else match.end()
    known_in = frozenset(place.district for place in bearers if place.district)
    yield Head(dong, start, end, gu, known_in, True, hill is not None)
