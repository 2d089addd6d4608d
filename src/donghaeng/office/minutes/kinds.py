"""Kinds of meetings as data: the parts of their minutes, in order, with headings. Pure."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, StringConstraints

Part = Literal["people", "agenda", "decisions", "actions", "talk"]
Words = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Kind(BaseModel):
    """One kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Words
    source: Words
    parts: Annotated[dict[Part, Words], Field(min_length=1)]


class Kinds(RootModel[Annotated[dict[str, Kind], Field(min_length=1)]]):
    """Every kind by its id."""
