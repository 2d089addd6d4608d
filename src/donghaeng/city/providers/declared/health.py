"""Operations of pharmacies and hospitals."""

from __future__ import annotations

from donghaeng.city.operations import Effect, Operation
from donghaeng.city.providers.declared.fields import DISTANCE, HOUR_S, LAT, LON, may, need

_PHARMACY = (
    Operation(
        "pharmacy.near",
        Effect.READ,
        parameters={
            "lat": LAT,
            "lon": LON,
            "at": may("datetime", "when it should be open; now unless given"),
        },
        row={
            "name": need("text", "name"),
            "address": need("address", "address as registered"),
            "phone": may("phone", "telephone"),
            "opens": may("time", "opens on that day, HH:MM; absent = closed that day"),
            "closes": may("time", "closes, HH:MM; 26:00 = two in the morning after"),
            "open": need("flag", "open at that time, hours of the evening before included"),
            "distance_m": DISTANCE,
            "lat": LAT,
            "lon": LON,
        },
        refresh_seconds=HOUR_S,
        source="data.go.kr ErmctInsttInfoInqireService getParmacyListInfoInqire",
    ),
)

OPERATIONS = (*_PHARMACY,)
"""Every operation of this family."""
