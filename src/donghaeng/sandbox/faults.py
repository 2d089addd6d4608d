"""Faults that the sandbox city shows on demand, per service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


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
