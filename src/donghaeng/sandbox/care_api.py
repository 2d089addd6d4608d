"""Hospitals and emergency rooms as data.go.kr (E-Gen) gives them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from donghaeng.sandbox.chance import whole
from donghaeng.sandbox.city import SandboxCity
from donghaeng.sandbox.sites import Site
from donghaeng.sandbox.wire import Row

Query = Mapping[str, str]

HOSPITALS = "/B552657/HsptlAsembySearchService/getHsptlMdcncListInfoInqire"
BEDS = "/B552657/ErmctInfoInqireService/getEmrrmRltmUsefulSckbdInfoInqire"
ROOMS = "/B552657/ErmctInfoInqireService/getEgytListInfoInqire"
_SEOUL = frozenset({"서울특별시", "서울"})
_KINDS = {"종합병원": "A", "의원": "C", "한의원": "G", "치과의원": "N", "보건소": "R"}
_REPORT_EVERY = 4
"""Minutes between two reports of an emergency room."""


def hospitals(city: SandboxCity, query: Query) -> list[Row] | str:
    """getHsptlMdcncListInfoInqire: hours by day number."""
    if query.get("Q0") not in _SEOUL:
        return "11" if not query.get("Q0") else []
    district, words, day = query.get("Q1", ""), query.get("QN", ""), query.get("QT", "")
    found = [
        site
        for site in city.world.care.clinics
        if (not district or site.district == district)
        and words in site.name
        and (not day or f"dutyTime{day}s" in site.extra)
    ]
    found.sort(key=lambda site: site.address if query.get("ORD") == "ADDR" else site.name)
    return [_hospital(site, rank) for rank, site in enumerate(found, start=1)]


def _hospital(site: Site, rank: int) -> Row:
    kind = site.extra["kind"]
    return {
        "dutyAddr": site.address,
        "dutyDiv": _KINDS[kind],
        "dutyDivNam": kind,
        "dutyEmcls": "G007" if kind == "종합병원" else "G099",
        "dutyEmclsName": "지역응급의료기관" if kind == "종합병원" else "응급의료기관 이외",
        "dutyEryn": "1" if kind == "종합병원" else "2",
        "dutyName": site.name,
        "dutyTel1": site.phone,
        **{name: value for name, value in site.extra.items() if name.startswith("dutyTime")},
        "hpid": f"A1{site.number:06d}",
        "postCdn1": "031",
        "postCdn2": "55 ",
        "rnum": rank,
        "wgs84Lat": site.lat,
        "wgs84Lon": site.lon,
    }


def beds(city: SandboxCity, query: Query) -> list[Row] | str:
    """getEmrrmRltmUsefulSckbdInfoInqire: no positions; a number below zero means that people wait."""
    if query.get("STAGE1") not in _SEOUL:
        return "11" if not query.get("STAGE1") else []
    slot = city.now.replace(
        minute=city.now.minute // _REPORT_EVERY * _REPORT_EVERY, second=0, microsecond=0
    ) - timedelta(seconds=20)
    found = _rooms(city, query.get("STAGE2", ""))
    return [_beds(city, site, rank, f"{slot:%Y%m%d%H%M%S}") for rank, site in enumerate(found, start=1)]


def _beds(city: SandboxCity, site: Site, rank: int, report: str) -> Row:
    words = (city.world.seed, "free beds", site.name, report)
    return {
        "dutyName": site.name,
        "dutyTel3": site.phone,
        "hpid": _id(site),
        "hv1": site.phone,
        "hvamyn": "Y",
        "hvangioayn": "Y",
        "hvctayn": "Y",
        "hvdnm": "당직의",
        "hvec": whole(-3, int(site.extra["beds"]), *words),
        "hvgc": whole(0, 30, *words, "ward"),
        "hvicc": whole(0, 4, *words, "intensive"),
        "hvidate": report,
        "hvmriayn": "Y",
        "hvoc": whole(0, 4, *words, "theatre"),
        "hvventiayn": "Y",
        "phpid": _id(site),
        "rnum": rank,
    }


def rooms(city: SandboxCity, query: Query) -> list[Row] | str:
    """getEgytListInfoInqire: where the emergency institutions are."""
    if query.get("Q0") not in _SEOUL:
        return "11" if not query.get("Q0") else []
    return [
        {
            "dutyAddr": site.address,
            "dutyEmcls": "G006" if "센터" in site.extra["centre"] else "G007",
            "dutyEmclsName": site.extra["centre"],
            "dutyName": site.name,
            "dutyTel1": site.phone,
            "dutyTel3": site.phone,
            "hpid": _id(site),
            "phpid": _id(site),
            "rnum": rank,
            "wgs84Lat": site.lat,
            "wgs84Lon": site.lon,
        }
        for rank, site in enumerate(_rooms(city, query.get("Q1", "")), start=1)
    ]


def _rooms(city: SandboxCity, district: str) -> list[Site]:
    found = [site for site in city.world.care.emergency_rooms if not district or site.district == district]
    return sorted(found, key=lambda site: site.name)


def _id(site: Site) -> str:
    return f"A1{site.number:06d}"
