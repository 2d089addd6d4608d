"""The form of a service, generated from its JSON Schema: shapes, what a form holds, and values from it.

A *shape* says what may stand in a place. What a form holds is ``Raw``: texts for single fields, True or
False for boxes, a dict for a group, and a list of (key, value) for rows, so that a row without a name, or two
of one name, stay on the screen with what was written until they are mended. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final, Literal

from donghaeng.city.services.definition import service_schema
from donghaeng.errors import InputError

Kind = Literal["text", "long", "number", "flag", "choice", "scalar", "names", "lines", "group", "rows"]
Raw = Any
KEY: Final = "#key"
"""Names the field that holds the key of a row; its presence says that the row is there."""
LONG_FROM: Final = 401
"""A text that may be longer than this is written in several lines."""
MOST_ROWS: Final = 200
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}")
_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Shape:
    """What may stand in one place of a service."""

    kind: Kind
    place: str = ""
    """``Model.field`` of the schema, by which its Korean words are found."""
    description: str = ""
    """Of the schema, in English."""
    required: bool = False
    default: Any = None
    most: int | None = None
    """Letters."""
    pattern: str = ""
    choices: tuple[str, ...] = ()
    fields: tuple[tuple[str, Shape], ...] = ()
    """Of a group."""
    item: Shape | None = None
    """Of rows."""
    keyed: bool = False
    """Whether each row has a name."""
    keys: tuple[str, ...] = ()
    """The names that there may be, where they are known."""
    title: str = field(default="", compare=False)


@lru_cache(maxsize=1)
def service_shape() -> Shape:
    """The shape of ``service.yaml``."""
    schema = service_schema()
    return _shape(schema, schema["$defs"], "ServiceDefinition")


def _shape(spec: Mapping[str, Any], defs: Mapping[str, Any], place: str, *, required: bool = False) -> Shape:
    description = str(spec.get("description", ""))
    default = spec.get("default")
    if "anyOf" in spec:
        given = [one for one in spec["anyOf"] if one.get("type") != "null"]
        if len(given) > 1:
            kind: Kind = "names" if any(one.get("type") == "array" for one in given) else "scalar"
            return Shape(kind, place, description, required)
        spec = {**given[0], "description": description or given[0].get("description", "")}
        description = str(spec.get("description", ""))
    if "$ref" in spec:
        spec = {**defs[str(spec["$ref"]).rpartition("/")[2]]}
        spec["description"] = description or spec.get("description", "")
    told = Shape("text", place, str(spec.get("description", "")), required, default, spec.get("maxLength"))
    return _filled(told, spec, defs)


def _filled(told: Shape, spec: Mapping[str, Any], defs: Mapping[str, Any]) -> Shape:
    if "enum" in spec:
        return replace(told, kind="choice", choices=tuple(str(one) for one in spec["enum"]))
    match spec.get("type"):
        case "boolean":
            shape = replace(told, kind="flag")
        case "integer":
            shape = replace(told, kind="number")
        case "array" if spec["items"].get("type") == "string":
            shape = replace(told, kind="lines", most=spec["items"].get("maxLength"))
        case "array":
            shape = replace(told, kind="rows", item=_shape(spec["items"], defs, f"{told.place}.item"))
        case "object":
            shape = _object(told, spec, defs)
        case _:
            long = told.most is not None and told.most >= LONG_FROM and "pattern" not in spec
            shape = replace(told, kind="long" if long else "text", pattern=str(spec.get("pattern", "")))
    return shape


def _object(told: Shape, spec: Mapping[str, Any], defs: Mapping[str, Any]) -> Shape:
    """A group where its parts are known, else rows with names."""
    if "properties" in spec:
        name = str(spec.get("title", told.place))
        needed = set(spec.get("required", ()))
        fields = tuple(
            (one, _shape(inner, defs, f"{name}.{one}", required=one in needed))
            for one, inner in spec["properties"].items()
        )
        return replace(told, kind="group", fields=fields, title=name)
    inner = spec.get("additionalProperties") or next(iter(spec["patternProperties"].values()))
    keys = tuple(spec.get("propertyNames", {}).get("enum", ()))
    item = _shape(inner, defs, f"{told.place}.item", required=True)
    return replace(told, kind="rows", item=item, keyed=True, keys=keys)


def raw_of(shape: Shape, value: Any) -> Raw:
    """What a form holds of a plain value; None is a place where nothing stands."""
    raw: Raw
    match shape.kind:
        case "group":
            given = value if isinstance(value, Mapping) else {}
            raw = {name: raw_of(inner, given.get(name)) for name, inner in shape.fields}
        case "rows":
            raw = _raw_rows(shape, value)
        case "flag":
            raw = bool(shape.default) if value is None else bool(value)
        case "lines":
            raw = "\n".join(_line(str(one)) for one in value or ())
        case "scalar":
            raw = _scalar(value)
        case "names" if isinstance(value, list):
            raw = f"{value[0]}," if len(value) == 1 else ", ".join(value)
        case _:
            raw = "" if value is None else str(value)
    return raw


def _raw_rows(shape: Shape, value: Any) -> list[tuple[str, Raw]]:
    assert shape.item is not None
    if shape.keyed:
        given = value if isinstance(value, Mapping) else {}
        return [(str(key), raw_of(shape.item, one)) for key, one in given.items()]
    return [("", raw_of(shape.item, one)) for one in value or ()]


def fits(shape: Shape, value: Any) -> bool:
    """Whether a form can hold all that a plain value says."""
    match shape.kind:
        case "group":
            inner = dict(shape.fields)
            fit = isinstance(value, Mapping) and all(
                name in inner and fits(inner[name], one) for name, one in value.items()
            )
        case "rows":
            fit = isinstance(value, Mapping if shape.keyed else list) and len(value) <= MOST_ROWS
            held = value.values() if fit and shape.keyed else value
            fit = fit and all(shape.item is not None and fits(shape.item, one) for one in held)
        case "lines":
            fit = _are_texts(value)
        case "flag":
            fit = isinstance(value, bool)
        case "number":
            fit = isinstance(value, int) and not isinstance(value, bool)
        case "scalar":
            fit = isinstance(value, str | int) and not isinstance(value, bool)
        case "names":
            fit = isinstance(value, str) or (bool(value) and _are_texts(value))
        case _:
            fit = isinstance(value, str) and "\r" not in value
    return fit


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def data_of(shape: Shape, raw: Raw) -> Any:
    """The plain value of what a form holds; None where nothing was written.

    Raises:
        InputError: a row has no name, or that of another, in Korean.
    """
    found = _data(shape, raw)
    return None if found is _ABSENT else found


def arranged(shape: Shape, data: Any, like: Any) -> Any:
    """``data`` with the parts of each group in the order in which ``like`` has them, new ones where the
    schema has them; rows stay in their own order, which means something."""
    if shape.kind == "rows" and shape.item is not None and data is not None:
        if shape.keyed:
            known = like if isinstance(like, Mapping) else {}
            return {key: arranged(shape.item, one, known.get(key)) for key, one in data.items()}
        held = like if isinstance(like, list) else []
        return [
            arranged(shape.item, one, held[at] if at < len(held) else None) for at, one in enumerate(data)
        ]
    if shape.kind != "group" or not isinstance(data, Mapping):
        return data
    known = like if isinstance(like, Mapping) else {}
    names = [name for name in known if name in data]
    for at, name in enumerate(data):
        if name not in names:
            names.insert(at, name)
    inner = dict(shape.fields)
    return {name: arranged(inner[name], data[name], known.get(name)) for name in names}


def read_fields(shape: Shape, fields: Mapping[str, str], name: str = "") -> Raw:
    """What a sent form holds.

    Args:
        shape: of the whole, or of the part under ``name``.
        fields: as the browser sent them.
        name: of the part; of a field of the whole it is the field's own.
    """
    match shape.kind:
        case "group":
            return {one: read_fields(inner, fields, _under(name, one)) for one, inner in shape.fields}
        case "rows":
            assert shape.item is not None
            return [
                (
                    fields[f"{name}.{number}.{KEY}"].strip(),
                    read_fields(shape.item, fields, f"{name}.{number}"),
                )
                for number in sorted(_numbers(fields, name))
            ]
        case "flag":
            return name in fields
        case _:
            return fields.get(name, "").replace("\r\n", "\n").replace("\r", "\n")


def rows_at(shape: Shape, raw: Raw, path: str) -> tuple[Shape, list[tuple[str, Raw]]]:
    """The rows that a path names (``slots``, ``procedures.0.card.row``).

    Raises:
        InputError: it names none.
    """
    for part in path.split("."):
        if shape.kind == "rows" and shape.item is not None and part.isdecimal() and int(part) < len(raw):
            shape, raw = shape.item, raw[int(part)][1]
        elif shape.kind == "group" and part in dict(shape.fields):
            shape, raw = dict(shape.fields)[part], raw[part]
        else:
            raise InputError("그런 줄이 없어요")
    if shape.kind != "rows":
        raise InputError("그런 줄이 없어요")
    return shape, raw


def is_empty(shape: Shape, raw: Raw) -> bool:
    """Whether nothing was written."""
    return _data(shape, raw, strict=False) is _ABSENT


def _data(shape: Shape, raw: Raw, *, strict: bool = True) -> Any:
    found: Any
    match shape.kind:
        case "group":
            found = {
                name: value
                for name, inner in shape.fields
                if (value := _data(inner, raw[name], strict=strict)) is not _ABSENT
            }
        case "rows":
            found = _rows(shape, raw, strict=strict)
        case "flag":
            found = _ABSENT if raw == bool(shape.default) else raw
        case "lines":
            found = [_unquoted(line.strip()) for line in raw.split("\n") if line.strip()]
        case "number":
            found = int(raw) if _NUMBER.fullmatch(raw.strip()) else raw.strip() or _ABSENT
        case "scalar":
            text = raw.strip()
            found = int(text) if _NUMBER.fullmatch(text) else _unquoted(text) if text else _ABSENT
        case "names":
            parts = [one.strip() for one in raw.split(",")]
            named = [one for one in parts if one]
            found = named if len(parts) > 1 else raw.strip() or _ABSENT
        case _:
            found = raw if raw.strip() else _ABSENT
    return _ABSENT if isinstance(found, dict | list) and not found else found


def _rows(shape: Shape, raw: Sequence[tuple[str, Raw]], *, strict: bool) -> Any:
    assert shape.item is not None
    if not shape.keyed:
        values = [_data(shape.item, one, strict=strict) for _, one in raw]
        return [one for one in values if one is not _ABSENT] or _ABSENT
    found: dict[str, Any] = {}
    for key, one in raw:
        value = _data(shape.item, one, strict=strict)
        if not key and value is _ABSENT:
            continue
        if strict and not key:
            raise InputError("이름이 없는 줄이 있어요. 이름을 적거나 줄을 빼 주세요")
        if strict and key in found:
            raise InputError(f"이름이 같은 줄이 둘 있어요: {key}")
        found[key] = (
            "" if value is _ABSENT and shape.item.kind != "group" else {} if value is _ABSENT else value
        )
    return found or _ABSENT


def _numbers(fields: Mapping[str, str], name: str) -> Iterator[int]:
    wanted = re.compile(rf"{re.escape(name)}\.([0-9]{{1,3}})\.{KEY}")
    for key in fields:
        if (found := wanted.fullmatch(key)) is not None and int(found[1]) < MOST_ROWS:
            yield int(found[1])


def _under(name: str, one: str) -> str:
    return f"{name}.{one}" if name else one


def _line(text: str) -> str:
    odd = "\n" in text or "\r" in text or text.startswith('"') or text != text.strip() or not text
    return json.dumps(text, ensure_ascii=False) if odd else text


def _scalar(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    odd = bool(_NUMBER.fullmatch(value)) or value.startswith('"') or value != value.strip() or not value
    return json.dumps(value, ensure_ascii=False) if odd else value


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            found = json.loads(text)
        except ValueError:
            return text
        return str(found)
    return text
