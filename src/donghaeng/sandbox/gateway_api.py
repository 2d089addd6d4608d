"""The city gateway of the sandbox city, as ``docs/gateway.openapi.yaml`` says."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from donghaeng.city.operations import Field
from donghaeng.city.places import distance_m
from donghaeng.city.providers.declared.gateway import WRITES
from donghaeng.sandbox import gateway_records
from donghaeng.sandbox.city import SandboxCity
from donghaeng.sandbox.fees import fee
from donghaeng.sandbox.gateway_checks import booked, fits, refusal_of
from donghaeng.sandbox.ledger import CANCELLED, Entry, KeyReusedError
from donghaeng.sandbox.wire import Reply, as_json, problem

MAX_BODY = 65_536
TIMES = tuple(f"{hour:02d}:00" for hour in (9, 10, 11, 13, 14, 15, 16))
"""Hours at which services with a time can be booked."""
NEAREST_CENTERS = 10

_READERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "facilities": ("nearby_facility",),
        "senior_jobs": ("senior_job",),
        "water_bills": ("water_bill",),
        "complaints": ("complaint_status",),
    }
)
"""Services that read a resource."""
_KEY = re.compile(r"[\x21-\x7e]{8,200}")


@dataclass(frozen=True, slots=True)
class GatewayCall:
    """One request to the gateway; ``parts`` are the path's, header names are in lower case."""

    method: str
    parts: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def services(self) -> tuple[str, ...]:
        """The services whose faults it meets: those of writes and of an account's requests, not of fees."""
        match self.method, self.parts:
            case "POST", ("v1", "requests", "lookup") | ("v1", "requests", _, "cancel"):
                return ("my_requests",)
            case "POST", ("v1", "requests", service):
                return (service,)
            case _, ("v1", resource, *_):
                return _READERS.get(resource, ())
        return ()

    @property
    def is_read(self) -> bool:
        """Whether it changes nothing."""
        return self.method == "GET" or self.parts[-1:] == ("lookup",)

    def key(self) -> str:
        """The idempotency key."""
        key = self.headers.get("idempotency-key", "")
        if not _KEY.fullmatch(key):
            raise _RefusedError(400, "key_missing", "An Idempotency-Key of 8 to 200 characters is required")
        return key

    def document(self) -> dict[str, Any]:
        """The body's JSON object."""
        if len(self.body) <= MAX_BODY:
            try:
                found = json.loads(self.body)
            except (ValueError, RecursionError):
                found = None
            if isinstance(found, dict):
                return found
        raise _RefusedError(422, "invalid", "The body is not a JSON object")


class _RefusedError(Exception):
    """Status, reason and title of a problem document."""

    def __init__(self, status: int, reason: str, title: str) -> None:
        super().__init__(title)
        self.reply = problem(status, reason, title)


def gateway_api(city: SandboxCity, call: GatewayCall) -> Reply:
    """``/v1/…``"""
    try:
        return _answer(city, call)
    except _RefusedError as refused:
        return refused.reply


def _answer(city: SandboxCity, call: GatewayCall) -> Reply:
    if not call.headers.get("authorization", "").startswith("Bearer "):
        raise _RefusedError(401, "unauthorized", "A bearer key is required")
    reply: Reply | None = None
    match call.method, call.parts:
        case "POST", ("v1", "requests", "lookup"):
            reply = _lookup(city, call)
        case "POST", ("v1", "requests", receipt, "cancel"):
            reply = _cancel(city, receipt, call)
        case "POST", ("v1", "requests", service):
            reply = _accept(city, service, call)
        case "GET", ("v1", "fees", "bulky_waste"):
            reply = _fee(call.query)
        case "GET", ("v1", "availability", service):
            reply = _availability(city, service, call.query)
        case "GET", ("v1", "facilities", "community_center"):
            reply = _centers(city, call.query)
        case "GET", ("v1", "senior_jobs"):
            reply = gateway_records.jobs(city, call.query)
        case "POST", ("v1", "water_bills", "lookup"):
            reply = gateway_records.bills(city, call.document())
        case "POST", ("v1", "complaints", "lookup"):
            reply = gateway_records.complaint(city, call.document())
    return reply or problem(404, "unknown_path", "No such resource")


