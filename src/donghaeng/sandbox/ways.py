"""Ways across the sandbox city: by its subway, by its buses, one change at most by bus.

Times follow the trains and buses that the city shows elsewhere: the same lines, the same speed.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise

from donghaeng.city.places import Kind, Place, PlaceTable, distance_m
from donghaeng.city.places.table import Near
from donghaeng.sandbox.buses import SPEED_MPS, BusNetwork, Service
from donghaeng.sandbox.routes import VILLAGE
from donghaeng.sandbox.trains import RIDE_S, SubwayNetwork

WALK_MPS = 1.0
"""A slow walker's pace."""
CHANGE_S = 300
WAIT_S = 240
TO_STATION_M = 1_500
TO_STOP_M = 600
"""How far one walks to a station and to a stop."""
NEAR_STATIONS, NEAR_STOPS = 3, 10
LONGEST_LINK_M = 4_000
"""Stations with following numbers that lie farther apart are on two branches of a line."""
SHORTEST_RIDE_M = 400
WAYS_BY_BUS = 2
_LOOP_LINE, _LOOP = "2", range(1002000201, 1002000244)

Point = tuple[float, float]
Node = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Ride:
    """One ride: a line, where one gets on and off, and the stations on the way."""

    line: str
    on: Place
    off: Place
    by_rail: bool
    passed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """Rides one after the other, and how long they take, walks included."""

    seconds: float
    rides: tuple[Ride, ...]

    @property
    def length_m(self) -> int:
        """The way between the stops, metres."""
        return round(
            sum(distance_m(ride.on.lat, ride.on.lon, ride.off.lat, ride.off.lon) for ride in self.rides) * 1.2
        )


@dataclass(frozen=True, slots=True)
class _Boarding:
    """A bus at a stop within a walk."""

    service: Service
    stop: Place
    walk_s: float


