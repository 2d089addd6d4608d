"""Places, districts and dong; "여기" and "우리 집"."""

from __future__ import annotations

import re
from typing import Final

from donghaeng.city.places.model import Kind
from donghaeng.city.services.definition import SlotSpec
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.base import Scene
from donghaeng.understanding.slots.gazetteer import SURE, as_value

_HERE = re.compile(
    r"여기|이\s?근처|요\s?근처|근처에|이\s?근방|이\s?부근|요\s?앞|이\s?동네|우리\s?동네|우리\s?집|저희\s?집|집\s?근처|집\s?앞|가까운|가까이|근방|주변"
)
_PLACE_KINDS: Final = (Kind.STATION, Kind.LANDMARK, Kind.LIBRARY, Kind.DONG, Kind.DISTRICT, Kind.STOP)
"""Kinds that a place can be, in the order in which equally good names win."""
_DISTRICT_KINDS: Final = (Kind.DISTRICT, Kind.DONG, Kind.LANDMARK, Kind.STATION)
"""Kinds that tell a gu, in the same order."""


def place(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """A named place, else the citizen's own position for "여기" and the like, else a name that sounds like
    the words."""
    del spec
    names = _HERE.sub(" ", utterance)
    best: tuple[bool, float, int, SlotFill] | None = None
    for rank, kind in enumerate(_PLACE_KINDS):
        for found, match in scene.gazetteer.find(names, kind, asked=scene.asked)[:1]:
            key = (match.distance > SURE, -len(match.name) * (1.0 - match.distance), rank)
            fill = SlotFill(as_value(found), score=1.0 - match.distance, words=match.name)
            if best is None or key < best[:3]:
                best = (*key, fill)
    if best is not None and not best[0]:
        return best[3]
    if _HERE.search(utterance):
        if scene.here is not None:
            return SlotFill(dict(scene.here), words="여기")
        return SlotFill(None, problem="here_unknown", words="여기") if scene.asked else None
    return best[3] if best is not None else None


def district(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """One of the 25 gu, said with or without 구, or the gu of a dong, station or landmark named."""
    del spec
    names = _HERE.sub(" ", utterance)
    named: list[tuple[bool, float, int, SlotFill]] = []
    for rank, kind in enumerate(_DISTRICT_KINDS):
        asked = scene.asked and kind is Kind.DISTRICT
        for found, match in scene.gazetteer.find(names, kind, asked=asked)[:1]:
            if found.district:
                fill = SlotFill(found.district, score=1.0 - match.distance, words=match.name)
                named.append((match.distance > SURE, -len(match.name) * (1.0 - match.distance), rank, fill))
    sure = [one for one in named if not one[0]]
    if not sure and _HERE.search(utterance) and scene.home_district is not None:
        return SlotFill(scene.home_district, words="우리 동네")
    return min(sure or named, key=lambda one: one[:3])[3] if named else None


def dong(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """A dong by its name."""
    del spec
    found = scene.gazetteer.find(utterance, Kind.DONG, asked=scene.asked)
    return SlotFill(found[0][0].name, score=1.0 - found[0][1].distance) if found else None
