"""Stops told by the one that was talked about: "거기 말고 그 다음 정류장", "건너편은요"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from donghaeng.city.places.model import Kind, Place, distance_m
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.base import Scene

ACROSS_M: Final = 250.0
"""Metres within which a stop of the same name is the other side of the road."""
NEXT_M: Final = 3_000.0
"""Metres within which a stop can be the next one."""

_NEXT = re.compile(r"(?:다음|담|뒤)\s?(?:번\s?)?(?:정류장|정거장|정류소)")
_ACROSS = re.compile(r"건너편|맞은\s?편|맞은\s?쪽|반대\s?편|반대\s?쪽|반대\s?방향|길\s?건너")


def relative_stop(utterance: str, scene: Scene) -> SlotFill | None:
    """The stop across the road from the one talked about, or the one after it in the direction of the buses
    that were told; None where the words tell no such stop or nothing was talked about."""
    across, following = _ACROSS.search(utterance), _NEXT.search(utterance)
    before = _before(scene)
    if before is None or (across is None and following is None):
        return None
    if across is not None:
        name, limit, words = before.name, ACROSS_M, across.group()
    else:
        assert following is not None
        name, limit, words = str(scene.answer.get("next_stop") or ""), NEXT_M, following.group()
    others = [
        (distance_m(before.lat, before.lon, place.lat, place.lon), place)
        for place in scene.gazetteer.exact(name, Kind.STOP)
        if place.key != before.key
    ]
    near = sorted((far, place.key, place) for far, place in others if far <= limit)
    if not near:
        return SlotFill(None, problem="unknown", words=words)
    place = near[0][2]
    return SlotFill({"ars_id": place.key, "name": place.name}, words=words)


def _before(scene: Scene) -> Place | None:
    value: Any = scene.value
    if not isinstance(value, Mapping) or "ars_id" not in value:
        return None
    return scene.gazetteer.table.stop(str(value["ars_id"]))
