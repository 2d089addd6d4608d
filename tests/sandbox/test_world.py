from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from donghaeng.city.places import Kind, Place, PlaceTable, distance_m
from donghaeng.errors import (
    GatewayRefused,
    InputError,
    MalformedAnswer,
    ProviderError,
    ProviderTimeout,
    ProviderUnavailable,
)
from donghaeng.sandbox.app import create_app
from donghaeng.sandbox.city import SandboxCity
from donghaeng.sandbox.faults import Fault, FaultKind, Full, parse_faults, parse_full
from donghaeng.sandbox.inside import InsideCity, own_city
from donghaeng.sandbox.trains import LONG_LINES

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
NEAR = {"lat": 37.5495, "lon": 126.9137}
WASTE = {
    "item": "소파",
    "count": 1,
    "address": "서울특별시 마포구 양화로 45, 303호",
    "date": "2026-12-01",
    "phone": "010-1234-5678",
}


async def routes(city: InsideCity, ars_id: str, now: datetime = NOW) -> dict[str, Any]:
    answer = await city.call("bus.arrivals_at_stop", {"ars_id": ars_id}, now=now)
    return {row["route"]: row for row in answer.rows}


async def test_well_known_routes_stop_where_they_should(city: InsideCity) -> None:
    assert "704" in await routes(city, "12017")
    for ars_id in ("14011", "14012", "14119", "14120"):
        assert "6411" in await routes(city, ars_id)


async def test_a_bus_comes_nearer_as_time_passes(city: InsideCity) -> None:
    before = (await routes(city, "14011"))["6411"]
    after = (await routes(city, "14011", NOW + timedelta(seconds=60)))["6411"]
    assert before["first_seconds"] - after["first_seconds"] == 60


async def test_the_two_sides_of_a_road_go_to_different_stops(city: InsideCity) -> None:
    here, there = await routes(city, "14011"), await routes(city, "14012")
    assert {row["next_stop"] for row in here.values()} != {row["next_stop"] for row in there.values()}


def test_nearly_all_stops_of_one_name_lead_to_different_next_stops(places: PlaceTable) -> None:
    city = SandboxCity(7, places, lambda: NOW)
    pairs: dict[str, list[Place]] = {}
    for stop in places.places(Kind.STOP):
        pairs.setdefault(stop.name, []).append(stop)
    twins = [
        pair
        for pair in pairs.values()
        if len(pair) == 2 and distance_m(pair[0].lat, pair[0].lon, pair[1].lat, pair[1].lon) < 300
    ]
    assert len(twins) > 100
    following = [{city.world.buses.next_stop(stop).name for stop in pair} for pair in twins]
    assert sum(len(names) == 1 for names in following) <= 0.02 * len(twins)
    for stop in places.places(Kind.STOP):
        assert city.world.buses.next_stop(stop).name != stop.name


async def test_buses_rest_at_night_and_night_buses_run(city: InsideCity) -> None:
    night = await routes(city, "14011", NOW.replace(hour=2, minute=30))
    assert night["6411"]["running"] == "ended"
    assert night["N62"]["running"] in {"running", "arriving"}


async def test_every_stop_and_station_has_an_answer(city: InsideCity, places: PlaceTable) -> None:
    for stop in places.places(Kind.STOP)[::25]:
        assert 5 <= len(await routes(city, stop.key)) <= 9
    for station in places.places(Kind.STATION)[::6]:
        answer = await city.call("subway.arrivals", {"station": station.name}, now=NOW)
        lines = {row["line"] for row in answer.rows}
        assert set(station.lines) - LONG_LINES <= lines, station.name
        assert all(row["towards"] and row["destination"] != station.name for row in answer.rows)


async def test_the_loop_runs_both_ways(city: InsideCity) -> None:
    answer = await city.call("subway.arrivals", {"station": "강남"}, now=NOW)
    seen = {(row["direction"], row["towards"]) for row in answer.rows if row["line"] == "2"}
    assert seen == {("내선", "교대"), ("외선", "역삼")}


