"""Hospitals, clinics and emergency rooms of the sandbox city."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from donghaeng.city.places import Kind, Place, PlaceTable
from donghaeng.sandbox.chance import draw, pick, whole
from donghaeng.sandbox.sites import Cell, Site, Sites, phone_of, site_at

_DEPARTMENTS = (
    "내과", "치과", "한의원", "정형외과", "이비인후과", "안과", "피부과", "소아청소년과", "산부인과",
    "비뇨의학과", "정신건강의학과", "신경과", "재활의학과", "가정의학과", "외과", "마취통증의학과",
    "신경외과", "성형외과",
)  # fmt: skip
"""What clinics are named after; cells side by side have different ones."""
_EACH_CELL = 3
_WORDS = ("튼튼", "바른", "연세", "서울", "맑은", "온누리", "푸른", "참", "으뜸", "든든", "밝은", "열린")
_KINDS = {"치과": "치과의원", "한의원": "한의원"}
_HOSPITAL = re.compile(r"(?:병원|의료원)$")
_BEDS = (8, 40)
_CENTRES = ("지역응급의료센터", "지역응급의료기관")


class CareSites:
    """Clinics and emergency rooms, each kind made when first asked for."""

    def __init__(self, sites: Sites, places: PlaceTable) -> None:
        self._sites = sites
        self._places = places
        self._seed = sites.seed

    @cached_property
    def clinics(self) -> tuple[Site, ...]:
        """Three clinics a cell, of departments that differ from those of the cells beside it, a hospital and
        a health centre a gu. ``extra``: ``kind`` and the hours ``dutyTime1s`` … ``dutyTime8c``."""
        return tuple(self._clinics())

    def _clinics(self) -> Iterator[Site]:
        number = 100
        for cell in self._sites.cells:
            first = (cell.key[0] * 5 + cell.key[1] * 7) * _EACH_CELL
            for index in range(_EACH_CELL):
                number += 1
                yield self._clinic(number, cell, _DEPARTMENTS[(first + index) % len(_DEPARTMENTS)])
        for place in self._places.places(Kind.DISTRICT):
            stem = place.name.removesuffix("구") if len(place.name) > 2 else place.name
            for name, kind in ((f"{stem}가온병원", "종합병원"), (f"{place.name}보건소", "보건소")):
                number += 1
                yield self._of_district(number, place, name, kind)

    def _clinic(self, number: int, cell: Cell, department: str) -> Site:
        words = (self._seed, "clinic", cell.key, department)
        base = pick(_WORDS, *words)
        kind = _KINDS.get(department, "의원")
        name = f"{base}{kind}" if department in _KINDS else f"{base}{department}의원"
        return site_at(words, number, cell, name, {"kind": kind, **_hours(*words)})

    def _of_district(self, number: int, place: Place, name: str, kind: str) -> Site:
        words = (self._seed, kind, place.name)
        hours = {f"dutyTime{day}{end}": value for day in range(1, 6) for end, value in _OFFICE}
        if kind == "종합병원":
            hours |= {"dutyTime6s": "0900", "dutyTime6c": "1200"}
        return Site(
            number,
            name,
            f"서울특별시 {place.name} {place.name.removesuffix('구')}대로 {whole(1, 400, *words)}",
            place.name,
            round(place.lat + (draw(*words, "lat") - 0.5) * 0.006, 6),
            round(place.lon + (draw(*words, "lon") - 0.5) * 0.006, 6),
            phone_of(*words),
            {"kind": kind, **hours},
        )

    @cached_property
    def emergency_rooms(self) -> tuple[Site, ...]:
        """One at every hospital that is a landmark, and one of the city's hospitals in each gu.
        ``extra``: ``beds`` and ``centre``."""
        hospitals = [site for site in self.clinics if site.extra["kind"] == "종합병원"]
        rooms = [
            Site(
                site.number,
                site.name,
                site.address,
                site.district,
                site.lat,
                site.lon,
                site.phone,
                self._room(site.name),
            )
            for site in hospitals
        ]
        landmarks = [place for place in self._places.places(Kind.LANDMARK) if _HOSPITAL.search(place.name)]
        for number, place in enumerate(landmarks, start=1):
            rooms.append(
                Site(
                    number,
                    place.name,
                    f"서울특별시 {place.district}",
                    place.district,
                    place.lat,
                    place.lon,
                    phone_of(self._seed, "room", place.name),
                    self._room(place.name),
                )
            )
        return tuple(rooms)

    def _room(self, name: str) -> dict[str, str]:
        words = (self._seed, "room", name)
        return {"beds": str(whole(*_BEDS, *words, "beds")), "centre": pick(_CENTRES, *words, "centre")}


_OFFICE = (("s", "0900"), ("c", "1800"))


def _hours(*words: object) -> dict[str, str]:
    """Opening hours by day number; a day on which it is closed has no columns."""
    closes = pick(("1800", "1830", "1900", "2000"), *words, "close")
    hours: dict[str, str] = {}
    for day in range(1, 6):
        hours |= {f"dutyTime{day}s": "0900", f"dutyTime{day}c": closes}
    if draw(*words, "saturday") < 0.8:
        hours |= {"dutyTime6s": "0900", "dutyTime6c": pick(("1300", "1400", "1600"), *words, "six")}
    for day, share in ((7, 0.12), (8, 0.12)):
        if draw(*words, day) < share:
            hours |= {f"dutyTime{day}s": "1000", f"dutyTime{day}c": "1500"}
    return hours
