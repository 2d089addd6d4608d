"""Who processes personal data for the city, as it is published (개인정보 보호법 제26조 제2항)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from donghaeng.trust.rule_files import read_rules

PROCESSORS_FILE: Final = "privacy/processors.yaml"
Connection = Literal[
    "language_model", "recogniser", "synthesiser", "messages", "telephone", "kakao", "hosting", "other"
]
Words = Annotated[str, Field(min_length=1, max_length=200)]


class Processor(BaseModel):
    """One of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Connection = Field(description="which connection of the program leads to them")
    name: Words
    task: Words = Field(description="what they do for the city")
    data: Words = Field(description="what of a citizen's reaches them")
    place: Words = Field(description="country where it is processed")
    contact: Words


class _Processors(RootModel[tuple[Processor, ...]]):
    """The file."""


def load_processors(catalogue: Path) -> tuple[Processor, ...]:
    """Those that a catalogue names.

    Raises:
        InputError: the file is absent or wrong; says where.
    """
    return read_rules(catalogue / PROCESSORS_FILE, _Processors).root


def unnamed(processors: Sequence[Processor], connected: Collection[Connection]) -> list[Connection]:
    """Connections that lead to somebody whom nobody has named."""
    named = {one.id for one in processors}
    return sorted(one for one in connected if one not in named)