async def test_imported_places_have_buses_trains_and_something_near(places: PlaceTable) -> None:
    far = Place(Kind.STOP, "25999", "먼정류장", 37.5901, 127.1804, "강동구")
    station = Place(
        Kind.STATION, "새역", "새역", 37.5905, 127.1800, "강동구", ("2",), extra={"ids": "2:1002000999"}
    )
    wider = places.with_places([far, station])
    city = own_city(wider)
    assert len(await routes(city, "25999")) >= 5
    assert (await city.call("subway.arrivals", {"station": "새역"}, now=NOW)).rows
    here = {"lat": far.lat, "lon": far.lon}
    for operation, arguments in (
        ("pharmacy.near", here),
        ("bike.stations_near", here),
        ("facility.near", {**here, "kind": "toilet"}),
        ("facility.near", {**here, "kind": "wifi"}),
        ("facility.near", {**here, "kind": "aed"}),
        ("facility.near", {**here, "kind": "kiosk"}),
    ):
        answer = await city.call(operation, arguments, now=NOW)
        assert answer.rows[0]["distance_m"] <= 800, operation
    await city.aclose()


async def test_every_district_has_everything_within_a_walk(city: InsideCity, places: PlaceTable) -> None:
    for district in places.places(Kind.DISTRICT):
        here = {"lat": district.lat, "lon": district.lon}
        assert (await city.call("air.by_district", {"district": district.name}, now=NOW)).rows
        assert (await city.call("pharmacy.near", here, now=NOW)).rows[0]["distance_m"] <= 800
        for kind in ("toilet", "wifi", "kiosk", "aed"):
            answer = await city.call("facility.near", {**here, "kind": kind}, now=NOW)
            assert answer.rows[0]["distance_m"] <= 800, (district.name, kind)


async def test_a_seed_fixes_everything(places: PlaceTable) -> None:
    one, same, other = own_city(places), own_city(places, seed=7), own_city(places, seed=8)
    asked = ("bike.stations_near", NEAR)
    first = (await one.call(*asked, now=NOW)).rows
    assert first == (await same.call(*asked, now=NOW)).rows
    assert first != (await other.call(*asked, now=NOW)).rows


async def test_weather_agrees_from_day_to_day(city: InsideCity) -> None:
    """What is forecast for tomorrow is what tomorrow's forecast says of today."""
    ahead = (await city.call("weather.day", {"district": "마포구", "date": "2026-11-24"}, now=NOW)).rows[0]
    morning = NOW.replace(day=24, hour=5, minute=30)
    today = (await city.call("weather.day", {"district": "마포구", "date": "2026-11-24"}, now=morning)).rows[
        0
    ]
    assert (ahead["low"], ahead["high"]) == (today["low"], today["high"])
    for days in range(5):
        day = (NOW + timedelta(days=days)).date().isoformat()
        row = (await city.call("weather.day", {"district": "마포구", "date": day}, now=NOW)).rows[0]
        assert row["low"] <= row["high"]
        assert (row["rain_from"] is None) == (row["rain_kind"] == "없음" or row["rain_now"])
    assert (await city.call("weather.day", {"district": "마포구", "date": "2026-12-05"}, now=NOW)).rows == ()


async def test_holidays_have_holiday_hours(city: InsideCity) -> None:
    ordinary = await city.call("pharmacy.near", {**NEAR, "at": "2026-12-24T11:00"}, now=NOW)
    christmas = await city.call("pharmacy.near", {**NEAR, "at": "2026-12-25T11:00"}, now=NOW)
    assert all(row["open"] for row in ordinary.rows)
    assert not all(row["open"] for row in christmas.rows)
    assert any(row["open"] for row in christmas.rows)


READS: dict[str, tuple[str, dict[str, Any]]] = {
    "bus_arrival": ("bus.arrivals_at_stop", {"ars_id": "14011"}),
    "subway_arrival": ("subway.arrivals", {"station": "강남"}),
    "weather": ("weather.day", {"district": "마포구", "date": "2026-11-23"}),
    "air_quality": ("air.by_district", {"district": "마포구"}),
    "pharmacy": ("pharmacy.near", NEAR),
    "welfare_search": ("welfare.services", {"need": "난방비"}),
    "bike_station": ("bike.stations_near", NEAR),
    "nearby_facility": ("facility.near", {**NEAR, "kind": "toilet"}),
    "lost_property": ("lost.articles", {"item": "우산"}),
    "route_guide": (
        "route.between",
        {"from_lat": 37.5495, "from_lon": 126.9137, "to_lat": 37.4981, "to_lon": 127.0276},
    ),
    "parking": ("parking.near", NEAR),
    "hospital": ("hospital.near", NEAR),
    "emergency_room": ("emergency_room.near", NEAR),
    "shelter": ("shelter.near", {**NEAR, "kind": "cold"}),
}


