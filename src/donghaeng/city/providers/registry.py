"""Which adapter carries out which operation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from donghaeng.city.providers import bus, data_go_kr, facility, gateway, kma, seoul, subway
from donghaeng.city.providers.base import Handler

READS: Mapping[str, Handler] = MappingProxyType(
    {
        "bus.arrivals_at_stop": bus.arrivals_at_stop,
        "bus.stops_by_name": bus.stops_by_name,
        "subway.arrivals": subway.arrivals,
        "weather.day": kma.weather_day,
        "air.by_district": seoul.air_by_district,
        "pharmacy.near": data_go_kr.pharmacy_near,
        "bike.stations_near": seoul.bike_stations_near,
        "facility.near": facility.near,
        "gateway.bulky_waste_fee": gateway.bulky_waste_fee,
        "gateway.availability": gateway.availability,
        "gateway.requests": gateway.requests,
    }
)
"""Adapters of the reads; writes all go through the gateway."""
