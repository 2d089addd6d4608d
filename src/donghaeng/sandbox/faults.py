"""Faults that the sandbox city shows on demand, per service."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from donghaeng.errors import InputError


class FaultKind(StrEnum):
    """How an answer goes wrong."""

    TIMEOUT = "timeout"
    """Nothing comes within the time allowed."""
    ERROR = "error"
    """HTTP 500 and the provider's own error envelope in turn."""
    EMPTY = "empty"
    """The provider says that it has nothing."""
    MALFORMED = "malformed"
    """The answer breaks off in the middle."""
    SLOW = "slow"
    """The true answer, late."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of one service's requests (ids of catalogue.yaml); ``times`` requests, or all."""

    service: str
    kind: FaultKind
    times: int | None = None


@dataclass(frozen=True, slots=True)
class Full:
    """A day, or a time of a day, that is booked out for a service."""

    service: str
    date: str
    time: str | None = None

    def covers(self, service: str, date: str, time: str | None) -> bool:
        """Whether a booking falls on it. Without a time the whole day is full."""
        return service == self.service and date == self.date and (self.time is None or self.time == time)


@dataclass(frozen=True, slots=True)
class Struck:
    """A fault at work: its kind, and how many times it struck before."""

    kind: FaultKind
    before: int


class FaultPlan:
    """Counts how often each fault has struck."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._faults = tuple(faults)
        self._struck = [0] * len(self._faults)

    def strike(self, services: Iterable[str]) -> Struck | None:
        """The fault that a request of one of these services meets; counted."""
        wanted = set(services)
        for index, fault in enumerate(self._faults):
            before = self._struck[index]
            if fault.service in wanted and (fault.times is None or before < fault.times):
                self._struck[index] += 1
                return Struck(fault.kind, before)
        return None


def parse_faults(given: object) -> tuple[Fault, ...]:
    """Faults as conversation tests write them: ``[{service, kind, times?}]``.

    Raises:
        InputError: not of that shape.
    """
    found = []
    for item in _items(given, "faults"):
        kind, times = item.get("kind"), item.get("times")
        if kind not in set(FaultKind):
            raise InputError(f"a fault's kind is one of {', '.join(FaultKind)}", remedy="correct `faults`")
        if times is not None and (not isinstance(times, int) or isinstance(times, bool) or times < 1):
            raise InputError("a fault's times is a whole number from 1", remedy="correct `faults`")
        found.append(Fault(_word(item, "service"), FaultKind(kind), times))
    return tuple(found)


def parse_full(given: object) -> tuple[Full, ...]:
    """What is booked out, as conversation tests write it: ``[{service, date, time?}]``.

    Raises:
        InputError: not of that shape.
    """
    found = []
    for item in _items(given, "full"):
        time = _word(item, "time") if item.get("time") is not None else None
        found.append(Full(_word(item, "service"), str(item.get("date", "")), time))
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", found[-1].date):
            raise InputError("a date is YYYY-MM-DD", remedy="correct `full`")
    return tuple(found)


def _items(given: object, name: str) -> list[Mapping[str, Any]]:
    if given is None:
        return []
    if not isinstance(given, list | tuple) or not all(isinstance(item, Mapping) for item in given):
        raise InputError(f"{name} is a list of objects", remedy=f"correct `{name}`")
    return list(given)


def _word(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    if not isinstance(value, str) or not value:
        raise InputError(f"{name} is missing", remedy=f"give `{name}`")
    return value
