"""Places, districts and dong; "여기" and "우리 집"."""

from __future__ import annotations

import re
from typing import Final

from donghaeng.city.places.model import Kind, Place
from donghaeng.city.services.definition import SlotSpec
from donghaeng.korean.sounds import SoundMatch
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.base import Scene
from donghaeng.understanding.slots.gazetteer import SURE, as_value

_HERE = re.compile(
    r"여기|이\s?근처|요\s?근처|근처에|이\s?근방|이\s?부근|요\s?앞|이\s?동네|우리\s?동네|우리\s?집|저희\s?집|집\s?근처|집\s?앞|가까운|가까이|근방|주변"
)
_PLACE_KINDS: Final = (Kind.STATION, Kind.LANDMARK, Kind.LIBRARY, Kind.DONG, Kind.DISTRICT, Kind.STOP)
"""Kinds that a place can be, in the order in which equally good names win."""


def place(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """A named place, else the citizen's own position for "여기" and the like."""
    del spec
    best: tuple[bool, float, int, SlotFill] | None = None
    for rank, kind in enumerate(_PLACE_KINDS):
        for found, match in scene.gazetteer.find(utterance, kind, asked=scene.asked)[:1]:
            key = (match.distance > SURE, -len(match.name) * (1.0 - match.distance), rank)
            fill = SlotFill(as_value(found), score=1.0 - match.distance, words=match.name)
            if best is None or key < best[:3]:
                best = (*key, fill)
    if best is not None:
        return best[3]
    if _HERE.search(utterance):
        if scene.here is not None:
            return SlotFill(dict(scene.here), words="여기")
        return SlotFill(None, problem="here_unknown", words="여기") if scene.asked else None
    return None


def district(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """One of the 25 gu, said with or without 구, or the gu of a dong, station or landmark named."""
    del spec
    found = scene.gazetteer.find(utterance, Kind.DISTRICT, asked=scene.asked)
    if found and found[0][1].distance <= SURE:
        return _named_district(found[0])
    for kind in (Kind.DONG, Kind.LANDMARK, Kind.STATION):
        near = scene.gazetteer.find(utterance, kind, asked=False)
        if near and near[0][0].district:
            return SlotFill(near[0][0].district, score=0.8 - near[0][1].distance, words=near[0][1].name)
    if _HERE.search(utterance) and scene.home_district is not None:
        return SlotFill(scene.home_district, words="우리 동네")
    return _named_district(found[0]) if found else None


def _named_district(found: tuple[Place, SoundMatch]) -> SlotFill:
    place, match = found
    return SlotFill(place.name, score=1.0 - match.distance, words=match.name)


def dong(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """A dong by its name."""
    del spec
    found = scene.gazetteer.find(utterance, Kind.DONG, asked=scene.asked)
    return SlotFill(found[0][0].name, score=1.0 - found[0][1].distance) if found else None
