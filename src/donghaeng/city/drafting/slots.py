"""Inputs of an operation → slots of a service, and how the slots' values become arguments again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from donghaeng.city.drafting.offered import CannotDraft, Input, identifier, kind_of
from donghaeng.city.services.blanks import BLANK

MOST_NAME: Final = 40

_HANGUL: Final = re.compile(r"[가-힣]")
_RESERVED: Final = frozenset(
    {"now", "today", "here", "home_district", "row", "rows", "written", "number", "value", "options", "loop"}
    | {"in", "is", "if", "else", "not", "and", "or", "none", "true", "false", "confirmation", "conversation"}
)
"""Names that mean something else in a service's expressions and templates, or in a tool call."""
_LATITUDE: Final = re.compile(r"(^|_)(lat|latitude|위도)$")
_LONGITUDE: Final = re.compile(r"(^|_)(lon|lng|long|longitude|경도)$")
_BY_NAME: Final[Sequence[tuple[str, re.Pattern[str]]]] = (
    ("phone", re.compile(r"phone|(^|_)tel($|_)|mobile|연락처|전화")),
    ("address", re.compile(r"(^|_)address$|주소")),
    ("district", re.compile(r"(^|_)(district|gu)$|자치구")),
    ("dong", re.compile(r"(^|_)dong$|행정동")),
    ("station", re.compile(r"(^|_)station(_name)?$|역명")),
    ("person_name", re.compile(r"(person|applicant|citizen|full|customer)_name$|성명|이름")),
    ("receipt", re.compile(r"receipt|접수번호")),
)
"""Types that only a text's name tells."""


@dataclass(frozen=True, slots=True)
class SlotDraft:
    """A slot, and the arguments made of it."""

    name: str
    spec: Mapping[str, Any]
    """As it stands in ``service.yaml``."""
    arguments: Mapping[str, str]
    """Expression by parameter."""
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """As they stand in ``operation.yaml``."""


def draft_slots(inputs: Sequence[Input]) -> list[SlotDraft]:
    """One slot an input; latitude and longitude together are a place.

    Raises:
        CannotDraft: a required input has no name that a slot can have.
    """
    drafts: list[SlotDraft] = []
    taken: set[str] = set()
    pairs = _pairs(inputs)
    for one in inputs:
        if any(one is longitude for longitude in pairs.values()):
            continue
        partner = pairs.get(one.path)
        name = _name(one, partner, taken)
        taken.add(name)
        drafts.append(_place(name, one, partner) if partner is not None else _slot(name, one))
    return drafts


def _pairs(inputs: Sequence[Input]) -> dict[str, Input]:
    """The longitude for each latitude, by the latitude's path."""
    found = {}
    for one in inputs:
        name = identifier(one.path)
        if not _LATITUDE.search(name):
            continue
        stem = _LATITUDE.sub("", name)
        for other in inputs:
            rest = identifier(other.path)
            if other.place == one.place and _LONGITUDE.search(rest) and _LONGITUDE.sub("", rest) == stem:
                found[one.path] = other
    return found


def _name(one: Input, partner: Input | None, taken: set[str]) -> str:
    name = identifier(one.path)
    if partner is not None:
        name = _LATITUDE.sub("", name) or "place"
    if not name:
        raise CannotDraft(f"{one.path}: has no name in Latin letters", remedy="name it so in the document")
    if name in _RESERVED:
        name = f"asked_{name}"
    while name in taken:
        name = f"{name[: MOST_NAME - 6]}_again"
    return name


def _place(name: str, latitude: Input, longitude: Input) -> SlotDraft:
    required = latitude.required or longitude.required
    reach = "" if required else f" if {name} else none"
    north, east = f"{name}_lat", f"{name}_lon"
    return SlotDraft(
        name,
        _spec("place", replace(latitude, path=name, says=""), required=required),
        {north: f"{name}.lat{reach}", east: f"{name}.lon{reach}"},
        {
            north: _parameter(latitude, "number", required=required),
            east: _parameter(longitude, "number", required=required),
        },
    )


def _slot(name: str, one: Input) -> SlotDraft:
    kind = kind_of(one.schema)
    values = one.schema.get("enum")
    if isinstance(values, list) and values:
        choices = {str(value): value for value in values if value is not None}
        spec = _spec("choice", one) | {"values": {value: _choice(value) for value in choices}}
        number = next((cast for cast in (int, float) if all(type(v) is cast for v in choices.values())), None)
        sent = _cast(name, number.__name__, one.required) if number is not None else name
        return _draft(name, one, spec, sent, "number" if number is not None else "text")
    if kind == "boolean":
        spec = _spec("choice", one) | {"values": {"yes": {"name": "예"}, "no": {"name": "아니요"}}}
        sent = f"{name} == 'yes'" if one.required else f"{name} == 'yes' if {name} else none"
        return _draft(name, one, spec, sent, "flag")
    if kind == "integer":
        return _draft(name, one, _spec("count", one), name, "count")
    if kind == "number":
        return _draft(name, one, _spec("text", one), _cast(name, "float", one.required), "number")
    slot_type = _text_type(one)
    return _draft(name, one, _spec(slot_type, one), name, slot_type)


def _draft(name: str, one: Input, spec: Mapping[str, Any], sent: str, sent_type: str) -> SlotDraft:
    return SlotDraft(name, spec, {name: sent}, {name: _parameter(one, sent_type)})


def _cast(name: str, kind: str, required: bool) -> str:
    return f"{name} | {kind}" if required else f"({name} | {kind}) if {name} else none"


def _text_type(one: Input) -> str:
    named = {"date": "date", "date-time": "datetime", "time": "time", "phone": "phone", "tel": "phone"}
    by_format = named.get(str(one.schema.get("format")))
    if by_format is not None:
        return by_format
    last = one.path.rpartition(".")[2]
    names = (identifier(last), last)
    return next((kind for kind, words in _BY_NAME if any(words.search(name) for name in names)), "text")


def _choice(value: str) -> dict[str, str]:
    return {"name": value if _HANGUL.search(value) else f"{BLANK} {value!r}를 부르는 말"}


def _spec(kind: str, one: Input, *, required: bool | None = None) -> dict[str, Any]:
    must = one.required if required is None else required
    spec: dict[str, Any] = {"type": kind, "name": spoken_name(one.says, one.path)}
    if not must:
        return spec | {"required": False}
    return spec | {
        "prompts": {
            "first": f"{BLANK} 처음 묻는 말. 한 문장, 질문 하나",
            "again": f"{BLANK} 다른 말로 다시 묻는 말. 예를 하나 들어요",
        }
    }


def spoken_name(says: str, name: str) -> str:
    """A short Korean name where the other system gives one, else a blank."""
    for text in (says, name.rpartition(".")[2]):
        if _HANGUL.search(text) and len(text) <= MOST_NAME:
            return text
    return f"{BLANK} {name}을(를) 사람들이 부르는 이름"


def _parameter(one: Input, kind: str, *, required: bool | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": kind,
        "says": one.says or one.path,
        "in": one.place,
        "sent_as": one.path,
    }
    must = one.required if required is None else required
    return found if must else found | {"optional": True}
