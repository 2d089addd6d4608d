"""Every write of the gateway: the document's examples are accepted, what is wrong with others is named."""

from __future__ import annotations

import copy
from typing import Any

import jsonschema_rs
import pytest
from tests.sandbox.test_gateway import DOCUMENT, NOW, Gateway

from donghaeng.city.places import PlaceTable
from donghaeng.city.providers.declared.gateway import WRITES
from donghaeng.korean.reading import read_aloud
from donghaeng.sandbox.faults import Full

EXAMPLES: dict[str, dict[str, Any]] = {
    service: example["value"]["arguments"]
    for service, example in DOCUMENT["paths"]["/v1/requests/{service}"]["post"]["requestBody"]["content"][
        "application/json"
    ]["examples"].items()
}
BOOKINGS = [service for service, given in EXAMPLES.items() if given.keys() & {"date", "when"}]


@pytest.fixture
def gateway(places: PlaceTable) -> Gateway:
    return Gateway(places)


def _at(service: str, day: str, time: str) -> dict[str, Any]:
    """The example of a service on another day and, where it has one, at another time."""
    given = copy.deepcopy(EXAMPLES[service])
    if "when" in given:
        given["when"] = f"{day}T{time}"
    else:
        given["date"] = day
        if "time" in given:
            given["time"] = time
    return given


def test_there_is_an_example_of_every_write() -> None:
    assert set(EXAMPLES) == set(WRITES)
    schemas = DOCUMENT["components"]
    for service, given in EXAMPLES.items():
        name = "".join(word.capitalize() for word in service.split("_"))
        schema = {"components": schemas, "$ref": f"#/components/schemas/{name}"}
        jsonschema_rs.validator_for(schema, validate_formats=True).validate(given)


@pytest.mark.parametrize("service", EXAMPLES)
async def test_the_examples_are_accepted_with_a_receipt_that_can_be_spoken(
    gateway: Gateway, service: str
) -> None:
    accepted = await gateway.file(EXAMPLES[service], service=service)
    assert accepted.status_code == 201
    assert gateway.city.writes()[0]["arguments"] == EXAMPLES[service]
    assert "공공공일" in read_aloud(accepted.json()["receipt"]).replace(" ", "")


@pytest.mark.parametrize("service", EXAMPLES)
async def test_every_required_argument_is_required_and_every_optional_one_is_not(
    gateway: Gateway, service: str
) -> None:
    for number, (name, field) in enumerate(WRITES[service].items()):
        without = {key: value for key, value in EXAMPLES[service].items() if key != name}
        answer = await gateway.file(without, key=f"key-without-{number}", service=service)
        assert (answer.status_code == 201) == field.optional, name
        if not field.optional:
            assert answer.json()["reason"] == "missing"


@pytest.mark.parametrize(
    ("service", "change"),
    [
        ("call_taxi", {"origin": "상계역"}),
        ("call_taxi", {"origin": {"name": "상계역"}}),
        ("call_taxi", {"origin": {"name": " ", "lat": 37.5, "lon": 127.0}}),
        ("call_taxi", {"when": "2026-11-24"}),
        ("call_taxi", {"when": "2026-11-24T25:00"}),
        ("call_taxi", {"wheelchair": True}),
        ("call_taxi", {"companions": 10}),
        ("dementia_check", {"district": "마포"}),
        ("visit_consult", {"dong": "합정"}),
        ("dementia_check", {"time": "10시"}),
        ("care_request", {"need": "money"}),
        ("check_in_call", {"guardian_phone": "112"}),
        ("walking_tour", {"people": 0}),
        ("walking_tour", {"people": 1_000}),
        ("complaint", {"category": "fire"}),
        ("complaint", {"content": "가" * 2_001}),
    ],
)
async def test_values_of_another_shape_are_refused(
    gateway: Gateway, service: str, change: dict[str, Any]
) -> None:
    refused = await gateway.file({**EXAMPLES[service], **change}, service=service)
    assert (refused.status_code, refused.json()["reason"]) == (422, "invalid")
    assert gateway.city.writes() == []


@pytest.mark.parametrize("service", BOOKINGS)
async def test_what_is_over_cannot_be_booked(gateway: Gateway, service: str) -> None:
    refused = await gateway.file(_at(service, "2026-11-22", "10:00"), service=service)
    assert refused.json()["reason"] == "date_past"
    if {"when", "time"} & EXAMPLES[service].keys():
        refused = await gateway.file(_at(service, "2026-11-23", "08:00"), service=service)
        assert refused.json()["reason"] == "date_past"


async def test_a_car_for_now_may_be_confirmed_some_minutes_later(gateway: Gateway) -> None:
    assert (
        f"{NOW:%H:%M}",
        (await gateway.file(_at("call_taxi", "2026-11-23", "09:45"), service="call_taxi")).status_code,
    ) == ("10:00", 201)


@pytest.mark.parametrize("service", BOOKINGS)
async def test_a_full_time_is_refused_and_every_other_is_free(gateway: Gateway, service: str) -> None:
    gateway.city.full = (Full(service, "2026-12-02", "11:00"), Full(service, "2026-12-03"))
    with_time = bool({"when", "time"} & EXAMPLES[service].keys())
    for number, (day, time, accepted) in enumerate(
        [
            ("2026-12-02", "11:00", not with_time),
            ("2026-12-02", "10:00", True),
            ("2026-12-03", "10:00", False),
            ("2026-12-04", "11:00", True),
        ]
    ):
        answer = await gateway.file(_at(service, day, time), key=f"key-full-{number}", service=service)
        assert (answer.status_code == 201) == accepted, (day, time)
        if not accepted:
            assert (answer.status_code, answer.json()["reason"]) == (409, "full")


async def test_a_facility_cannot_be_used_at_night(gateway: Gateway) -> None:
    for number, (time, status) in enumerate([("05:59", 409), ("06:00", 201), ("21:30", 201), ("22:00", 409)]):
        given = _at("reserve_facility", "2026-12-02", time)
        answer = await gateway.file(given, key=f"key-hour-{number}", service="reserve_facility")
        assert answer.status_code == status
        assert status == 201 or answer.json()["reason"] == "closed"