def _parameters(service: str) -> Mapping[str, Field]:
    if service not in WRITES:
        raise _RefusedError(404, "unknown_service", "No such service")
    return WRITES[service]


def _accept(city: SandboxCity, service: str, call: GatewayCall) -> Reply:
    parameters, key = _parameters(service), call.key()
    arguments = call.document().get("arguments")
    if not isinstance(arguments, dict):
        raise _RefusedError(422, "invalid", "The body has no arguments")
    try:
        known = city.ledger.known(service, arguments, key)
        if known:
            return as_json(_request(known))
        refusal = refusal_of(city, service, parameters, arguments)
        if refusal:
            raise _RefusedError(*refusal)
        return as_json(_request(city.ledger.accept(service, arguments, key, city.now)), 201)
    except KeyReusedError:
        raise _RefusedError(422, "key_reused", "The key was used for another request") from None


def _cancel(city: SandboxCity, receipt: str, call: GatewayCall) -> Reply:
    call.key()
    entry = city.ledger.find(receipt)
    if entry is None:
        raise _RefusedError(404, "unknown_receipt", "No request has this receipt number")
    day, _ = booked(entry.arguments)
    if entry.state != CANCELLED and day and date.fromisoformat(day) < city.now.date():
        raise _RefusedError(409, "too_late", "The day has passed")
    return as_json(_request(city.ledger.cancel(receipt)))


def _lookup(city: SandboxCity, call: GatewayCall) -> Reply:
    """A wrong telephone number looks like a wrong receipt."""
    asked = call.document()
    receipt, phone = asked.get("receipt"), asked.get("phone")
    if not isinstance(receipt, str) or not isinstance(phone, str):
        raise _RefusedError(422, "invalid", "receipt and phone are required")
    entry = city.ledger.find(receipt)
    known = entry is not None and entry.arguments.get("phone") == phone
    return as_json({"items": [_request(entry)] if entry and known else []})


def _request(entry: Entry) -> dict[str, Any]:
    day, _ = booked(entry.arguments)
    return {
        "receipt": entry.receipt,
        "service": entry.service,
        "state": entry.state,
        "date": day,
        "made_at": entry.made_at,
    }


def _fee(query: Mapping[str, str]) -> Reply:
    item, count = query.get("item", "").strip(), query.get("count", "1")
    if not item or len(item) > 100 or not re.fullmatch(r"[1-9]\d?", count):
        raise _RefusedError(422, "invalid", "item and a count from 1 to 99 are required")
    name, won = fee(item)
    return as_json({"items": [{"item": name, "count": int(count), "fee_won": won * int(count)}]})


def _availability(city: SandboxCity, service: str, query: Mapping[str, str]) -> Reply:
    parameters = _parameters(service)
    day = query.get("date", "")
    if not fits("date", day):
        raise _RefusedError(422, "invalid", "date is required")
    past = date.fromisoformat(day) < city.now.date()
    times = TIMES if "time" in parameters else (None,)
    items = [
        {"date": day, "time": time, "free": not past and not city.is_full(service, day, time)}
        for time in times
    ]
    return as_json({"items": items})


def _centers(city: SandboxCity, query: Mapping[str, str]) -> Reply:
    try:
        lat, lon = float(query.get("lat", "")), float(query.get("lon", ""))
    except ValueError:
        raise _RefusedError(422, "invalid", "lat and lon are required") from None
    if not (33 <= lat <= 39 and 124 <= lon <= 132):
        raise _RefusedError(422, "invalid", "lat and lon are outside Korea")
    ranked = sorted(
        city.world.sites.community_centers, key=lambda site: distance_m(lat, lon, site.lat, site.lon)
    )
    return as_json(
        {
            "items": [
                {
                    "name": site.name,
                    "address": site.address,
                    "phone": site.phone,
                    "hours": site.extra["hours"],
                    "lat": site.lat,
                    "lon": site.lon,
                }
                for site in ranked[:NEAREST_CENTERS]
            ]
        }
    )
