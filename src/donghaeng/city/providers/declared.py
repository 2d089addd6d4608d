"""What every provider offers: names, parameters and row fields of all operations.

Service files are checked against this table; the adapters beside it fill the rows. Units are in the
names (``first_minutes``, ``distance_m``, ``fee_won``). An optional field may be absent from a row or
``None``. Rows come in the order in which one would say them: soonest, nearest or official first.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from donghaeng.city.operations import Effect, Field, Operation

BUS_REFRESH_S = 10.0
"""TOPIS renews arrivals about every ten seconds."""
SUBWAY_REFRESH_S = 10.0
"""The real-time feed is renewed every few seconds; its key allows 1,000 calls a day."""
BIKE_REFRESH_S = 60.0
WEATHER_REFRESH_S = 600.0
"""KMA renews the observation of an hour every ten minutes (guide of 2024-11-28)."""
AIR_REFRESH_S = 600.0
"""Measured hourly; ten minutes keeps the wait for a new hour short."""
DAY_S = 86_400.0
HOUR_S = 3_600.0


def _need(kind: str, says: str) -> Field:
    return Field(kind, says)


def _may(kind: str, says: str) -> Field:
    return Field(kind, says, optional=True)


_LAT = _need("number", "degrees north, WGS 84")
_LON = _need("number", "degrees east, WGS 84")
_DISTANCE = _need("metres", "straight distance from the point asked about, metres")
_RECEIPT = _need("text", "receipt number, for example SEL-261123-0001")

_BUS = (
    Operation(
        "bus.arrivals_at_stop",
        Effect.READ,
        parameters={"ars_id": _need("text", "five-digit stop number, leading 0 kept")},
        row={
            "route": _need("text", "route as written on the bus: 6411, N26, 마포08"),
            "stop_name": _need("text", "name of the stop"),
            "next_stop": _need("text", "name of the next stop: tells the two sides of a road apart"),
            "direction": _need("text", "where the route is heading"),
            "running": _need("text", "running | arriving | waiting | ended"),
            "first_minutes": _may("minutes", "until the first bus, rounded down; 0 = arriving"),
            "first_seconds": _may("count", "until the first bus, seconds"),
            "first_message": _need("text", "the provider's own words: 3분4초후[2번째 전], 곧 도착, 운행종료"),
            "first_stops_away": _may("count", "stops between the first bus and here"),
            "second_minutes": _may("minutes", "until the second bus, rounded down"),
            "second_stops_away": _may("count", "stops between the second bus and here"),
            "low_floor": _need("flag", "the first bus has a low floor (wheelchair)"),
            "second_low_floor": _need("flag", "the second bus has a low floor"),
            "last_bus": _need("flag", "the first bus is the last of the day"),
            "crowding": _may("text", "여유 | 보통 | 혼잡 | 매우 혼잡, of the first bus"),
            "first_time": _may("time", "first bus of the day at the terminus, HH:MM"),
            "last_time": _may("time", "last bus of the day at the terminus, HH:MM"),
            "interval_minutes": _may("minutes", "usual interval"),
            "stop_lat": _LAT,
            "stop_lon": _LON,
        },
        refresh_seconds=BUS_REFRESH_S,
        source="ws.bus.go.kr stationinfo/getStationByUid",
    ),
    Operation(
        "bus.stops_by_name",
        Effect.READ,
        parameters={"name": _need("text", "part of a stop's name")},
        row={
            "ars_id": _need("text", "five-digit stop number"),
            "name": _need("text", "name of the stop"),
            "lat": _LAT,
            "lon": _LON,
        },
        refresh_seconds=DAY_S,
        source="ws.bus.go.kr stationinfo/getStationByName",
    ),
)

_SUBWAY = (
    Operation(
        "subway.arrivals",
        Effect.READ,
        parameters={"station": _need("text", "official name without 역, as the metro feeds write it")},
        row={
            "line": _need("text", "1 … 9, 경의중앙, 신분당 …"),
            "direction": _need("text", "상행 | 하행 | 내선 | 외선"),
            "heading": _need("text", "성수행 - 역삼방면"),
            "destination": _need("text", "last station of the train: 성수"),
            "towards": _need("text", "next station in that direction: 역삼"),
            "minutes": _may("minutes", "until the train, rounded down, age of the data taken off"),
            "seconds": _may("count", "until the train; absent when the feed does not know"),
            "message": _need("text", "the feed's own words: 3분 40초 후, [2]번째 전역 (사당), 전역 도착"),
            "at_station": _may("text", "where the train is now"),
            "last_train": _need("flag", "the last train of the day"),
            "express": _need("flag", "급행 or ITX"),
        },
        refresh_seconds=SUBWAY_REFRESH_S,
        source="swopenapi.seoul.go.kr realtimeStationArrival",
    ),
)

_WEATHER = (
    Operation(
        "weather.day",
        Effect.READ,
        parameters={
            "district": _may("text", "gu with 구; the middle of Seoul unless given"),
            "date": _need("date", "today to four days ahead"),
        },
        row={
            "date": _need("date", "the day asked about"),
            "sky": _need("text", "맑음 | 구름 많음 | 흐림, the rest of the day's worst"),
            "rain_kind": _need("text", "없음 | 비 | 눈 | 비나 눈 | 소나기"),
            "rain_now": _need("flag", "it is raining or snowing at this moment (today only)"),
            "rain_percent": _need("count", "highest chance of rain or snow in the rest of the day, percent"),
            "rain_from": _may("time", "first hour of rain or snow, HH:00"),
            "rain_until": _may("time", "end of that first stretch, HH:00; 24:00 = through midnight"),
            "rain_amount": _may("text", "the heaviest hour in KMA's words: 1mm 미만, 3.0mm, 30.0~50.0mm"),
            "temperature_now": _may("number", "degrees Celsius, today only"),
            "low": _may("number", "lowest of the day, degrees Celsius"),
            "high": _may("number", "highest of the day, degrees Celsius"),
            "humidity_percent": _may("count", "today only"),
            "wind_mps": _may("number", "metres a second, today only"),
            "as_of": _need("datetime", "when the forecast was issued"),
        },
        refresh_seconds=WEATHER_REFRESH_S,
        source="KMA VilageFcstInfoService_2.0 getUltraSrtNcst, getVilageFcst",
    ),
)

_AIR = (
    Operation(
        "air.by_district",
        Effect.READ,
        parameters={"district": _need("text", "gu with 구")},
        row={
            "district": _need("text", "gu with 구"),
            "grade": _need("text", "좋음 | 보통 | 나쁨 | 매우나쁨 | 점검중 (being checked: no figures)"),
            "pm10": _may("count", "fine dust, µg/m³"),
            "pm25": _may("count", "ultrafine dust, µg/m³"),
            "pm10_grade": _may("text", "좋음 | 보통 | 나쁨 | 매우나쁨"),
            "pm25_grade": _may("text", "좋음 | 보통 | 나쁨 | 매우나쁨"),
            "measured_at": _need("datetime", "the hour of the measurement"),
        },
        refresh_seconds=AIR_REFRESH_S,
        source="openapi.seoul ListAirQualityByDistrictService",
    ),
)

_PHARMACY = (
    Operation(
        "pharmacy.near",
        Effect.READ,
        parameters={
            "lat": _LAT,
            "lon": _LON,
            "at": _may("datetime", "when it should be open; now unless given"),
        },
        row={
            "name": _need("text", "name"),
            "address": _need("address", "address as registered"),
            "phone": _may("phone", "telephone"),
            "opens": _may("time", "opens on that day, HH:MM; absent = closed that day"),
            "closes": _may("time", "closes, HH:MM; 26:00 = two in the morning after"),
            "open": _need("flag", "open at that time, hours of the evening before included"),
            "distance_m": _DISTANCE,
            "lat": _LAT,
            "lon": _LON,
        },
        refresh_seconds=HOUR_S,
        source="data.go.kr ErmctInsttInfoInqireService getParmacyListInfoInqire",
    ),
)

_BIKE = (
    Operation(
        "bike.stations_near",
        Effect.READ,
        parameters={"lat": _LAT, "lon": _LON},
        row={
            "name": _need("text", "name without its number: 망원역 1번출구 앞"),
            "number": _may("text", "number on the sign: 102"),
            "bikes": _need("count", "bikes that can be taken now"),
            "racks": _need("count", "racks in all"),
            "distance_m": _DISTANCE,
            "lat": _LAT,
            "lon": _LON,
        },
        refresh_seconds=BIKE_REFRESH_S,
        source="openapi.seoul bikeList",
    ),
)

_FACILITY = (
    Operation(
        "facility.near",
        Effect.READ,
        parameters={
            "kind": _need("text", "toilet | wifi | community_center | kiosk | aed"),
            "lat": _LAT,
            "lon": _LON,
        },
        row={
            "name": _need("text", "name"),
            "address": _need("address", "address as registered"),
            "hours": _may("text", "when it is open, in the source's words"),
            "detail": _may("text", "where exactly, or what it has: 1층 출입구, 장애인 화장실"),
            "phone": _may("phone", "telephone of the facility, never of a person"),
            "distance_m": _DISTANCE,
            "lat": _LAT,
            "lon": _LON,
        },
        refresh_seconds=DAY_S,
        source="openapi.seoul mgisToiletPoi, TbPublicWifiInfo; data.go.kr getAedLcinfoInqire, "
        "tn_pubr_public_mnlss_cvpl_issu_info_api; city gateway",
    ),
)

WRITES: Mapping[str, Mapping[str, Field]] = MappingProxyType(
    {
        "bulky_waste": {
            "item": _need("text", "what is thrown away, standard spelling"),
            "count": _need("count", "how many"),
            "address": _need("address", "official form"),
            "date": _need("date", "day of collection"),
            "phone": _need("phone", "010-1234-5678"),
        },
        "meter_freeze": {
            "symptom": _need("choice frozen|burst|leak", "what is wrong with the meter"),
            "address": _need("address", "official form"),
            "phone": _need("phone", "010-1234-5678"),
        },
    }
)
"""Parameters of the gateway's writes by service id: a service more is one entry more."""

