"""The weights that the program runs by default, and whether the installed files are those."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, RootModel, StringConstraints
from ruamel.yaml import YAML


class Weights(BaseModel):
    """One file of weights."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    package: str
    file: str
    """Within the folder of installed packages."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    licence: str
    origin: str


class _File(RootModel[tuple[Weights, ...]]):
    """The file ``weights.yaml``."""


class State(StrEnum):
    """What an installed file is."""

    RIGHT = "right"
    ABSENT = "absent"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Checked:
    """One file of weights and what was found in its place."""

    weights: Weights
    state: State


def load_weights() -> tuple[Weights, ...]:
    """The table that comes with the program."""
    text = files(__package__).joinpath("weights.yaml").read_text(encoding="utf-8")
    return _File.model_validate(YAML(typ="safe").load(text)).root


def place_of(weights: Weights) -> Path | None:
    """Where a file is installed; None where its package is not."""
    try:
        return Path(str(distribution(weights.package).locate_file(weights.file)))
    except PackageNotFoundError:
        return None


def check(weights: Weights, place: Callable[[Weights], Path | None] = place_of) -> Checked:
    """Hold an installed file against its checksum: a second for some hundred megabytes."""
    path = place(weights)
    if path is None or not path.is_file():
        return Checked(weights, State.ABSENT)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Checked(weights, State.RIGHT if digest == weights.sha256 else State.CHANGED)


def markdown(table: tuple[Weights, ...]) -> str:
    """The table as Markdown."""
    lines = ["| weights | package and file | licence | origin | SHA-256 |", "|---|---|---|---|---|"]
    lines += [
        f"| {one.name} | `{one.package}`: `{one.file}` | {one.licence} | {one.origin} | `{one.sha256}` |"
        for one in table
    ]
    return "\n".join(lines) + "\n"
