"""Buses of the sandbox city: which routes serve a stop, and when their buses come.

A bus leaves its terminus by a timetable drawn from the seed and moves along the route's line at a steady
speed, so two stops on one road see the same bus one after the other, and a question asked a minute later
gets an answer one minute smaller.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from donghaeng.city.places import Kind, Place, PlaceTable, distance_m
from donghaeng.sandbox.chance import draw, pick, whole
from donghaeng.sandbox.routes import NIGHT, ROUTES, SURE, TRUNK, VILLAGE, Route, village_route

NEAR_M = 450.0
"""A stop this near to a route's line is surely served by it."""
FEWEST, MOST = 5, 9
"""Routes at a stop, village bus included; where no line is near, the nearest ones come."""
SPEED_MPS = 4.4
"""About 16 km an hour, stops included."""
STOP_SPACING_M = 380.0
NEXT_STOP_M = 180
"""Nearer stops are on the same crossing."""
_EXIT = re.compile(r"[0-9]+번출구.*|[.(].*")
"""What tells stops of one crossing apart: 합정역7번출구 and 합정역 are the same place."""
_SAME_PLACE_M = 300.0

Line = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Service:
    """A route at a stop."""

    route: Route
    along_m: float
    """From the terminus it comes from."""
    towards: str
    """The terminus it goes to."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A bus that will come."""

    seconds: int
    low_floor: bool
    last: bool
    crowding: str
    """Code 3 여유 … 6 매우혼잡."""
    number: int


@dataclass(frozen=True, slots=True)
class Day:
    """Minutes after midnight of the first and last departure, and the interval."""

    first: int
    last: int
    interval: int


class BusNetwork:
    """Routes and timetables over a table of places."""

    def __init__(self, seed: int, places: PlaceTable) -> None:
        self._seed = seed
        self._places = places
        self._lines = [(route, line) for route in ROUTES if len(line := self._line(route)) > 1]
        self._served: dict[str, tuple[Service, ...]] = {}
        self._next: dict[str, Place] = {}

    def _line(self, route: Route) -> Line:
        found = []
        for name in route.through:
            place = self._places.station(name)
            if place is None:
                others = self._places.by_name(name)
                place = others[0] if others else None
            if place is not None:
                found.append((place.lat, place.lon))
        return tuple(found)

    def services(self, stop: Place) -> tuple[Service, ...]:
        """The routes that serve a stop, in the order of their names."""
        if stop.key not in self._served:
            self._served[stop.key] = self._choose(stop)
        return self._served[stop.key]

    def _choose(self, stop: Place) -> tuple[Service, ...]:
        forward = self._forward(stop)
        measured = []
        for route, line in self._lines:
            away, along, length = _project(stop.lat, stop.lon, line)
            if self._is_sure(route, stop):
                away = -1.0
            measured.append((away, route, along if forward else length - along))
        measured.sort(key=lambda item: (item[0], item[1].name))
        fewest = FEWEST - 1 + whole(0, 2, self._seed, "routes", stop.key)
        chosen = [
            item for rank, item in enumerate(measured[: MOST - 1]) if item[0] <= NEAR_M or rank < fewest
        ]
        found = [
            Service(route, along, route.through[-1] if forward else route.through[0])
            for _, route, along in chosen
        ]
        found += self._village(stop)
        return tuple(sorted(found, key=lambda service: service.route.name))

    def _is_sure(self, route: Route, stop: Place) -> bool:
        for name, station, within in SURE:
            place = self._places.station(station) if name == route.name else None
            if place and distance_m(stop.lat, stop.lon, place.lat, place.lon) <= within:
                return True
        return False

    def _village(self, stop: Place) -> Iterator[Service]:
        """Village buses of the neighbourhood: the same ones within about half a kilometre."""
        block = (round(stop.lat / 0.006), round(stop.lon / 0.006))
        name = village_route(stop.district or "서울", whole(1, 16, self._seed, "village", block))
        near = self._places.nearest(stop.lat, stop.lon, Kind.STATION)
        end = near[0].place.name + "역" if near else stop.name
        along = 400.0 + 3_000.0 * draw(self._seed, "village along", stop.key)
        yield Service(Route(name, VILLAGE, (stop.name, end)), along, end)

    def _forward(self, stop: Place) -> bool:
        """Whether buses here go towards the second terminus; the two sides of a road differ."""
        return _side(self._places, stop, self._seed)

    def next_stop(self, stop: Place) -> Place:
        """The next stop of another name on this side of the road; the stop itself where there is none."""
        if stop.key not in self._next:
            self._next[stop.key] = self._find_next(stop)
        return self._next[stop.key]

    def _find_next(self, stop: Place) -> Place:
        near = self._places.nearest(stop.lat, stop.lon, Kind.STOP, count=60, within_m=2_000)
        here = _EXIT.sub("", stop.name)
        others = [
            item.place
            for item in near
            if item.distance_m >= NEXT_STOP_M and _EXIT.sub("", item.place.name) != here
        ]
        forward, twins = self._forward(stop), _twins(self._places, stop)
        middle = sum(_eastward(twin) for twin in twins) / len(twins)
        ahead = [place for place in others if (_eastward(place) > middle) is forward]
        if not ahead and others:  # at the edge of the table; the two sides still go to different stops
            ahead = [place for place in others if place.name != others[0].name] or others
        return ahead[0] if ahead else stop

    def day(self, route: Route) -> Day:
        """First and last departure and the interval of a route, minutes."""
        words = (self._seed, "day", route.name)
        if route.kind == NIGHT:
            return Day(23 * 60 + 30, 27 * 60 + 40, pick((25, 30, 35), *words))
        first = 4 * 60 + pick((0, 10, 20, 30), *words, "first")
        last = 22 * 60 + pick((30, 40, 50, 60), *words, "last")
        return Day(
            first, last, pick((6, 7, 8, 9) if route.kind == TRUNK else (8, 9, 10, 12), *words, "interval")
        )

    def coming(self, service: Service, now: datetime) -> tuple[Coming, ...]:
        """The next buses of a route, at most two, within the hours in which it runs."""
        found: list[Coming] = []
        for days_ago in (1, 0):
            midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)
            found += self._of_day(service, midnight, now)
        return tuple(sorted(found, key=lambda bus: bus.seconds)[:2])

    def _of_day(self, service: Service, midnight: datetime, now: datetime) -> Iterator[Coming]:
        day = self.day(service.route)
        travel_s = service.along_m / SPEED_MPS
        since_s = (now - midnight).total_seconds() - travel_s - day.first * 60
        departures = (day.last - day.first) // day.interval
        soonest = max(0, math.floor(since_s / (day.interval * 60)) - 1)
        for number in range(soonest, min(soonest + 5, departures + 1)):
            words = (self._seed, service.route.name, service.towards, midnight.date(), number)
            late_s = int((draw(*words) - 0.5) * 0.5 * day.interval * 60)
            seconds = int(number * day.interval * 60 + late_s - since_s)
            if seconds > 0 and seconds < max(2 * day.interval, 40) * 60:
                yield Coming(
                    seconds,
                    low_floor=draw(*words, "floor") < 0.75,
                    last=number == departures,
                    crowding=pick(("3", "3", "4", "4", "5", "6"), *words, "crowding"),
                    number=number,
                )

    def running(self, service: Service, now: datetime) -> bool:
        """Whether the first bus of the day has left, or will within the hour, and the last has not passed."""
        day = self.day(service.route)
        minute = now.hour * 60 + now.minute
        travel = int(service.along_m / SPEED_MPS / 60)
        return any(day.first - 60 <= minute + shift <= day.last + travel + 30 for shift in (0, 24 * 60))


