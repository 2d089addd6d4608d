"""openapi.seoul.go.kr and swopenapi.seoul.go.kr of the sandbox city."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from donghaeng.city.places import Kind, Place
from donghaeng.sandbox import family_tables, lost_things, reservable, street_tables
from donghaeng.sandbox.chance import draw, pick, whole
from donghaeng.sandbox.city import SandboxCity
from donghaeng.sandbox.sites import Site
from donghaeng.sandbox.sky import CHECKING
from donghaeng.sandbox.trains import SUBWAY_IDS, Direction, Train
from donghaeng.sandbox.wire import Reply, Row, seoul_code, seoul_rows, subway_code, subway_rows

KINDS = frozenset({"json", "xml"})
SAMPLE = "sample"
SAMPLE_ROWS, PAGE_ROWS = 5, 1_000
_ROW_NUMBER = re.compile(r"[0-9]{1,7}")

Table = Callable[[SandboxCity, Sequence[str]], list[Row]]
"""Every row of a service for the arguments after the row numbers."""


def open_api(city: SandboxCity, parts: Sequence[str]) -> Reply:
    """``/{KEY}/{TYPE}/{SERVICE}/{START}/{END}/{ARGUMENT}…``"""
    if len(parts) < 5:
        return seoul_code("ERROR-300", "json")
    key, kind, service, start_text, end_text, *arguments = parts
    code, start, end = _bounds(kind, start_text, end_text)
    if not code and not key.strip():
        code = "INFO-100"
    if not code and key == SAMPLE and end - start >= SAMPLE_ROWS:
        code = "ERROR-335"
    if not code and end - start >= PAGE_ROWS:
        code = "ERROR-336"
    if not code and service not in TABLES:
        code = "ERROR-310"
    if code:
        return seoul_code(code, kind if kind in KINDS else "json")
    wrapper, table, counts_page = TABLES[service]
    rows = table(city, [argument.strip() for argument in arguments])
    page = rows[start - 1 : end]
    if not page:
        return seoul_code("INFO-200", kind)
    return seoul_rows(wrapper, page, len(page) if counts_page else len(rows), kind)


def _bounds(kind: str, start: str, end: str, first: int = 1) -> tuple[str, int, int]:
    if kind not in KINDS:
        return "ERROR-301", 0, 0
    if not _ROW_NUMBER.fullmatch(start) or int(start) < first:
        return "ERROR-331", 0, 0
    if not _ROW_NUMBER.fullmatch(end):
        return "ERROR-332", 0, 0
    if int(end) < int(start):
        return "ERROR-334", 0, 0
    return "", int(start), int(end)


def _air(city: SandboxCity, arguments: Sequence[str]) -> list[Row]:
    hour = city.now.replace(minute=0, second=0, microsecond=0)
    wanted = [code for code in arguments[:1] if code]
    rows: list[Row] = []
    for code, place in city.world.districts.items():
        if wanted and code not in wanted:
            continue
        air = city.world.sky.air(place.name, hour)
        checking = air.grade == CHECKING
        words = (city.world.seed, "gas", place.name, hour)
        rows.append(
            {
                "MSRMT_YMD": f"{hour:%Y%m%d%H00}",
                "MSRSTN_PBADMS_CD": code,
                "MSRSTN_NM": place.name,
                "CAI": "0" if checking else str(air.index),
                "CAI_GRD": "" if checking else air.grade,
                "CRST_SBSTN": "" if checking else "PM-2.5",
                "NTDX": f"{0.01 + 0.03 * draw(*words, 'n'):.3f}",
                "OZON": f"{0.01 + 0.04 * draw(*words, 'o'):.3f}",
                "CBMX": f"{0.3 + 0.5 * draw(*words, 'c'):.1f}",
                "SPDX": f"{0.002 + 0.003 * draw(*words, 's'):.3f}",
                "PM": "0.0" if checking else str(air.pm10),
                "FPM": "0.0" if checking else str(air.pm25),
            }
        )
    return rows


def _bikes(city: SandboxCity, arguments: Sequence[str]) -> list[Row]:
    del arguments
    slot = city.now.replace(minute=city.now.minute // 5 * 5, second=0, microsecond=0)
    return [_bike(city, site, str(slot)) for site in city.world.sites.bikes]


def _bike(city: SandboxCity, site: Site, slot: str) -> Row:
    racks = int(site.extra["racks"])
    bikes = whole(0, racks + 3, city.world.seed, "bikes", site.number, slot)
    return {
        "rackTotCnt": str(racks),
        "stationName": f"{site.number}. {site.name}",
        "parkingBikeTotCnt": str(bikes),
        "shared": str(bikes * 100 // racks),
        "stationLatitude": f"{site.lat:.8f}",
        "stationLongitude": f"{site.lon:.8f}",
        "stationId": f"ST-{site.number}",
    }


def _toilets(city: SandboxCity, arguments: Sequence[str]) -> list[Row]:
    del arguments
    return [
        {
            "OBJECTID": float(site.number),
            "ADDR_NEW": site.address,
            "ADDR_OLD": site.address,
            "COORD_X": f"{site.lon}",
            "COORD_Y": f"{site.lat}",
            "CONTS_NAME": site.name.replace("·", "&middot;"),
            "GU_NAME": site.district,
            "TEL_NO": "",
            "VALUE_01": "공중화장실|",
            "VALUE_02": f"{site.extra['hours']}|",
            "VALUE_03": "",
            "VALUE_04": "남자|여자|",
            "VALUE_05": "장애인|" if site.extra["barrier_free"] else "",
            **{f"VALUE_0{number}": "" for number in range(6, 10)},
        }
        for site in city.world.sites.toilets
    ]


def _wireless(city: SandboxCity, arguments: Sequence[str]) -> list[Row]:
    wanted = next((district for district in arguments if district), "")
    work = f"{city.now:%Y-%m-%d} 10:58:28.0"
    return [
        {
            "X_SWIFI_MGR_NO": f"WF{site.number:06d}",
            "X_SWIFI_WRDOFC": site.district,
            "X_SWIFI_MAIN_NM": site.name,
            "X_SWIFI_ADRES1": site.address.removeprefix(f"서울특별시 {site.district} "),
            "X_SWIFI_ADRES2": site.extra["where"],
            "X_SWIFI_INSTL_FLOOR": "",
            "X_SWIFI_INSTL_TY": "1. 주요거리",
            "X_SWIFI_INSTL_MBY": "서울시(AP)",
            "X_SWIFI_SVC_SE": "공공WiFi",
            "X_SWIFI_CMCWR": "자가망_U무선망",
            "X_SWIFI_CNSTC_YEAR": "2022",
            "X_SWIFI_INOUT_DOOR": site.extra["door"],
            "X_SWIFI_REMARS3": "",
            # Rows of 2022 and 2023 have the two swapped.
            "LAT": str(site.lon if site.number % 7 == 0 else site.lat),
            "LNT": str(site.lat if site.number % 7 == 0 else site.lon),
            "WORK_DTTM": work,
        }
        for site in city.world.sites.wireless
        if not wanted or site.district == wanted
    ]


TABLES: Mapping[str, tuple[str, Table, bool]] = MappingProxyType(
    {
        "ListAirQualityByDistrictService": ("ListAirQualityByDistrictService", _air, False),
        "bikeList": ("rentBikeStatus", _bikes, True),
        "mgisToiletPoi": ("mgisToiletPoi", _toilets, False),
        "TbPublicWifiInfo": ("TbPublicWifiInfo", _wireless, False),
        "GetParkInfo": ("GetParkInfo", street_tables.car_parks, False),
        "GetParkingInfo": ("GetParkingInfo", street_tables.car_parks_now, False),
        "TbGtnHwcwP": ("TbGtnHwcwP", street_tables.heat_shelters, False),
        "lostArticleInfo": ("lostArticleInfo", lost_things.articles, False),
        "TbGtnCwP": ("TbGtnCwP", street_tables.cold_shelters, False),
        "culturalEventInfo": ("culturalEventInfo", family_tables.events, False),
        **reservable.tables(),
        "fcltOpenInfo_OWI": ("fcltOpenInfo_OWI", family_tables.senior_centers, False),
        "ChildCareInfo": ("ChildCareInfo", family_tables.childcare, False),
    }
)
"""Services: the wrapper's name, the rows, and whether ``list_total_count`` counts the page alone."""

