"""Tables of openapi.seoul.go.kr of the sandbox city: events, senior centres, childcare centres."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from donghaeng.sandbox.city import SandboxCity
from donghaeng.sandbox.events import Event
from donghaeng.sandbox.sites import Site
from donghaeng.sandbox.wire import Row

_DAYS_BACK, _DAYS_AHEAD = 30, 60
"""The span of events that are listed when no day is asked about."""
_LEADER = "홍길동"
"""The source names the person who leads a centre; an agent must never say it."""


def events(city: SandboxCity, arguments: Sequence[str]) -> list[Row]:
    """culturalEventInfo: category, part of the title, day or month; each may be blank."""
    category, title, when = (*arguments, "", "", "")[:3]
    span = _span(when, city.now.date())
    if span is None:
        return []
    return [
        _event(event, number)
        for number, event in enumerate(city.world.events.between(*span), start=1)
        if (not category or event.category == category) and title in event.title
    ]


def _span(when: str, today: date) -> tuple[date, date] | None:
    if not when:
        return today - timedelta(days=_DAYS_BACK), today + timedelta(days=_DAYS_AHEAD)
    try:
        if re.fullmatch(r"\d{4}-\d{2}", when):
            first = date.fromisoformat(f"{when}-01")
            return first, first.replace(day=monthrange(first.year, first.month)[1])
        day = date.fromisoformat(when)
    except ValueError:
        return None
    return day, day


def _event(event: Event, number: int) -> Row:
    # Rows of earlier years have the two coordinates swapped.
    swapped = number % 9 == 0
    return {
        "CODENAME": event.category,
        "GUNAME": event.district,
        "TITLE": event.title.replace("·", "&middot;"),
        "DATE": f"{event.first}~{event.last}",
        "PLACE": event.place,
        "ORG_NAME": f"{event.district}청",
        "USE_TRGT": "누구나",
        "USE_FEE": f"전석 {event.won:,}원" if event.won else "",
        "PLAYER": "",
        "PROGRAM": "",
        "ETC_DESC": "",
        "ORG_LINK": "https://example.seoul.kr",
        "MAIN_IMG": "",
        "RGSTDATE": f"{event.first - timedelta(days=20)}",
        "TICKET": "기관",
        "STRTDATE": f"{event.first} 00:00:00.0",
        "END_DATE": f"{event.last} 00:00:00.0",
        "THEMECODE": "기타",
        "LOT": str(event.lat if swapped else event.lon),
        "LAT": str(event.lon if swapped else event.lat),
        "IS_FREE": "유료" if event.won else "무료",
        "HMPG_ADDR": "https://culture.seoul.go.kr/",
        "PRO_TIME": event.hours,
    }


def senior_centers(city: SandboxCity, arguments: Sequence[str]) -> list[Row]:
    """fcltOpenInfo_OWI: every centre of the city; there are no positions."""
    del arguments
    return [_senior_center(site) for site in city.world.family.senior_centers]


def _senior_center(site: Site) -> Row:
    return {
        "FCLT_NM": site.name,
        "FCLT_CD": f"A{site.number:04d}",
        "FCLT_KIND_NM": "(노인복지시설) 노인여가복지시설",
        "FCLT_KIND_DTL_NM": site.extra["kind"],
        "JRSD_SGG_SE": "자치구",
        "RPRSNTV": _LEADER,
        "JRSD_SGG_CD": "1100000000",
        "JRSD_SGG_NM": site.district,
        "FCLT_ADDR": site.address,
        "INMT_GRDN_CNT": "0",
        "LVLH_NMPR": "0",
        "FCLT_TEL_NO": site.phone,
        "FCLT_ZIPCD": "00000",
    }


def childcare(city: SandboxCity, arguments: Sequence[str]) -> list[Row]:
    """ChildCareInfo: the centres of a gu, of the whole city without one."""
    wanted = next((district for district in arguments if district), "")
    return [_center(site) for site in city.world.family.childcare if not wanted or site.district == wanted]


def _center(site: Site) -> Row:
    return {
        "SIGUNNAME": site.district,
        "STCODE": f"11{site.number:09d}",
        "CRNAME": site.name,
        "CRTYPENAME": site.extra["kind"],
        "CRSTATUSNAME": site.extra["state"],
        "ZIPCODE": "00000",
        "CRADDR": site.address,
        "CRTELNO": site.phone,
        "CRFAXNO": "",
        "CRHOME": "",
        "NRTRROOMCNT": "5",
        "NRTRROOMSIZE": "150",
        "PLGRDCO": "1",
        "CCTVINSTLCNT": "8",
        "CHCRTESCNT": "12",
        "CRCAPAT": site.extra["capacity"],
        "CRCHCNT": site.extra["children"],
        "LA": str(site.lat),
        "LO": str(site.lon),
        "CRCARGBNAME": site.extra["bus"],
        "CRSPEC": site.extra["services"],
    }
