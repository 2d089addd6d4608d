"""The goals of a year and the survey, as their files say. Pure but for the reading."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from donghaeng.errors import InputError
from donghaeng.trust.rule_files import read_rules

FOLDER: Final = "targets"
SURVEY_FILE: Final = "survey.yaml"
Counted = Literal["data_cases", "member_bodies", "ai_learners", "companion_learners", "survey"]
"""Which records a target is counted from."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,47}$")]
Line = Annotated[str, StringConstraints(min_length=2, max_length=200, strip_whitespace=True)]
Words = Annotated[str, StringConstraints(min_length=10, max_length=1_000, strip_whitespace=True)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Target(_Part):
    """One goal."""

    id: Name
    name: Line
    goal: float = Field(gt=0)
    unit: Annotated[str, StringConstraints(max_length=8)]
    counted_from: Counted
    rule: Words = Field(description="what counts as one, for who reads the board")


class TargetYear(_Part):
    """The goals of a year."""

    year: int = Field(ge=2020, le=2100)
    begins: date
    ends: date
    targets: Annotated[tuple[Target, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> TargetYear:
        if self.ends <= self.begins:
            raise ValueError("the year ends before it begins")
        ids = [target.id for target in self.targets]
        if len(set(ids)) < len(ids):
            raise ValueError("two targets have one id")
        return self


class SurveyItem(_Part):
    """One sentence that is rated."""

    id: Name
    text: Line
    reversed: bool = Field(default=False, description="a high rating is bad")


class SurveyDimension(_Part):
    """Items that belong together."""

    id: Name
    name: Line
    weight: float = Field(gt=0)
    items: Annotated[tuple[SurveyItem, ...], Field(min_length=2)]


class Survey(_Part):
    """The yearly instrument and how it is scored."""

    id: Name
    title: Line
    least: int = 1
    most: int = 5
    fewest_answers: int = Field(ge=2, description="respondents from which on a score is told")
    answered_share: float = Field(gt=0, le=1, description="of a dimension's items, that it counts")
    dimensions: Annotated[tuple[SurveyDimension, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _apart(self) -> Survey:
        ids = [item.id for dimension in self.dimensions for item in dimension.items]
        if len(set(ids)) < len(ids):
            raise ValueError("two items have one id")
        if self.most <= self.least:
            raise ValueError("the scale has no length")
        return self

    @property
    def items(self) -> tuple[SurveyItem, ...]:
        """All of them, in order."""
        return tuple(item for dimension in self.dimensions for item in dimension.items)


def load_targets(catalogue: Path, year: int) -> TargetYear:
    """The goals of ``year``; those of the last year before it that has some where it has none.

    Raises:
        InputError: there are none, or a file is wrong.
    """
    files = {int(file.stem): file for file in (catalogue / FOLDER).glob("*.yaml") if file.stem.isdigit()}
    known = [one for one in sorted(files) if one <= year]
    if not known:
        raise InputError(f"{catalogue / FOLDER}: no targets for {year}", remedy="see docs/alliance.md")
    return read_rules(files[known[-1]], TargetYear)


def load_survey(catalogue: Path) -> Survey:
    """The survey instrument.

    Raises:
        InputError: the file is absent or wrong.
    """
    return read_rules(catalogue / FOLDER / SURVEY_FILE, Survey)
