"""The form of a section of a record: its fields as controls, and the values that filled ones make.

A control is named by the field (``name_ko``), a part of a group or row with its number
(``risks.0.name``), and each choice of several with its code (``channels:phone``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from donghaeng.tower.register.schema import MOST_ROWS, Section, Spec

MOST_FIELDS: Final = 4_000
"""Controls of the largest section that is filled: ten parts of two hundred rows, each with its choices."""
LIMIT_BYTES: Final = 2_000_000
BLANK_ROWS: Final = 1
"""Empty rows that a form offers beside the filled ones."""
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}")


def values_of(section: Section, fields: Mapping[str, str]) -> dict[str, Any]:
    """The values of a filled form; not checked."""
    return {spec.name: _value(spec, spec.name, fields) for spec in section.fields}


def rows_of(spec: Spec, value: Sequence[Mapping[str, Any]] | None) -> list[Mapping[str, Any]]:
    """The rows that a form shows: the filled ones and a blank one."""
    return [*(value or ()), *[{}] * BLANK_ROWS][:MOST_ROWS]


def _value(spec: Spec, name: str, fields: Mapping[str, str]) -> Any:
    if spec.type == "rows":
        numbers = sorted({number for key in fields if (number := _row_number(spec.name, key)) is not None})
        return [_parts(spec, f"{name}.{number}", fields) for number in numbers]
    if spec.type == "group":
        return _parts(spec, name, fields)
    if spec.type == "choices":
        return [code for code in spec.choices if f"{name}:{code}" in fields]
    written = fields.get(name, "").strip()
    if spec.type == "flag":
        return {"true": True, "false": False}.get(written, written)
    if spec.type == "number" and _NUMBER.fullmatch(written):
        return int(written)
    return written


def _parts(spec: Spec, name: str, fields: Mapping[str, str]) -> dict[str, Any]:
    return {part.name: _value(part, f"{name}.{part.name}", fields) for part in spec.fields}


def _row_number(name: str, key: str) -> int | None:
    match = re.fullmatch(rf"{re.escape(name)}\.([0-9]{{1,3}})\..+", key)
    return None if match is None else int(match[1])
