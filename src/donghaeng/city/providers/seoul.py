"""Seoul open data (openapi.seoul.go.kr): air, public bikes, toilets, wireless networks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote

from donghaeng.city.operations import Answer
from donghaeng.city.places import Kind
from donghaeng.city.providers.base import Outside, Row, districts_around, nearest
from donghaeng.city.providers.declared.fields import AIR_REFRESH_S, BIKE_REFRESH_S, DAY_S
from donghaeng.city.providers.envelopes import Rows, need, seoul_rows
from donghaeng.city.providers.transport import Request
from donghaeng.city.providers.values import asked_point, count, position, stamp, text
from donghaeng.errors import InputError, MalformedAnswer

PROVIDER = "seoul"

PAGE_ROWS = 1_000
"""Most rows a request may ask for (ERROR-336)."""
SAMPLE_ROWS = 5
"""Most rows for the key ``sample`` (ERROR-335)."""
MAX_PAGES = 40

CHECKING = "점검중"

# Upper ends of the grades, µg/m³ (Ministry of Environment, in force since 2018-03-27).
_PM10_GRADES = ((30, "좋음"), (80, "보통"), (150, "나쁨"))
_PM25_GRADES = ((15, "좋음"), (35, "보통"), (75, "나쁨"))
_WORST = "매우나쁨"


async def table(
    outside: Outside, service: str, *arguments: str, now: datetime, into: Callable[[Rows], list[Row]]
) -> list[Row]:
    """Every row of a service, page by page, each made ours by ``into``.

    The total in the envelope is this page's own count for some services, so a page that is not full is
    the last one.
    """
    base, key = outside.address(PROVIDER)
    size = SAMPLE_ROWS if key == "sample" else PAGE_ROWS
    tail = "".join(f"/{quote(argument, safe='')}" for argument in arguments)
    rows: list[Row] = []

    def parse(body: str) -> tuple[int, list[Row]]:
        found = seoul_rows(PROVIDER, body)
        return len(found), into(found)

    for page in range(1 if key == "sample" else MAX_PAGES):
        start = page * size + 1
        path = f"/{quote(key, safe='')}/json/{service}/{start}/{start + size - 1}{tail or '/'}"
        request = Request(PROVIDER, "GET", base + path, quota=PROVIDER)
        found, page_rows = await outside.transport.read(request, now, parse)
        rows += page_rows
        if found < size:
            break
    return rows


async def air_by_district(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """The latest hour's air of a district: one row, or none for a district unknown to the network."""
    district = str(arguments.get("district", ""))
    place = outside.places.by_key(Kind.DISTRICT, district)
    if place is None:
        raise InputError("district is not one of Seoul's 25", remedy="give it with 구, as 마포구")
    code = place.extra["air_code"]
    found = await outside.cache.get(
        ("air", code),
        AIR_REFRESH_S,
        now,
        lambda: table(outside, "ListAirQualityByDistrictService", code, now=now, into=air_rows),
    )
    rows = tuple(row for row in found if row["district"] == district)
    return Answer(rows=rows, as_of=rows[0]["measured_at"] if rows else None)


def air_rows(found: Rows) -> list[Row]:
    """Rows of ListAirQualityByDistrictService into ours, by the old column names too.

    Raises:
        MalformedAnswer: a row lacks its district or hour.
    """
    rows = []
    for raw in found:
        name = text(raw, "MSRSTN_NM", "MSRSTENAME")
        hour = stamp(text(raw, "MSRMT_YMD", "MSRDATE"), "%Y%m%d%H%M")
        if not name or hour is None:
            raise MalformedAnswer(PROVIDER, "a row lacks its district or hour")
        grade = text(raw, "CAI_GRD", "GRADE")
        if grade in {"", CHECKING}:
            pm10 = pm25 = None
            grade = CHECKING
        else:
            pm10, pm25 = count(raw, "PM", "PM10"), count(raw, "FPM", "PM25")
        rows.append(
            {
                "district": name,
                "grade": grade.replace(" ", ""),
                "pm10": pm10,
                "pm25": pm25,
                "pm10_grade": _grade(pm10, _PM10_GRADES),
                "pm25_grade": _grade(pm25, _PM25_GRADES),
                "measured_at": hour,
            }
        )
    return rows


