"""What every adapter is given: addresses with keys, the transport, the cache and the places."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from donghaeng.city.operations import Answer
from donghaeng.city.places import PlaceTable, distance_m
from donghaeng.city.providers.cache import AnswerCache
from donghaeng.city.providers.transport import Transport
from donghaeng.errors import ProviderUnconnected

NEAREST = 10
"""Rows that a question for something near gives at most."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a provider answers, and the key for it."""

    base: str
    key: str | None = field(default=None, repr=False)
    remedy: str = ""
    """What an operator does when the key is absent."""


@dataclass(frozen=True, slots=True)
class Outside:
    """The outside world as adapters see it."""

    addresses: Mapping[str, Address]
    transport: Transport
    cache: AnswerCache
    places: PlaceTable

    def address(self, name: str) -> tuple[str, str]:
        """Base address and key of a provider.

        Raises:
            ProviderUnconnected: no address or key is set.
        """
        found = self.addresses.get(name)
        if found is None or not found.base or not found.key:
            remedy = found.remedy if found else "see `donghaeng settings`"
            raise ProviderUnconnected(name, "no key or address is set", remedy=remedy)
        return found.base.rstrip("/"), found.key


Handler = Callable[[Outside, Mapping[str, Any], datetime], Awaitable[Answer]]
"""A read: the outside, the arguments and the conversation's clock (Korean) give an answer."""


def nearest(rows: list[Row], lat: float, lon: float, count: int = NEAREST) -> tuple[Row, ...]:
    """The rows nearest to a point, each with its ``distance_m``; rows carry ``lat`` and ``lon``."""
    measured = [{**row, "distance_m": round(distance_m(lat, lon, row["lat"], row["lon"]))} for row in rows]
    measured.sort(key=lambda row: (row["distance_m"], row["name"]))
    return tuple(measured[:count])


_REACH_DEGREES = 0.008
"""About 900 m north or south, 700 m east or west: a border that near has neighbours worth asking."""


def districts_around(places: PlaceTable, lat: float, lon: float) -> list[str]:
    """The gu of a point and of the points a walk away from it, its own first."""
    steps = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))
    found = [
        places.district_of(lat + north * _REACH_DEGREES, lon + east * _REACH_DEGREES) for north, east in steps
    ]
    return list(dict.fromkeys(name for name in found if name))
