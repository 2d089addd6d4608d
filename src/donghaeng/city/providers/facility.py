"""The nearest public facility of a kind: which source knows which kind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from donghaeng.city.operations import Answer
from donghaeng.city.providers import data_go_kr, gateway, seoul
from donghaeng.city.providers.base import Outside, Row, nearest
from donghaeng.city.providers.values import asked_point
from donghaeng.errors import InputError

Source = Callable[[Outside, float, float, datetime], Awaitable[list[Row]]]

SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        "toilet": seoul.toilets,
        "wifi": seoul.wireless,
        "community_center": gateway.community_centers,
        "kiosk": data_go_kr.kiosks,
        "aed": data_go_kr.defibrillators,
    }
)


async def near(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """Facilities of a kind around a point, nearest first."""
    lat, lon = asked_point(arguments)
    source = SOURCES.get(str(arguments.get("kind", "")))
    if source is None:
        raise InputError("kind is unknown", remedy=f"give one of {', '.join(SOURCES)}")
    return Answer(rows=nearest(await source(outside, lat, lon, now), lat, lon))
