"""The city gateway: requests that change something, their fees, free days and cancelling.

The city has no public API for writes; ``docs/gateway.openapi.yaml`` is Donghaeng's own document for one.
A write is sent once a call, never repeated here: the outbox repeats it with the same idempotency key, and
the gateway answers a repeated key with the first receipt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote

from donghaeng.city.operations import Answer
from donghaeng.city.providers.base import Outside, Row
from donghaeng.city.providers.declared.fields import DAY_S
from donghaeng.city.providers.envelopes import need, parse_json, rows_of
from donghaeng.city.providers.transport import Reply, Request, check_status
from donghaeng.city.providers.values import asked_date, count, position, stamp, text
from donghaeng.errors import GatewayRefused, InputError, MalformedAnswer

PROVIDER = "gateway"

_RECEIPT = re.compile(r"[0-9A-Za-z가-힣-]{4,40}")
_REASON = re.compile(r"[a-z_]{1,40}")
_REFUSALS = {404, 409, 410, 422}


async def write(
    outside: Outside, service: str, arguments: Mapping[str, Any], now: datetime, idempotency_key: str
) -> Answer:
    """Send one request of a service.

    Raises:
        GatewayRefused: the city said no; ``reason`` is ``full``, ``date_past``, ``key_reused`` …
    """
    path = f"/v1/requests/{quote(service, safe='')}"
    return await _change(outside, path, {"arguments": dict(arguments)}, now, idempotency_key)


async def cancel(
    outside: Outside, arguments: Mapping[str, Any], now: datetime, idempotency_key: str
) -> Answer:
    """Take a request back; cancelling twice is the same as once.

    Raises:
        GatewayRefused: no such receipt (``unknown_receipt``), or it is too late (``too_late``).
    """
    receipt = receipt_of(arguments)
    path = f"/v1/requests/{quote(receipt, safe='')}/cancel"
    return await _change(outside, path, {}, now, idempotency_key)


async def _change(
    outside: Outside, path: str, body: Mapping[str, Any], now: datetime, idempotency_key: str
) -> Answer:
    request = request_to(outside, "POST", path, body=body, headers={"Idempotency-Key": idempotency_key})
    row = await outside.transport.send(request, now, lambda reply: request_row(_accepted(reply)))
    return Answer(rows=(row,), receipt=row["receipt"])


async def requests(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """One request by its receipt together with the telephone number on it; nothing when they do not match."""
    body = {"receipt": receipt_of(arguments), "phone": str(arguments.get("phone", ""))}
    request = request_to(outside, "POST", "/v1/requests/lookup", body=body)
    found = await outside.transport.read(request, now, partial(rows_from, into=request_row))
    return Answer(rows=tuple(found))


async def bulky_waste_fee(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """The fee for an item; no row where the district has none in its table."""
    item = str(arguments.get("item", "")).strip()
    if not item:
        raise InputError("item is empty", remedy="say what is thrown away")
    params = {"item": item, "count": str(arguments.get("count") or 1)}
    if arguments.get("district"):
        params["district"] = str(arguments["district"])
    request = request_to(outside, "GET", "/v1/fees/bulky_waste", params=params)
    found = await outside.cache.get(
        ("fee", *params.values()),
        DAY_S,
        now,
        lambda: outside.transport.read(request, now, partial(rows_from, into=fee_row)),
    )
    return Answer(rows=tuple(found))


async def availability(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """What can be booked on a day."""
    service, day = str(arguments.get("service", "")), asked_date(arguments, "date")
    path = f"/v1/availability/{quote(service, safe='')}"
    request = request_to(outside, "GET", path, params={"date": day.isoformat()})
    found = await outside.transport.read(request, now, partial(rows_from, into=slot_row))
    return Answer(rows=tuple(found))


async def community_centers(outside: Outside, lat: float, lon: float, now: datetime) -> list[Row]:
    """Community service centres of the dong around a point."""
    params = {"lat": f"{lat:.6f}", "lon": f"{lon:.6f}"}
    request = request_to(outside, "GET", "/v1/facilities/community_center", params=params)
    return await outside.cache.get(
        ("community_center", round(lat, 3), round(lon, 3)),
        DAY_S,
        now,
        lambda: outside.transport.read(request, now, partial(rows_from, into=center_row)),
    )


def request_to(
    outside: Outside,
    method: str,
    path: str,
    *,
    body: Any = None,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Request:
    """A request to the gateway with its key."""
    base, key = outside.address(PROVIDER)
    return Request(
        PROVIDER,
        method,
        base + path,
        quota=PROVIDER,
        params=params or {},
        headers={"Authorization": f"Bearer {key}", **(headers or {})},
        body=body,
    )


def _accepted(reply: Reply) -> dict[str, Any]:
    """The object of an accepted write; a problem document becomes a refusal.

    Only its reason is taken over: a title may repeat what the citizen said.
    """
    if reply.status in _REFUSALS:
        problem = parse_json(PROVIDER, reply.text)
        reason = text(problem, "reason")
        if not _REASON.fullmatch(reason):
            reason = f"http_{reply.status}"
        raise GatewayRefused(PROVIDER, reason, f"the request was refused ({reason})")
    return parse_json(PROVIDER, check_status(PROVIDER, reply))


def rows_from(body: str, into: Callable[[Mapping[str, Any]], Row]) -> list[Row]:
    """The ``items`` of an answer, each made ours by ``into``.

    Raises:
        MalformedAnswer: there are none, or ``into`` refuses one.
    """
    document = parse_json(PROVIDER, body)
    if "items" not in document:
        raise MalformedAnswer(PROVIDER, "items are missing")
    return [into(row) for row in rows_of(PROVIDER, document["items"])]


def receipt_of(arguments: Mapping[str, Any]) -> str:
    """The ``receipt`` argument.

    Raises:
        InputError: not a receipt number.
    """
    receipt = str(arguments.get("receipt", "")).strip()
    if not _RECEIPT.fullmatch(receipt):
        raise InputError("receipt is not a receipt number", remedy="give it as it was issued")
    return receipt


def request_row(raw: Mapping[str, Any]) -> Row:
    """A request as the gateway writes it into ours.

    Raises:
        MalformedAnswer: receipt, service or state is missing.
    """
    need(PROVIDER, [raw], "receipt", "service", "state")
    return {
        "receipt": text(raw, "receipt"),
        "service": text(raw, "service"),
        "state": text(raw, "state"),
        "date": text(raw, "date") or None,
        "made_at": stamp(text(raw, "made_at"), "%Y-%m-%dT%H:%M:%S+09:00"),
    }


def fee_row(raw: Mapping[str, Any]) -> Row:
    """A fee into ours.

    Raises:
        MalformedAnswer: item or fee is missing.
    """
    need(PROVIDER, [raw], "item", "fee_won")
    fee = count(raw, "fee_won")
    if fee is None or fee < 0:
        raise MalformedAnswer(PROVIDER, "fee_won is not an amount")
    return {"item": text(raw, "item"), "count": count(raw, "count") or 1, "fee_won": fee}


def slot_row(raw: Mapping[str, Any]) -> Row:
    """A day or time that can be booked, or not, into ours.

    Raises:
        MalformedAnswer: the date is missing.
    """
    need(PROVIDER, [raw], "date")
    return {"date": text(raw, "date"), "time": text(raw, "time") or None, "free": raw.get("free") is True}


def center_row(raw: Mapping[str, Any]) -> Row:
    """A community service centre into ours.

    Raises:
        MalformedAnswer: its name or position is missing.
    """
    need(PROVIDER, [raw], "name")
    at = position(raw, "lat", "lon")
    if at is None:
        raise MalformedAnswer(PROVIDER, "a facility has no position")
    return {
        "name": text(raw, "name"),
        "address": text(raw, "address"),
        "hours": text(raw, "hours") or None,
        "detail": None,
        "phone": text(raw, "phone") or None,
        "lat": at[0],
        "lon": at[1],
    }