class Ways:
    """Looks ways up over the networks of one world."""

    def __init__(self, places: PlaceTable, subway: SubwayNetwork, buses: BusNetwork) -> None:
        self._places = places
        self._subway = subway
        self._buses = buses

    # --- by subway ----------------------------------------------------------------------------------

    @cached_property
    def _links(self) -> Mapping[Node, tuple[Node, ...]]:
        links: defaultdict[Node, list[Node]] = defaultdict(list)
        for line, stations in self._subway.lines.items():
            row = list(stations)
            loop = [one for one in row if line == _LOOP_LINE and one[0] in _LOOP]
            pairs = list(pairwise(row)) + ([(loop[-1], loop[0])] if loop else [])
            for (_, one), (_, other) in pairs:
                if distance_m(one.lat, one.lon, other.lat, other.lon) <= LONGEST_LINK_M:
                    links[line, one.name].append((line, other.name))
                    links[line, other.name].append((line, one.name))
        return {node: tuple(found) for node, found in links.items()}

    @cached_property
    def _stations(self) -> Mapping[str, Place]:
        return {place.name: place for found in self._subway.lines.values() for _, place in found}

    def by_subway(self, start: Point, end: Point) -> list[Way]:
        """The quickest way by subway, if there is one that is not all on foot."""
        goals = {near.place.name: near.distance_m / WALK_MPS for near in self._near_stations(end)}
        queue: list[tuple[float, Node, tuple[Node, ...]]] = []
        for near in self._near_stations(start):
            for line in near.place.lines:
                if (line, near.place.name) in self._links:
                    node = (line, near.place.name)
                    heapq.heappush(queue, (near.distance_m / WALK_MPS + WAIT_S, node, (node,)))
        done: set[Node] = set()
        best: tuple[float, tuple[Node, ...]] | None = None
        while queue:
            seconds, node, trail = heapq.heappop(queue)
            if best is not None and seconds >= best[0]:
                break
            if node in done:
                continue
            done.add(node)
            if node[1] in goals and len({name for _, name in trail}) > 1:
                total = seconds + goals[node[1]]
                if best is None or total < best[0]:
                    best = (total, trail)
            for following, more in self._from(node):
                if following not in done:
                    heapq.heappush(queue, (seconds + more, following, (*trail, following)))
        return [self._rail_way(*best)] if best is not None else []

    def _from(self, node: Node) -> Iterator[tuple[Node, float]]:
        for following in self._links.get(node, ()):
            yield following, RIDE_S
        for line in self._stations[node[1]].lines:
            if line != node[0] and (line, node[1]) in self._links:
                yield (line, node[1]), CHANGE_S

    def _near_stations(self, point: Point) -> tuple[Near, ...]:
        return self._places.nearest(*point, Kind.STATION, count=NEAR_STATIONS, within_m=TO_STATION_M)

    def _rail_way(self, seconds: float, trail: tuple[Node, ...]) -> Way:
        rides: list[list[Node]] = []
        for node in trail:
            if rides and rides[-1][-1][0] == node[0]:
                rides[-1].append(node)
            else:
                rides.append([node])
        made = [
            Ride(
                ride[0][0],
                self._stations[ride[0][1]],
                self._stations[ride[-1][1]],
                by_rail=True,
                passed=tuple(name for _, name in ride),
            )
            for ride in rides
            if len(ride) > 1
        ]
        return Way(seconds, tuple(made))

    # --- by bus -------------------------------------------------------------------------------------

    def by_bus(self, start: Point, end: Point, now: datetime) -> list[Way]:
        """The quickest ways with one bus; where there are none, with two."""
        here, there = self._boardings(start, now), self._boardings(end, now)
        ways = sorted(self._direct(here, there), key=lambda way: way.seconds)
        if not ways:
            ways = sorted(self._with_change(here, there, now), key=lambda way: way.seconds)
        unlike: dict[tuple[str, ...], Way] = {}
        for way in ways:
            unlike.setdefault(tuple(ride.line for ride in way.rides), way)
        return list(unlike.values())[:WAYS_BY_BUS]

    def _boardings(self, point: Point, now: datetime) -> list[_Boarding]:
        near = self._places.nearest(*point, Kind.STOP, count=NEAR_STOPS, within_m=TO_STOP_M)
        near = near or self._places.nearest(*point, Kind.STOP, count=2, within_m=TO_STATION_M)
        return [
            _Boarding(service, found.place, found.distance_m / WALK_MPS)
            for found in near
            for service in self._buses.services(found.place)
            if service.route.kind != VILLAGE and self._buses.running(service, now)
        ]

    def _direct(self, here: list[_Boarding], there: list[_Boarding]) -> Iterator[Way]:
        for one in here:
            for other in there:
                if _rides(one, other):
                    ride = Ride(one.service.route.name, one.stop, other.stop, by_rail=False)
                    yield Way(one.walk_s + WAIT_S + _ride_s(one, other) + other.walk_s, (ride,))

    def _with_change(self, here: list[_Boarding], there: list[_Boarding], now: datetime) -> Iterator[Way]:
        by_name = {one.service.route.name: one.service.route for one in (*here, *there)}
        onward = {other.service.route.name for other in there}
        for first in {one.service.route.name for one in here}:
            for second in onward - {first}:
                for name in set(by_name[first].through) & set(by_name[second].through):
                    yield from self._changing(first, second, name, (here, there, now))

    def _changing(
        self, first: str, second: str, at: str, ends: tuple[list[_Boarding], list[_Boarding], datetime]
    ) -> Iterator[Way]:
        here, there, now = ends
        station = self._places.station(at)
        if station is None:
            return
        middle = self._boardings((station.lat, station.lon), now)
        for one in (boarding for boarding in here if boarding.service.route.name == first):
            for other in (boarding for boarding in there if boarding.service.route.name == second):
                off = next((stop for stop in middle if _rides(one, stop)), None)
                on = next((stop for stop in middle if _rides(stop, other)), None)
                if off is not None and on is not None:
                    rides = (
                        Ride(first, one.stop, off.stop, by_rail=False),
                        Ride(second, on.stop, other.stop, by_rail=False),
                    )
                    seconds = one.walk_s + other.walk_s + _ride_s(one, off) + _ride_s(on, other)
                    yield Way(seconds + 2 * WAIT_S + CHANGE_S, rides)


def _rides(one: _Boarding, other: _Boarding) -> bool:
    """Whether one bus goes from the first stop to the second."""
    same = one.service.route.name == other.service.route.name and one.service.towards == other.service.towards
    return same and other.service.along_m - one.service.along_m >= SHORTEST_RIDE_M


def _ride_s(one: _Boarding, other: _Boarding) -> float:
    return (other.service.along_m - one.service.along_m) / SPEED_MPS
