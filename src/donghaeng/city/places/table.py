"""The places that this city knows, in memory and never changed: look-ups by name, key and position."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from donghaeng.city.places.model import Kind, Place, distance_m

_CELL_DEGREES = 0.01
"""Side of a bucket of the position index: about 1.1 km north-south, 0.9 km east-west in Seoul."""
_CELL_M = 880.0
"""The shorter side of a bucket in metres, a lower bound for how far a ring of buckets reaches."""
_MAX_RING = 60

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Near:
    """A place and how far it is."""

    place: Place
    distance_m: int


class PlaceTable:
    """Places by kind, key, name and position.

    Two places with the same identity are merged: the later one's coordinates and extras win, lines and
    aliases are joined. ``with_places`` makes a new table, so a table may be shared by everything.
    """

    def __init__(self, places: Iterable[Place] = ()) -> None:
        merged: dict[tuple[Kind, str], Place] = {}
        for place in places:
            known = merged.get(place.identity)
            merged[place.identity] = _merge(known, place) if known else place
        self._by_key = merged
        by_kind: defaultdict[Kind, list[Place]] = defaultdict(list)
        names: defaultdict[str, list[Place]] = defaultdict(list)
        cells: defaultdict[Kind, dict[tuple[int, int], list[Place]]] = defaultdict(dict)
        for place in merged.values():
            by_kind[place.kind].append(place)
            cells[place.kind].setdefault(_cell(place.lat, place.lon), []).append(place)
        for place in merged.values():
            names[place.name].append(place)
        for place in merged.values():
            for alias in dict.fromkeys(place.aliases):
                if alias != place.name:
                    names[alias].append(place)
        self._by_kind = {kind: tuple(found) for kind, found in by_kind.items()}
        self._by_name = {name: tuple(found) for name, found in names.items()}
        self._cells = dict(cells)
        self._outlines = {
            place.name: _rings(place.extra["outline"])
            for place in self.places(Kind.DISTRICT)
            if "outline" in place.extra
        }

    def __len__(self) -> int:
        return len(self._by_key)

    def places(self, kind: Kind | None = None) -> tuple[Place, ...]:
        """Every place, or every place of a kind, in the order they were given."""
        return tuple(self._by_key.values()) if kind is None else self._by_kind.get(kind, ())

    def counts(self) -> Mapping[Kind, int]:
        """How many places there are of each kind."""
        return MappingProxyType({kind: len(found) for kind, found in self._by_kind.items()})

    def by_key(self, kind: Kind, key: str) -> Place | None:
        """The place with this identity."""
        return self._by_key.get((kind, key))

    def stop(self, ars_id: str) -> Place | None:
        """The bus stop with this five-digit ARS id."""
        return self.by_key(Kind.STOP, ars_id)

    def station(self, name: str) -> Place | None:
        """The station with this official name or alias."""
        found = self.by_name(name, Kind.STATION)
        return found[0] if found else None

    def by_name(self, name: str, kind: Kind | None = None) -> tuple[Place, ...]:
        """Places whose official name or alias is exactly this, official names first."""
        found = self._by_name.get(name, ())
        return found if kind is None else tuple(place for place in found if place.kind is kind)

    def names(self, kind: Kind | None = None, *, aliases: bool = True) -> tuple[str, ...]:
        """The distinct names of a kind, sorted; with aliases unless told otherwise."""
        found: set[str] = set()
        for place in self.places(kind):
            found.add(place.name)
            if aliases:
                found.update(place.aliases)
        return tuple(sorted(found))

    def nearest(
        self, lat: float, lon: float, kind: Kind, *, count: int = 1, within_m: float = math.inf
    ) -> tuple[Near, ...]:
        """The nearest places of a kind, nearest first; fewer than ``count`` if there are not so many."""
        cells = self._cells.get(kind, {})
        row, column = _cell(lat, lon)
        found: list[Near] = []
        for ring in range(_MAX_RING + 1):
            for cell in _ring(row, column, ring):
                for place in cells.get(cell, ()):
                    away = distance_m(lat, lon, place.lat, place.lon)
                    if away <= within_m:
                        found.append(Near(place, round(away)))
            reached = ring * _CELL_M
            if reached >= within_m or sum(near.distance_m <= reached for near in found) >= count:
                break
        found.sort(key=lambda near: (near.distance_m, near.place.key))
        return tuple(found[:count])

    def district_of(self, lat: float, lon: float) -> str | None:
        """The gu of a point: by outline where outlines were imported, else that of the nearest dong, stop
        or station, else of the nearest gu centre. ``None`` for a point more than 5 km from all of them."""
        for name, rings in self._outlines.items():
            if any(_inside(lat, lon, ring) for ring in rings):
                return name
        if len(self._outlines) == len(self.places(Kind.DISTRICT)) and self._outlines:
            return None
        near = [
            candidate
            for kind in (Kind.DONG, Kind.STOP, Kind.STATION, Kind.DISTRICT)
            for candidate in self.nearest(lat, lon, kind, within_m=5_000)
            if candidate.place.district
        ]
        if not near:
            return None
        return min(near, key=lambda candidate: candidate.distance_m).place.district

    def with_places(self, places: Iterable[Place]) -> PlaceTable:
        """A new table with these places added or merged in."""
        return PlaceTable((*self._by_key.values(), *places))


def _merge(known: Place, later: Place) -> Place:
    return replace(
        later,
        district=later.district or known.district,
        lines=tuple(dict.fromkeys((*known.lines, *later.lines))),
        aliases=tuple(dict.fromkeys((*known.aliases, *later.aliases))),
        extra=MappingProxyType(_merge_extra(known.extra, later.extra)),
    )


def _merge_extra(known: Mapping[str, str], later: Mapping[str, str]) -> dict[str, str]:
    merged = {**known, **later}
    if "ids" in known and "ids" in later:
        merged["ids"] = " ".join(dict.fromkeys((*known["ids"].split(), *later["ids"].split())))
    return merged


def _cell(lat: float, lon: float) -> tuple[int, int]:
    return math.floor(lat / _CELL_DEGREES), math.floor(lon / _CELL_DEGREES)


def _ring(row: int, column: int, distance: int) -> Iterable[tuple[int, int]]:
    if distance == 0:
        yield row, column
        return
    for step in range(-distance, distance + 1):
        yield row - distance, column + step
        yield row + distance, column + step
    for step in range(-distance + 1, distance):
        yield row + step, column - distance
        yield row + step, column + distance


def _rings(outline: str) -> tuple[Ring, ...]:
    return tuple(tuple((float(lon), float(lat)) for lon, lat in ring) for ring in json.loads(outline))


def _inside(lat: float, lon: float, ring: Ring) -> bool:
    """Whether a ray to the east crosses the ring an odd number of times."""
    odd = False
    before_lon, before_lat = ring[-1]
    for here_lon, here_lat in ring:
        if (here_lat > lat) != (before_lat > lat):
            crossing = here_lon + (before_lon - here_lon) * (lat - here_lat) / (before_lat - here_lat)
            odd ^= lon < crossing
        before_lon, before_lat = here_lon, here_lat
    return odd
