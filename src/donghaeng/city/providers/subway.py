"""Real-time subway arrivals (swopenapi.seoul.go.kr)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from donghaeng.city.operations import Answer
from donghaeng.city.providers.base import Outside, Row
from donghaeng.city.providers.declared.fields import SUBWAY_REFRESH_S
from donghaeng.city.providers.envelopes import Rows, need, subway_rows
from donghaeng.city.providers.transport import Request
from donghaeng.city.providers.values import count, kst, number, stamp, text
from donghaeng.errors import InputError

PROVIDER = "subway"

LINES: Mapping[str, str] = MappingProxyType(
    {
        **{f"100{line}": str(line) for line in range(1, 10)},
        "1032": "GTX-A",
        "1063": "경의중앙",
        "1065": "공항철도",
        "1067": "경춘",
        "1075": "수인분당",
        "1077": "신분당",
        "1081": "경강",
        "1092": "우이신설",
        "1093": "서해",
        "1094": "신림",
    }
)
"""Lines by ``subwayId`` (manual of the real-time feed, OA-12764)."""

SAMPLE_ROWS = 5
PAGE_ROWS = 40
"""Rows asked for: the busiest station (five lines, two directions, four trains each) has about 40."""

GONE_AFTER_S = 120
"""A train whose announced time passed this long ago has left; the feed has not taken it out yet."""

_TOWARDS = re.compile(r"-\s*(.+?)\s*방면")
_ENTERING, _ARRIVED, _LEFT, _UNDER_WAY = "0", "1", "2", "99"


async def arrivals(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """Trains that come to a station, soonest first; trains of unknown time last."""
    station = str(arguments.get("station", "")).strip()
    if not station:
        raise InputError("station is empty", remedy="give the official name without 역")
    found = await outside.cache.get(
        ("subway.arrivals", station), SUBWAY_REFRESH_S, now, lambda: _fetch(outside, station, now)
    )
    made = [stamp(text(raw, "recptnDt"), "%Y-%m-%d %H:%M:%S") for raw in found]
    newest = max((moment for moment in made if moment), default=now)
    return Answer(rows=tuple(arrival_rows(found, now)), as_of=newest)


async def _fetch(outside: Outside, station: str, now: datetime) -> Rows:
    base, key = outside.address(PROVIDER)
    last = SAMPLE_ROWS - 1 if key == "sample" else PAGE_ROWS
    path = f"/api/subway/{quote(key, safe='')}/json/realtimeStationArrival/0/{last}/{quote(station, safe='')}"
    request = Request(PROVIDER, "GET", base + path, quota=PROVIDER)
    return await outside.transport.read(request, now, _checked_rows)


def _checked_rows(body: str) -> Rows:
    found = subway_rows(PROVIDER, body)
    need(PROVIDER, found, "subwayId", "updnLine", "trainLineNm")
    return found


def arrival_rows(found: Rows, now: datetime) -> list[Row]:
    """Rows of realtimeStationArrival into ours; ``now`` takes the age of the data off the seconds."""
    rows = [row for raw in found if (row := _arrival(raw, kst(now)))]
    rows.sort(key=lambda row: (row["seconds"] is None, row["seconds"] or 0))
    return rows


def _arrival(raw: Mapping[str, Any], now: datetime) -> Row | None:
    if text(raw, "arvlCd") == _LEFT:
        return None
    known, seconds = _remaining(raw, now)
    if not known:
        return None
    heading = text(raw, "trainLineNm")
    towards = _TOWARDS.search(heading)
    destination = text(raw, "bstatnNm") or heading.partition("행")[0]
    subway_id = text(raw, "subwayId")
    return {
        "line": LINES.get(subway_id, text(raw, "subwayNm") or subway_id),
        "direction": text(raw, "updnLine"),
        "heading": heading,
        "destination": destination,
        "towards": towards[1] if towards else destination,
        "minutes": None if seconds is None else seconds // 60,
        "seconds": seconds,
        "message": text(raw, "arvlMsg2"),
        "at_station": text(raw, "arvlMsg3") or None,
        "last_train": text(raw, "lstcarAt") == "1",
        "express": text(raw, "btrainSttus") not in {"", "일반"},
    }


def _remaining(raw: Mapping[str, Any], now: datetime) -> tuple[bool, int | None]:
    """Whether the train is still to come, and in how many seconds (``None``: the feed does not know)."""
    if text(raw, "arvlCd") in {_ENTERING, _ARRIVED}:
        return True, 0
    announced = count(raw, "barvlDt")
    if number(raw, "barvlDt") is None or announced is None or announced <= 0:
        return True, None
    made = stamp(text(raw, "recptnDt"), "%Y-%m-%d %H:%M:%S")
    elapsed = max(0, int((now - made).total_seconds())) if made else 0
    left = announced - elapsed
    return left > -GONE_AFTER_S, max(0, left)
