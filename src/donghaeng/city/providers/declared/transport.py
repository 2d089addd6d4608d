"""Operations of buses, subways and public bikes."""

from __future__ import annotations

from donghaeng.city.operations import Effect, Operation
from donghaeng.city.providers.declared.fields import (
    BIKE_REFRESH_S,
    BUS_REFRESH_S,
    DAY_S,
    DISTANCE,
    HOUR_S,
    LAT,
    LON,
    PARKING_REFRESH_S,
    PATH_REFRESH_S,
    SUBWAY_REFRESH_S,
    may,
    need,
)

SUBWAY_STALE_S = 110.0
"""The age of the data is taken off the seconds until a train, for as long as that is near the truth."""
BIKE_STALE_S = PARKING_STALE_S = 900.0
"""A quarter of an hour: older counts of bikes and free places send somebody out for nothing."""

_BUS = (
    Operation(
        "bus.arrivals_at_stop",
        Effect.READ,
        parameters={"ars_id": need("text", "five-digit stop number, leading 0 kept")},
        row={
            "route": need("text", "route as written on the bus: 6411, N26, 마포08"),
            "stop_name": need("text", "name of the stop"),
            "next_stop": need("text", "name of the next stop: tells the two sides of a road apart"),
            "direction": need("text", "where the route is heading"),
            "running": need("text", "running | arriving | waiting | ended"),
            "first_minutes": may("minutes", "until the first bus, rounded down; 0 = arriving"),
            "first_seconds": may("count", "until the first bus, seconds"),
            "first_message": need("text", "the provider's own words: 3분4초후[2번째 전], 곧 도착, 운행종료"),
            "first_stops_away": may("count", "stops between the first bus and here"),
            "second_minutes": may("minutes", "until the second bus, rounded down"),
            "second_stops_away": may("count", "stops between the second bus and here"),
            "low_floor": need("flag", "the first bus has a low floor (wheelchair)"),
            "second_low_floor": need("flag", "the second bus has a low floor"),
            "last_bus": need("flag", "the first bus is the last of the day"),
            "crowding": may("text", "여유 | 보통 | 혼잡 | 매우 혼잡, of the first bus"),
            "first_time": may("time", "first bus of the day at the terminus, HH:MM"),
            "last_time": may("time", "last bus of the day at the terminus, HH:MM"),
            "interval_minutes": may("minutes", "usual interval"),
            "stop_lat": LAT,
            "stop_lon": LON,
        },
        refresh_seconds=BUS_REFRESH_S,
        stale_seconds=0.0,  # its minutes count from a moment that its rows do not say
        source="ws.bus.go.kr stationinfo/getStationByUid",
    ),
    Operation(
        "bus.stops_by_name",
        Effect.READ,
        parameters={"name": need("text", "part of a stop's name")},
        row={
            "ars_id": need("text", "five-digit stop number"),
            "name": need("text", "name of the stop"),
            "lat": LAT,
            "lon": LON,
        },
        refresh_seconds=DAY_S,
        source="ws.bus.go.kr stationinfo/getStationByName",
    ),
)

_SUBWAY = (
    Operation(
        "subway.arrivals",
        Effect.READ,
        parameters={"station": need("text", "official name without 역, as the metro feeds write it")},
        row={
            "line": need("text", "1 … 9, 경의중앙, 신분당 …"),
            "direction": need("text", "상행 | 하행 | 내선 | 외선"),
            "heading": need("text", "성수행 - 역삼방면"),
            "destination": need("text", "last station of the train: 성수"),
            "towards": need("text", "next station in that direction: 역삼"),
            "minutes": may("minutes", "until the train, rounded down, age of the data taken off"),
            "seconds": may("count", "until the train; absent when the feed does not know"),
            "message": need("text", "the feed's own words: 3분 40초 후, [2]번째 전역 (사당), 전역 도착"),
            "at_station": may("text", "where the train is now"),
            "last_train": need("flag", "the last train of the day"),
            "express": need("flag", "급행 or ITX"),
        },
        refresh_seconds=SUBWAY_REFRESH_S,
        stale_seconds=SUBWAY_STALE_S,
        source="swopenapi.seoul.go.kr realtimeStationArrival",
    ),
)

