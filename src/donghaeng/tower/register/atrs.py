"""Records in the attributes of the UK Algorithmic Transparency Recording Standard v1.1. Pure.

An attribute that the standard marks as repeatable is a list; lists of one group are read side by side, so
each has a place for every row, "" where nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from donghaeng.errors import RecordRefused
from donghaeng.tower.register.checking import Values
from donghaeng.tower.register.schema import Schema, Spec

STANDARD_VERSION: Final = "1.1"
TIER_1: Final = ("name", "description", "website", "contact_email")
FROM_PROCESS: Final = "phase"
"""Told to others and never read: where a system stands is the process's to say."""


def to_atrs(schema: Schema, record: str, values: Values, phase: str) -> dict[str, Any]:
    """A record as others read it: Tier 1 first. Its name is the English one where there is one."""
    found: dict[str, Any] = {"id": record, "standard_version": STANDARD_VERSION}
    if "name_ko" in values:
        found["name"] = values["name_ko"]
    for attribute, path in _ordered(schema).items():
        spec = schema.by_name[path[0]]
        if len(path) == 1:
            value = values.get(path[0])
        else:
            value = [_told(row, spec.by_name[path[1]]) for row in values.get(path[0], ())]
        if value:
            found[attribute] = value
    found[FROM_PROCESS] = phase
    return found


def from_atrs(schema: Schema, document: Mapping[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """The id and the values that a document holds; they are not checked yet.

    Raises:
        RecordRefused: an attribute is none of the standard's, or lists that belong together differ in length.
    """
    places = schema.places("atrs")
    record = document.get("id")
    values: dict[str, Any] = {}
    groups: dict[str, dict[str, list[Any]]] = {}
    faults = []
    for written, value in document.items():
        attribute = written.rstrip("*")
        if attribute in {"id", FROM_PROCESS}:
            continue
        path = places.get(attribute)
        if path is None:
            faults.append(f"{written}: ATRS v1.1에 없는 항목이에요. 이름을 다시 봐 주세요.")
        elif len(path) == 1:
            values[path[0]] = value
        else:
            groups.setdefault(path[0], {})[attribute] = value if isinstance(value, list) else [value]
    for name, columns in groups.items():
        lengths = {attribute: len(column) for attribute, column in columns.items()}
        if len(set(lengths.values())) > 1:
            told = ", ".join(f"{attribute} {length}개" for attribute, length in lengths.items())
            faults.append(f"{schema.by_name[name].title}: 함께 쓰는 항목의 수가 서로 달라요({told}).")
            continue
        values[name] = _rows(places, columns)
    if faults:
        raise RecordRefused("; ".join(faults), faults=tuple(faults))
    # What another country's list calls a record of ours is a Korean name here, unless it says otherwise.
    if values.get("name") and "name_ko" not in values:
        values["name_ko"] = values["name"]
    return (str(record) if record else None), values


def _ordered(schema: Schema) -> dict[str, tuple[str, ...]]:
    places = {name: path for name, path in schema.places("atrs").items() if name != "standard_version"}
    return {**{name: places[name] for name in TIER_1}, **places}


def _told(row: Mapping[str, Any], part: Spec) -> str:
    return str(row.get(part.name, ""))


def _rows(places: Mapping[str, tuple[str, ...]], columns: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    named = {places[attribute][1]: column for attribute, column in columns.items()}
    return [dict(zip(named, row, strict=True)) for row in zip(*named.values(), strict=True)]
