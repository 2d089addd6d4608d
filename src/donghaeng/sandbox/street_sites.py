"""Car parks and shelters of the sandbox city."""

from __future__ import annotations

from functools import cached_property

from donghaeng.city.places import Kind
from donghaeng.sandbox.chance import draw, pick, whole
from donghaeng.sandbox.sites import Cell, Site, Sites, name_near, site_at

_FEES = (("430", "5"), ("250", "5"), ("150", "5"), ("100", "5"), ("600", "10"))
"""Base fee in won and the minutes it covers, as public lots have them."""
_HALLS = ("복지관", "도서관", "주민센터", "문화센터")
_CLUB, _CLUB_KIND = "경로당", "특정대상이용시설"
_OPEN_KIND = "공공시설"


class StreetSites:
    """Car parks and shelters, each kind made when first asked for."""

    def __init__(self, sites: Sites) -> None:
        self._sites = sites
        self._seed = sites.seed

    @cached_property
    def car_parks(self) -> tuple[Site, ...]:
        """A public lot in every cell with a centre or station, and in some others. ``extra``: ``spaces``,
        ``linked``, ``roadside``, ``paid``, ``won``, ``minutes``, ``saturday_free``."""
        return tuple(
            site
            for cell, site in zip(self._cells, self._sites.each("car park", 0.0, _car_park), strict=True)
            if cell.is_centre or draw(self._seed, "car park there", cell.key) < 0.3
        )

    @cached_property
    def heat_shelters(self) -> tuple[Site, ...]:
        """One or two shelters from heat a cell; ``extra``: ``kind``, ``facility``, ``places``, ``days``,
        ``opens``, ``closes``."""
        return tuple(self._sites.each("heat shelter", 0.6, _heat_shelter))

    @cached_property
    def cold_shelters(self) -> tuple[Site, ...]:
        """One or two shelters from cold a cell; ``extra`` as of those from heat, and ``used``."""
        return tuple(self._sites.each("cold shelter", 0.5, _cold_shelter))

    @property
    def _cells(self) -> tuple[Cell, ...]:
        return self._sites.cells


def _car_park(seed: int, number: int, cell: Cell, index: int) -> Site:
    words = (seed, "car park", cell.key, index)
    roadside = draw(*words, "roadside") < 0.3
    won, minutes = pick(_FEES, *words, "fee")
    extra = {
        "spaces": str(whole(12, 60, *words) if roadside else whole(40, 400, *words)),
        "linked": "1" if not roadside and draw(*words, "linked") < 0.8 else "",
        "roadside": "1" if roadside else "",
        "paid": "1" if draw(*words, "paid") < 0.9 else "",
        "won": won,
        "minutes": minutes,
        "saturday_free": "1" if draw(*words, "saturday") < 0.4 else "",
    }
    owner = "구" if draw(*words, "owner") < 0.7 else "시"
    kind = "노상 공영주차장" if roadside else "공영주차장"
    return site_at(words, number, cell, f"{name_near(cell)} {kind}({owner})", extra)


def _heat_shelter(seed: int, number: int, cell: Cell, index: int) -> Site:
    return _shelter((seed, "heat shelter", cell.key, index), number, cell, index)


def _cold_shelter(seed: int, number: int, cell: Cell, index: int) -> Site:
    words = (seed, "cold shelter", cell.key, index)
    made = _shelter(words, number, cell, index)
    used = "N" if index and draw(*words, "used") < 0.1 else "Y"
    return Site(
        made.number,
        made.name,
        made.address,
        made.district,
        made.lat,
        made.lon,
        made.phone,
        {**made.extra, "used": used},
    )


def _shelter(words: tuple[object, ...], number: int, cell: Cell, index: int) -> Site:
    """The first of a cell is for everybody, a second one for the members of a club of the elderly."""
    club = index > 0
    facility = _CLUB if club else pick(_HALLS, *words)
    extra = {
        "kind": _CLUB_KIND if club else _OPEN_KIND,
        "facility": facility,
        "places": str(whole(10, 60, *words, "places")),
        "days": "매일" if not club and draw(*words, "days") < 0.5 else "평일",
        "opens": "0900",
        "closes": pick(("1800", "1800", "2000", "2100"), *words, "closes"),
    }
    near = cell.dong if cell.anchor.kind is Kind.STOP else name_near(cell)
    return site_at(words, number, cell, f"{near} {facility}", extra)
