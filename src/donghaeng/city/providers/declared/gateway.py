"""Operations of the city gateway."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from donghaeng.city.operations import Effect, Field, Operation
from donghaeng.city.providers.declared.fields import DAY_S, HOUR_S, may, need

RECEIPT = need("text", "receipt number, for example SEL-261123-0001")
PHONE = need("phone", "010-1234-5678")

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
        "call_taxi": {
            "origin": need("place", "where the car comes to"),
            "destination": need("place", "where it goes"),
            "when": need("datetime", "when it comes"),
            "wheelchair": need("choice yes|no", "whether a wheelchair comes along"),
            "companions": may("count", "how many come along"),
            "phone": PHONE,
        },
        "dementia_check": {
            "district": need("district", "gu whose centre makes the test"),
            "date": need("date", "day of the test"),
            "time": need("time", "hour of the test"),
            "person_name": need("text", "who is tested"),
            "phone": PHONE,
        },
        "care_request": {
            "need": need("choice meal|visit_care|hospital_escort|short_stay|home_repair", "which help"),
            "person_name": need("text", "who is cared for"),
            "address": need("address", "official form"),
            "phone": PHONE,
        },
        "visit_consult": {
            "dong": need("dong", "dong of the home that is visited"),
            "date": need("date", "day of the visit"),
            "time": need("time", "hour of the visit"),
            "person_name": need("text", "who is visited"),
            "phone": PHONE,
        },
        "check_in_call": {
            "time": need("time", "hour of the call"),
            "days": need("choice daily|weekdays", "on which days"),
            "person_name": need("text", "who is called"),
            "phone": need("phone", "the number that is called"),
            "guardian_phone": may("phone", "whom to call when nobody answers"),
        },
        "reserve_facility": {
            "facility": need("text", "what is booked"),
            "date": need("date", "day of use"),
            "time": need("time", "when the use begins"),
            "people": need("count", "how many come"),
            "person_name": need("text", "who books"),
            "phone": PHONE,
        },
        "walking_tour": {
            "course": need("text", "where the walk goes"),
            "date": need("date", "day of the walk"),
            "people": need("count", "how many come"),
            "person_name": need("text", "who books"),
            "phone": PHONE,
        },
        "digital_class": {
            "topic": need("choice smartphone|kiosk|messenger|ai", "what is learnt"),
            "district": need("district", "gu of the class"),
            "date": may("date", "day of the class; the next one unless given"),
            "person_name": need("text", "who learns"),
            "phone": PHONE,
        },
        "safe_return": {
            "meet_at": need("place", "where the escort waits"),
            "when": need("datetime", "when they meet"),
            "phone": PHONE,
        },
        "complaint": {
            "category": need("choice road|streetlight|waste|noise|parking|park|other", "what it is about"),
            "content": need("text", "what is wrong, in the citizen's words"),
            "where": need("text", "where it is, in the citizen's words"),
            "phone": PHONE,
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
