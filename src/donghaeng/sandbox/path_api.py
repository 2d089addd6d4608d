"""The ways of ws.bus.go.kr (``pathinfo``) in the sandbox city."""

from __future__ import annotations

from collections.abc import Mapping

from donghaeng.city.places import distance_m
from donghaeng.city.providers.values import position
from donghaeng.sandbox.chance import whole
from donghaeng.sandbox.city import SandboxCity
from donghaeng.sandbox.ways import Ride, Way
from donghaeng.sandbox.wire import Reply, bus_rows

BOTH, BUS, SUBWAY = (
    f"/api/rest/pathinfo/{name}"
    for name in ("getPathInfoByBusNSub", "getPathInfoByBus", "getPathInfoBySubway")
)
NEAREST_M = 500
"""Nobody is told to ride to what is nearer."""
NO_WAY = "경로 검색 결과가 존재하지 않습니다."
_WHOLE_NAMES = frozenset({"공항철도", "GTX-A"})


def paths(city: SandboxCity, path: str, query: Mapping[str, str], *, json_wanted: bool) -> Reply:
    """Ways between two points; the key has been looked at."""
    start, end = position(query, "startY", "startX"), position(query, "endY", "endX")
    if start is None or end is None:
        return bus_rows(None, "5", json_wanted=json_wanted)
    ways: list[Way] = []
    far = distance_m(*start, *end) >= NEAREST_M
    if far and path in {BOTH, SUBWAY}:
        ways += city.world.ways.by_subway(start, end)
    if far and path in {BOTH, BUS}:
        ways += city.world.ways.by_bus(start, end, city.now)
    rows = [_way(way) for way in sorted(ways, key=lambda way: way.seconds) if way.rides]
    if not rows:
        return bus_rows(None, "7", json_wanted=json_wanted, message=NO_WAY)
    return bus_rows(rows, "0", json_wanted=json_wanted)


def _way(way: Way) -> dict[str, object]:
    return {
        "distance": str(way.length_m),
        "pathList": [_ride(ride) for ride in way.rides],
        "time": str(max(1, round(way.seconds / 60))),
    }


def _ride(ride: Ride) -> dict[str, object]:
    ends = {
        "fx": f"{ride.on.lon:.10f}",
        "fy": f"{ride.on.lat:.10f}",
        "tx": f"{ride.off.lon:.10f}",
        "ty": f"{ride.off.lat:.10f}",
    }
    if not ride.by_rail:
        return {
            "fid": f"1{ride.on.key}000",
            "fname": ride.on.name,
            **ends,
            "routeId": f"100{whole(100_000, 999_999, 'route', ride.line)}",
            "routeNm": ride.line,
            "tid": f"1{ride.off.key}000",
            "tname": ride.off.name,
        }
    line = f"{ride.line}호선" if ride.line.isdigit() else ride.line
    return {
        "fid": ride.on.station_ids.get(ride.line, ""),
        "fname": _station(ride.on.name),
        **ends,
        "railLinkList": [{"railLinkId": str(number)} for number in range(1, len(ride.passed))],
        "routeNm": line if ride.line.isdigit() or ride.line in _WHOLE_NAMES else f"{line}선",
        "tid": ride.off.station_ids.get(ride.line, ""),
        "tname": _station(ride.off.name),
    }


def _station(name: str) -> str:
    plain = name.partition("(")[0]
    return plain if plain.endswith("역") else f"{plain}역"
