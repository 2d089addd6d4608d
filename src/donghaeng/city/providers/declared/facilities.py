"""Operations of facilities near a place."""

from __future__ import annotations

from donghaeng.city.operations import Effect, Operation
from donghaeng.city.providers.declared.fields import DAY_S, DISTANCE, LAT, LON, may, need

_FACILITY = (
    Operation(
        "facility.near",
        Effect.READ,
        parameters={
            "kind": need("text", "toilet | wifi | community_center | kiosk | aed"),
            "lat": LAT,
            "lon": LON,
        },
        row={
            "name": need("text", "name"),
            "address": need("address", "address as registered"),
            "hours": may("text", "when it is open, in the source's words"),
            "detail": may("text", "where exactly, or what it has: 1층 출입구, 장애인 화장실"),
            "phone": may("phone", "telephone of the facility, never of a person"),
            "distance_m": DISTANCE,
            "lat": LAT,
            "lon": LON,
        },
        refresh_seconds=DAY_S,
        source="openapi.seoul mgisToiletPoi, TbPublicWifiInfo; data.go.kr getAedLcinfoInqire, "
        "tn_pubr_public_mnlss_cvpl_issu_info_api; city gateway",
    ),
)

OPERATIONS = (*_FACILITY,)
"""Every operation of this family."""