_BIKE = (
    Operation(
        "bike.stations_near",
        Effect.READ,
        parameters={"lat": LAT, "lon": LON},
        row={
            "name": need("text", "name without its number: 망원역 1번출구 앞"),
            "number": may("text", "number on the sign: 102"),
            "bikes": need("count", "bikes that can be taken now"),
            "racks": need("count", "racks in all"),
            "distance_m": DISTANCE,
            "lat": LAT,
            "lon": LON,
        },
        refresh_seconds=BIKE_REFRESH_S,
        stale_seconds=BIKE_STALE_S,
        source="openapi.seoul bikeList",
    ),
)

_PARKING = (
    Operation(
        "parking.near",
        Effect.READ,
        parameters={"lat": LAT, "lon": LON},
        row={
            "name": need("text", "name without the owner in brackets: 세종로 공영주차장"),
            "address": need("address", "address as registered, without the city"),
            "kind": may("text", "노외 주차장 (a lot) | 노상 주차장 (at the roadside)"),
            "phone": may("phone", "telephone of the lot"),
            "spaces": may("count", "places in all"),
            "free_spaces": may("count", "places free now; absent = the lot does not report"),
            "updated_time": may("time", "when the lot reported, HH:MM"),
            "free_of_charge": need("flag", "parking costs nothing on this day, as far as the source says"),
            "base_won": may("money", "fee for the first `base_minutes`, won"),
            "base_minutes": may("minutes", "minutes that the first fee covers"),
            "more_won": may("money", "fee for each further `more_minutes`, won"),
            "more_minutes": may("minutes", "minutes that each further fee covers"),
            "day_most_won": may("money", "most that a day costs, won"),
            "opens": may("time", "opens today, HH:MM"),
            "closes": may("time", "closes today, HH:MM"),
            "open": may("flag", "open now; absent = the source does not say"),
            "distance_m": DISTANCE,
            "lat": LAT,
            "lon": LON,
        },
        refresh_seconds=PARKING_REFRESH_S,
        stale_seconds=PARKING_STALE_S,
        source="openapi.seoul GetParkInfo, GetParkingInfo",
    ),
)

_LOST = (
    Operation(
        "lost.articles",
        Effect.READ,
        parameters={
            "item": need("text", "what was lost, in the citizen's words"),
            "where": may("text", "bus | subway | taxi"),
            "date": may("date", "the day it was lost; the last thirty days unless given"),
        },
        row={
            "item": need("text", "what was found: 검정색 손가방"),
            "kind": may("text", "가방, 휴대폰, 지갑, 쇼핑백, 옷, 기타"),
            "found_on": need("date", "the day it was found"),
            "kept_at": may("text", "where it is kept; never who keeps it"),
            "vehicle": may("text", "bus | subway | taxi, as far as the source's words tell"),
            "line": may("text", "where it was found: 753번 버스, 2호선"),
        },
        refresh_seconds=HOUR_S,
        source="openapi.seoul lostArticleInfo",
    ),
)

_ROUTE = (
    Operation(
        "route.between",
        Effect.READ,
        parameters={
            "from_lat": LAT,
            "from_lon": LON,
            "to_lat": LAT,
            "to_lon": LON,
            "mode": may("text", "bus | subway | any; any unless given"),
        },
        row={
            "minutes": need("minutes", "how long it takes, walks included"),
            "length_m": may("metres", "length of the way, metres"),
            "changes": need("count", "how often one changes"),
            "rides": need(
                "list", "rides in order: kind (bus | subway), line (6411번 버스, 2호선), on and off (stops)"
            ),
        },
        refresh_seconds=PATH_REFRESH_S,
        source="ws.bus.go.kr pathinfo/getPathInfoByBusNSub, getPathInfoByBus, getPathInfoBySubway",
    ),
)

OPERATIONS = (*_BUS, *_SUBWAY, *_BIKE, *_PARKING, *_LOST, *_ROUTE)
"""Every operation of this family."""
