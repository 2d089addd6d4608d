"""Names of the city's places, findable inside an utterance by spelling and by sound."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from donghaeng.city.places.model import Kind, Place
from donghaeng.city.places.table import PlaceTable
from donghaeng.korean.sounds import SoundIndex, SoundMatch

SURE: Final = 0.11
"""Sound distance up to which a name counts wherever it stands."""
LIKELY: Final = 0.16
"""Sound distance up to which a name counts in the answer to a question about it, where it is at least
:data:`SHARE` of what was said."""
SHARE: Final = 0.35
CLOSE: Final = 0.03
"""Names whose distances differ by less sound alike for the ear that heard them: the citizen is asked.
The four limits are calibrated with ``bench/place_names.py``."""
EDGE: Final = 1
"""Characters of the best name's words that a rival may leave out: 삼성 is no rival of 삼성중앙."""
REMEMBERED: Final = 128
"""Looks at an utterance whose finds are kept."""
SHORTEST_UNASKED: Final = 2
"""Syllables that a name needs to be noticed unasked; shorter ones stand inside ordinary words."""

_ROAD = re.compile(
    r"서울(?:특별시|시)? (?P<gu>[가-힣]+구) (?P<road>[가-힣0-9.·]+(?:로|길)) ?(?:지하 ?)?[0-9]"
)
_STATION_NOTE = re.compile(r"\(.*\)$")


class Gazetteer:
    """Looks places up by what was said. Built once for a place table; never changed."""

    def __init__(self, table: PlaceTable) -> None:
        self.table = table
        # One utterance is read for several services and slots, each looking for the same kinds of places.
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._find)
        self._names = {kind: _spoken_names(table.places(kind), kind) for kind in Kind}
        self._indexes = {kind: SoundIndex(sorted(names)) for kind, names in self._names.items() if names}
        self.roads = _roads(table)
        """Roads that are known, with the gu that have them: from the addresses of places."""
        self.district_pattern = _district_pattern(table)
        """Finds a gu by its name in any spacing; ``None`` where no gu is known."""

    def find(self, utterance: str, kind: Kind, *, asked: bool) -> list[tuple[Place, SoundMatch]]:
        """Places of a kind named in ``utterance``, best first; all bearers of a shared name."""
        return list(self._remembered(utterance, kind, asked))

    def _find(self, utterance: str, kind: Kind, asked: bool) -> list[tuple[Place, SoundMatch]]:
        index = self._indexes.get(kind)
        if index is None:
            return []
        found: list[tuple[Place, SoundMatch]] = []
        for match in index.find_in(utterance, limit=3, max_distance=LIKELY if asked else SURE):
            if not asked and len(match.name) < SHORTEST_UNASKED:
                continue
            if asked and not index.is_within(match, SURE) and _share(match, utterance) < SHARE:
                continue
            found += [(place, match) for place in self._names[kind][match.name]]
        return found

    def exact(self, name: str, kind: Kind) -> Sequence[Place]:
        """Places of a kind whose spoken name is exactly this."""
        return self._names[kind].get(name.replace(" ", ""), ())


def close_rivals(found: Sequence[tuple[Place, SoundMatch]]) -> list[Place]:
    """The places of other names that what was said may as well mean; none where it was said exactly."""
    best = found[0][1]
    if best.distance == 0.0:
        return []
    return [
        place
        for place, match in found
        if match.name != best.name
        and match.distance - best.distance < CLOSE
        and match.start <= best.start + EDGE
        and match.end >= best.end - EDGE
    ]


def _share(match: SoundMatch, utterance: str) -> float:
    """How much of the letters of an utterance a match covers."""
    covered = sum(char.isalnum() for char in utterance[match.start : match.end])
    return covered / max(1, sum(char.isalnum() for char in utterance))


def _roads(table: PlaceTable) -> Mapping[str, frozenset[str]]:
    known: dict[str, set[str]] = {}
    for place in table.places():
        match = _ROAD.match(place.extra.get("address", ""))
        if match is not None:
            known.setdefault(match["road"], set()).add(match["gu"])
    return {road: frozenset(gu) for road, gu in known.items()}


def _district_pattern(table: PlaceTable) -> re.Pattern[str] | None:
    names = sorted((place.name for place in table.places(Kind.DISTRICT)), key=len, reverse=True)
    spaced = "|".join(r"\s?".join(map(re.escape, name)) for name in names)
    return re.compile(rf"(?<![가-힣])(?:{spaced})") if names else None


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
