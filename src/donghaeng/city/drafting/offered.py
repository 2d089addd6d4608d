"""What another system offers, whatever the form in which it says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from donghaeng.errors import InputError

Schema = Mapping[str, Any]
"""A JSON Schema without references."""

MAX_DEPTH: Final = 3
"""Objects within objects whose members are asked for one by one."""

_DIGITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_MOST_ID: Final = 40
_NEVER: Final = re.compile(
    r"resident_(reg|num)|\brrn\b|ssn|social_security|passport|card_?num|cvc|cvv|passw|account_?num|"
    r"주민|비밀번호|카드\s?번호|계좌|여권|면허",
    re.IGNORECASE,
)


class CannotDraft(InputError):
    """One operation asks for what a service cannot ask of a citizen."""


@dataclass(frozen=True, slots=True)
class Input:
    """One value that the operation takes."""

    place: Literal["path", "query", "header", "body"]
    path: str
    """Its name there; ``a.b`` for b inside the object a."""
    schema: Schema
    required: bool
    says: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One field of the rows that come back."""

    path: str
    type: str
    required: bool
    says: str = ""
    example: Any = None


@dataclass(frozen=True, slots=True)
class Offered:
    """One operation."""

    id: str
    kind: Literal["openapi", "mcp"]
    effect: Literal["read", "write"]
    source: str
    address: str | None
    """None where the document does not say."""
    title: str = ""
    method: str = "GET"
    path: str = ""
    tool: str = ""
    key: Mapping[str, str] | None = None
    idempotency: str | None = None
    inputs: tuple[Input, ...] = ()
    rows: str = ""
    columns: tuple[Column, ...] = ()
    receipt: str | None = None
    left_out: tuple[str, ...] = field(default=())
    """Optional inputs that cannot be asked for."""


def identifier(name: str) -> str:
    """A name of small letters and underscores: getRoomV2 → get_room_vtwo; empty where nothing is left."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    words = "".join(_DIGITS[int(sign)] if sign in "0123456789" else sign for sign in spaced)
    return re.sub(r"[^a-z]+", "_", words.lower()).strip("_")[:_MOST_ID].strip("_")


def inputs_of(schema: Schema, place: Literal["body"], *, required: bool, path: str = "") -> Iterator[Input]:
    """The members of an object, those of inner objects one by one.

    Raises:
        CannotDraft: objects within objects are too deep.
    """
    if path.count(".") >= MAX_DEPTH:
        raise CannotDraft(f"{path}: objects within objects are too deep", remedy="offer a flatter operation")
    needed = set(schema.get("required") or ())
    for name, inner in (schema.get("properties") or {}).items():
        whole = f"{path}.{name}" if path else name
        must = required and name in needed
        if inner.get("properties"):
            yield from inputs_of(inner, place, required=must, path=whole)
        elif not inner.get("readOnly"):
            yield Input(place, whole, inner, must, _line(inner.get("description") or inner.get("title")))


def askable(inputs: Iterator[Input]) -> tuple[tuple[Input, ...], tuple[str, ...]]:
    """The inputs that a citizen can be asked for, and names of optional ones that are left out.

    Raises:
        CannotDraft: one that is required cannot be asked for.
    """
    taken, left_out = [], []
    for one in inputs:
        why = _why_not(one)
        if why is None:
            taken.append(one)
        elif one.required:
            raise CannotDraft(f"{one.path}: {why}", remedy="choose another operation")
        else:
            left_out.append(f"{one.path}: {why}")
    return tuple(taken), tuple(left_out)


def _why_not(one: Input) -> str | None:
    if _NEVER.search(identifier(one.path)) or _NEVER.search(one.path) or _NEVER.search(one.says):
        return "is a number or word that is never collected"
    if "." in one.path and one.place != "body":
        return "is an object"
    if kind_of(one.schema) in ("array", "object"):
        return "is a list or an open object"
    if one.schema.get("format") in ("binary", "byte"):
        return "is a file"
    return None


def kind_of(schema: Schema) -> str:
    """The JSON type, null left out; string where nothing is said."""
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), None)
    if kind is None:
        kind = "object" if schema.get("properties") else "array" if schema.get("items") else "string"
    return str(kind)


def rows_in(schema: Schema | None) -> tuple[str, tuple[Column, ...]]:
    """Where the rows stand in an answer of this schema, and their fields."""
    if schema is None:
        return "", ()
    if kind_of(schema) == "array":
        return "", tuple(_columns(schema.get("items") or {}))
    lists = [
        (name, inner)
        for name, inner in (schema.get("properties") or {}).items()
        if kind_of(inner) == "array" and (inner.get("items") or {}).get("properties")
    ]
    if len(lists) == 1:
        return lists[0][0], tuple(_columns(lists[0][1]["items"]))
    return "", tuple(_columns(schema))


def _columns(schema: Schema, path: str = "", *, required: bool = True) -> Iterator[Column]:
    needed = set(schema.get("required") or ())
    for name, inner in (schema.get("properties") or {}).items():
        whole = f"{path}.{name}" if path else name
        must = required and name in needed
        if inner.get("properties") and not path:
            yield from _columns(inner, whole, required=must)
        elif kind_of(inner) not in ("array", "object"):
            says = _line(inner.get("description") or inner.get("title"))
            yield Column(whole, _column_type(inner), must, says, _example(inner))


def _column_type(schema: Schema) -> str:
    named = {"date": "date", "date-time": "datetime", "time": "time"}
    by_kind = {"integer": "count", "number": "number", "boolean": "flag"}
    return by_kind.get(kind_of(schema)) or named.get(str(schema.get("format"))) or "text"


def _example(schema: Schema) -> Any:
    for key in ("example", "default"):
        if schema.get(key) is not None:
            return schema[key]
    listed = schema.get("examples") or schema.get("enum")
    if isinstance(listed, list) and listed:
        return listed[0]
    return {"count": 1, "number": 1.5, "flag": True, "date": "2026-12-01"}.get(_column_type(schema), "예시")


_RECEIPTS: Final = ("receipt", "receipt_number", "reference", "reference_number", "number", "id")


def receipt_in(columns: tuple[Column, ...]) -> str | None:
    """The field that looks like a receipt number."""
    for wanted in _RECEIPTS:
        for column in columns:
            name = identifier(column.path)
            if name == wanted or (wanted not in ("number", "id") and name.endswith(wanted)):
                return column.path
    return next((one.path for one in columns if "접수번호" in one.says or "접수번호" in one.path), None)


def _line(text: Any) -> str:
    return " ".join(str(text or "").split())[:200]
