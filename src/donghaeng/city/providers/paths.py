"""Ways across the city by bus and subway from TOPIS (ws.bus.go.kr pathinfo).

The formats are those of the service's own guide (data.go.kr 15000414) and of answers seen by its users:
``time`` is in minutes, ``distance`` in metres, and each ``pathList`` is one ride.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from donghaeng.city.operations import Answer
from donghaeng.city.providers.base import Outside, Row
from donghaeng.city.providers.declared.fields import PATH_REFRESH_S
from donghaeng.city.providers.envelopes import Rows, bus_rows, need, nested, rows_of
from donghaeng.city.providers.transport import Request
from donghaeng.city.providers.values import asked_point, count, text
from donghaeng.errors import InputError

PROVIDER = "bus"
REQUESTS: Mapping[str, str] = MappingProxyType(
    {
        "any": "pathinfo/getPathInfoByBusNSub",
        "bus": "pathinfo/getPathInfoByBus",
        "subway": "pathinfo/getPathInfoBySubway",
    }
)
MOST = 5
"""Ways that are given at most."""

_LONGER_NAME = re.compile(r"([A-Z]?[0-9]{1,4}(?:-[0-9]{1,2})?)(?:번)?[가-힣]+")
"""Routes of other towns carry the town after the number: 3200시흥, 9000번남."""
_SUBWAY_NAME = re.compile(r"호선$|선$|공항철도|GTX|경전철")


async def between(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """Ways from one point to another, the quickest first."""
    start = _point(arguments, "from")
    end = _point(arguments, "to")
    mode = str(arguments.get("mode") or "any")
    path = REQUESTS.get(mode)
    if path is None:
        raise InputError("mode is unknown", remedy=f"give one of {', '.join(REQUESTS)}")
    base, key = outside.address(PROVIDER)
    points = {"startX": start[1], "startY": start[0], "endX": end[1], "endY": end[0]}
    request = Request(
        PROVIDER,
        "GET",
        f"{base}/api/rest/{path}",
        quota=f"bus {path}",
        params={
            "serviceKey": key,
            **{name: f"{value:.6f}" for name, value in points.items()},
            "resultType": "json",
        },
    )
    found = await outside.cache.get(
        ("paths", path, *(round(value, 4) for value in (*start, *end))),
        PATH_REFRESH_S,
        now,
        lambda: outside.transport.read(request, now, _parsed),
    )
    return Answer(rows=tuple(found), as_of=now)


def _point(arguments: Mapping[str, Any], which: str) -> tuple[float, float]:
    return asked_point({"lat": arguments.get(f"{which}_lat"), "lon": arguments.get(f"{which}_lon")})


def _parsed(body: str) -> list[Row]:
    return way_rows(bus_rows(PROVIDER, body, nested))


def way_rows(found: Rows) -> list[Row]:
    """Rows of getPathInfoByBusNSub, getPathInfoByBus and getPathInfoBySubway into ours; a way without a
    ride is none.

    Raises:
        MalformedAnswer: a ride lacks its line or its ends, or a way its time.
    """
    rows = []
    for raw in found:
        rides = rows_of(PROVIDER, raw.get("pathList"))
        need(PROVIDER, rides, "routeNm", "fname", "tname")
        if not rides:
            continue
        need(PROVIDER, [raw], "time")
        rows.append(
            {
                "minutes": count(raw, "time") or 0,
                "length_m": count(raw, "distance"),
                "changes": len(rides) - 1,
                "rides": [_ride(ride) for ride in rides],
            }
        )
    rows.sort(key=lambda row: (row["minutes"], row["changes"]))
    return rows[:MOST]


def _ride(raw: Mapping[str, Any]) -> Row:
    """One ride: ``kind`` bus or subway, ``line`` as people say it, the stops to get on and off at."""
    name = text(raw, "routeNm")
    links = raw.get("railLinkList")
    by_rail = bool(links) or (not text(raw, "routeId") and _SUBWAY_NAME.search(name) is not None)
    if by_rail:
        return {
            "kind": "subway",
            "line": name,
            "on": _station(text(raw, "fname")),
            "off": _station(text(raw, "tname")),
        }
    town = _LONGER_NAME.fullmatch(name)
    return {
        "kind": "bus",
        "line": f"{town[1] if town else name.removesuffix('번')}번 버스",
        "on": _stop(text(raw, "fname")),
        "off": _stop(text(raw, "tname")),
    }


def _stop(name: str) -> str:
    """A stop by the first of its names: "망원시장.망원동월드컵시장입구" is known as 망원시장."""
    return f"{name.partition('.')[0].strip() or name} 정류장"


def _station(name: str) -> str:
    plain = name.partition("(")[0]
    return plain if plain.endswith("역") else f"{plain}역"
