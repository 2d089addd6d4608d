"""What the sandbox city's gateway looks at before it accepts a request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from donghaeng.city.operations import Field
from donghaeng.sandbox.city import SandboxCity

MAX_TEXT = 2_000
MOST = {"count": 99, "companions": 9, "people": 999}
"""Largest value of each count."""
GRACE = timedelta(minutes=30)
"""A request for "now" is confirmed some minutes after it was said."""
OPENS, CLOSES = "06:00", "22:00"
"""Hours between which the use of a facility may begin, as the listing of facilities says."""

_PATTERNS = {
    "phone": re.compile(r"0\d{1,2}-\d{3,4}-\d{4}|1\d{3}-\d{4}", re.ASCII),
    "time": re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII),
    "district": re.compile(r"[가-힣]{1,4}구"),
    "dong": re.compile(r"\S{1,10}동"),
}
_ISO = {
    "date": re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII),
    "datetime": re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", re.ASCII),
}


class Refusal(NamedTuple):
    """Status, machine-readable reason and title of a refusal."""

    status: int
    reason: str
    title: str


def refusal_of(
    city: SandboxCity, service: str, parameters: Mapping[str, Field], arguments: Mapping[str, Any]
) -> Refusal | None:
    """Why a request is refused; ``None`` where it is accepted."""
    return _misshapen(parameters, arguments) or _not_bookable(city, service, arguments)


def _misshapen(parameters: Mapping[str, Field], arguments: Mapping[str, Any]) -> Refusal | None:
    for name, field in parameters.items():
        value = arguments.get(name)
        if value is None or value == "":
            if not field.optional:
                return Refusal(422, "missing", f"{name} is required")
        elif not fits(field.type, value, most=MOST.get(name, MOST["count"])):
            return Refusal(422, "invalid", f"{name} is not a {field.type}")
    if set(arguments) - set(parameters):
        return Refusal(422, "invalid", "There are unknown arguments")
    return None


def _not_bookable(city: SandboxCity, service: str, arguments: Mapping[str, Any]) -> Refusal | None:
    day, time = booked(arguments)
    if day is None:
        return None
    now = city.now
    begins = datetime.fromisoformat(f"{day}T{time or '23:59'}").replace(tzinfo=now.tzinfo)
    if date.fromisoformat(day) < now.date() or begins < now - GRACE:
        return Refusal(422, "date_past", "The day or time has passed")
    if service == "reserve_facility" and time and not OPENS <= time < CLOSES:
        return Refusal(409, "closed", "It is closed at that time")
    if city.is_full(service, day, time):
        return Refusal(409, "full", "Nothing is free at that time")
    return None


def booked(arguments: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Day and time that a request books."""
    if arguments.get("when"):
        day, _, time = str(arguments["when"]).partition("T")
        return day, time or None
    return arguments.get("date") or None, arguments.get("time") or None


def fits(kind: str, value: Any, *, most: int = MOST["count"]) -> bool:
    """Whether a value is of a parameter's type."""
    if kind == "count":
        return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most
    if kind == "place":
        return isinstance(value, Mapping) and _is_place(value)
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_TEXT:
        return False
    if kind.startswith("choice "):
        return value in kind.removeprefix("choice ").split("|")
    if kind in _ISO:
        return bool(_ISO[kind].fullmatch(value)) and _is_iso(value)
    pattern = _PATTERNS.get(kind)
    return pattern is None or bool(pattern.fullmatch(value))


def _is_place(value: Mapping[str, Any]) -> bool:
    name, lat, lon = value.get("name"), value.get("lat"), value.get("lon")
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in (lat, lon))
    return isinstance(name, str) and bool(name.strip()) and numbers


def _is_iso(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
