"""A public record for readers of English: labels from the schema's names, texts as somebody translated them.

A text that nobody translated stays Korean and is marked so, for a screen reader to read it as Korean. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from donghaeng.tower.register.publishing import Shown
from donghaeng.tower.register.schema import Schema, Section, Spec
from donghaeng.tower.register.stages import Stage

FIELD: Final = "english"
"""The record's field that holds translations."""
STAGES: Final[Mapping[Stage, str]] = {
    "draft": "Registered",
    "prior_review": "Prior review",
    "test": "Testing",
    "pilot": "Pilot",
    "operation": "In operation",
    "change_review": "Under change review",
    "suspended": "Suspended",
    "retired": "Retired",
}
_YES_NO: Final = {True: "Yes", False: "No"}
_SHORT: Final = {"ko": "(Korean)", "url": "URL", "ai": "AI", "pii": "personal data", "sha256": "SHA-256"}
_KOREAN: Final = ("\uac00", "\ud7a3")


@dataclass(frozen=True, slots=True)
class Line:
    """A label and what is said under it."""

    label: str
    text: str
    is_korean: bool
    """Nobody translated it."""
    link: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A field with its rows."""

    label: str
    rows: tuple[tuple[Line, ...], ...]


def words(name: str) -> str:
    """The schema's name of something as English: ``source_data`` → "Source data"."""
    told = " ".join(_SHORT.get(one, one) for one in name.replace("-", "_").split("_") if one)
    return told[:1].upper() + told[1:]


def translated(values: Mapping[str, Any]) -> dict[str, str]:
    """Translations of a record by the field that they are of."""
    rows = values.get(FIELD, ())
    return {row["field"]: row["text"] for row in rows if row.get("field") and row.get("text")}


def sections(schema: Schema, record: Shown) -> Iterator[tuple[Section, list[Part]]]:
    """The sections of a record that have something filled."""
    told = translated(record.values)
    for section in schema.sections:
        filled = [spec for spec in section.fields if spec.name in record.values and spec.name != FIELD]
        parts = [_part(spec, record.values[spec.name], told) for spec in filled]
        if parts:
            yield section, parts


def _part(spec: Spec, value: Any, told: Mapping[str, str]) -> Part:
    label = words(spec.name)
    if not spec.fields:
        return Part(label, ((_line(spec, label, told.get(spec.name, value)),),))
    rows = value if spec.type == "rows" else [value]
    lines = tuple(
        tuple(_line(part, words(part.name), row[part.name]) for part in spec.fields if part.name in row)
        for row in rows
    )
    return Part(label, lines)


def _line(spec: Spec, label: str, value: Any) -> Line:
    match spec.type:
        case "flag":
            text = _YES_NO[bool(value)]
        case "choice":
            text = words(str(value))
        case "choices":
            text = ", ".join(words(str(one)) for one in value)
        case _:
            text = str(value)
    is_korean = any(_KOREAN[0] <= letter <= _KOREAN[1] for letter in text)
    return Line(label, text, is_korean, spec.type == "url")
