"""Places told by what was talked about: "거기 말고 그 다음 정류장", "건너편은요", "거기까지 어떻게 가요"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from donghaeng.city.places.model import Kind, Place, distance_m
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.base import Scene
from donghaeng.understanding.slots.gazetteer import as_value

ACROSS_M: Final = 250.0
"""Metres within which a stop of the same name is the other side of the road."""
NEXT_M: Final = 3_000.0
"""Metres within which a stop can be the next one."""

_THERE = re.compile(
    r"(?<![가-힣])(?:거기|거그|거게|고기(?=까지|서|로)|그\s?(?:근처|근방|부근|동네|주변|앞|쪽|곳|자리|역|정류장))"
    r"(?!\s?(?:말고|아니|아이))"
)
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


def there(utterance: str, kind: str, scene: Scene) -> SlotFill | None:
    """The place, gu, dong, station or stop of the service completed last, for "거기" and the like.

    Args:
        kind: the slot type that the value is for.
    """
    found = _THERE.search(utterance)
    if found is None:
        return None
    value = scene.before.get(kind) if kind != "place" else _place_before(scene)
    if value is None and kind == "district":
        at = _place_before(scene)
        near = scene.gazetteer.table.nearest(at["lat"], at["lon"], Kind.DONG, count=1) if at else []
        value = near[0].place.district if near else None
    return SlotFill(value, words=found.group()) if value else None


def _place_before(scene: Scene) -> dict[str, Any] | None:
    """The place that was talked about; where that was the citizen's own, the one that was found there."""
    said, here = scene.before.get("place"), scene.here
    if isinstance(said, Mapping) and (here is None or dict(said) != dict(here)):
        return dict(said)
    stop = scene.before.get("stop")
    if isinstance(stop, Mapping):
        known = scene.gazetteer.table.stop(str(stop.get("ars_id")))
        return as_value(known) if known is not None else None
    for kind in (Kind.STATION, Kind.DONG, Kind.DISTRICT):
        bearers = scene.gazetteer.exact(str(scene.before.get(kind.value) or ""), kind)
        if bearers:
            return as_value(bearers[0])
    return _answered(scene.answer)


def _answered(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """The position of what was found, where it has one."""
    name, lat, lon = row.get("name"), row.get("lat"), row.get("lon")
    if isinstance(name, str) and isinstance(lat, int | float) and isinstance(lon, int | float):
        return {"name": name, "lat": lat, "lon": lon}
    return None
