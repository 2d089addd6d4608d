"""The sandbox city's gateway against the published document."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest
from ruamel.yaml import YAML

from donghaeng.city.places import PlaceTable
from donghaeng.sandbox import clock
from donghaeng.sandbox.app import create_app
from donghaeng.sandbox.city import SandboxCity
from donghaeng.sandbox.faults import Fault, FaultKind, Full
from donghaeng.sandbox.inside import no_wait
from donghaeng.sandbox.ledger import Ledger

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
DOCUMENT = YAML(typ="safe").load(Path(__file__).resolve().parents[2] / "docs/gateway.openapi.yaml")
WASTE = {
    "item": "소파",
    "count": 1,
    "address": "서울특별시 마포구 양화로 45, 303호",
    "date": "2026-12-01",
    "phone": "010-1234-5678",
}


class Gateway:
    """A client that holds every answer against the document."""

    def __init__(self, places: PlaceTable, **kinds: Any) -> None:
        self.city = SandboxCity(7, places, lambda: NOW, **kinds)
        app = create_app(self.city, sleep=no_wait)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://x/gateway")

    async def ask(
        self, method: str, path: str, template: str, key: str | None = None, bearer: bool = True, **kinds: Any
    ) -> httpx.Response:
        headers = {"Authorization": "Bearer k"} if bearer else {}
        if key:
            headers["Idempotency-Key"] = key
        response = await self.client.request(method, path, headers=headers, **kinds)
        operation = DOCUMENT["paths"][template][method.lower()]
        described = operation["responses"][str(response.status_code)]
        if "$ref" in described:
            described = DOCUMENT["components"]["responses"][described["$ref"].rpartition("/")[2]]
        ((media, content),) = described["content"].items()
        assert response.headers["content-type"].split(";")[0] == media
        schema = {"components": DOCUMENT["components"], **content["schema"]}
        jsonschema_rs.validator_for(schema, validate_formats=True).validate(response.json())
        return response

    async def file(
        self, arguments: dict[str, Any], key: str = "key-0001", service: str = "bulky_waste", **kinds: Any
    ) -> httpx.Response:
        return await self.ask(
            "POST",
            f"/v1/requests/{service}",
            "/v1/requests/{service}",
            key,
            json={"arguments": arguments},
            **kinds,
        )

    async def cancel(self, receipt: str, key: str = "cancel-0001") -> httpx.Response:
        return await self.ask(
            "POST", f"/v1/requests/{receipt}/cancel", "/v1/requests/{receipt}/cancel", key, json={}
        )

    async def lookup(self, receipt: str, phone: str) -> list[Any]:
        body = {"receipt": receipt, "phone": phone}
        response = await self.ask("POST", "/v1/requests/lookup", "/v1/requests/lookup", json=body)
        found: list[Any] = response.json()["items"]
        return found


@pytest.fixture
def gateway(places: PlaceTable) -> Gateway:
    return Gateway(places)


def test_the_document_is_openapi_3_1_and_covers_every_write() -> None:
    from donghaeng.city.providers.declared.gateway import WRITES

    assert DOCUMENT["openapi"].startswith("3.1")
    assert set(DOCUMENT["components"]["parameters"]["Service"]["schema"]["enum"]) == set(WRITES)
    schemas = DOCUMENT["components"]["schemas"]
    allowed = schemas["NewRequest"]["properties"]["arguments"]["anyOf"]
    for service, parameters in WRITES.items():
        name = "".join(word.capitalize() for word in service.split("_"))
        assert {"$ref": f"#/components/schemas/{name}"} in allowed
        assert set(schemas[name]["properties"]) == set(parameters)
        needed = {name for name, field in parameters.items() if not field.optional}
        assert set(schemas[name]["required"]) == needed


async def test_a_request_is_made_once_however_often_it_is_sent(gateway: Gateway) -> None:
    first = await gateway.file(WASTE)
    again = await gateway.file(WASTE)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["receipt"] == "SEL-261123-0001"
    other = await gateway.file({**WASTE, "count": 2})
    assert (other.status_code, other.json()["reason"]) == (422, "key_reused")
    assert [write["receipt"] for write in gateway.city.writes()] == ["SEL-261123-0001"]
    assert gateway.city.writes()[0]["arguments"] == WASTE


async def test_a_repeated_key_gets_its_receipt_even_when_the_day_is_full_or_gone(gateway: Gateway) -> None:
    first = await gateway.file(WASTE)
    gateway.city.full = (Full("bulky_waste", "2026-12-01"),)
    gateway.city._clock = lambda: NOW.replace(year=2027)
    assert (await gateway.file(WASTE)).json() == first.json()


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        ({"date": "2026-11-22"}, 422, "date_past"),
        ({"date": "2026-02-30"}, 422, "invalid"),
        ({"date": "내일"}, 422, "invalid"),
        ({"phone": "123"}, 422, "invalid"),
        ({"count": 0}, 422, "invalid"),
        ({"count": True}, 422, "invalid"),
        ({"count": "1"}, 422, "invalid"),
        ({"item": None}, 422, "missing"),
        ({"address": ""}, 422, "missing"),
        ({"resident_number": "x"}, 422, "invalid"),
        ({"item": "가" * 3_000}, 422, "invalid"),
    ],
)
async def test_wrong_requests_are_refused_with_a_reason(
    gateway: Gateway, change: dict[str, Any], status: int, reason: str
) -> None:
    refused = await gateway.file({**WASTE, **change})
    assert (refused.status_code, refused.json()["reason"]) == (status, reason)
    assert gateway.city.writes() == []


async def test_what_is_full_is_refused_and_the_rest_is_free(places: PlaceTable) -> None:
    gateway = Gateway(places, full=[Full("bulky_waste", "2026-12-01")])
    refused = await gateway.file(WASTE)
    assert (refused.status_code, refused.json()["reason"]) == (409, "full")
    assert (await gateway.file({**WASTE, "date": "2026-12-02"}, key="key-0002")).status_code == 201
    template = "/v1/availability/{service}"
    for day, free in (("2026-12-01", False), ("2026-12-02", True), ("2026-11-22", False)):
        found = await gateway.ask("GET", "/v1/availability/bulky_waste", template, params={"date": day})
        assert [slot["free"] for slot in found.json()["items"]] == [free]
    wrong = await gateway.ask("GET", "/v1/availability/bulky_waste", template, params={"date": "x"})
    assert wrong.status_code == 422


def test_a_full_time_leaves_the_other_times_of_the_day() -> None:
    full = Full("dementia_check", "2026-11-24", "14:00")
    assert full.covers("dementia_check", "2026-11-24", "14:00")
    assert not full.covers("dementia_check", "2026-11-24", "15:00")
    assert Full("dementia_check", "2026-11-24").covers("dementia_check", "2026-11-24", "15:00")


async def test_cancelling_and_looking_up(gateway: Gateway) -> None:
    receipt = (await gateway.file(WASTE)).json()["receipt"]
    assert [found["state"] for found in await gateway.lookup(receipt, WASTE["phone"])] == ["accepted"]
    assert await gateway.lookup(receipt, "010-9999-9999") == []
    assert await gateway.lookup("SEL-261123-0099", WASTE["phone"]) == []
    assert (await gateway.cancel(receipt)).json()["state"] == "cancelled"
    assert (await gateway.cancel(receipt, key="cancel-0002")).status_code == 200
    assert gateway.city.writes()[0]["cancelled"] is True
    unknown = await gateway.cancel("SEL-261123-0099")
    assert (unknown.status_code, unknown.json()["reason"]) == (404, "unknown_receipt")


async def test_what_is_over_cannot_be_cancelled(gateway: Gateway) -> None:
    receipt = (await gateway.file(WASTE)).json()["receipt"]
    gateway.city._clock = lambda: NOW.replace(month=12, day=2)
    late = await gateway.cancel(receipt)
    assert (late.status_code, late.json()["reason"]) == (409, "too_late")


async def test_keys_are_asked_for(gateway: Gateway) -> None:
    assert (await gateway.file(WASTE, key="")).status_code == 400
    assert (await gateway.file(WASTE, key="short")).status_code == 400
    assert (await gateway.file(WASTE, bearer=False)).status_code == 401
    assert (await gateway.file(WASTE, service="moon_trip")).status_code == 404


async def test_fees_and_centres(gateway: Gateway) -> None:
    template = "/v1/fees/bulky_waste"
    for item, count, won in (
        ("소파", 2, 16_000),
        ("안마의자", 1, 12_000),
        ("냉장고", 1, 0),
        ("모르는 것", 1, 5_000),
    ):
        fee = await gateway.ask("GET", template, template, params={"item": item, "count": count})
        assert fee.json()["items"] == [{"item": item, "count": count, "fee_won": won}]
    assert (await gateway.ask("GET", template, template, params={"item": ""})).status_code == 422
    near = "/v1/facilities/community_center"
    centers = await gateway.ask("GET", near, near, params={"lat": 37.55, "lon": 126.91})
    assert "주민센터" in centers.json()["items"][0]["name"]
    for lat in ("nan", "x", "1"):
        assert (await gateway.ask("GET", near, near, params={"lat": lat, "lon": 126.91})).status_code == 422


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"arguments": 3}', b"[" * 60_000, b" " * 100_000])
async def test_broken_bodies_are_refused(gateway: Gateway, body: bytes) -> None:
    refused = await gateway.ask(
        "POST", "/v1/requests/bulky_waste", "/v1/requests/{service}", "key-0001", content=body
    )
    assert refused.status_code == 422


async def test_a_write_that_meets_a_fault_is_not_accepted(places: PlaceTable) -> None:
    for kind in (FaultKind.ERROR, FaultKind.EMPTY, FaultKind.MALFORMED):
        gateway = Gateway(places, faults=[Fault("bulky_waste", kind, 1)])
        headers = {"Authorization": "Bearer k", "Idempotency-Key": "key-0001"}
        await gateway.client.post("/v1/requests/bulky_waste", json={"arguments": WASTE}, headers=headers)
        assert gateway.city.writes() == []
        assert (await gateway.file(WASTE)).status_code == 201


def test_what_was_accepted_outlives_the_process_and_is_sealed(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"

    def flip(raw: bytes) -> bytes:
        return bytes(byte ^ 0x5A for byte in raw)

    first = Ledger(file, seal=flip, unseal=flip)
    entry = first.accept("bulky_waste", WASTE, "key-0001", NOW)
    first.close()
    assert WASTE["phone"].encode() not in file.read_bytes()
    again = Ledger(file, seal=flip, unseal=flip)
    assert again.known("bulky_waste", WASTE, "key-0001") == entry
    assert again.accept("bulky_waste", WASTE, "key-0002", NOW).receipt == "SEL-261123-0002"
    again.close()


def test_the_time_of_a_call_holds_within_it_alone() -> None:
    with clock.at(NOW):
        assert clock.city_time() == NOW
    assert clock.city_time() != NOW
