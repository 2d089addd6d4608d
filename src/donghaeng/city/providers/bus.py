"""Bus arrivals and stops from TOPIS (ws.bus.go.kr)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from donghaeng.city.operations import Answer
from donghaeng.city.providers.base import Outside, Row
from donghaeng.city.providers.declared.fields import BUS_REFRESH_S, DAY_S
from donghaeng.city.providers.envelopes import Rows, bus_rows, need
from donghaeng.city.providers.transport import Request
from donghaeng.city.providers.values import clock, count, number, position, text
from donghaeng.errors import InputError

PROVIDER = "bus"

_STOPS_AWAY = re.compile(r"\[(\d{1,3})번째\s*전\]")
_MINUTES = re.compile(r"(?:(\d{1,3})분)?\s*(?:(\d{1,2})초)?\s*후")
_CROWDING = {"3": "여유", "4": "보통", "5": "혼잡", "6": "매우 혼잡"}


async def arrivals_at_stop(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """Every route at a stop with its next two buses, soonest first."""
    ars_id = str(arguments.get("ars_id", ""))
    if not re.fullmatch(r"[0-9]{5}", ars_id):
        raise InputError("ars_id has five digits", remedy="give the number on the stop's sign")
    found = await outside.cache.get(
        ("bus.arrivals", ars_id),
        BUS_REFRESH_S,
        now,
        lambda: _fetch(outside, "stationinfo/getStationByUid", {"arsId": ars_id}, now, arrival_rows),
    )
    return Answer(rows=tuple(found), as_of=now)


async def stops_by_name(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """Stops whose name contains the words; stops without a number are left out."""
    name = str(arguments.get("name", "")).strip()
    if not name:
        raise InputError("name is empty", remedy="give part of a stop's name")
    found = await outside.cache.get(
        ("bus.stops", name),
        DAY_S,
        now,
        lambda: _fetch(outside, "stationinfo/getStationByName", {"stSrch": name}, now, stop_rows),
    )
    return Answer(rows=tuple(found))


async def _fetch(
    outside: Outside,
    path: str,
    params: Mapping[str, str],
    now: datetime,
    into: Callable[[Rows], list[Row]],
) -> list[Row]:
    base, key = outside.address(PROVIDER)
    request = Request(
        PROVIDER,
        "GET",
        f"{base}/api/rest/{path}",
        quota=f"bus {path}",
        params={"serviceKey": key, **params, "resultType": "json"},
    )
    return await outside.transport.read(request, now, lambda body: into(bus_rows(PROVIDER, body)))


def arrival_rows(found: Rows) -> list[Row]:
    """Rows of getStationByUid into ours.

    Raises:
        MalformedAnswer: a row lacks the route, the stop or the message.
    """
    need(PROVIDER, found, "rtNm", "stNm", "arrmsg1")
    rows = [_arrival(raw) for raw in found]
    rows.sort(key=lambda row: (row["first_seconds"] is None, row["first_seconds"] or 0, row["route"]))
    return rows


def _arrival(raw: Mapping[str, Any]) -> Row:
    message = text(raw, "arrmsg1")
    running = _running(message)
    first = _seconds(raw, "1") if running in {"running", "arriving"} else None
    second = _seconds(raw, "2") if _running(text(raw, "arrmsg2")) in {"running", "arriving"} else None
    at = position(raw, "gpsY", "gpsX") or (0.0, 0.0)
    return {
        "route": text(raw, "busRouteAbrv", "rtNm"),
        "stop_name": text(raw, "stNm"),
        "next_stop": text(raw, "nxtStn"),
        "direction": text(raw, "adirection"),
        "running": running,
        "first_minutes": None if first is None else first // 60,
        "first_seconds": first,
        "first_message": message,
        "first_stops_away": _stops_away(raw, "1") if first is not None else None,
        "second_minutes": None if second is None else second // 60,
        "second_stops_away": _stops_away(raw, "2") if second is not None else None,
        "low_floor": text(raw, "busType1") == "1",
        "second_low_floor": text(raw, "busType2") == "1",
        "last_bus": text(raw, "isLast1") == "1",
        "crowding": _CROWDING.get(text(raw, "congestion1", "congetion1")),
        "first_time": clock(text(raw, "firstTm")),
        "last_time": clock(text(raw, "lastTm")),
        "interval_minutes": count(raw, "term"),
        "stop_lat": at[0],
        "stop_lon": at[1],
    }


def _running(message: str) -> str:
    if "종료" in message:
        return "ended"
    if "대기" in message or not message:
        return "waiting"
    return "arriving" if "곧" in message else "running"


def _seconds(raw: Mapping[str, Any], which: str) -> int | None:
    message = text(raw, f"arrmsg{which}")
    if "곧" in message:
        return max(0, min(count(raw, f"traTime{which}") or 0, 59))
    seconds = number(raw, f"traTime{which}")
    if seconds is not None and seconds > 0:
        return int(seconds)
    said = _MINUTES.search(message)
    if said and (said[1] or said[2]):
        return int(said[1] or 0) * 60 + int(said[2] or 0)
    return None


def _stops_away(raw: Mapping[str, Any], which: str) -> int | None:
    said = _STOPS_AWAY.search(text(raw, f"arrmsg{which}"))
    if said:
        return int(said[1])
    here, there = count(raw, "staOrd"), count(raw, f"sectOrd{which}")
    return here - there if here and there and 0 < here - there < 200 else None


def stop_rows(found: Rows) -> list[Row]:
    """Rows of getStationByName into ours.

    Raises:
        MalformedAnswer: a row lacks its name.
    """
    need(PROVIDER, found, "stNm")
    rows = []
    for raw in found:
        at = position(raw, "tmY", "tmX")
        ars_id = text(raw, "arsId")
        if at and re.fullmatch(r"[0-9]{5}", ars_id):
            rows.append({"ars_id": ars_id, "name": text(raw, "stNm"), "lat": at[0], "lon": at[1]})
    return rows
