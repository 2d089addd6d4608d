"""The sandbox city: one deterministic world, and what its citizens have asked of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from donghaeng.city.places import Kind, PlaceTable
from donghaeng.city.providers.values import kst
from donghaeng.sandbox.buses import BusNetwork
from donghaeng.sandbox.care_sites import CareSites
from donghaeng.sandbox.events import Events
from donghaeng.sandbox.family_sites import FamilySites
from donghaeng.sandbox.faults import Fault, FaultPlan, Full
from donghaeng.sandbox.ledger import CANCELLED, Ledger
from donghaeng.sandbox.sites import Sites
from donghaeng.sandbox.sky import Sky
from donghaeng.sandbox.street_sites import StreetSites
from donghaeng.sandbox.trains import SubwayNetwork
from donghaeng.sandbox.ways import Ways

PRACTICE_PREFIX = "연습"


class World:
    """Everything that depends on the seed and the places alone; shared by every city made of them."""

    def __init__(self, seed: int, places: PlaceTable) -> None:
        self.seed = seed
        self.places = places
        self.buses = BusNetwork(seed, places)
        self.subway = SubwayNetwork(seed, places)
        self.ways = Ways(places, self.subway, self.buses)
        self.sky = Sky(seed)
        self.sites = Sites(seed, places)
        self.streets = StreetSites(self.sites)
        self.care = CareSites(self.sites, places)
        self.family = FamilySites(self.sites, places)
        self.events = Events(seed, places)
        self.districts = {place.extra.get("air_code", ""): place for place in places.places(Kind.DISTRICT)}


@lru_cache(maxsize=8)
def world_of(seed: int, places: PlaceTable) -> World:
    """The world of a seed and a table; tables are told apart by identity."""
    return World(seed, places)


class SandboxCity:
    """A city for one server, one conversation test or one practice.

    Args:
        seed: fixes everything that is not written by citizens.
        places: every place it answers for.
        clock: the city's time; any offset.
        faults: what goes wrong, per service.
        full: what is booked out.
        ledger: accepted requests; a new one in memory unless given.
    """

    def __init__(
        self,
        seed: int,
        places: PlaceTable,
        clock: Callable[[], datetime],
        faults: Iterable[Fault] = (),
        full: Iterable[Full] = (),
        *,
        ledger: Ledger | None = None,
    ) -> None:
        self.world = world_of(seed, places)
        self.faults = FaultPlan(faults)
        self.full = tuple(full)
        self.ledger = ledger or Ledger()
        self._clock = clock

    @property
    def now(self) -> datetime:
        """The city's time on Korean clocks."""
        return kst(self._clock())

    def is_full(self, service: str, date: str, time: str | None) -> bool:
        """Whether a service is booked out at a time."""
        return any(full.covers(service, date, time) for full in self.full)

    def writes(self) -> list[Mapping[str, Any]]:
        """What the city accepted, oldest first: ``service``, ``arguments``, ``receipt``, ``cancelled``. What
        was taken back stands among them, followed by the cancelling itself."""
        made = [
            {
                "service": entry.service,
                "arguments": dict(entry.arguments),
                "receipt": entry.receipt,
                "cancelled": entry.state == CANCELLED,
            }
            for entry in self.ledger.entries()
        ]
        taken_back = [
            {
                "service": "my_requests",
                "arguments": {"action": "cancel", "receipt": one["receipt"]},
                "receipt": one["receipt"],
                "cancelled": False,
            }
            for one in made
            if one["cancelled"]
        ]
        return [*made, *taken_back]
