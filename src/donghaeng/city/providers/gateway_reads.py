"""What the city gateway is asked without changing anything: jobs, water bills, the state of complaints.

Customer numbers and receipts travel in bodies, never in addresses, and no answer holds a name or an
address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from donghaeng.city.operations import Answer
from donghaeng.city.providers.base import Outside, Row
from donghaeng.city.providers.declared.fields import HOUR_S
from donghaeng.city.providers.envelopes import need
from donghaeng.city.providers.gateway import PROVIDER, receipt_of, request_to, rows_from
from donghaeng.city.providers.values import count, text
from donghaeng.errors import MalformedAnswer
from donghaeng.korean.numerals import parse

CUSTOMER_DIGITS = 9
"""Digits of a customer number of the waterworks (i121.seoul.go.kr)."""
STATES = ("received", "assigned", "in_progress", "done", "withdrawn")
"""What can become of a complaint."""

_MONTH = re.compile(r"(?P<said>[0-9]{1,2}|[일이삼사오유육칠팔구시십]{1,3})\s?월")
_ISO_MONTH = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})")
_OLD_FORMS = {"유": "육", "시": "십"}
"""Six and ten before 월."""
_MONTHS_BACK = (("지지난", 2), ("저저번", 2), ("지난", 1), ("저번", 1), ("전달", 1), ("전 달", 1))


async def senior_jobs(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """Open jobs for older people in a gu, soonest closing first."""
    params = {"district": str(arguments.get("district", ""))}
    if arguments.get("kind"):
        params["kind"] = str(arguments["kind"])
    request = request_to(outside, "GET", "/v1/senior_jobs", params=params)
    found = await outside.cache.get(
        ("jobs", *params.values()),
        HOUR_S,
        now,
        lambda: outside.transport.read(request, now, partial(rows_from, into=job_row)),
    )
    return Answer(rows=tuple(found))


async def water_bill(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """The bill of a month, the newest unless a month is given; nothing for a number that is none."""
    number = re.sub(r"[^0-9]", "", str(arguments.get("customer_number", "")))
    if len(number) != CUSTOMER_DIGITS:
        return Answer(rows=())
    body = {"customer_number": number}
    month = bill_month(str(arguments.get("month") or ""), now.date())
    if month:
        body["month"] = month
    request = request_to(outside, "POST", "/v1/water_bills/lookup", body=body)
    found = await outside.transport.read(request, now, partial(rows_from, into=bill_row))
    return Answer(rows=tuple(found[:1]))


async def complaint_status(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """The state of one complaint by its receipt; nothing for a receipt of something else."""
    body = {"receipt": receipt_of(arguments)}
    request = request_to(outside, "POST", "/v1/complaints/lookup", body=body)
    found = await outside.transport.read(request, now, partial(rows_from, into=complaint_row))
    return Answer(rows=tuple(found[:1]))


def bill_month(words: str, today: date) -> str | None:
    """The month that words name, as YYYY-MM: "지난달", "9월분", "구월", "2026-09". A month without a year is
    the last one of that name, this one included; ``None`` where none is named, and for this month's bill,
    which is the newest."""
    exact = _ISO_MONTH.search(words)
    if exact is not None and 1 <= int(exact["month"]) <= 12:
        return exact.group()
    found = _MONTH.search(words)
    number = _month_number(found["said"]) if found is not None else None
    if number is not None:
        before = "작년" in words or "지난해" in words
        year = today.year - (1 if before or number > today.month else 0)
        return f"{year:04d}-{number:02d}"
    back = next((months for said, months in _MONTHS_BACK if said in words), None)
    if back is None:
        return None
    index = today.year * 12 + today.month - 1 - back
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def _month_number(said: str) -> int | None:
    said = _OLD_FORMS.get(said, said)
    number = parse(said)
    return number if isinstance(number, int) and 1 <= number <= 12 else None


def job_row(raw: Mapping[str, Any]) -> Row:
    """A job into ours.

    Raises:
        MalformedAnswer: its title, kind or gu is missing.
    """
    need(PROVIDER, [raw], "title", "kind", "district")
    pay = count(raw, "pay_won_month")
    return {
        "title": text(raw, "title"),
        "kind": text(raw, "kind"),
        "district": text(raw, "district"),
        "organisation": text(raw, "organisation") or None,
        "hours": text(raw, "hours") or None,
        "pay_won_month": pay if pay is not None and pay > 0 else None,
        "apply_until": _day(raw, "apply_until"),
        "phone": text(raw, "phone") or None,
    }


def bill_row(raw: Mapping[str, Any]) -> Row:
    """A water bill into ours; whatever else the city sends (a name, an address) is dropped.

    Raises:
        MalformedAnswer: its month or amount is missing.
    """
    need(PROVIDER, [raw], "month", "amount_won")
    month, amount = _ISO_MONTH.fullmatch(text(raw, "month")), count(raw, "amount_won")
    if month is None or amount is None or amount < 0:
        raise MalformedAnswer(PROVIDER, "a bill has no month or amount")
    usage, unpaid = count(raw, "usage_m3"), count(raw, "unpaid_won")
    return {
        "month": month.group(),
        "month_number": int(month["month"]),
        "amount_won": amount,
        "usage_m3": usage if usage is not None and usage >= 0 else None,
        "due": _day(raw, "due"),
        "paid": raw.get("paid") is True,
        "unpaid_won": max(0, unpaid or 0),
    }


def complaint_row(raw: Mapping[str, Any]) -> Row:
    """A complaint's state into ours; what was complained of is not in it.

    Raises:
        MalformedAnswer: its receipt or state is missing.
    """
    need(PROVIDER, [raw], "receipt", "state")
    state = text(raw, "state")
    if state not in STATES:
        raise MalformedAnswer(PROVIDER, "a complaint is in no known state")
    return {
        "receipt": text(raw, "receipt"),
        "state": state,
        "department": text(raw, "department") or None,
        "made_on": _day(raw, "made_on"),
        "due": _day(raw, "due"),
        "done_on": _day(raw, "done_on"),
    }


def _day(raw: Mapping[str, Any], name: str) -> str | None:
    try:
        return date.fromisoformat(text(raw, name)).isoformat()
    except ValueError:
        return None