def _twins(places: PlaceTable, stop: Place) -> list[Place]:
    """The stops of one name around a place, itself included, in the order of their numbers."""
    near = places.nearest(stop.lat, stop.lon, Kind.STOP, count=12, within_m=_SAME_PLACE_M)
    found = {item.place.key: item.place for item in near if item.place.name == stop.name}
    return [place for _, place in sorted((found | {stop.key: stop}).items())]


def _side(places: PlaceTable, stop: Place, seed: int) -> bool:
    twins = _twins(places, stop)
    if len(twins) > 1:
        return twins.index(stop) % 2 == 0
    return draw(seed, "side", stop.key) < 0.5


def _eastward(place: Place) -> float:
    """How far along a line from south-west to north-east a place lies."""
    return place.lon + place.lat * 0.4


def _project(lat: float, lon: float, line: Line) -> tuple[float, float, float]:
    """Distance from a point to a line, the way along it to the nearest point, and its length; metres."""
    scale = math.cos(math.radians(lat)) * 111_320
    best, best_along, length = math.inf, 0.0, 0.0
    for (lat1, lon1), (lat2, lon2) in pairwise(line):
        x1, y1 = (lon1 - lon) * scale, (lat1 - lat) * 111_320
        x2, y2 = (lon2 - lon) * scale, (lat2 - lat) * 111_320
        dx, dy = x2 - x1, y2 - y1
        whole_m = math.hypot(dx, dy)
        share = 0.0 if whole_m == 0 else max(0.0, min(1.0, -(x1 * dx + y1 * dy) / whole_m**2))
        away = math.hypot(x1 + share * dx, y1 + share * dy)
        if away < best:
            best, best_along = away, length + share * whole_m
        length += whole_m
    return best, best_along, length
