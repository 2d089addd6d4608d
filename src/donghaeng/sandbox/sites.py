"""Pharmacies, bike stations, toilets and other sites of the sandbox city.

The ground is cut into cells of about half a kilometre. Every cell that holds a known place, imported ones
included, has sites of each kind, so there is always something within walking distance. Names are made up.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from donghaeng.city.places import Kind, Place, PlaceTable
from donghaeng.sandbox.chance import draw, pick, whole

CELL_DEGREES = 0.005
_ANCHOR_KINDS = (Kind.STATION, Kind.LANDMARK, Kind.DONG, Kind.LIBRARY, Kind.STOP, Kind.DISTRICT)
"""Whose name a site near it takes, best first."""

_PHARMACY_WORDS = (
    "늘봄", "다솜", "가온", "한울", "새빛", "은빛", "두레", "보듬", "푸른숲", "편한", "해맑은", "도담",
    "라온", "미르", "참마음", "고운", "햇살가득", "든든한", "이웃", "맑은샘",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One square of the ground with its best-known place."""

    key: tuple[int, int]
    anchor: Place
    dong: str
    district: str
    is_centre: bool
    """Holds a dong or district centre, or a station."""


@dataclass(frozen=True, slots=True)
class Site:
    """One site. ``extra`` holds what its wire format needs beside name and place."""

    number: int
    name: str
    address: str
    district: str
    lat: float
    lon: float
    phone: str
    extra: Mapping[str, str] = field(default_factory=dict)


Make = Callable[[int, int, Cell, int], Site]
"""Seed, number, cell and index within the cell make a site."""


class Sites:
    """All sites over a table of places, each kind made when first asked for."""

    def __init__(self, seed: int, places: PlaceTable) -> None:
        self._seed = seed
        self._places = places

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell of Seoul that holds a place, south-west first."""
        held: dict[tuple[int, int], list[Place]] = {}
        for kind in _ANCHOR_KINDS:
            for place in self._places.places(kind):
                if place.district:
                    key = math.floor(place.lat / CELL_DEGREES), math.floor(place.lon / CELL_DEGREES)
                    held.setdefault(key, []).append(place)
        return tuple(self._cell(key, found) for key, found in sorted(held.items()))

    def _cell(self, key: tuple[int, int], found: list[Place]) -> Cell:
        anchor = found[0]
        near = self._places.nearest(anchor.lat, anchor.lon, Kind.DONG)
        dong = near[0].place.name if near else anchor.name
        centre = any(place.kind in {Kind.STATION, Kind.DONG, Kind.DISTRICT} for place in found)
        return Cell(key, anchor, dong, anchor.district, centre)

    @cached_property
    def pharmacies(self) -> tuple[Site, ...]:
        """One or two pharmacies a cell; ``extra`` has the hours ``dutyTime1s`` … ``dutyTime8c``."""
        return tuple(self.each("pharmacy", 0.4, _pharmacy))

    @cached_property
    def bikes(self) -> tuple[Site, ...]:
        """One or two bike stations a cell; ``extra`` has ``racks``."""
        return tuple(self.each("bike", 0.5, _bike))

    @cached_property
    def toilets(self) -> tuple[Site, ...]:
        """One or two toilets a cell; ``extra`` has ``hours`` and ``barrier_free``."""
        return tuple(self.each("toilet", 0.5, _toilet))

    @cached_property
    def wireless(self) -> tuple[Site, ...]:
        """One or two wireless networks a cell; ``extra`` has ``where`` and ``door``."""
        return tuple(self.each("wifi", 0.8, _wireless))

    @cached_property
    def defibrillators(self) -> tuple[Site, ...]:
        """One or two defibrillators a cell; ``extra`` has ``where`` and ``all_day``."""
        return tuple(self.each("aed", 0.3, _defibrillator))

    @cached_property
    def kiosks(self) -> tuple[Site, ...]:
        """A certificate kiosk in every cell with a centre or station, and in some others."""
        return tuple(
            site
            for cell, site in zip(self.cells, self.each("kiosk", 0.0, _kiosk), strict=True)
            if cell.is_centre or draw(self._seed, "kiosk there", cell.key) < 0.3
        )

    @cached_property
    def community_centers(self) -> tuple[Site, ...]:
        """The community service centre of each dong."""
        return tuple(
            Site(
                number,
                f"{dong.name} 주민센터",
                f"서울특별시 {dong.district} {dong.name} {whole(10, 700, self._seed, dong.key)}",
                dong.district,
                dong.lat,
                dong.lon,
                phone_of(self._seed, "dong", dong.key),
                {"hours": "평일 09:00~18:00"},
            )
            for number, dong in enumerate(self._places.places(Kind.DONG), start=1)
            if dong.district
        )

    @property
    def seed(self) -> int:
        """What everything is drawn from."""
        return self._seed

    def each(self, kind: str, second: float, make: Make) -> Iterator[Site]:
        """One site a cell, and another with the chance ``second``."""
        number = 100
        for cell in self.cells:
            for index in range(1 + (draw(self._seed, kind, "second", cell.key) < second)):
                number += 1
                yield make(self._seed, number, cell, index)


def site_at(words: tuple[object, ...], number: int, cell: Cell, name: str, extra: Mapping[str, str]) -> Site:
    """A site within about 200 m of the cell's best-known place, at a made-up lot of its dong."""
    return Site(
        number,
        name,
        f"서울특별시 {cell.district} {cell.dong} {whole(1, 900, *words, 'lot')}",
        cell.district,
        round(cell.anchor.lat + (draw(*words, "lat") - 0.5) * 0.003, 6),
        round(cell.anchor.lon + (draw(*words, "lon") - 0.5) * 0.003, 6),
        phone_of(*words),
        extra,
    )


