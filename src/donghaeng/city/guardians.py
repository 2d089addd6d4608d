"""Whom a citizen may let see their requests, and how long (``catalogue/lexicon/guardians.yaml``)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from donghaeng.city.services.positions import read_yaml

Words = Annotated[str, StringConstraints(min_length=1, max_length=20, strip_whitespace=True)]


class Relation(BaseModel):
    """What somebody is to the citizen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    says: Words = Field(description="how the citizen is told of that person, with honour")
    words: tuple[Words, ...] = Field(
        min_length=1, description="how citizens call that person, without spaces"
    )


class GuardianRules(BaseModel):
    """The file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    months: int = Field(default=12, ge=1, le=24, description="how long a consent holds")
    remind_days: int = Field(default=30, ge=1, le=90, description="days before its end that it is told of")
    code_minutes: int = Field(default=30, ge=5, le=60, description="minutes that a code lives")
    most: int = Field(default=3, ge=1, le=10, description="persons whom one citizen lets see")
    someone: Words = Field(default="그분", description="somebody whose relation was not said")
    relations: tuple[Relation, ...] = ()

    def named(self, utterance: str) -> str | None:
        """The person whom an utterance names; None where it names none."""
        packed = re.sub(r"\s+", "", utterance)
        return next((one.says for one in self.relations if any(word in packed for word in one.words)), None)


def load_guardian_rules(file: Path) -> GuardianRules:
    """Read the file; without one the defaults hold.

    Raises:
        CatalogueError: it is wrong.
    """
    if not file.exists():
        return GuardianRules()
    document = read_yaml(file)
    try:
        return GuardianRules.model_validate(document.data or {})
    except ValidationError as error:
        problem = error.errors()[0]
        raise document.error([str(part) for part in problem["loc"]], problem["msg"]) from None
