"""Which adapter carries out which operation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from donghaeng.city.providers import (
    bus,
    childcare,
    culture,
    data_go_kr,
    emergency_rooms,
    facility,
    gateway,
    gateway_reads,
    hospitals,
    kma,
    library,
    lost,
    parking,
    paths,
    reservations,
    seniors,
    seoul,
    shelters,
    subway,
    welfare,
)
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
        "parking.near": parking.lots_near,
        "shelter.near": shelters.near,
        "hospital.near": hospitals.near,
        "emergency_room.near": emergency_rooms.near,
        "welfare.services": welfare.services,
        "lost.articles": lost.articles,
        "route.between": paths.between,
        "gateway.bulky_waste_fee": gateway.bulky_waste_fee,
        "gateway.availability": gateway.availability,
        "gateway.requests": gateway.requests,
        "gateway.senior_jobs": gateway_reads.senior_jobs,
        "gateway.water_bill": gateway_reads.water_bill,
        "gateway.complaint_status": gateway_reads.complaint_status,
        "culture.events": culture.events,
        "library.book": library.book,
        "reservation.facility": reservations.facility,
        "senior.centers_near": seniors.centers_near,
        "childcare.centers_near": childcare.centers_near,
    }
)
"""Adapters of the reads; writes all go through the gateway."""