@pytest.mark.parametrize("service", READS)
@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.TIMEOUT, ProviderTimeout),
        (FaultKind.ERROR, ProviderUnavailable),
        (FaultKind.MALFORMED, MalformedAnswer),
    ],
)
async def test_faults_of_reads(
    places: PlaceTable, service: str, kind: FaultKind, error: type[ProviderError]
) -> None:
    operation, arguments = READS[service]
    broken = own_city(places, faults=[Fault(service, kind)])
    with pytest.raises(error):
        await broken.call(operation, arguments, now=NOW)
    for other, (name, given) in READS.items():
        if other != service:
            assert (await broken.call(name, given, now=NOW)).rows
    once = own_city(places, faults=[Fault(service, kind, times=1)])
    assert (await once.call(operation, arguments, now=NOW)).rows  # the second attempt gets through


@pytest.mark.parametrize("service", READS)
async def test_empty_and_slow_answers(places: PlaceTable, service: str) -> None:
    operation, arguments = READS[service]
    empty = own_city(places, faults=[Fault(service, FaultKind.EMPTY)])
    assert (await empty.call(operation, arguments, now=NOW)).rows == ()
    slow = own_city(places, faults=[Fault(service, FaultKind.SLOW)])
    assert (await slow.call(operation, arguments, now=NOW)).rows


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.TIMEOUT, ProviderTimeout),
        (FaultKind.ERROR, ProviderUnavailable),
        (FaultKind.MALFORMED, MalformedAnswer),
        (FaultKind.EMPTY, MalformedAnswer),
    ],
)
async def test_a_write_is_sent_once_a_call(
    places: PlaceTable, kind: FaultKind, error: type[ProviderError]
) -> None:
    city = own_city(places, faults=[Fault("bulky_waste", kind, times=1)])
    with pytest.raises(error):
        await city.call("gateway.bulky_waste", WASTE, now=NOW, idempotency_key="key-0001")
    assert city.sandbox.writes() == []
    answer = await city.call("gateway.bulky_waste", WASTE, now=NOW, idempotency_key="key-0001")
    assert answer.receipt == "SEL-261123-0001"


async def test_refusals_carry_their_reason(places: PlaceTable) -> None:
    city = own_city(places, full=[Full("bulky_waste", "2026-12-01")])
    with pytest.raises(GatewayRefused) as raised:
        await city.call("gateway.bulky_waste", WASTE, now=NOW, idempotency_key="key-0001")
    assert raised.value.reason == "full"
    assert WASTE["phone"] not in str(raised.value)


async def test_practice_receipts_say_so(places: PlaceTable) -> None:
    city = own_city(places, practice=True)
    answer = await city.call("gateway.bulky_waste", WASTE, now=NOW, idempotency_key="key-0001")
    assert answer.receipt == "연습-261123-0001"
    row = await city.call("gateway.requests", {"receipt": answer.receipt, "phone": WASTE["phone"]}, now=NOW)
    assert row.rows[0]["receipt"] == answer.receipt


def test_faults_as_conversation_tests_write_them() -> None:
    assert parse_faults([{"service": "weather", "kind": "timeout", "times": 2}]) == (
        Fault("weather", FaultKind.TIMEOUT, 2),
    )
    assert parse_full([{"service": "bulky_waste", "date": "2026-12-01"}]) == (
        Full("bulky_waste", "2026-12-01"),
    )
    for wrong in (
        "x",
        [1],
        [{"service": "weather"}],
        [{"service": "weather", "kind": "fire"}],
        [{"service": "a", "kind": "slow", "times": 0}],
    ):
        with pytest.raises(InputError):
            parse_faults(wrong)
    for wrong in ([{"service": "a"}], [{"service": "a", "date": "x"}], [{"date": "2026-12-01"}]):
        with pytest.raises(InputError):
            parse_full(wrong)


