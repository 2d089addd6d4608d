"""Types of slots: the shape of their normalised values and how those are written.

The shapes are the contract of catalogue.yaml: they go into calls, replies and conversation tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from donghaeng.city.services.definition import SlotSpec

Value = Any
"""A normalised slot value: JSON (a string, an integer or a mapping)."""


@dataclass(frozen=True, slots=True)
class SlotType:
    """What is common to all slots of a type."""

    name: str
    is_valid: Callable[[Value], bool]
    personal: bool = False
    """Identifies a citizen: sealed in events and outbox, never in logs."""
    write: Callable[[Value], str] = str
    """The value as a person writes it."""


def _matches(pattern: str) -> Callable[[Value], bool]:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _text(limit: int) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, str) and 0 < len(value) <= limit


def _has(*keys: str) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, Mapping) and all(key in value for key in keys)


def _name(value: Value) -> str:
    return str(value["name"])


_WEEKDAYS = "월화수목금토일"


def _date(value: Value) -> str:
    """Without the year: bookings are for the coming months."""
    day = date.fromisoformat(str(value))
    return f"{day.month}월 {day.day}일 {_WEEKDAYS[day.weekday()]}요일"


def _time(value: Value) -> str:
    hour, minute = (int(part) for part in str(value).split(":"))
    half = "오전" if hour < 12 else "오후"
    twelve = hour % 12 or 12
    return f"{half} {twelve}시 {minute}분" if minute else f"{half} {twelve}시"


def _datetime(value: Value) -> str:
    day, _, clock = str(value).partition("T")
    return f"{_date(day)} {_time(clock)}"


_DATE = r"\d{4}-\d{2}-\d{2}"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"

SLOT_TYPES: Mapping[str, SlotType] = {
    kind.name: kind
    for kind in (
        SlotType("address", _text(200), personal=True),
        SlotType("choice", _text(40)),
        SlotType("count", lambda value: isinstance(value, int) and 0 < value < 10_000),
        SlotType("date", _matches(_DATE), write=_date),
        SlotType("datetime", _matches(f"{_DATE}T{_CLOCK}"), write=_datetime),
        SlotType("district", _matches(r"\S{1,4}구")),
        SlotType("dong", _matches(r"\S{1,10}동")),
        SlotType("line", _text(20)),
        SlotType("person_name", _text(40), personal=True),
        SlotType("phone", _matches(r"0\d{1,2}-\d{3,4}-\d{4}|1\d{3}-\d{4}"), personal=True),
        SlotType("place", _has("name", "lat", "lon"), write=_name),
        SlotType("receipt", _text(40)),
        SlotType("route", _matches(r"[A-Z가-힣]{0,4}\d{1,4}(-\d)?")),
        SlotType("station", _text(40)),
        SlotType("stop", _has("ars_id", "name"), write=_name),
        SlotType("text", _text(1000), personal=True),
        SlotType("time", _matches(_CLOCK), write=_time),
    )
}
"""Every type by name. Free text counts as personal: people put names and illnesses into it."""


def write_value(spec: SlotSpec, value: Value) -> str:
    """A slot value as a person writes it: a choice by its name, a date with 년/월/일."""
    if spec.values is not None and value in spec.values:
        return spec.values[value].name
    return SLOT_TYPES[spec.type].write(value)
