"""One contract for recorded answers and the sandbox city: the same rows with the same fields and types.

Every operation is called twice, once over answers typed from the providers' documents and once on the
sandbox city, so that neither the adapters nor the sandbox can drift from the wire formats alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import httpx
import pytest

from donghaeng.city.connect import ConnectedCity, connect
from donghaeng.city.operations import Answer
from donghaeng.city.places import PlaceTable
from donghaeng.city.providers.declared import OPERATIONS
from donghaeng.city.providers.registry import READS
from donghaeng.sandbox.inside import InsideCity
from donghaeng.settings import load_settings

NEAR = {"lat": 37.5495, "lon": 126.9137}
WAY = {"from_lat": 37.4765, "from_lon": 126.9816, "to_lat": 37.5547, "to_lon": 126.9707}
PHONE = "010-1234-5678"
WASTE = {
    "item": "소파",
    "count": 1,
    "address": "서울특별시 마포구 양화로 45, 303호",
    "date": "2026-12-01",
    "phone": PHONE,
}
VISIT = {"date": "2026-12-01", "time": "10:00", "person_name": "김복순", "phone": PHONE}

CALLS: dict[str, list[Mapping[str, Any]]] = {
    "bus.arrivals_at_stop": [{"ars_id": "12017"}],
    "bus.stops_by_name": [{"name": "합정역"}],
    "subway.arrivals": [{"station": "강남"}],
    "weather.day": [{"district": "마포구", "date": "2026-11-23"}],
    "air.by_district": [{"district": "마포구"}],
    "welfare.services": [{"need": "난방비", "age": 72, "household": "alone"}],
    "pharmacy.near": [NEAR, {**NEAR, "at": "2026-12-25T11:00"}],
    "bike.stations_near": [NEAR],
    "lost.articles": [{"item": "우산"}, {"item": "가방", "where": "bus", "date": "2026-11-19"}],
    "route.between": [WAY, {**WAY, "mode": "bus"}, {**WAY, "mode": "subway"}],
    "parking.near": [NEAR],
    "hospital.near": [NEAR, {**NEAR, "specialty": "정형외과", "at": "2026-11-28T10:00"}],
    "emergency_room.near": [NEAR],
    "shelter.near": [{**NEAR, "kind": kind} for kind in ("heat", "cold")],
    "facility.near": [
        {**NEAR, "kind": kind} for kind in ("toilet", "wifi", "community_center", "kiosk", "aed")
    ],
    "gateway.bulky_waste": [WASTE],
    "gateway.meter_freeze": [{"symptom": "burst", "address": WASTE["address"], "phone": PHONE}],
    "reservation.facility": [{"facility": "난지캠핑장"}, {"facility": "테니스장"}],
    "gateway.call_taxi": [
        {
            "origin": {"name": "합정역", **NEAR},
            "destination": {"name": "서울역", "lat": 37.5559, "lon": 126.9723},
            "when": "2026-11-24T10:00",
            "wheelchair": "yes",
            "phone": PHONE,
        }
    ],
    "gateway.dementia_check": [{"district": "마포구", **VISIT}],
    "gateway.care_request": [
        {"need": "meal", "person_name": "김복순", "address": WASTE["address"], "phone": PHONE}
    ],
    "gateway.visit_consult": [{"dong": "합정동", **VISIT}],
    "gateway.check_in_call": [{"time": "09:00", "days": "daily", "person_name": "김복순", "phone": PHONE}],
    "gateway.reserve_facility": [{"facility": "테니스장", "people": 4, **VISIT}],
    "gateway.walking_tour": [
        {
            "course": "경복궁",
            "date": "2026-12-01",
            "people": 2,
            "person_name": "김복순",
            "phone": PHONE,
        }
    ],
    "gateway.digital_class": [
        {"topic": "kiosk", "district": "마포구", "person_name": "김복순", "phone": PHONE}
    ],
    "gateway.safe_return": [
        {"meet_at": {"name": "합정역", **NEAR}, "when": "2026-11-23T23:00", "phone": PHONE}
    ],
    "gateway.complaint": [
        {
            "category": "streetlight",
            "content": "가로등이 꺼져 있어요",
            "where": "합정역 2번 출구 앞",
            "phone": PHONE,
        }
    ],
    "gateway.bulky_waste_fee": [{"item": "소파", "count": 2, "district": "마포구"}],
    "gateway.availability": [{"service": "bulky_waste", "date": "2026-12-01"}],
    "gateway.requests": [{"receipt": "SEL-261123-0001", "phone": PHONE}],
    "gateway.cancel": [{"receipt": "SEL-261123-0001"}],
    "gateway.senior_jobs": [{"district": "마포구", "kind": "경비"}],
    "gateway.water_bill": [{"customer_number": "123456789", "month": "지난달"}],
    "gateway.complaint_status": [{"receipt": "SEL-261120-0012"}],
    "culture.events": [{"date": "2026-11-28", "free": "no"}, {"district": "마포구"}],
    "library.book": [{"title": "토지", "library": "남산도서관", "district": "마포구"}],
    "senior.centers_near": [NEAR],
    "childcare.centers_near": [NEAR],
}

LOCAL = {"account", "apps", "forms", "knowledge"}
"""Carried out in this process, by what stands above the city; they have tests of their own."""

RECORDED = {
    "/api/rest/stationinfo/getStationByUid": "bus_arrivals.json",
    "/api/rest/stationinfo/getStationByName": "bus_stops.json",
    "/api/rest/pathinfo/": "paths.json",
    "/api/subway/KEY/json/realtimeStationArrival": "subway.json",
    "/KEY/json/ListAirQualityByDistrictService/1/1000/111201": "air.json",
    "/KEY/json/bikeList/1/1000/": "bikes.json",
    "/KEY/json/mgisToiletPoi/1/1000/": "toilets.json",
    "/KEY/json/TbPublicWifiInfo/1/1000/": "wifi.json",
    "/KEY/json/lostArticleInfo/1/1000/": "lost.json",
    "/KEY/json/GetParkInfo/1/1000/": "parking.json",
    "/KEY/json/GetParkingInfo/1/1000/": "parking_now.json",
    "/KEY/json/TbGtnHwcwP/1/1000/": "shelters_heat.json",
    "/KEY/json/TbGtnCwP/1/1000/": "shelters_cold.json",
    "/KEY/json/ListPublicReservationSport/1/1000/": "reservations_sport.json",
    "/KEY/json/ListPublicReservationInstitution/1/1000/": "reservations_institution.json",
    "/1360000/VilageFcstInfoService_2.0/getUltraSrtNcst": "observation.json",
    "/1360000/VilageFcstInfoService_2.0/getVilageFcst?0800": "forecast_0800.json",
    "/1360000/VilageFcstInfoService_2.0/getVilageFcst?0200": "forecast_0200.json",
    "/B554287/NationalWelfareInformationsV001/NationalWelfarelistV001": "welfare.xml",
    "/B552657/ErmctInsttInfoInqireService/getParmacyListInfoInqire": "pharmacies.xml",
    "/B552657/AEDInfoInqireService/getAedLcinfoInqire": "aed.xml",
    "/B552657/HsptlAsembySearchService/getHsptlMdcncListInfoInqire": "hospitals.xml",
    "/B552657/ErmctInfoInqireService/getEmrrmRltmUsefulSckbdInfoInqire": "emergency_beds.xml",
    "/B552657/ErmctInfoInqireService/getEgytListInfoInqire": "emergency_rooms.xml",
    "/B090041/openapi/service/SpcdeInfoService/getRestDeInfo": "holidays.xml",
    "/openapi/tn_pubr_public_mnlss_cvpl_issu_info_api": "kiosks.json",
    "/v1/requests/lookup": "gateway_requests.json",
    "/v1/requests/": "gateway_accepted.json",
    "/v1/fees/bulky_waste": "gateway_fee.json",
    "/v1/availability/bulky_waste": "gateway_slots.json",
    "/v1/facilities/community_center": "gateway_centers.json",
    "/v1/senior_jobs": "gateway_jobs.json",
    "/v1/water_bills/lookup": "gateway_bill.json",
    "/v1/complaints/lookup": "gateway_complaint.json",
    "/KEY/json/culturalEventInfo/1/1000/": "events.json",
    "/KEY/json/fcltOpenInfo_OWI/1/1000/": "senior_centers.json",
    "/KEY/json/ChildCareInfo/1/1000/": "childcare.json",
    "/api/srchBooks": "books.json",
    "/api/libSrchByBook": "book_libraries.json",
    "/api/libSrch": "book_libraries.json",
    "/api/bookExist": "book_lent.json",
}


@pytest.fixture
def recorded(places: PlaceTable, samples: Any) -> ConnectedCity:
    """The live city over recorded answers."""

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path + (
            "?" + request.url.params["base_time"] if "getVilageFcst" in request.url.path else ""
        )
        name = next(name for start, name in RECORDED.items() if path.startswith(start))
        return httpx.Response(200, text=samples.text(name))

    settings = load_settings(
        city="live",
        seoul_openapi_key="KEY",
        seoul_subway_key="KEY",
        data_go_kr_key="KEY",
        data4library_key="KEY",
        gateway_url="https://gateway.invalid",
        gateway_key="KEY",
    )
    return connect(settings, places, transport=httpx.MockTransport(answer))


FITS: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "address": str,
    "phone": str,
    "time": str,
    "date": str,
    "count": int,
    "minutes": int,
    "metres": int,
    "money": int,
    "number": float,
    "flag": bool,
    "datetime": datetime,
    "list": list,
}


def check_rows(operation: str, answer: Answer) -> None:
    declared = OPERATIONS[operation].row
    for row in answer.rows:
        assert not set(row) - set(declared), f"{operation} gives undeclared fields"
        for name, field in declared.items():
            value = row.get(name)
            if value is None:
                assert field.optional, f"{operation}: {name} is missing"
                continue
            assert isinstance(value, FITS[field.type]), f"{operation}: {name} is {type(value)}"
            assert isinstance(value, bool) == (field.type == "flag"), name
            if field.type == "date":
                date.fromisoformat(value)


def test_every_operation_has_an_adapter_and_a_call() -> None:
    asked = {name: one for name, one in OPERATIONS.items() if one.provider not in LOCAL}
    assert set(CALLS) == set(asked)
    reads = {name for name, operation in asked.items() if operation.effect == "read"}
    assert set(READS) == reads


@pytest.mark.parametrize("operation", CALLS)
async def test_recorded_answers_give_the_declared_rows(
    recorded: ConnectedCity, now: datetime, operation: str
) -> None:
    for arguments in CALLS[operation]:
        answer = await recorded.call(operation, arguments, now=now, idempotency_key="key-00001")
        assert answer.rows
        check_rows(operation, answer)


@pytest.mark.parametrize("operation", CALLS)
async def test_the_sandbox_gives_the_same_rows(
    city: InsideCity, recorded: ConnectedCity, now: datetime, operation: str
) -> None:
    if operation in {"gateway.requests", "gateway.cancel"}:
        await city.call("gateway.bulky_waste", WASTE, now=now, idempotency_key="key-00000")
    for arguments in CALLS[operation]:
        here = await city.call(operation, arguments, now=now, idempotency_key="key-00001")
        there = await recorded.call(operation, arguments, now=now, idempotency_key="key-00001")
        assert here.rows
        check_rows(operation, here)
        assert set(here.rows[0]) == set(there.rows[0])
        assert (here.receipt is None) == (there.receipt is None)


async def test_a_live_city_without_a_key_says_which_setting_is_missing(
    places: PlaceTable, now: datetime
) -> None:
    from donghaeng.errors import ProviderDenied

    live = connect(load_settings(city="live"), places)
    for operation, arguments, setting in (
        ("subway.arrivals", {"station": "강남"}, "SEOUL_SUBWAY_KEY"),
        ("weather.day", {"district": "마포구", "date": "2026-11-23"}, "DATA_GO_KR_KEY"),
        ("gateway.bulky_waste", WASTE, "GATEWAY_URL"),
        ("gateway.water_bill", {"customer_number": "123456789"}, "GATEWAY_URL"),
        ("library.book", {"title": "토지"}, "DATA4LIBRARY_KEY"),
    ):
        with pytest.raises(ProviderDenied, match=setting):
            await live.call(operation, arguments, now=now, idempotency_key="key-00001")
    await live.aclose()


async def test_calls_that_the_operation_does_not_take_are_refused_before_any_request(
    city: InsideCity, now: datetime
) -> None:
    from donghaeng.errors import InputError

    for operation, arguments in (
        ("bus.nothing", {}),
        ("bus.arrivals_at_stop", {}),
        ("bus.arrivals_at_stop", {"ars_id": "123"}),
        ("bus.arrivals_at_stop", {"ars_id": "12017", "route": "704"}),
        ("weather.day", {"district": "수원시", "date": "2026-11-23"}),
        ("weather.day", {"date": "tomorrow"}),
        ("air.by_district", {"district": "수원시"}),
        ("facility.near", {**NEAR, "kind": "bank"}),
        ("library.book", {"title": " "}),
        ("culture.events", {"date": "주말"}),
        ("gateway.complaint_status", {"receipt": "?"}),
        ("gateway.bulky_waste", WASTE),
    ):
        with pytest.raises(InputError):
            await city.call(operation, arguments, now=now)


async def test_a_separate_sandbox_city_is_asked_at_its_address(places: PlaceTable, now: datetime) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url.copy_with(query=None)))
        return httpx.Response(200, json={"RESULT": {"CODE": "INFO-200"}})

    far = connect(
        load_settings(sandbox_url="http://10.0.0.5:8400/"), places, transport=httpx.MockTransport(answer)
    )
    assert (await far.call("bike.stations_near", NEAR, now=now)).rows == ()
    assert asked == ["http://10.0.0.5:8400/openapi.seoul.go.kr/sandbox/json/bikeList/1/1000/"]


async def test_bike_pages_are_read_until_one_is_not_full(places: PlaceTable, now: datetime) -> None:
    pages: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        start, end = (int(part) for part in request.url.path.rstrip("/").split("/")[-2:])
        pages.append(f"{start}-{end}")
        count = 1_000 if start < 2_000 else 739
        rows = [
            {
                "rackTotCnt": "1",
                "stationName": f"{start + i}. 곳",
                "parkingBikeTotCnt": "0",
                "stationLatitude": "37.5",
                "stationLongitude": "127.0",
            }
            for i in range(count)
        ]
        return httpx.Response(
            200,
            json={"rentBikeStatus": {"list_total_count": count, "RESULT": {"CODE": "INFO-000"}, "row": rows}},
        )

    settings = load_settings(city="live", seoul_openapi_key="KEY")
    live = connect(settings, places, transport=httpx.MockTransport(answer))
    await live.call("bike.stations_near", NEAR, now=now)
    assert pages == ["1-1000", "1001-2000", "2001-3000"]
