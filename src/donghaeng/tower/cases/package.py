"""What the file of a data case says: question, data, method, result, use, owner and review. Pure.

A case is a folder ``catalogue/cases/ID`` with ``case.yaml`` and, where its method needs some,
``assumptions.yaml``. The fields follow what a reader must know to run it again and to judge it (data sheet,
method, limits), and who answers for it.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

CASE_FILE: Final = "case.yaml"
ASSUMPTIONS_FILE: Final = "assumptions.yaml"
DataKind = Literal["generated", "table", "records"]
"""``generated`` by a program from stated assumptions, a ``table`` that somebody supplies, or the ``records``
that this installation keeps itself."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{2,47}$")]
Line = Annotated[str, StringConstraints(min_length=2, max_length=200, strip_whitespace=True)]
Words = Annotated[str, StringConstraints(min_length=10, max_length=2_000, strip_whitespace=True)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DataSource(_Part):
    """One data set that a case works on."""

    name: Line = Field(description="what it is called")
    kind: DataKind = Field(description="generated, a table that somebody supplies, or our own records")
    description: Words = Field(description="rows, columns and units")
    licence: Line = Field(description="under which it may be used (SPDX name or 공공누리 type)")
    dated: date = Field(description="the day as of which it holds, or its assumptions were written")
    source: Line = Field(description="who publishes it, or which file states the assumptions")
    personal: bool = Field(default=False, description="whether rows concern single persons or households")


class Finding(_Part):
    """What came out, as its owner words it; the figures stand in each run."""

    summary: Words = Field(description="the answer in two or three sentences")
    limits: Words = Field(description="what must not be concluded from it")


class Use(_Part):
    """Something that was done because of it."""

    on: date
    by: Line = Field(description="department")
    what: Words


class Owner(_Part):
    """Who answers for the case."""

    department: Line
    role: Line = Field(description="an office, not a person's name")


class CaseReview(_Part):
    """A second department's verdict."""

    by: Line = Field(description="department, another than the owner's")
    on: date
    verdict: Literal["accepted", "accepted_with_limits", "rejected"]
    notes: Words


class CasePackage(_Part):
    """A data case as its file describes it."""

    id: Name = Field(description="its folder's name")
    title: Line
    question: Words = Field(description="the question that it answers, one that a decision hangs on")
    claim: Words = Field(description="what it says of the real city, shown at the top of every page")
    data: Annotated[tuple[DataSource, ...], Field(min_length=1)]
    method: Words
    code: Name = Field(description="entry point of the method (group donghaeng.cases)")
    seed: int = Field(ge=0, le=2**32 - 1, description="the seed of a run that names none")
    result: Finding
    use: tuple[Use, ...] = ()
    owner: Owner
    review: CaseReview | None = None

    @model_validator(mode="after")
    def _two_departments(self) -> CasePackage:
        if self.review is not None and self.review.by == self.owner.department:
            raise ValueError("review.by is the owner's own department; another one must review it")
        return self

    @model_validator(mode="after")
    def _dates_in_order(self) -> CasePackage:
        newest = max(source.dated for source in self.data)
        if self.review is not None and self.review.on < newest:
            raise ValueError("review.on is before the data; it must be reviewed anew")
        return self

    @property
    def accepted(self) -> bool:
        """Whether a second department stands by it."""
        return self.review is not None and self.review.verdict != "rejected"


def case_schema() -> dict[str, Any]:
    """The JSON Schema of ``case.yaml``."""
    return CasePackage.model_json_schema() | {"title": "data case of Donghaeng"}
