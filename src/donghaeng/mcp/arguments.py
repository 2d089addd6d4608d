"""Arguments of a tool call → values of the service's slots. Pure: places come from the table.

Values are the normalised ones of the catalogue; a place may also be given by its name and a stop by its ARS
number or name. Several places of one name stay candidates, among which the dialogue asks.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from donghaeng.city.places.model import Kind, Place
from donghaeng.city.places.table import PlaceTable
from donghaeng.city.services.definition import ServiceDefinition, SlotSpec
from donghaeng.city.slots import SLOT_TYPES, write_value
from donghaeng.errors import InputError
from donghaeng.trust.masking import mask
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.gazetteer import as_value

MOST_CHARACTERS: Final = 20_000
"""Of all arguments of a call together, written as JSON."""
MOST_CANDIDATES: Final = 6
KOREA: Final = {"lat": (33.0, 39.0), "lon": (124.0, 132.0)}
"""Degrees, WGS 84, between which a point of the city can lie."""

_PLACE_KINDS: Final = (Kind.STATION, Kind.LANDMARK, Kind.LIBRARY, Kind.DONG, Kind.DISTRICT, Kind.STOP)
"""Kinds that a place can be, in the order in which equal names win."""
_ARS: Final = re.compile(r"(\d{2})-?(\d{3})")

Fills = dict[str, SlotFill]


def digest_of(arguments: Mapping[str, Any]) -> str:
    """SHA-256 of the arguments, whatever the order of their names."""
    text = json.dumps(arguments, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read_arguments(service: ServiceDefinition, arguments: Mapping[str, Any], places: PlaceTable) -> Fills:
    """The slot values that a call gives; a null is as good as nothing.

    Raises:
        InputError: an unknown name, a value of another shape, an unknown place, or a number that is never
            collected. The message names the slot and never quotes a value.
    """
    if len(json.dumps(arguments, ensure_ascii=False, default=str)) > MOST_CHARACTERS:
        raise InputError("the arguments are too long", remedy=f"at most {MOST_CHARACTERS} characters")
    slots = {name: spec for name, spec in service.slots.items() if not spec.internal}
    unknown = sorted(set(arguments) - set(slots))
    if unknown:
        shown = ", ".join(repr(name[:40]) for name in unknown[:3])
        raise InputError(f"unknown argument {shown}", remedy=f"there are: {', '.join(slots) or 'none'}")
    return {
        name: _fill(name, slots[name], value, places)
        for name, value in arguments.items()
        if value is not None
    }


def written(service: ServiceDefinition, fills: Fills) -> str:
    """The call as a line of the transcript."""
    parts = [service.name]
    for name, fill in fills.items():
        values = [fill.value] if fill.value is not None else list(fill.candidates[:1])
        spec = service.slots[name]
        parts += [f"{spec.name} {write_value(spec, value)}" for value in values]
    return ", ".join(parts)


def _fill(name: str, spec: SlotSpec, value: Any, places: PlaceTable) -> SlotFill:
    if any(mask(text).kinds for text in _texts(value)):
        raise InputError(
            f"{name}: holds a number that is never collected",
            remedy="leave out resident, card and account numbers and passwords",
        )
    read = _READERS.get(spec.type)
    found = tuple(read(name, value, places)) if read is not None else (value,)
    kind = SLOT_TYPES[spec.type]
    if any(isinstance(one, bool) or not kind.is_valid(one) for one in found):
        raise InputError(f"{name}: is no {spec.type}", remedy="see the tool's input schema")
    if spec.values is not None and value not in spec.values:
        raise InputError(f"{name}: is none of its choices", remedy=f"one of: {', '.join(spec.values)}")
    if spec.type in ("date", "datetime"):
        _check_day(name, str(value))
    if len(found) == 1:
        return SlotFill(found[0])
    return SlotFill(None, candidates=found[:MOST_CANDIDATES])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, int):
        yield str(value)


def _check_day(name: str, value: str) -> None:
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        raise InputError(f"{name}: there is no such day", remedy="a day of the calendar") from None


def _place(name: str, value: Any, places: PlaceTable) -> Sequence[Any]:
    if isinstance(value, Mapping):
        return (_point(name, value, places),)
    if not isinstance(value, str):
        raise InputError(f"{name}: is no place", remedy='a name, or {"lat": 37.55, "lon": 126.91}')
    for kind in _PLACE_KINDS:
        found = _named(value, kind, places)
        if found:
            return tuple(as_value(place) for place in found)
    raise InputError(f"{name}: no place of this name is known", remedy="give lat and lon, or a station")


def _named(text: str, kind: Kind, places: PlaceTable) -> Sequence[Place]:
    """Places of a name; of one gu alone where the gu is named before it ("마포구 합정동")."""
    whole = " ".join(text.split())
    found = places.by_name(whole, kind)
    if not found and kind is Kind.STATION:
        found = places.by_name(whole.removesuffix("역"), kind)
    first, _, rest = whole.partition(" ")
    if not found and rest and places.by_name(first, Kind.DISTRICT):
        found = tuple(place for place in places.by_name(rest, kind) if place.district == first)
    return found


def _point(name: str, value: Mapping[str, Any], places: PlaceTable) -> dict[str, Any]:
    found: dict[str, float] = {}
    for key, (least, most) in KOREA.items():
        number = value.get(key)
        if isinstance(number, bool) or not isinstance(number, int | float) or not least <= number <= most:
            raise InputError(f"{name}.{key}: is not between {least:g} and {most:g}", remedy="degrees, WGS 84")
        found[key] = float(number)
    given = value.get("name")
    title = given if isinstance(given, str) and given else places.district_of(found["lat"], found["lon"])
    if len(title or "") > 100:
        raise InputError(f"{name}.name: is too long", remedy="at most 100 characters")
    return {"name": title or "고른 곳", **found}


def _stop(name: str, value: Any, places: PlaceTable) -> Sequence[Any]:
    if isinstance(value, Mapping):
        number, title = str(value.get("ars_id", "")), value.get("name")
        named = isinstance(title, str) and 0 < len(title) <= 100
        ars = _ARS.fullmatch(number)
        if ars is None or not named:
            raise InputError(f"{name}: is no stop", remedy='{"ars_id": "14011", "name": "합정역"}')
        return ({"ars_id": ars[1] + ars[2], "name": title},)
    ars = _ARS.fullmatch(value) if isinstance(value, str) else None
    if ars is not None:
        number = ars[1] + ars[2]
        known = places.stop(number)
        return ({"ars_id": number, "name": known.name if known else f"{number}번 정류장"},)
    found = _named(value, Kind.STOP, places) if isinstance(value, str) else ()
    if not found:
        raise InputError(f"{name}: no stop of this name is known", remedy="give its five-digit ARS number")
    return tuple({"ars_id": place.key, "name": place.name} for place in found)


def _station(name: str, value: Any, places: PlaceTable) -> Sequence[Any]:
    del name
    if not isinstance(value, str):
        return (value,)
    known = places.station(value) or places.station(value.removesuffix("역"))
    return (known.name if known else value,)


def _district(name: str, value: Any, places: PlaceTable) -> Sequence[Any]:
    found = places.by_name(value, Kind.DISTRICT) if isinstance(value, str) else ()
    if not found:
        raise InputError(f"{name}: is no district of Seoul", remedy="one of the 25, such as 마포구")
    return (found[0].name,)


_READERS: Mapping[str, Callable[[str, Any, PlaceTable], Sequence[Any]]] = {
    "place": _place,
    "stop": _stop,
    "station": _station,
    "district": _district,
}
