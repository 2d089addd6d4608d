"""ws.bus.go.kr of the sandbox city."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from donghaeng.city.places import Kind, Place
from donghaeng.sandbox import path_api
from donghaeng.sandbox.buses import STOP_SPACING_M, Coming, Service
from donghaeng.sandbox.chance import whole
from donghaeng.sandbox.city import SandboxCity
from donghaeng.sandbox.wire import Reply, Row, bus_rows

ARRIVALS = "/api/rest/stationinfo/getStationByUid"
STOPS = "/api/rest/stationinfo/getStationByName"
PATHS = frozenset({path_api.BOTH, path_api.BUS, path_api.SUBWAY})
FAULT_SERVICES: Mapping[str, tuple[str, ...]] = {
    ARRIVALS: ("bus_arrival",),
    STOPS: ("bus_arrival",),
    **dict.fromkeys(PATHS, ("route_guide",)),
}

_ARRIVING_S = 60
_WAITING, _ENDED = "출발대기", "운행종료"


def bus_api(city: SandboxCity, path: str, query: Mapping[str, str]) -> Reply:
    """``/api/rest/stationinfo/…`` and ``/api/rest/pathinfo/…``; XML unless ``resultType=json``."""
    json_wanted = query.get("resultType") == "json"
    if not query.get("serviceKey"):
        return bus_rows(None, "7", json_wanted=json_wanted)
    if path in PATHS:
        return path_api.paths(city, path, query, json_wanted=json_wanted)
    if path == ARRIVALS:
        stop = city.world.places.stop(query.get("arsId", ""))
        rows = _arrivals(city, stop) if stop else []
    elif path == STOPS:
        words = query.get("stSrch", "").strip()
        found = [place for place in city.world.places.places(Kind.STOP) if words and words in place.name]
        rows = [_stop(place) for place in found]
    else:
        return bus_rows(None, "2", json_wanted=json_wanted)
    return bus_rows(rows, "0" if rows else "4", json_wanted=json_wanted)


def _stop(place: Place) -> Row:
    return {
        "stId": _number(place),
        "stNm": place.name,
        "tmX": f"{place.lon:.10f}",
        "tmY": f"{place.lat:.10f}",
        "posX": "0",
        "posY": "0",
        "arsId": place.key,
    }


def _number(place: Place) -> str:
    return f"1{place.key}000"


def _arrivals(city: SandboxCity, stop: Place) -> list[Row]:
    buses = city.world.buses
    following = buses.next_stop(stop)
    return [_arrival(city, stop, following, service) for service in buses.services(stop)]


def _arrival(city: SandboxCity, stop: Place, following: Place, service: Service) -> Row:
    now = city.now
    buses = city.world.buses
    day = buses.day(service.route)
    coming = buses.coming(service, now)
    idle = _WAITING if buses.running(service, now) else _ENDED
    order = int(service.along_m / STOP_SPACING_M) + 2
    row: dict[str, str | None] = {
        "stId": _number(stop),
        "stNm": stop.name,
        "arsId": stop.key,
        "busRouteId": f"100{whole(100_000, 999_999, 'route', service.route.name)}",
        "rtNm": service.route.name,
        "busRouteAbrv": service.route.name,
        "sectNm": f"{stop.name}~{following.name}",
        "gpsX": f"{stop.lon:.10f}",
        "gpsY": f"{stop.lat:.10f}",
        "posX": "0",
        "posY": "0",
        "stationTp": "0",
        "firstTm": f"{_hhmm(day.first)}  ",
        "lastTm": f"{_hhmm(day.last)}  ",
        "term": str(day.interval),
        "routeType": service.route.kind,
        "nextBus": " ",
        "staOrd": str(order),
        "adirection": service.towards,
        "nxtStn": following.name,
        "deTourAt": "00",
    }
    for which in ("1", "2"):
        bus = coming[int(which) - 1] if len(coming) >= int(which) else None
        row |= _bus(which, bus, order, idle, now)
    return row


def _bus(which: str, bus: Coming | None, order: int, idle: str, now: datetime) -> dict[str, str | None]:
    away = 0 if bus is None else min(int(bus.seconds * 4.4 / STOP_SPACING_M) + 1, max(order - 1, 1))
    message = idle if bus is None else _message(bus.seconds, away)
    return {
        f"vehId{which}": "0" if bus is None else f"1110{33_000 + bus.number}",
        f"plainNo{which}": None,
        f"sectOrd{which}": "0" if bus is None else str(order - away),
        f"stationNm{which}": None,
        f"traTime{which}": "0" if bus is None else str(bus.seconds),
        f"traSpd{which}": "0" if bus is None else "16",
        f"isArrive{which}": "0",
        f"repTm{which}": None if bus is None else f"{now:%Y-%m-%d %H:%M:%S}.0",
        f"isLast{which}": "1" if bus and bus.last else "0",
        f"busType{which}": "1" if bus and bus.low_floor else "0",
        f"arrmsg{which}": message,
        f"arrmsgSec{which}": message,
        f"rerdieDiv{which}": "0" if bus is None else "4",
        f"rerideNum{which}": "0" if bus is None else bus.crowding,
        f"isFullFlag{which}": "0",
        f"congestion{which}": "0" if bus is None else bus.crowding,
    }


def _message(seconds: int, away: int) -> str:
    if seconds < _ARRIVING_S:
        return "곧 도착"
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}분{rest}초후[{away}번째 전]" if rest else f"{minutes}분후[{away}번째 전]"


def _hhmm(minutes: int) -> str:
    """Hours after midnight as the feed has them: past 24 it begins at 00 again."""
    return f"{minutes // 60 % 24:02d}{minutes % 60:02d}"
