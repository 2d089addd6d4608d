"""Facilities of the sandbox city that can be booked, as ListPublicReservation… lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from types import MappingProxyType

from donghaeng.city.places import Kind, Place
from donghaeng.sandbox.chance import draw, pick, whole
from donghaeng.sandbox.city import SandboxCity
from donghaeng.sandbox.gateway_checks import CLOSES, OPENS
from donghaeng.sandbox.wire import Row

_LISTS = MappingProxyType(
    {
        "Sport": (
            "체육시설",
            "테니스장 배드민턴장 축구장 풋살장 족구장 농구장 야구장 탁구장 게이트볼장 파크골프장 수영장"
            " 체육관 운동장 눈썰매장 스케이트장",
        ),
        "Institution": (
            "공간시설",
            "강당 회의실 강의실 다목적실 연습실 소극장 공연장 모임방 결혼식장 캠핑장 바비큐장 그늘막 정자",
        ),
        "Culture": ("문화체험", "유아숲체험 숲체험 주말농장 천문대 물놀이장 전통체험"),
        "Education": ("교육강좌", "컴퓨터교실 노래교실 건강교실"),
    }
)
"""Lists: their class, and the kinds of facilities in them."""
_NAMED = MappingProxyType(
    {
        "캠핑장": (
            ("난지캠핑장", "마포구"),
            ("노을캠핑장", "마포구"),
            ("중랑캠핑숲", "중랑구"),
            ("강동그린웨이캠핑장", "강동구"),
        ),
    }
)
"""Facilities known by a name of their own, with their gu."""
_EACH = 4
"""Facilities of a kind."""
_OPEN, _PAID = 0.85, 0.5
_SWAPPED = 9
"""Every so many rows have longitude and latitude swapped, as users of the real lists report."""


def tables() -> dict[str, tuple[str, Callable[[SandboxCity, Sequence[str]], list[Row]], bool]]:
    """The lists by the name of their service: wrapper, rows, and that the total is of all pages."""
    return {
        f"ListPublicReservation{name}": (f"ListPublicReservation{name}", _rows_of(name), False)
        for name in _LISTS
    }


def _rows_of(name: str) -> Callable[[SandboxCity, Sequence[str]], list[Row]]:
    def rows(city: SandboxCity, arguments: Sequence[str]) -> list[Row]:
        wanted = next((kind for kind in arguments if kind), "")
        return [row for row in _facilities(city, name) if not wanted or row["MINCLASSNM"] == wanted]

    return rows


def _facilities(city: SandboxCity, name: str) -> Iterator[Row]:
    group, kinds = _LISTS[name]
    number = 0
    for kind in kinds.split():
        for place, title in _sites(city, kind):
            number += 1
            yield _row(city, (group, kind), place, title, number)


def _sites(city: SandboxCity, kind: str) -> Iterator[tuple[Place, str]]:
    """Where the facilities of a kind are, and what they are called."""
    districts = city.world.places.places(Kind.DISTRICT)
    if not districts:
        return
    for title, district in _NAMED.get(kind, ()):
        place = next((one for one in districts if one.name == district), None)
        if place is not None:
            yield place, title
    first = whole(0, len(districts) - 1, city.world.seed, "reservable", kind)
    for step in range(_EACH):
        place = districts[(first + step * 7) % len(districts)]
        house = pick(("구민체육센터", "근린공원", "문화센터"), city.world.seed, kind, place.name)
        yield place, f"{place.name.removesuffix('구')}{house} {kind}"


def _row(city: SandboxCity, classes: tuple[str, str], place: Place, title: str, number: int) -> Row:
    words = (city.world.seed, "reservable", *classes, title)
    named = title in {one for sites in _NAMED.values() for one, _ in sites}
    lat = f"{place.lat + (draw(*words, 'lat') - 0.5) * 0.02:.6f}"
    lon = f"{place.lon + (draw(*words, 'lon') - 0.5) * 0.02:.6f}"
    swapped = number % _SWAPPED == 0
    first = city.now.date().replace(day=1)
    code = f"S{first:%y%m%d}{whole(0, 10**12 - 1, *words, 'code'):012d}"
    return {
        "GUBUN": "자체",
        "SVCID": code,
        "MAXCLASSNM": classes[0],
        "MINCLASSNM": classes[1],
        "SVCSTATNM": "접수중" if named or draw(*words, "open") < _OPEN else "접수종료",
        "SVCNM": f"{title} 1코트(평일)" if classes[1] in {"테니스장", "배드민턴장"} else title,
        "PAYATNM": "유료" if named or draw(*words, "paid") < _PAID else "무료",
        "PLACENM": title.rpartition(" ")[0] or title,
        "USETGTINFO": " 제한없음",
        "SVCURL": f"https://yeyak.seoul.go.kr/web/reservation/selectReservView.do?rsv_svc_id={code}",
        "X": lat if swapped else lon,
        "Y": lon if swapped else lat,
        "SVCOPNBGNDT": f"{first} 00:00:00.0",
        "SVCOPNENDDT": f"{first + timedelta(days=120)} 00:00:00.0",
        "RCPTBGNDT": f"{first} 09:00:00.0",
        "RCPTENDDT": f"{first + timedelta(days=110)} 23:59:00.0",
        "AREANM": place.name,
        "IMGURL": "",
        "DTLCONT": "1. 공공시설 예약서비스 이용시 필수 준수사항\r\n",
        "TELNO": "",
        "V_MIN": OPENS,
        "V_MAX": CLOSES,
        "REVSTDDAYNM": "이용일",
        "REVSTDDAY": "3",
    }