_REQUEST_ROW = {
    "receipt": _RECEIPT,
    "service": _need("text", "service id"),
    "state": _need("text", "accepted | cancelled"),
    "date": _may("date", "day that was booked"),
    "made_at": _may("datetime", "when the city accepted it"),
}


def _write(service: str, parameters: Mapping[str, Field]) -> Operation:
    return Operation(
        f"gateway.{service}",
        Effect.WRITE,
        parameters=parameters,
        row=_REQUEST_ROW,
        source=f"city gateway POST /v1/requests/{service}",
    )


_GATEWAY = (
    *(_write(service, parameters) for service, parameters in WRITES.items()),
    Operation(
        "gateway.bulky_waste_fee",
        Effect.READ,
        parameters={
            "item": _need("text", "what is thrown away"),
            "count": _may("count", "how many; 1 unless given"),
            "district": _may("text", "gu with 구"),
        },
        row={
            "item": _need("text", "item as the fee table names it"),
            "count": _need("count", "how many"),
            "fee_won": _need("money", "fee for all of them, won; 0 = collected free"),
        },
        refresh_seconds=DAY_S,
        source="city gateway GET /v1/fees/bulky_waste",
    ),
    Operation(
        "gateway.availability",
        Effect.READ,
        parameters={
            "service": _need("text", "service id"),
            "date": _need("date", "day asked about"),
        },
        row={
            "date": _need("date", "the day"),
            "time": _may("time", "HH:MM; absent where a whole day is booked"),
            "free": _need("flag", "can be booked"),
        },
        source="city gateway GET /v1/availability/{service}",
    ),
    Operation(
        "gateway.cancel",
        Effect.WRITE,
        parameters={"receipt": _RECEIPT},
        row=_REQUEST_ROW,
        source="city gateway POST /v1/requests/{receipt}/cancel",
    ),
    Operation(
        "gateway.requests",
        Effect.READ,
        parameters={"receipt": _RECEIPT, "phone": _need("phone", "telephone number on the request")},
        row=_REQUEST_ROW,
        source="city gateway POST /v1/requests/lookup",
    ),
)

OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        operation.name: operation
        for operation in (
            *_BUS,
            *_SUBWAY,
            *_WEATHER,
            *_AIR,
            *_PHARMACY,
            *_BIKE,
            *_FACILITY,
            *_GATEWAY,
        )
    }
)
"""Every operation by name."""
