"""Operations of the city gateway."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from donghaeng.city.operations import Effect, Field, Operation
from donghaeng.city.providers.declared.fields import DAY_S, HOUR_S, may, need

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


_READS = (
    Operation(
        "gateway.senior_jobs",
        Effect.READ,
        parameters={
            "district": need("text", "gu with 구"),
            "kind": may("text", "kind of work: 경비, 청소 …"),
        },
        row={
            "title": need("text", "what the job is called"),
            "kind": need("text", "kind of work"),
            "district": need("text", "gu with 구"),
            "organisation": may("text", "who employs"),
            "hours": may("text", "days and hours, in the employer's words"),
            "pay_won_month": may("money", "pay a month, won"),
            "apply_until": may("date", "last day to apply; absent = until it is filled"),
            "phone": may("phone", "telephone of the employer, never of a person"),
        },
        refresh_seconds=HOUR_S,
        source="city gateway GET /v1/senior_jobs",
    ),
    Operation(
        "gateway.water_bill",
        Effect.READ,
        parameters={
            "customer_number": need("text", "nine digits of the waterworks"),
            "month": may("text", "month in the citizen's words or YYYY-MM; the newest unless given"),
        },
        row={
            "month": need("text", "YYYY-MM in which it is due"),
            "month_number": need("count", "1 to 12"),
            "amount_won": need("money", "what the bill comes to, won"),
            "usage_m3": may("count", "water used, cubic metres"),
            "due": may("date", "last day to pay"),
            "paid": need("flag", "it is paid"),
            "unpaid_won": need("money", "unpaid of earlier bills, won"),
        },
        source="city gateway POST /v1/water_bills/lookup",
    ),
    Operation(
        "gateway.complaint_status",
        Effect.READ,
        parameters={"receipt": RECEIPT},
        row={
            "receipt": RECEIPT,
            "state": need("text", "received | assigned | in_progress | done | withdrawn"),
            "department": may("text", "who deals with it"),
            "made_on": may("date", "day on which it was made"),
            "due": may("date", "day by which an answer is promised"),
            "done_on": may("date", "day on which it was settled"),
        },
        source="city gateway POST /v1/complaints/lookup",
    ),
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
    *_READS,
)
"""Every operation of the gateway."""
