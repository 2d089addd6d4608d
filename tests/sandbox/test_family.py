"""The sandbox city's events, libraries, centres, jobs, bills and complaints."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx
import jsonschema_rs
import pytest
from tests.sandbox.test_gateway import DOCUMENT, Gateway

from donghaeng.city.places import Kind, PlaceTable
from donghaeng.city.providers import envelopes, library
from donghaeng.errors import MalformedAnswer, ProviderError, ProviderTimeout, ProviderUnavailable
from donghaeng.sandbox.app import create_app
from donghaeng.sandbox.city import SandboxCity
from donghaeng.sandbox.faults import Fault, FaultKind
from donghaeng.sandbox.inside import InsideCity, own_city

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
NEAR = {"lat": 37.5495, "lon": 126.9137}

READS: dict[str, tuple[str, dict[str, Any]]] = {
    "culture_event": ("culture.events", {"district": "마포구"}),
    "library_book": ("library.book", {"title": "토지"}),
    "senior_center": ("senior.centers_near", NEAR),
    "childcare_center": ("childcare.centers_near", NEAR),
    "senior_job": ("gateway.senior_jobs", {"district": "마포구"}),
    "water_bill": ("gateway.water_bill", {"customer_number": "123456789"}),
    "complaint_status": ("gateway.complaint_status", {"receipt": "SEL-261120-0012"}),
}


async def rows(
    city: InsideCity, operation: str, now: datetime = NOW, **arguments: Any
) -> list[Mapping[str, Any]]:
    return list((await city.call(operation, arguments, now=now)).rows)


@pytest.mark.parametrize("service", READS)
@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.TIMEOUT, ProviderTimeout),
        (FaultKind.ERROR, ProviderUnavailable),
        (FaultKind.MALFORMED, MalformedAnswer),
    ],
)
async def test_faults_of_a_service_reach_its_own_requests_alone(
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
    assert (await once.call(operation, arguments, now=NOW)).rows


@pytest.mark.parametrize("service", READS)
async def test_empty_and_slow_answers(places: PlaceTable, service: str) -> None:
    operation, arguments = READS[service]
    empty = own_city(places, faults=[Fault(service, FaultKind.EMPTY)])
    assert (await empty.call(operation, arguments, now=NOW)).rows == ()
    slow = own_city(places, faults=[Fault(service, FaultKind.SLOW)])
    assert (await slow.call(operation, arguments, now=NOW)).rows


async def test_every_gu_has_a_free_event_a_centre_and_a_library_on_every_day(
    city: InsideCity, places: PlaceTable
) -> None:
    for district in places.places(Kind.DISTRICT):
        for day in ("2026-11-23", "2026-11-29", "2027-01-15"):
            found = await rows(city, "culture.events", date=day, district=district.name, free="yes")
            assert found, (district.name, day)
            assert all(row["starts"] <= day <= row["ends"] and row["free"] for row in found)
        near = {"lat": district.lat, "lon": district.lon}
        kinds = {row["kind"] for row in await rows(city, "senior.centers_near", **near)}
        assert kinds == {"노인복지관", "경로당", "노인교실"}
        childcare = await rows(city, "childcare.centers_near", **near)
        assert childcare[0]["distance_m"] <= 1_000
        assert all(row["children"] <= row["capacity"] for row in childcare)
        assert any(site.district == district.name for site in city.sandbox.world.family.libraries)


async def test_the_same_day_has_the_same_events_whatever_was_asked_before(places: PlaceTable) -> None:
    one, other = own_city(places), own_city(places)
    await rows(one, "culture.events", district="마포구")
    asked = {"date": "2026-12-05", "district": "마포구"}
    assert await rows(one, "culture.events", **asked) == await rows(other, "culture.events", **asked)
    assert await rows(own_city(places, seed=8), "culture.events", **asked) != await rows(
        other, "culture.events", **asked
    )


async def test_a_book_is_found_where_it_is_asked_for(city: InsideCity) -> None:
    named = await rows(city, "library.book", title="소년이 온다", library="남산 도서관")
    assert (named[0]["library"], named[0]["asked"], named[0]["author"]) == ("남산도서관", True, "한강")
    near = await rows(city, "library.book", title="토지", district="마포구")
    assert all("마포구" in row["address"] for row in near)
    assert [row["can_borrow"] for row in near] == sorted((row["can_borrow"] for row in near), reverse=True)
    author = await rows(city, "library.book", title="박완서")
    assert author[0]["title"] == "그 많던 싱아는 누가 다 먹었을까"


async def test_the_library_network_answers_in_xml_and_json(places: PlaceTable) -> None:
    app = create_app(SandboxCity(7, places, lambda: NOW))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://x")
    base = "/data4library.kr/api/srchBooks?authKey=k&title=토지"
    in_json = (await client.get(base + "&format=json")).text
    assert library.book_rows((await client.get(base)).text) == library.book_rows(in_json)
    for path in (
        "/data4library.kr/api/srchBooks?format=json",
        "/data4library.kr/api/nothing?authKey=k&format=json",
    ):
        response = await client.get(path)
        assert (response.status_code, set(response.json()["response"])) == (200, {"error"})
    libraries = await client.get(
        "/data4library.kr/api/libSrch?authKey=k&region=11&dtl_region=11140&pageSize=5"
    )
    assert all("마포구" in (one.address or "") for one in library.library_rows(libraries.text))


async def test_rows_of_the_tables_are_those_of_the_portal(places: PlaceTable) -> None:
    app = create_app(SandboxCity(7, places, lambda: NOW))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://x")
    base = "/openapi.seoul.go.kr/k/json/culturalEventInfo/1/9"
    for tail, holds in (
        ("/%20/%20/2026-11-28", lambda row: row["STRTDATE"][:10] <= "2026-11-28" <= row["END_DATE"][:10]),
        ("/국악/%20/2026-11", lambda row: row["CODENAME"] == "국악"),
        ("/%20/인형극/2026-11", lambda row: "인형극" in row["TITLE"]),
        ("/", lambda row: row["GUNAME"].endswith("구")),
    ):
        found = envelopes.seoul_rows("p", (await client.get(base + tail)).text)
        assert found
        assert all(holds(row) for row in found), tail
    nothing = await client.get(base + "/%20/%20/아무날")
    assert "INFO-200" in nothing.text
    centers = envelopes.seoul_rows(
        "p", (await client.get("/openapi.seoul.go.kr/k/xml/ChildCareInfo/1/9/은평구")).text
    )
    assert {row["SIGUNNAME"] for row in centers} == {"은평구"}


async def test_bills_by_month(city: InsideCity) -> None:
    newest = await rows(city, "gateway.water_bill", customer_number="123456789")
    assert newest == await rows(city, "gateway.water_bill", customer_number="123-456-789", month="이번 달")
    (before,) = await rows(city, "gateway.water_bill", customer_number="123456789", month="지난달")
    assert (newest[0]["month"], before["month"]) == ("2026-11", "2026-10")
    for wrong in ({"customer_number": "12345"}, {"customer_number": "000000000"}):
        assert await rows(city, "gateway.water_bill", **wrong) == []
    assert await rows(city, "gateway.water_bill", customer_number="123456789", month="2019-01") == []


async def test_a_complaint_that_was_filed_is_followed_from_received_to_done(city: InsideCity) -> None:
    arguments = {
        "category": "streetlight",
        "content": "가로등이 꺼졌어요",
        "where": "합정동",
        "phone": "010-1234-5678",
    }
    filed = await city.call("gateway.complaint", arguments, now=NOW, idempotency_key="key-00001")
    receipt = str(filed.receipt)
    seen = []
    for days in range(14):
        at = NOW + timedelta(days=days)
        (row,) = await rows(city, "gateway.complaint_status", at, receipt=receipt)
        assert not {"010-1234-5678", "합정동"} & set(map(str, row.values()))
        seen.append(row["state"])
    assert list(dict.fromkeys(seen)) == ["received", "assigned", "in_progress", "done"]
    without_letters = await rows(city, "gateway.complaint_status", receipt=receipt.removeprefix("SEL-"))
    assert without_letters[0]["receipt"] == receipt
    city.sandbox.ledger.cancel(receipt)
    (row,) = await rows(city, "gateway.complaint_status", receipt=receipt)
    assert row["state"] == "withdrawn"


async def test_receipts_of_other_services_and_of_days_to_come_are_no_complaints(city: InsideCity) -> None:
    other = city.sandbox.ledger.accept("bulky_waste", {"item": "소파"}, "key-00001", NOW)
    for receipt in (other.receipt, "SEL-261124-0001", "SEL-261120-9999", "SEL-261399-0001", "없는번호"):
        assert await rows(city, "gateway.complaint_status", receipt=receipt) == []


@pytest.mark.parametrize(
    ("method", "path", "kinds", "status"),
    [
        ("GET", "/v1/senior_jobs", {"params": {"district": "마포구"}}, 200),
        ("GET", "/v1/senior_jobs", {"params": {"district": "마포구", "kind": "없는 일"}}, 200),
        ("GET", "/v1/senior_jobs", {"params": {"district": "수원시"}}, 422),
        ("POST", "/v1/water_bills/lookup", {"json": {"customer_number": "123456789"}}, 200),
        (
            "POST",
            "/v1/water_bills/lookup",
            {"json": {"customer_number": "123456789", "month": "2026-10"}},
            200,
        ),
        ("POST", "/v1/water_bills/lookup", {"json": {"customer_number": "1"}}, 422),
        (
            "POST",
            "/v1/water_bills/lookup",
            {"json": {"customer_number": "123456789", "month": "2026-13"}},
            422,
        ),
        ("POST", "/v1/water_bills/lookup", {"content": b"["}, 422),
        ("POST", "/v1/complaints/lookup", {"json": {"receipt": "SEL-261120-0012"}}, 200),
        ("POST", "/v1/complaints/lookup", {"json": {}}, 422),
    ],
)
async def test_reads_are_as_the_document_says(
    places: PlaceTable, method: str, path: str, kinds: dict[str, Any], status: int
) -> None:
    response = await Gateway(places).ask(method, path, path, **kinds)
    assert response.status_code == status


def test_the_document_shows_no_name_and_no_address() -> None:
    for name in ("WaterBill", "ComplaintState"):
        schema = DOCUMENT["components"]["schemas"][name]
        assert schema["additionalProperties"] is False
        assert not {"name", "address", "phone", "content"} & set(schema["properties"])
        assert jsonschema_rs.validator_for({"components": DOCUMENT["components"], **schema})