def _grade(value: int | None, grades: tuple[tuple[int, str], ...]) -> str | None:
    if value is None:
        return None
    return next((grade for upper, grade in grades if value <= upper), _WORST)


async def bike_stations_near(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """The nearest stations of public bikes, with or without a bike."""
    lat, lon = asked_point(arguments)
    found = await outside.cache.get(
        ("bikes",), BIKE_REFRESH_S, now, lambda: table(outside, "bikeList", now=now, into=bike_rows)
    )
    return Answer(rows=nearest(found, lat, lon), as_of=now)


def bike_rows(found: Rows) -> list[Row]:
    """Rows of bikeList into ours; stations without a position are left out.

    Raises:
        MalformedAnswer: a row lacks its name.
    """
    need(PROVIDER, found, "stationName")
    rows = []
    for raw in found:
        at = position(raw, "stationLatitude", "stationLongitude")
        if at is None:
            continue
        numbered = re.match(r"(\d{1,5})\.\s*(.+)", text(raw, "stationName"))
        rows.append(
            {
                "name": numbered[2] if numbered else text(raw, "stationName"),
                "number": numbered[1] if numbered else None,
                "bikes": max(0, count(raw, "parkingBikeTotCnt") or 0),
                "racks": max(0, count(raw, "rackTotCnt") or 0),
                "lat": at[0],
                "lon": at[1],
            }
        )
    return rows


async def toilets(outside: Outside, lat: float, lon: float, now: datetime) -> list[Row]:
    """Every public toilet of the city."""
    del lat, lon
    return await outside.cache.get(
        ("toilets",), DAY_S, now, lambda: table(outside, "mgisToiletPoi", now=now, into=toilet_rows)
    )


def toilet_rows(found: Rows) -> list[Row]:
    """Rows of mgisToiletPoi into ours; values end with a bar."""
    need(PROVIDER, found, "CONTS_NAME")
    rows = []
    for raw in found:
        at = position(raw, "COORD_Y", "COORD_X")
        if at is None:
            continue
        rows.append(
            {
                "name": text(raw, "CONTS_NAME"),
                "address": text(raw, "ADDR_NEW", "ADDR_OLD"),
                "hours": _bars(raw, "VALUE_02", "VALUE_03"),
                "detail": "장애인 화장실" if _bars(raw, "VALUE_05") else None,
                "phone": text(raw, "TEL_NO") or None,
                "lat": at[0],
                "lon": at[1],
            }
        )
    return rows


def _bars(raw: Mapping[str, Any], *names: str) -> str | None:
    parts = [part.strip() for name in names for part in text(raw, name).split("|")]
    return ", ".join(dict.fromkeys(part for part in parts if part)) or None


async def wireless(outside: Outside, lat: float, lon: float, now: datetime) -> list[Row]:
    """Public wireless networks of the point's district and those a walk away."""
    rows: list[Row] = []
    for district in districts_around(outside.places, lat, lon):
        fetch = partial(table, outside, "TbPublicWifiInfo", district, now=now, into=wireless_rows)
        rows += await outside.cache.get(("wifi", district), DAY_S, now, fetch)
    return rows


def wireless_rows(found: Rows) -> list[Row]:
    """Rows of TbPublicWifiInfo into ours; latitude and longitude stand swapped in older rows."""
    need(PROVIDER, found, "X_SWIFI_MAIN_NM")
    rows = []
    for raw in found:
        at = position(raw, "LAT", "LNT")
        if at is None:
            continue
        road = text(raw, "X_SWIFI_ADRES1")
        detail = (
            text(raw, "X_SWIFI_ADRES2"),
            text(raw, "X_SWIFI_INSTL_FLOOR"),
            text(raw, "X_SWIFI_INOUT_DOOR"),
        )
        rows.append(
            {
                "name": text(raw, "X_SWIFI_MAIN_NM"),
                "address": " ".join(part for part in (text(raw, "X_SWIFI_WRDOFC"), road) if part),
                "hours": None,
                "detail": ", ".join(part for part in detail if part) or None,
                "phone": None,
                "lat": at[0],
                "lon": at[1],
            }
        )
    return rows
