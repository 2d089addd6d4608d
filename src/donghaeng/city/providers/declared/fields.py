"""Words for declaring operations: fields, and how long data stay what they are."""

from __future__ import annotations

from donghaeng.city.operations import Field

BUS_REFRESH_S = 10.0
"""TOPIS renews arrivals about every ten seconds."""
SUBWAY_REFRESH_S = 10.0
"""The real-time feed is renewed every few seconds; its key allows 1,000 calls a day."""
BIKE_REFRESH_S = 60.0
PARKING_REFRESH_S = 60.0
"""Car parks report their cars every few minutes."""
WEATHER_REFRESH_S = 600.0
"""KMA renews the observation of an hour every ten minutes (guide of 2024-11-28)."""
AIR_REFRESH_S = 600.0
"""Measured hourly; ten minutes keeps the wait for a new hour short."""
BEDS_REFRESH_S = 60.0
"""Emergency rooms report their beds every few minutes."""
PATH_REFRESH_S = 600.0
"""Ways follow timetables and hardly change; who sets out later asks again."""
DAY_S = 86_400.0
HOUR_S = 3_600.0


def need(kind: str, says: str) -> Field:
    """A field that is always there."""
    return Field(kind, says)


def may(kind: str, says: str) -> Field:
    """A field that may be absent or ``None``."""
    return Field(kind, says, optional=True)


LAT = need("number", "degrees north, WGS 84")
LON = need("number", "degrees east, WGS 84")
DISTANCE = need("metres", "straight distance from the point asked about, metres")