FAULT_SERVICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ListAirQualityByDistrictService": ("air_quality",),
        "bikeList": ("bike_station",),
        "mgisToiletPoi": ("nearby_facility",),
        "TbPublicWifiInfo": ("nearby_facility",),
        "GetParkInfo": ("parking",),
        "GetParkingInfo": ("parking",),
        "TbGtnHwcwP": ("shelter",),
        "lostArticleInfo": ("lost_property",),
        "TbGtnCwP": ("shelter",),
        "culturalEventInfo": ("culture_event",),
        "fcltOpenInfo_OWI": ("senior_center",),
        "ChildCareInfo": ("childcare_center",),
    }
)


# --- swopenapi --------------------------------------------------------------------------------------


_ORDER = {"상행": 0, "내선": 0, "하행": 1, "외선": 1}


def subway_api(city: SandboxCity, parts: Sequence[str]) -> Reply:
    """``/api/subway/{KEY}/{TYPE}/realtimeStationArrival/{START}/{END}/{STATION}``"""
    if len(parts) < 8 or parts[4] != "realtimeStationArrival":
        return subway_code("ERROR-300", "json")
    _, _, key, kind, _, start_text, end_text, name, *_ = parts
    code, start, end = _bounds(kind, start_text, end_text, first=0)
    if not code and not key.strip():
        code = "INFO-100"
    if not code and key == SAMPLE and end - start >= SAMPLE_ROWS:
        code = "ERROR-335"
    if code:
        return subway_code(code, kind if kind in KINDS else "json")
    station = city.world.places.by_key(Kind.STATION, name)
    rows = _arrivals(city, station) if station else []
    page = rows[start : end + 1]
    return subway_rows(page, len(rows), kind) if page else subway_code("INFO-200", kind)