def phone_of(*words: object) -> str:
    """A number of the exchange 000, which does not exist."""
    return f"02-000-{whole(0, 9999, *words, 'phone'):04d}"


def name_near(cell: Cell) -> str:
    """The name that a site of a cell takes: of its best-known place, a station's with 역."""
    anchor = cell.anchor
    if anchor.kind is Kind.STATION:
        plain = anchor.name.partition("(")[0]
        return plain if plain.endswith("역") else plain + "역"
    return anchor.name


def _pharmacy(seed: int, number: int, cell: Cell, index: int) -> Site:
    words = (seed, "pharmacy", cell.key, index)
    base = re.sub(r"(제?[0-9.]+가?)?동$", "", cell.dong) or cell.dong
    return site_at(words, number, cell, f"{base}{pick(_PHARMACY_WORDS, *words)}약국", _hours(*words))


def _hours(*words: object) -> dict[str, str]:
    """Opening hours by day number; a day on which it is closed has no columns."""
    habit = draw(*words, "habit")
    if habit < 0.03:
        return {
            f"dutyTime{day}{end}": value
            for day in range(1, 9)
            for end, value in (("s", "0000"), ("c", "2400"))
        }
    close = pick(("1900", "1930", "2000", "2100", "2200"), *words, "close")
    if habit < 0.09:
        close = pick(("2400", "2600"), *words, "late")
    hours: dict[str, str] = {}
    for day in range(1, 6):
        hours |= {f"dutyTime{day}s": "0900", f"dutyTime{day}c": close}
    if draw(*words, "saturday") < 0.9:
        hours |= {"dutyTime6s": "0900", "dutyTime6c": pick(("1300", "1500", "1800"), *words, "six")}
    for day, share in ((7, 0.4), (8, 0.3)):
        if draw(*words, day) < share:
            hours |= {f"dutyTime{day}s": "1000", f"dutyTime{day}c": "1800"}
    return hours


def _bike(seed: int, number: int, cell: Cell, index: int) -> Site:
    words = (seed, "bike", cell.key, index)
    where = (
        f"{whole(1, 4, *words)}번출구 앞"
        if cell.anchor.kind is Kind.STATION
        else pick(("앞", "건너편", "옆"), *words)
    )
    return site_at(
        words, number, cell, f"{name_near(cell)} {where}", {"racks": str(whole(8, 24, *words, "racks"))}
    )


def _toilet(seed: int, number: int, cell: Cell, index: int) -> Site:
    words = (seed, "toilet", cell.key, index)
    hours = pick(("상시(24시간)", "06:00~23:00", "09:00~18:00"), *words)
    extra = {"hours": hours, "barrier_free": "1" if draw(*words, "barrier") < 0.6 else ""}
    return site_at(
        words, number, cell, f"{name_near(cell)} {pick(('공중화장실', '개방화장실'), *words, 'kind')}", extra
    )


def _wireless(seed: int, number: int, cell: Cell, index: int) -> Site:
    words = (seed, "wifi", cell.key, index)
    where = pick(("정문", "1층 로비", "버스정류소", "공원 입구", "2층 복도"), *words)
    extra = {"where": where, "door": "실외" if where in {"정문", "버스정류소", "공원 입구"} else "실내"}
    return site_at(
        words, number, cell, f"{name_near(cell)} {pick(('앞', '주변', '쉼터'), *words, 'name')}", extra
    )


def _defibrillator(seed: int, number: int, cell: Cell, index: int) -> Site:
    words = (seed, "aed", cell.key, index)
    extra = {
        "where": pick(("1층 출입구", "1층 안내데스크", "관리사무소 앞", "지하 1층 대합실"), *words),
        "all_day": "1" if draw(*words, "hours") < 0.6 else "",
    }
    return site_at(
        words,
        number,
        cell,
        f"{name_near(cell)} {pick(('관리사무소', '고객안내센터', '경로당'), *words, 'org')}",
        extra,
    )


def _kiosk(seed: int, number: int, cell: Cell, index: int) -> Site:
    words = (seed, "kiosk", cell.key, index)
    extra = pick(({"opens": "0900", "closes": "1800"}, {"opens": "0600", "closes": "2300"}), *words)
    return site_at(words, number, cell, f"{name_near(cell)} 무인민원발급기", extra)
