"""Emergencies: which words tell of one, and what is answered before anything else.

The table is ``catalogue/lexicon/emergencies.yaml``. A number is spoken only where its entry says that it is
verified.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from donghaeng.city.services.positions import read_yaml


class Emergency(BaseModel):
    """One kind of emergency (the choices of `emergency.kind` in the catalogue)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    number: str = Field(pattern=r"^[0-9-]{3,13}$")
    verified: bool = Field(description="the number was checked; an unverified one is not spoken")
    reply: str = Field(description="what is said at once; ends with what to do next")
    patterns: list[str] = Field(
        min_length=1, description="regular expressions over the utterance without spaces"
    )
    unless: list[str] = Field(
        default_factory=list,
        description="regular expressions of calm words, taken out before the patterns are tried",
    )
    examples: list[str] = Field(
        min_length=8, description="utterances that tell of it in words that no pattern lists"
    )
    source: str


Emergencies = Mapping[str, Emergency]


def load_emergencies(file: Path) -> Emergencies:
    """Read the table.

    Raises:
        CatalogueError: it is wrong, with file and line.
    """
    document = read_yaml(file)
    entries = document.data if isinstance(document.data, dict) else {}
    if not entries:
        raise document.error([], "holds no emergencies", remedy="see the table's first lines")
    found: dict[str, Emergency] = {}
    for kind, entry in entries.items():
        try:
            found[kind] = Emergency.model_validate(entry)
            for pattern in (*found[kind].patterns, *found[kind].unless):
                re.compile(pattern)
        except re.error as error:
            raise document.error([kind, "patterns"], f"is not a regular expression: {error}") from None
        except ValidationError as error:
            problem = error.errors()[0]
            raise document.error([kind, *problem["loc"]], problem["msg"]) from None
    return found