def _arrivals(city: SandboxCity, station: Place) -> list[Row]:
    rows: list[Row] = []
    for direction in city.world.subway.directions(station):
        for order, train in enumerate(city.world.subway.trains(station, direction, city.now), start=1):
            rows.append(_arrival(city, station, direction, train, order))
    return [
        {**row, "totalCount": len(rows), "rowNum": number, "selectedCount": len(rows)}
        for number, row in enumerate(rows, start=1)
    ]


def _arrival(city: SandboxCity, station: Place, direction: Direction, train: Train, order: int) -> Row:
    line_id = SUBWAY_IDS[direction.line]
    age = whole(3, 20, city.world.seed, "age", direction.line, train.number)
    code, message, seconds = _state(station, direction, train, age)
    following = direction.following
    towards = following.name.partition("(")[0] if following else train.destination
    kind = "급행" if train.express else "일반"
    return {
        "beginRow": None,
        "endRow": None,
        "curPage": None,
        "pageRow": None,
        "subwayId": line_id,
        "subwayNm": None,
        "updnLine": direction.name,
        "trainLineNm": f"{train.destination}행 - {towards}방면" + (" (급행)" if train.express else ""),
        "subwayHeading": pick(("오른쪽", "왼쪽"), station.name, direction.line, direction.name),
        "statnFid": direction.before[0].station_ids.get(direction.line, "") if direction.before else "",
        "statnTid": following.station_ids.get(direction.line, "") if following else "",
        "statnId": station.station_ids.get(direction.line, ""),
        "statnNm": station.name,
        "trainCo": None,
        "trnsitCo": str(len(station.lines)),
        "ordkey": f"{_ORDER[direction.name]}{order}{order:03d}{train.destination}{int(train.express)}",
        "subwayList": ",".join(SUBWAY_IDS[line] for line in station.lines if line in SUBWAY_IDS),
        "statnList": ",".join(station.station_ids.values()),
        "btrainSttus": kind,
        "barvlDt": str(seconds),
        "btrainNo": str(2000 + train.number),
        "bstatnId": "",
        "bstatnNm": train.destination,
        "recptnDt": f"{city.now - timedelta(seconds=age):%Y-%m-%d %H:%M:%S}",
        "arvlMsg2": message,
        "arvlMsg3": _where(station, direction, train),
        "arvlCd": code,
        "lstcarAt": "1" if train.last else "0",
    }


def _state(station: Place, direction: Direction, train: Train, age: int) -> tuple[str, str, int]:
    """``arvlCd``, ``arvlMsg2`` and ``barvlDt``; trains far away have no time, as on the real feed."""
    name = station.name.partition("(")[0]
    if train.seconds < 15:
        return "0", f"{name} 진입", 0
    if train.seconds < 60:
        return "5", "전역 도착", train.seconds + age
    stations = train.seconds // 125 + 1
    if stations > 6 and direction.before:
        return "99", f"[{stations}]번째 전역 ({_where(station, direction, train)})", 0
    minutes, seconds = divmod(train.seconds, 60)
    return "99", f"{minutes}분 {seconds}초 후" if seconds else f"{minutes}분 후", train.seconds + age


def _where(station: Place, direction: Direction, train: Train) -> str:
    if not direction.before:
        return station.name.partition("(")[0]
    index = min(train.seconds // 125, len(direction.before) - 1)
    return direction.before[index].name.partition("(")[0]
