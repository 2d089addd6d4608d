"""Records in the fields of the Dutch Algoritmeregister v1.0. Pure.

Field names are the register's own. What it has no field for (suppliers, terms of access to data) stays out;
scope and benefit are one field there, so only the scope of a foreign record is read back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from donghaeng.tower.register.checking import Values
from donghaeng.tower.register.difference import shown
from donghaeng.tower.register.schema import Schema

STANDARD_VERSION: Final = "1.0"
LANGUAGE: Final = "KOR"
"""ISO 639-3, as the register writes its own (``NLD``)."""
CATEGORIES: Final[Mapping[str, str]] = {
    "high_risk": "Hoog-risico AI-systeem",
    "impactful": "Impactvolle algoritmes",
    "other": "Overige algoritmes",
}
_MERGED: Final = frozenset({"goal", "lawful_basis", "impacttoetsen", "risks", "name"})
"""Fields that more or other than one of ours goes into."""


def to_dutch(schema: Schema, record: str, values: Values, status: str) -> dict[str, Any]:
    """A record as the Dutch register writes it."""
    found: dict[str, Any] = {
        "name": values.get("name") or values.get("name_ko") or record,
        "status": status,
        "lang": LANGUAGE,
        "standard_version": STANDARD_VERSION,
        "source_id": record,
    }
    for name, path in schema.places("nl").items():
        if name not in found and name not in _MERGED and path[0] in values:
            found[name] = values[path[0]]
    if "publication_category" in found:
        found["publication_category"] = CATEGORIES[found["publication_category"]]
    told = {
        "goal": "\n\n".join(values[one] for one in ("scope", "benefit") if one in values),
        "lawful_basis": _lines(schema, values, "lawful_basis"),
        "impacttoetsen": _lines(schema, values, "impact_assessments"),
        "risks": _lines(schema, values, "risks"),
        "source_data": _lines(schema, values, "source_data"),
        "provider": ", ".join(
            row["external_supplier"] for row in values.get("suppliers", ()) if "external_supplier" in row
        ),
    }
    return {**found, **{name: text for name, text in told.items() if text}}


def from_dutch(schema: Schema, document: Mapping[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """The id and the values that a document holds, as far as its fields are the same as ours; not checked."""
    values: dict[str, Any] = {}
    for name, path in schema.places("nl").items():
        value = document.get(name)
        if value not in (None, "") and name not in {"lawful_basis", "impacttoetsen", "risks", "source_id"}:
            values[path[0]] = value
    codes = {dutch: code for code, dutch in CATEGORIES.items()}
    if "publication_category" in values:
        values["publication_category"] = codes.get(
            values["publication_category"], values["publication_category"]
        )
    values.pop("standard_version", None)
    if "name" in values:
        values["name_ko"] = values["name"]
    record = document.get("source_id")
    return (str(record) if record else None), values


def _lines(schema: Schema, values: Values, name: str) -> str:
    spec = schema.by_name[name]
    return "\n".join(shown(spec, [row]) for row in values.get(name, ()))
