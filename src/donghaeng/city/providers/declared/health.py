"""Operations of pharmacies and hospitals."""

from __future__ import annotations

from donghaeng.city.operations import Effect, Operation
from donghaeng.city.providers.declared.fields import BEDS_REFRESH_S, DISTANCE, HOUR_S, LAT, LON, may, need

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

_HOSPITAL = (
    Operation(
        "hospital.near",
        Effect.READ,
        parameters={
            "lat": LAT,
            "lon": LON,
            "specialty": may("text", "department or kind of house: 정형외과, 치과, 한의원, 보건소"),
            "at": may("datetime", "the moment that `open` is about; now unless given"),
        },
        row={
            "name": need("text", "name"),
            "kind": need("text", "의원, 병원, 종합병원, 치과의원, 한의원, 보건소 …"),
            "address": need("address", "address as registered"),
            "phone": may("phone", "telephone of the house"),
            "opens": may("time", "opens on that day, HH:MM; absent = closed that day"),
            "closes": may("time", "closes, HH:MM; 26:00 = two in the morning after"),
            "open": need("flag", "open at that time by the hours it reports"),
            "distance_m": DISTANCE,
            "lat": LAT,
            "lon": LON,
        },
        refresh_seconds=HOUR_S,
        source="data.go.kr HsptlAsembySearchService getHsptlMdcncListInfoInqire",
    ),
)

_EMERGENCY_ROOM = (
    Operation(
        "emergency_room.near",
        Effect.READ,
        parameters={"lat": LAT, "lon": LON},
        row={
            "name": need("text", "name of the hospital"),
            "kind": may("text", "지역응급의료센터, 지역응급의료기관 …"),
            "address": need("address", "address as registered"),
            "phone": may("phone", "telephone of the emergency room"),
            "beds": may("count", "beds free now; 0 = full; absent = no report of the last half hour"),
            "updated_time": may("time", "when the room reported its beds, HH:MM"),
            "distance_m": DISTANCE,
            "lat": LAT,
            "lon": LON,
        },
        refresh_seconds=BEDS_REFRESH_S,
        source="data.go.kr ErmctInfoInqireService getEmrrmRltmUsefulSckbdInfoInqire, getEgytListInfoInqire",
    ),
)

OPERATIONS = (
    *_PHARMACY,
    *_HOSPITAL,
    *_EMERGENCY_ROOM,
)
"""Every operation of this family."""
