"""Reads what the desk works by (``catalogue/desk/``): hours, outcomes, departments, ready-made answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
    ValidationError,
)

from donghaeng.city.services.positions import Document, read_yaml
from donghaeng.people.cases import LONGEST_WORDS, Canned, Department, OutcomeCode
from donghaeng.people.hours import Hours, Span

HANDED_BACK: Final = "handed_back"
CITIZEN_LEFT: Final = "citizen_left"
OWN_OUTCOMES: Final = frozenset({HANDED_BACK, CITIZEN_LEFT})
"""Outcomes that the program gives itself."""
_SPAN: Final = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)-(([01]\d|2[0-3]):([0-5]\d)|24:00)$")

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
Model = TypeVar("Model", bound=BaseModel)


def _span(value: Any) -> Any:
    if isinstance(value, Span):
        return value
    match = _SPAN.match(str(value))
    if match is None:
        raise ValueError(f'{value!r} are no hours; write them as "09:00-18:00"')
    ends = time(0) if match[3] == "24:00" else time.fromisoformat(match[3])
    span = Span(time.fromisoformat(match[0][:5]), ends)
    if ends != time(0) and span.begins >= ends:
        raise ValueError(f"{value!r} end before they begin")
    return span


SpanField = Annotated[Span, BeforeValidator(_span)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


class _Hours(_File):
    week: dict[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], SpanField]
    public_holidays: Literal["open", "closed"] = "closed"
    closed: dict[date, Title] = Field(default_factory=dict)
    open: dict[date, SpanField] = Field(default_factory=dict)
    busy_from: int = Field(ge=1, le=1000)


def _not_own(codes: dict[str, str]) -> dict[str, str]:
    taken = OWN_OUTCOMES & codes.keys()
    if taken:
        raise ValueError(f"{sorted(taken)[0]} is the program's own outcome")
    return codes


class _Outcomes(RootModel[Annotated[dict[Code, Title], Field(min_length=1), AfterValidator(_not_own)]]):
    pass


class _Departments(RootModel[dict[Code, Title]]):
    pass


class _Sentence(_File):
    title: Title
    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_WORDS, strip_whitespace=True)]
    key: Annotated[str, StringConstraints(pattern=r"^\d$")] | None = None


def _distinct(sentences: dict[str, _Sentence]) -> dict[str, _Sentence]:
    keys = [one.key for one in sentences.values() if one.key is not None]
    if len(keys) != len(set(keys)):
        raise ValueError("two sentences have the same key")
    return sentences


class _Canned(RootModel[Annotated[dict[Code, _Sentence], AfterValidator(_distinct)]]):
    pass


@dataclass(frozen=True, slots=True)
class DeskFiles:
    """What the desk works by."""

    hours: Hours
    busy_from: int
    """So many waiting for each counsellor who is ready are too many."""
    outcomes: tuple[OutcomeCode, ...]
    departments: tuple[Department, ...]
    canned: tuple[Canned, ...]


def load_desk(folder: Path) -> DeskFiles:
    """Read the folder ``desk`` of a catalogue.

    Raises:
        CatalogueError: a file is absent or wrong, with file and line.
    """
    hours = _load(folder / "hours.yaml", _Hours)
    outcomes = _load(folder / "outcomes.yaml", _Outcomes).root
    departments = _load(folder / "departments.yaml", _Departments).root
    canned = _load(folder / "canned.yaml", _Canned).root
    week: Mapping[str, Span] = dict(hours.week.items())
    return DeskFiles(
        hours=Hours(week, hours.public_holidays == "open", hours.closed, hours.open),
        busy_from=hours.busy_from,
        outcomes=tuple(OutcomeCode(code, title) for code, title in outcomes.items()),
        departments=tuple(Department(code, title) for code, title in departments.items()),
        canned=tuple(Canned(code, one.title, one.text, one.key) for code, one in canned.items()),
    )


def _load(file: Path, model: type[Model]) -> Model:
    document = read_yaml(file)
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise _error(document, error) from None


def _error(document: Document, error: ValidationError) -> Exception:
    problem = error.errors()[0]
    where = [part for part in problem["loc"] if part != "[key]"]
    return document.error(where, problem["msg"])
