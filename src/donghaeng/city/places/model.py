"""A named place of the city and its kinds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

EARTH_RADIUS_M = 6_371_008.8
"""Mean earth radius, metres (IUGG)."""


class Kind(StrEnum):
    """What a place is; also the first half of its identity."""

    STOP = "stop"
    STATION = "station"
    DISTRICT = "district"
    DONG = "dong"
    LANDMARK = "landmark"
    LIBRARY = "library"
    FIRE_STATION = "fire_station"


@dataclass(frozen=True, slots=True)
class Place:
    """One place. ``(kind, key)`` is its identity; places of one kind may share a name.

    Attributes:
        key: stop: five-digit ARS id; station: the official name; district: the name with 구;
            dong: ``"마포구 합정동"``; others: the source's own code, or the name.
        name: official name. Stations as the metro feeds write them, without 역 ("강남", "서울",
            "아차산(어린이대공원후문)").
        lat: degrees north, WGS 84.
        lon: degrees east, WGS 84.
        district: the gu it lies in ("마포구"); empty outside Seoul.
        lines: lines that stop at a station ("2", "경의중앙"), in the order of its tables.
        aliases: other names that people use for it ("서울역").
        extra: what only its kind has: district ``nx``, ``ny`` (KMA grid), ``air_code``, ``outline``;
            dong ``nx``, ``ny``; station ``ids`` ("2:1002000222 신분당:1077000687"); library
            ``address``, ``phone``, ``hours``, ``closed``; fire station ``address``, ``phone``.
    """

    kind: Kind
    key: str
    name: str
    lat: float
    lon: float
    district: str = ""
    lines: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def identity(self) -> tuple[Kind, str]:
        """What tells this place from every other one."""
        return self.kind, self.key

    @property
    def station_ids(self) -> Mapping[str, str]:
        """The metro feeds' station id for each line of a station."""
        pairs = (item.partition(":") for item in self.extra.get("ids", "").split())
        return {line: number for line, _, number in pairs}


def distance_m(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Metres between two points along the ground (equirectangular; under 0.1 % off within Seoul)."""
    x = math.radians(other_lon - lon) * math.cos(math.radians((lat + other_lat) / 2))
    y = math.radians(other_lat - lat)
    return math.hypot(x, y) * EARTH_RADIUS_M
