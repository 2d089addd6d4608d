"""Operations of outside systems: what a service file may call, and what comes back.

A provider (``city/providers/``) owns a wire format and offers *operations*: named, typed requests whose
answers are rows with declared fields. Service files, the checker, the dialogue and the wording see only
this module's types; nothing else knows envelopes, error codes, paging or keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class Effect(StrEnum):
    """What carrying out a service does to the city (catalogue.yaml)."""

    READ = "read"
    WRITE = "write"
    GUIDE = "guide"
    HANDOVER = "handover"


_STALE_S = ((86_400.0, 86_400.0), (3_600.0, 6 * 3_600.0), (600.0, 3 * 3_600.0))
"""From which refresh time on an answer may be how old beyond it, seconds; forecasts come every 3 hours."""


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of an operation, or a field of its rows."""

    type: str
    """``text``, ``count``, ``number``, ``money``, ``minutes``, ``metres``, ``flag``, ``date``, ``time``,
    ``datetime``, ``phone``, ``address`` …"""
    says: str
    """One line for service owners: what it holds, unit included."""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """One request that a provider can make."""

    name: str
    """``provider.verb_object``, for example ``bus.arrivals_at_stop``."""
    effect: Effect
    parameters: Mapping[str, Field]
    row: Mapping[str, Field]
    refresh_seconds: float = 0.0
    """How long an answer may be served again: the data's own refresh time. 0 = never (writes)."""
    source: str = ""
    """The provider's own name of the request, for citations and `services list`."""
    stale_seconds: float | None = None
    """How long beyond that time an answer may still be given, named as old, while the provider does not
    answer; None = by refresh time (:attr:`longest_stale_s`). 0 where what was true then misleads now."""

    @property
    def provider(self) -> str:
        """The provider's name, the part before the dot."""
        return self.name.partition(".")[0]

    @property
    def longest_stale_s(self) -> float:
        """How long beyond its refresh time an answer may be given, seconds: never what is written or changes
        within minutes, hours for what is renewed by the hour, a day for registers."""
        if self.effect is not Effect.READ:
            return 0.0
        if self.stale_seconds is not None:
            return self.stale_seconds
        return next((longest for least, longest in _STALE_S if self.refresh_seconds >= least), 0.0)


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of one operation. No rows means that the provider has nothing: an ``empty`` outcome."""

    rows: tuple[Mapping[str, Any], ...]
    as_of: datetime | None = None
    """When the provider made the data, if it says so."""
    stale: bool = False
    """Older than its refresh time, given because the provider does not answer now; ``as_of`` is set."""
    receipt: str | None = None
    """Receipt number of a write."""
    extra: Mapping[str, Any] = field(default_factory=dict)


class City(Protocol):
    """All providers behind one door."""

    @property
    def operations(self) -> Mapping[str, Operation]:
        """Every operation by name."""
        ...

    async def call(
        self,
        operation: str,
        arguments: Mapping[str, Any],
        *,
        now: datetime,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Make one request. Reads are retried with jitter and served from a short cache; a write is sent
        once a call, always with its ``idempotency_key``.

        Args:
            operation: a name in :attr:`operations`.
            arguments: values for its parameters, already normalised (catalogue.yaml).
            now: the conversation's clock, with offset.
            idempotency_key: required for writes; the city answers a repeated key with the first receipt.

        Raises:
            ProviderError: one of its kinds; never another exception for anything that a provider sends.
        """
        ...