class Wire:
    """Raw requests to the sandbox city."""

    def __init__(self, places: PlaceTable) -> None:
        app = create_app(SandboxCity(7, places, lambda: NOW))
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://x")

    async def get(self, path: str) -> str:
        response = await self.client.get(path)
        assert response.status_code == 200
        return response.text


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/openapi.seoul.go.kr/sample/json/bikeList/1/6/", "ERROR-335"),
        ("/openapi.seoul.go.kr/k/json/bikeList/1/1001/", "ERROR-336"),
        ("/openapi.seoul.go.kr/k/json/NoSuch/1/5/", "ERROR-310"),
        ("/openapi.seoul.go.kr/k/csv/bikeList/1/5/", "ERROR-301"),
        ("/openapi.seoul.go.kr/k/json/bikeList/0/5/", "ERROR-331"),
        ("/openapi.seoul.go.kr/k/json/bikeList/1/x/", "ERROR-332"),
        (f"/openapi.seoul.go.kr/k/json/bikeList/1/{'9' * 5_000}/", "ERROR-332"),
        ("/openapi.seoul.go.kr/k/json/bikeList/5/1/", "ERROR-334"),
        ("/openapi.seoul.go.kr/%20/json/bikeList/1/5/", "INFO-100"),
        ("/openapi.seoul.go.kr/k/json/bikeList/9001/9005/", "INFO-200"),
        ("/openapi.seoul.go.kr/k/xml/bikeList/9001/9005/", "INFO-200"),
        ("/openapi.seoul.go.kr/k/json", "ERROR-300"),
        ("/swopenapi.seoul.go.kr/api/subway/k/json/realtimeStationArrival/0/5/없는역", "INFO-200"),
        ("/swopenapi.seoul.go.kr/api/subway/sample/json/realtimeStationArrival/0/5/강남", "ERROR-335"),
        ("/ws.bus.go.kr/api/rest/stationinfo/getStationByUid?arsId=14011", "<headerCd>7</headerCd>"),
        (
            "/ws.bus.go.kr/api/rest/stationinfo/getStationByUid?serviceKey=k&arsId=99999",
            "<headerCd>4</headerCd>",
        ),
        ("/ws.bus.go.kr/api/rest/nothing?serviceKey=k&resultType=json", '"headerCd": "2"'),
        ("/apis.data.go.kr/nothing?serviceKey=k&_type=json", "<returnReasonCode>12<"),
        (
            "/apis.data.go.kr/B552657/AEDInfoInqireService/getAedLcinfoInqire?_type=json",
            "<returnReasonCode>30<",
        ),
        (
            "/apis.data.go.kr/B552657/AEDInfoInqireService/getAedLcinfoInqire?serviceKey=k&_type=json",
            '"resultCode": "11"',
        ),
        (
            "/apis.data.go.kr/1360000/VilageFcstInfoService_2.0/getVilageFcst?serviceKey=k&base_date=20261123&base_time=1100&nx=59&ny=127",
            "<resultCode>03<",
        ),
        (
            "/apis.data.go.kr/1360000/VilageFcstInfoService_2.0/getVilageFcst?serviceKey=k&base_date=x&base_time=1&nx=59&ny=127",
            "<resultCode>10<",
        ),
    ],
)
async def test_providers_own_errors(places: PlaceTable, path: str, code: str) -> None:
    assert code in await Wire(places).get(path)


async def test_xml_and_json_say_the_same(places: PlaceTable) -> None:
    from donghaeng.city.providers import envelopes

    wire = Wire(places)
    for parse, path in (
        (envelopes.seoul_rows, "/openapi.seoul.go.kr/k/{}/ListAirQualityByDistrictService/1/25/"),
        (envelopes.subway_rows, "/swopenapi.seoul.go.kr/api/subway/k/{}/realtimeStationArrival/0/9/강남"),
    ):
        in_json = parse("p", await wire.get(path.format("json")))
        in_xml = parse("p", await wire.get(path.format("xml")))
        assert in_json
        assert [{k: "" if v is None else str(v) for k, v in row.items()} for row in in_json] == in_xml
    base = "/ws.bus.go.kr/api/rest/stationinfo/getStationByUid?serviceKey=k&arsId=14011"
    in_json = envelopes.bus_rows("p", await wire.get(base + "&resultType=json"))
    assert [row["rtNm"] for row in in_json] == [
        row["rtNm"] for row in envelopes.bus_rows("p", await wire.get(base))
    ]


async def test_one_row_is_an_object_and_none_an_empty_string(places: PlaceTable) -> None:
    path = "/apis.data.go.kr/B552657/ErmctInsttInfoInqireService/getParmacyListInfoInqire"
    base = path + "?serviceKey=k&_type=json&Q0=서울특별시"
    response = await Wire(places).client.get(base + "&Q1=마포구&numOfRows=1")
    assert isinstance(response.json()["response"]["body"]["items"]["item"], dict)
    response = await Wire(places).client.get(base + "&Q1=없는구")
    assert response.json()["response"]["body"]["items"] == ""


async def test_paths_of_nobody_are_not_found(places: PlaceTable) -> None:
    client = Wire(places).client
    for path in ("/", "/example.com/x", "/gateway/v1/nothing"):
        assert (await client.get(path)).status_code in {401, 404}
    assert (await client.post("/openapi.seoul.go.kr/k/json/bikeList/1/5/")).status_code == 404


def test_distances_are_metres() -> None:
    assert distance_m(37.5, 127.0, 37.51, 127.0) == pytest.approx(1_112, abs=2)
