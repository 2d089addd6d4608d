"""Templates of drafts as data: which facts they need, and which lines they make of them. Pure."""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from donghaeng.office.drafts.model import Look

Words = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,40}$")]
Kind = Literal["text", "date", "time", "money", "lines", "points"]
SINGLE: frozenset[Kind] = frozenset(("text", "date", "time", "money"))


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FactField(_Strict):
    """One fact that a template asks for."""

    name: Name
    label: Words
    kind: Kind = "text"
    required: bool = True
    help: str = ""


class Part(_Strict):
    """A piece of the document; exactly one of text, points, passages, attachments, grid."""

    text: Words | None = Field(default=None, description="a line; {name} is a fact")
    points: Name | None = Field(default=None, description="a fact of points, as an outline")
    lines: Name | None = Field(default=None, description="a fact of lines, each a paragraph")
    passages: bool = Field(default=False, description="the chosen passages with their sources")
    attachments: Name | None = Field(default=None, description="a fact of lines, as 붙임")
    grid: tuple[tuple[str, ...], ...] | None = None
    look: Look = Look.LINE
    signs: Literal["outline", "report"] = Field(default="outline", description="1. 가. 1), or ○ -")
    level: int = Field(default=0, ge=0, le=3)
    when: Name | None = Field(default=None, description="only where this fact is given")
    body: bool = Field(default=False, description="of the body that ends with 끝.")

    @model_validator(mode="after")
    def _one(self) -> Part:
        given = [self.text, self.points, self.lines, self.attachments, self.grid, self.passages or None]
        if sum(one is not None for one in given) != 1:
            raise ValueError("a part is one of text, points, lines, passages, attachments, grid")
        if self.grid is not None and len({len(row) for row in self.grid}) != 1:
            raise ValueError("the rows of a grid are equally long")
        return self

    def texts(self) -> Iterator[str]:
        """Everything in it that may name a fact."""
        if self.text:
            yield self.text
        for row in self.grid or ():
            yield from row


class Template(_Strict):
    """One kind of document."""

    id: Name
    title: Words
    source: Words = Field(description="the rule or form that it follows")
    fields: Annotated[tuple[FactField, ...], Field(min_length=1)]
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _names(self) -> Template:
        kinds = {one.name: one.kind for one in self.fields}
        if len(kinds) != len(self.fields):
            raise ValueError("two fields have the same name")
        for part in self.parts:
            named = {
                name for text in part.texts() for _, name, _, _ in string.Formatter().parse(text) if name
            }
            if unknown := named - set(kinds):
                raise ValueError(f"no field {sorted(unknown)[0]}")
            if many := [name for name in named if kinds[name] not in SINGLE]:
                raise ValueError(f"{many[0]} is more than one line; name it in points or lines")
            wanted = {"points": part.points, "lines": part.lines or part.attachments}
            for kind, name in wanted.items():
                if name is not None and kinds.get(name) != kind:
                    raise ValueError(f"{name} is no field of {kind}")
            if part.when is not None and part.when not in kinds:
                raise ValueError(f"no field {part.when}")
        ends = [number for number, part in enumerate(self.parts) if part.body]
        if ends and ends != list(range(ends[0], ends[-1] + 1)):
            raise ValueError("the body is in one piece")
        return self
