"""A service as a tool: its input schema from the slots, its hints from the effect, one shape of answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import mcp_types as types

from donghaeng.city.operations import Effect, Operation
from donghaeng.city.services.definition import ServiceDefinition, SlotSpec

CONFIRMATION: Final = "confirmation"
CONVERSATION: Final = "conversation"
CHOICE: Final = "choice"
EXAMPLES_SHOWN: Final = 3

_HANDLE = {
    "type": "string",
    "description": "`conversation` of an earlier answer: go on in the same conversation, so that what was "
    "requested there is known (my_requests)",
}
_TOKEN = {
    "type": "string",
    "description": "`confirmation.token` of the first call's answer, together with exactly the same "
    "arguments; only after the person has heard the text and said yes",
}
_CHOICE = {
    "type": "integer",
    "minimum": 1,
    "description": "which of `question.options`, counted from 1; together with `conversation` of that answer "
    "and the same arguments",
}
_WRITE_RULE = (
    "Changes something in the city, so it takes two calls. The first sends nothing: it returns the text that "
    "the person must hear and agree to, fee included, with a confirmation token. The second, with the same "
    "arguments and the token, sends it once and returns the receipt; repeated, it returns the same receipt."
)
_POINT = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "lat": {"type": "number"}, "lon": {"type": "number"}},
    "required": ["lat", "lon"],
    "additionalProperties": False,
}
_STOP = {
    "type": "object",
    "properties": {"ars_id": {"type": "string"}, "name": {"type": "string"}},
    "required": ["ars_id", "name"],
    "additionalProperties": False,
}
_SHAPES: Mapping[str, tuple[dict[str, Any], str]] = {
    "address": (
        {"type": "string", "minLength": 1, "maxLength": 200},
        "official form: 서울특별시 마포구 월드컵로 112, 501호",
    ),
    "choice": ({"type": "string"}, ""),
    "count": ({"type": "integer", "minimum": 1, "maximum": 9999}, ""),
    "date": ({"type": "string", "format": "date"}, "YYYY-MM-DD"),
    "datetime": (
        {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$"},
        "YYYY-MM-DDTHH:MM, Seoul time",
    ),
    "district": ({"type": "string", "pattern": "구$"}, "one of Seoul's 25 gu, with 구: 마포구"),
    "dong": ({"type": "string", "pattern": "동$"}, "with 동: 합정동"),
    "line": ({"type": "string", "minLength": 1, "maxLength": 20}, "2, 경의중앙"),
    "person_name": ({"type": "string", "minLength": 1, "maxLength": 40}, "without 님"),
    "phone": ({"type": "string", "pattern": r"^[0-9]{2,4}(-[0-9]{3,4}){1,2}$"}, "010-1234-5678"),
    "place": (
        {"anyOf": [{"type": "string", "minLength": 1}, _POINT]},
        "a station, landmark, dong or gu by name, or a point in degrees (WGS 84)",
    ),
    "receipt": ({"type": "string", "minLength": 1, "maxLength": 40}, "receipt number as it was issued"),
    "route": ({"type": "string", "minLength": 1, "maxLength": 9}, "as written on the bus: 6411, N26, 마포08"),
    "station": ({"type": "string", "minLength": 1, "maxLength": 40}, "강남; Seoul Station is 서울"),
    "stop": (
        {"anyOf": [{"type": "string", "minLength": 1}, _STOP]},
        "five-digit ARS number, or the name of the stop",
    ),
    "text": ({"type": "string", "minLength": 1, "maxLength": 1000}, "the person's own words"),
    "time": ({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}, "HH:MM, 24 hours, Seoul time"),
}
"""JSON Schema and a word on the form for each type of slot."""

_UNKNOWN_HERE: Final = frozenset({None, "here", "home_district"})
"""Defaults that nothing fills outside a conversation with a person."""


def tool_of(service: ServiceDefinition, operations: Mapping[str, Operation]) -> types.Tool:
    """The tool that carries ``service`` out."""
    return types.Tool(
        name=service.id,
        title=service.name,
        description=_description(service),
        input_schema=input_schema(service),
        output_schema=output_schema(service, operations),
        annotations=hints_of(service),
    )


def is_write(service: ServiceDefinition) -> bool:
    """Whether the tool can change something in the city."""
    return any(way.effect is Effect.WRITE for way in service.ways)


def hints_of(service: ServiceDefinition) -> types.ToolAnnotations:
    """Hints by effect. A write is idempotent because its token is: the same call again writes nothing."""
    effects = {way.effect for way in service.ways}
    reads = effects <= {Effect.READ, Effect.GUIDE}
    return types.ToolAnnotations(
        title=service.name,
        read_only_hint=reads,
        destructive_hint=is_write(service),
        idempotent_hint=Effect.HANDOVER not in effects,
        open_world_hint=False,
    )


def input_schema(service: ServiceDefinition) -> dict[str, Any]:
    """JSON Schema of the arguments: the slots, and what a call needs beside them."""
    slots = {name: spec for name, spec in service.slots.items() if not spec.internal}
    properties: dict[str, Any] = {name: _property(spec) for name, spec in slots.items()}
    if is_write(service):
        properties[CONFIRMATION] = _TOKEN
    properties |= {CONVERSATION: _HANDLE, CHOICE: _CHOICE}
    required = [name for name, spec in slots.items() if spec.required and spec.default in _UNKNOWN_HERE]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _property(spec: SlotSpec) -> dict[str, Any]:
    shape, form = _SHAPES[spec.type]
    says = [spec.name, form] if form else [spec.name]
    if spec.values is not None:
        shape = {**shape, "enum": list(spec.values)}
        says.append(", ".join(f"{value} = {choice.name}" for value, choice in spec.values.items()))
    if spec.default not in _UNKNOWN_HERE:
        says.append(f"{spec.default} when left out")
    return {"title": spec.name, "description": "; ".join(says), **shape}


def output_schema(service: ServiceDefinition, operations: Mapping[str, Operation]) -> dict[str, Any]:
    """JSON Schema of the structured answer."""
    row: dict[str, Any] = {}
    for way in service.ways:
        operation = operations.get(way.call.operation) if way.call is not None else None
        for name, field in operation.row.items() if operation is not None else ():
            row[name] = {"description": field.says}
    return {
        "type": "object",
        "properties": {
            "service": {"const": service.id},
            "status": {"enum": list(STATUSES), "description": "; ".join(map(": ".join, STATUSES.items()))},
            "text": {"type": "string", "description": "the written reply, in Korean"},
            "slots": {"type": "object", "description": "values that were taken, defaults included"},
            "rows": {"type": "array", "items": {"type": "object", "properties": row}},
            "as_of": {"type": ["string", "null"], "description": "when the provider made the data"},
            "stale": {
                "type": "boolean",
                "description": "older than it should be, because the provider does not answer now: say so",
            },
            "receipt": {"type": ["string", "null"]},
            "question": {
                "type": ["object", "null"],
                "properties": {
                    "slot": {"type": ["string", "null"]},
                    "options": {"type": "array", "items": {"type": "string"}},
                },
            },
            "confirmation": {
                "type": ["object", "null"],
                "properties": {"token": {"type": "string"}, "expires_at": {"type": "string"}},
            },
            "handover": {"type": ["object", "null"]},
            "citations": {"type": "array", "items": {"type": "object"}},
            "conversation": {"type": "string"},
        },
        "required": ["service", "status", "text", "slots", "rows", "conversation"],
    }


STATUSES: Final[Mapping[str, str]] = {
    "ok": "carried out",
    "empty": "the city has nothing",
    "failed": "not carried out, the text says what else helps",
    "refused": "the city said no",
    "awaited": "sent, the city's answer is awaited: repeat the same call later to learn it, never anew",
    "confirm": "nothing was sent yet: tell the person the text, then call again with the token",
    "question": "something is missing or not clear: call again with that argument, or with a choice",
    "handover": "a person was asked for",
}


def _description(service: ServiceDefinition) -> str:
    said = " / ".join(service.examples[:EXAMPLES_SHOWN])
    parts = [f"{service.name}. People say: {said}."]
    if is_write(service):
        parts.append(_WRITE_RULE)
    if any(way.effect is Effect.HANDOVER for way in service.ways):
        parts.append("Puts the person into the counsellors' queue, or notes where to call back.")
    parts.append(f"Answered for by {service.owner.department}, {service.owner.handover_number}.")
    return " ".join(parts)
