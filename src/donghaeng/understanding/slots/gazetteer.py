"""Names of the city's places, findable inside an utterance by spelling and by sound."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from donghaeng.city.places.model import Kind, Place
from donghaeng.city.places.table import PlaceTable
from donghaeng.korean.sounds import SoundIndex, SoundMatch

SURE: Final = 0.12
"""Sound distance up to which a name counts where nothing asked for it."""
LIKELY: Final = 0.34
"""Sound distance up to which a name counts as the answer to a question about it."""
SHORTEST_UNASKED: Final = 2
"""Syllables that a name needs to be noticed unasked; shorter ones stand inside ordinary words."""

_STATION_NOTE = re.compile(r"\(.*\)$")


class Gazetteer:
    """Looks places up by what was said. Built once for a place table; never changed."""

    def __init__(self, table: PlaceTable) -> None:
        self.table = table
        self._names = {kind: _spoken_names(table.places(kind), kind) for kind in Kind}
        self._indexes = {kind: SoundIndex(sorted(names)) for kind, names in self._names.items() if names}

    def find(self, utterance: str, kind: Kind, *, asked: bool) -> list[tuple[Place, SoundMatch]]:
        """Places of a kind named in ``utterance``, best first; all bearers of a shared name."""
        index = self._indexes.get(kind)
        if index is None:
            return []
        limit = LIKELY if asked else SURE
        found: list[tuple[Place, SoundMatch]] = []
        for match in index.find_in(utterance, limit=3, max_distance=limit):
            if not asked and len(match.name) < SHORTEST_UNASKED:
                continue
            found += [(place, match) for place in self._names[kind][match.name]]
        return found

    def exact(self, name: str, kind: Kind) -> Sequence[Place]:
        """Places of a kind whose spoken name is exactly this."""
        return self._names[kind].get(name.replace(" ", ""), ())


def _spoken_names(places: Sequence[Place], kind: Kind) -> Mapping[str, list[Place]]:
    names: dict[str, list[Place]] = {}
    for place in places:
        for name in (place.name, *place.aliases):
            for spoken in _variants(name, kind):
                bearers = names.setdefault(spoken, [])
                if place not in bearers:
                    bearers.append(place)
    return names


def _variants(name: str, kind: Kind) -> set[str]:
    """The name as people say it: stations without bracketed note and 입구, districts without 구."""
    plain = name.replace(" ", "")
    bare = _STATION_NOTE.sub("", plain)
    variants = {plain, bare}
    if kind is Kind.DISTRICT and len(bare) > SHORTEST_UNASKED:
        variants.add(bare.removesuffix("구"))
    if kind is Kind.STATION:
        variants |= {bare.removesuffix("역") if len(bare) > SHORTEST_UNASKED else bare}
        variants |= {short for short in (bare.removesuffix("입구"),) if len(short) >= SHORTEST_UNASKED}
    return {variant for variant in variants if variant}


def as_value(place: Place) -> dict[str, Any]:
    """A place slot's value: ``{"name", "lat", "lon"}``."""
    name = f"{place.name}역" if place.kind is Kind.STATION and not place.name.endswith("역") else place.name
    return {"name": name, "lat": place.lat, "lon": place.lon}
