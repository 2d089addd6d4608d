"""Operations of the city gateway."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from donghaeng.city.operations import Effect, Field, Operation
from donghaeng.city.providers.declared.fields import DAY_S, may, need

RECEIPT = need("text", "receipt number, for example SEL-261123-0001")

WRITES: Mapping[str, Mapping[str, Field]] = MappingProxyType(
    {
        "bulky_waste": {
            "item": need("text", "what is thrown away, standard spelling"),
            "count": need("count", "how many"),
            "address": need("address", "official form"),
            "date": need("date", "day of collection"),
            "phone": need("phone", "010-1234-5678"),
        },
        "meter_freeze": {
            "symptom": need("choice frozen|burst|leak", "what is wrong with the meter"),
            "address": need("address", "official form"),
            "phone": need("phone", "010-1234-5678"),
        },
    }
)
"""Parameters of the gateway's writes by service id: a service more is one entry more."""

_REQUEST_ROW = {
    "receipt": RECEIPT,
    "service": need("text", "service id"),
    "state": need("text", "accepted | cancelled"),
    "date": may("date", "day that was booked"),
    "made_at": may("datetime", "when the city accepted it"),
}


def _write(service: str, parameters: Mapping[str, Field]) -> Operation:
    return Operation(
        f"gateway.{service}",
        Effect.WRITE,
        parameters=parameters,
        row=_REQUEST_ROW,
        source=f"city gateway POST /v1/requests/{service}",
    )


OPERATIONS = (
    *(_write(service, parameters) for service, parameters in WRITES.items()),
    Operation(
        "gateway.bulky_waste_fee",
        Effect.READ,
        parameters={
            "item": need("text", "what is thrown away"),
            "count": may("count", "how many; 1 unless given"),
            "district": may("text", "gu with 구"),
        },
        row={
            "item": need("text", "item as the fee table names it"),
            "count": need("count", "how many"),
            "fee_won": need("money", "fee for all of them, won; 0 = collected free"),
        },
        refresh_seconds=DAY_S,
        source="city gateway GET /v1/fees/bulky_waste",
    ),
    Operation(
        "gateway.availability",
        Effect.READ,
        parameters={
            "service": need("text", "service id"),
            "date": need("date", "day asked about"),
        },
        row={
            "date": need("date", "the day"),
            "time": may("time", "HH:MM; absent where a whole day is booked"),
            "free": need("flag", "can be booked"),
        },
        source="city gateway GET /v1/availability/{service}",
    ),
    Operation(
        "gateway.cancel",
        Effect.WRITE,
        parameters={"receipt": RECEIPT},
        row=_REQUEST_ROW,
        source="city gateway POST /v1/requests/{receipt}/cancel",
    ),
    Operation(
        "gateway.requests",
        Effect.READ,
        parameters={"receipt": RECEIPT, "phone": need("phone", "telephone number on the request")},
        row=_REQUEST_ROW,
        source="city gateway POST /v1/requests/lookup",
    ),
)
"""Every operation of the gateway."""
