"""The schema of a record: its fields, what each means, who sees it and from when it must be filled. Pure.

Names are those of the UK Algorithmic Transparency Recording Standard where it has them; ``nl`` and ``omb``
name the field of the Dutch Algoritmeregister and of the US inventory that says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from donghaeng.tower.register.stages import Stage

Kind = Literal[
    "text", "long", "url", "email", "date", "choice", "choices", "flag", "number", "sha256", "group", "rows"
]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
NestKinds: Final = frozenset({"group", "rows"})
MOST_ROWS: Final = 200
"""Rows of one repeatable field."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tags(_Model):
    """By which parts of frameworks a field is asked for."""

    nist_fn: tuple[Literal["GOVERN", "MAP", "MEASURE", "MANAGE"], ...] = ()
    iso_42001: tuple[str, ...] = ()
    """Controls of Annex A of ISO/IEC 42001:2023, by their group."""
    seoul_principle: tuple[Literal["공공성", "공정성", "투명성", "책임성", "안전성"], ...] = ()
    kr_law: tuple[str, ...] = ()


class Spec(_Model):
    """One field: what it asks, how it is filled, and what it is called elsewhere."""

    name: Name
    type: Kind
    title: str = Field(min_length=1, max_length=40, description="Korean, as a form and a page show it")
    help: str = Field(min_length=1, max_length=200)
    instructions: str = ""
    example: str | int = Field(description="as somebody would fill it")
    max: int | None = Field(default=None, ge=1, le=10_000, description="most characters of a text")
    least: int | None = None
    most: int | None = None
    choices: Mapping[str, str] = Field(default_factory=dict, description="code → Korean")
    required_from: Stage | None = Field(default=None, description="missing from this stage on")
    needed: bool = Field(default=False, description="of a part: missing wherever its row is there")
    public: bool = True
    personal: bool = Field(default=False, description="names and reaches somebody: sealed in the database")
    fields: tuple[Spec, ...] = ()
    atrs: str | None = None
    nl: str | None = None
    omb: str | None = None
    tags: Tags = Tags()

    @model_validator(mode="before")
    @classmethod
    def _nests_have_examples(cls, given: object) -> object:
        if isinstance(given, dict) and given.get("type") in NestKinds:
            given = {"example": "", **given}
        return given

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Spec:
        if (self.type in NestKinds) != bool(self.fields):
            raise ValueError("a group and rows have fields, others have none")
        if (self.type in {"choice", "choices"}) != bool(self.choices):
            raise ValueError("a choice has choices, others have none")
        if self.type in {"text", "long", "url", "email"} and self.max is None:
            raise ValueError("a text has a greatest length")
        if any(part.type in NestKinds for part in self.fields):
            raise ValueError("groups and rows do not nest")
        return self

    @property
    def by_name(self) -> dict[str, Spec]:
        """The parts of a group or of rows."""
        return {part.name: part for part in self.fields}


class Section(_Model):
    """Fields that are filled together: one form."""

    id: Name
    title: str
    help: str
    fields: tuple[Spec, ...]


@dataclass(frozen=True, eq=False)
class Schema:
    """All sections of a record."""

    sections: Sequence[Section]

    @cached_property
    def by_name(self) -> Mapping[str, Spec]:
        """Every field at the top."""
        return {spec.name: spec for spec in self}

    @cached_property
    def by_section(self) -> Mapping[str, Section]:
        """Every section by its id."""
        return {section.id: section for section in self.sections}

    def __iter__(self) -> Iterator[Spec]:
        for section in self.sections:
            yield from section.fields

    def places(self, standard: Literal["atrs", "nl", "omb"]) -> Mapping[str, tuple[str, ...]]:
        """Where what another standard asks for is in a record: its name → path of ours."""
        found: dict[str, tuple[str, ...]] = {}
        for spec in self:
            for path, one in (
                ((spec.name,), spec),
                *(((spec.name, part.name), part) for part in spec.fields),
            ):
                name = getattr(one, standard)
                if name is not None:
                    found[name] = path
        return found
