"""Which records the public sees, and how much of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from donghaeng.tower.register.checking import Values, in_order
from donghaeng.tower.register.difference import shown
from donghaeng.tower.register.schema import Schema, Spec
from donghaeng.tower.register.stages import DUTCH_STATUS, PHASES, SHOWN_FROM, STAGES, Stage, reached

FIRST_STAGE: Final[Stage] = "draft"
"""Of a record of which the process knows nothing."""


@dataclass(frozen=True, slots=True)
class Released:
    """A version of a record that somebody let out."""

    id: str
    version: int
    at: datetime
    """When it was let out."""
    values: Values = field(repr=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """A record as the public sees it."""

    id: str
    version: int
    at: datetime
    stage: Stage
    values: Values = field(repr=False)
    """Public fields alone."""

    @property
    def name(self) -> str:
        """How it is called on a page."""
        return str(self.values.get("name_ko") or self.values.get("name") or self.id)

    @property
    def stage_words(self) -> str:
        """The stage in Korean."""
        return STAGES[self.stage]

    @property
    def phase(self) -> str:
        """The phase in the British standard's words."""
        return PHASES[self.stage]

    @property
    def dutch_status(self) -> str:
        """The status in the Dutch register's words."""
        return DUTCH_STATUS[self.stage]


def published(schema: Schema, records: Iterable[Released], stages: Mapping[str, Stage]) -> list[Shown]:
    """The records that the public sees, by name.

    Args:
        schema: says which fields are public.
        records: what was let out and not taken back.
        stages: where each system stands, from the process, by the record's id; one that it does not know is a
            draft, and drafts are nobody's business yet.
    """
    found = []
    for record in records:
        stage = stages.get(record.id, FIRST_STAGE)
        if reached(stage, SHOWN_FROM):
            values = public_values(schema, record.values)
            found.append(Shown(record.id, record.version, record.at, stage, values))
    return sorted(found, key=lambda one: (one.name, one.id))


def public_values(schema: Schema, values: Values) -> dict[str, Any]:
    """Without the fields that are not public."""
    hidden = {spec.name for spec in schema if not spec.public}
    return {name: value for name, value in in_order(schema, values).items() if name not in hidden}


def wanted(
    schema: Schema, records: Sequence[Shown], *, words: str = "", stage: str = "", organisation: str = ""
) -> list[Shown]:
    """Those that somebody looks for: every word stands somewhere in the record, however it is written."""
    asked = words.casefold().split()
    return [
        one
        for one in records
        if (not stage or one.stage == stage)
        and (not organisation or one.values.get("organisation") == organisation)
        and (not asked or _holds(schema, one, asked))
    ]


def cells(spec: Spec, value: Any) -> list[list[tuple[Spec, str]]]:
    """A field's value for a page: one list a row, each with its parts and what they say."""
    rows = value if spec.type == "rows" else [value]
    if not spec.fields:
        return [[(spec, shown(spec, value))]]
    return [[(part, shown(part, row[part.name])) for part in spec.fields if part.name in row] for row in rows]


def _holds(schema: Schema, record: Shown, asked: Sequence[str]) -> bool:
    text = " ".join(shown(schema.by_name[name], value) for name, value in record.values.items()).casefold()
    return all(word in text for word in asked)
