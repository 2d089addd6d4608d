"""Senior centres, childcare centres and libraries of the sandbox city."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from donghaeng.city.places import Kind, PlaceTable
from donghaeng.sandbox.chance import draw, pick, whole
from donghaeng.sandbox.sites import Cell, Site, Sites, phone_of, site_at

_CHILD_WORDS = (
    "새싹", "햇살", "아이사랑", "꿈나무", "도토리", "무지개", "해맑은", "별빛", "종달새", "푸른솔",
    "반디", "은하수", "솔방울", "참새", "하늘", "이슬",
)  # fmt: skip
_CHILD_KINDS = ("국공립", "국공립", "민간", "가정", "직장", "사회복지법인")
_SERVICES = ("일반", "일반,시간연장형", "일반,영아전담", "일반,방과후", "일반,장애아통합", "일반,휴일보육")
_WELL_KNOWN = {
    "서울도서관": "중구", "남산도서관": "용산구", "정독도서관": "종로구", "종로도서관": "종로구",
    "용산도서관": "용산구", "동대문도서관": "동대문구", "강남도서관": "강남구", "강동도서관": "강동구",
    "강서도서관": "강서구", "개포도서관": "강남구", "고척도서관": "구로구", "구로도서관": "구로구",
    "노원중앙도서관": "노원구", "도봉도서관": "도봉구", "동작도서관": "동작구", "마포중앙도서관": "마포구",
    "서대문도서관": "서대문구", "송파도서관": "송파구", "양천도서관": "양천구", "은평구립도서관": "은평구",
    "고덕평생학습관": "강동구", "노원평생학습관": "노원구", "마포평생학습관": "마포구",
    "영등포평생학습관": "영등포구",
}  # fmt: skip
_OF_THE_OFFICE = frozenset(
    ["남산도서관", "정독도서관", "종로도서관", "용산도서관", "강남도서관", "개포도서관"]
)
"""Libraries whose names in the network begin with the office that owns them."""


@dataclass(frozen=True, slots=True)
class LibrarySite:
    """A library of the network."""

    code: str
    name: str
    district: str
    address: str
    phone: str
    lat: float
    lon: float


class FamilySites:
    """Senior centres, childcare centres and libraries, each kind made when first asked for."""

    def __init__(self, sites: Sites, places: PlaceTable) -> None:
        self._sites = sites
        self._places = places
        self._seed = sites.seed

    @cached_property
    def senior_centers(self) -> tuple[Site, ...]:
        """A welfare centre and two classes a gu, a club or two a cell; ``extra``: ``kind``."""
        centers = [
            self._in_district(number, district, index)
            for number, (district, index) in enumerate(
                (
                    (district.name, index)
                    for district in self._places.places(Kind.DISTRICT)
                    for index in range(4)
                ),
                start=1,
            )
        ]
        return (*centers, *self._sites.each("senior club", 0.3, _club))

    def _in_district(self, number: int, district: str, index: int) -> Site:
        """Two welfare centres and two classes a gu, each in one of its dong."""
        words = (self._seed, "senior center", district, index)
        dongs = [dong for dong in self._places.places(Kind.DONG) if dong.district == district]
        at = pick(dongs or [self._places.by_name(district, Kind.DISTRICT)[0]], *words)
        stem = district.removesuffix("구") if len(district) > 2 else district
        dong = legal_dong(at.name)
        kind, name = (
            ("노인복지관", f"{stem}노인종합복지관" if index == 0 else f"{dong} 노인복지관")
            if index < 2
            else ("노인교실", f"{dong} 은빛노인대학")
        )
        lot = whole(1, 300, *words, "lot")
        written = f"서울특별시 {district} {dong} {lot}"
        if draw(*words, "road") < 0.5:
            written = f"서울특별시 {district} {stem}로 {lot} ({dong})"
        return Site(number, name, written, district, at.lat, at.lon, phone_of(*words), {"kind": kind})

    @cached_property
    def childcare(self) -> tuple[Site, ...]:
        """One or two childcare centres a cell; ``extra``: ``kind``, ``state``, ``capacity``, ``children``,
        ``bus``, ``services``."""
        return tuple(self._sites.each("childcare", 0.7, _childcare))

    @cached_property
    def libraries(self) -> tuple[LibrarySite, ...]:
        """Well-known libraries, and two made-up ones a gu."""
        named = list(_WELL_KNOWN.items())
        for district in self._places.places(Kind.DISTRICT):
            stem = district.name.removesuffix("구") if len(district.name) > 2 else district.name
            named += [(f"{stem}어울림도서관", district.name), (f"{stem}책마루도서관", district.name)]
        return tuple(self._library(number, name, gu) for number, (name, gu) in enumerate(named, start=1))

    def _library(self, number: int, name: str, gu: str) -> LibrarySite:
        words = (self._seed, "library", name)
        dongs = [dong for dong in self._places.places(Kind.DONG) if dong.district == gu]
        at = pick(dongs or [self._places.by_name(gu, Kind.DISTRICT)[0]], *words)
        full = f"서울특별시교육청{name}" if name in _OF_THE_OFFICE else name
        address = f"서울특별시 {gu} {legal_dong(at.name)} {whole(1, 300, *words, 'lot')}"
        return LibrarySite(f"11{9000 + number}", full, gu, address, phone_of(*words), at.lat, at.lon)


def legal_dong(name: str) -> str:
    """The dong of addresses that an administrative dong belongs to: 망원제1동 → 망원동."""
    return re.sub(r"제?[0-9][0-9.가]*동$", "동", name)


def _club(seed: int, number: int, cell: Cell, index: int) -> Site:
    words = (seed, "senior club", cell.key, index)
    name = f"{legal_dong(cell.dong)} {pick(('한마음', '은빛', '느티나무', '양지', '솔밭'), *words)}경로당"
    return site_at(words, number, cell, name, {"kind": "경로당"})


def _childcare(seed: int, number: int, cell: Cell, index: int) -> Site:
    words = (seed, "childcare", cell.key, index)
    kind = pick(_CHILD_KINDS, *words, "kind")
    capacity = 20 if kind == "가정" else whole(30, 120, *words, "capacity")
    extra = {
        "kind": kind,
        "state": "정상" if draw(*words, "state") < 0.95 else pick(("휴지", "폐지"), *words, "closed"),
        "capacity": str(capacity),
        "children": str(capacity - whole(0, capacity // 4, *words, "free")),
        "bus": "운영" if draw(*words, "bus") < 0.3 else "미운영",
        "services": pick(_SERVICES, *words, "services"),
    }
    return site_at(words, number, cell, f"{pick(_CHILD_WORDS, *words, 'name')}어린이집", extra)
