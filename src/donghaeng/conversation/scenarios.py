"""Conversation tests: the model of their files (CONTRACT 7) and reading them with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from donghaeng.city.services.positions import Document, read_yaml
from donghaeng.conversation.reply import Reply
from donghaeng.errors import CatalogueError


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _fields(expect: dict[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(expect) - set(Reply.model_fields))
    if unknown:
        raise ValueError(
            f"{', '.join(unknown)}: no field of a reply ({', '.join(sorted(Reply.model_fields))})"
        )
    say = expect.get("say")
    _patterns([say] if isinstance(say, str) else say or [])
    return expect


def _patterns(words: list[str]) -> list[str]:
    for one in words:
        pattern = str(one).removeprefix("!")
        if len(pattern) > 2 and pattern[0] == pattern[-1] == "/":
            try:
                re.compile(pattern[1:-1])
            except re.error as error:
                raise ValueError(f"{one} is no regular expression: {error}") from None
    return words


class Step(_Model):
    """One utterance of the citizen and what must follow."""

    citizen: str
    expect: Annotated[dict[str, Any], AfterValidator(_fields)] = Field(default_factory=dict)


class End(_Model):
    """The judgement when the conversation is over."""

    calls: list[dict[str, Any]] | None = None
    said: Annotated[list[str], AfterValidator(_patterns)] = Field(default_factory=list)
    never: list[str] = Field(default_factory=list)
    handover: bool | None = None
    citations: list[dict[str, Any]] | None = None
    """Each is among those of some reply, whichever turn it came in."""


class Fault(_Model):
    """A fault of the sandbox city."""

    service: str
    kind: Literal["timeout", "error", "empty", "malformed", "slow"]
    times: int | None = None


class CityState(_Model):
    """State of the sandbox city that the conversation has to itself."""

    seed: int = 7
    faults: list[Fault] = Field(default_factory=list)
    full: list[dict[str, str]] = Field(default_factory=list)


class Scenario(_Model):
    """One conversation test."""

    scenario: str
    now: AwareDatetime = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
    home_district: str | None = None
    location: dict[Literal["lat", "lon"], float] | None = None
    channel: Literal["web", "kiosk", "phone", "chat"] = "chat"
    city: CityState = CityState()
    turns: list[Step] = Field(min_length=1)
    end: End = End()
    answers: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """A scenario and where it is written."""

    scenario: Scenario
    file: Path
    line: int

    @property
    def suite(self) -> str:
        """What it belongs to: the service of ``<service>/tests.yaml``, else the file's name."""
        return self.file.parent.name if self.file.stem == "tests" else self.file.stem


def read_scenarios(paths: Sequence[Path]) -> list[Scenario]:
    """Read the scenarios of files and of the YAML files below folders, in order.

    Raises:
        CatalogueError: a file is wrong, or two scenarios share a name.
    """
    return [written.scenario for written in read_written(paths)]


def read_written(paths: Iterable[Path]) -> list[Written]:
    """The same, with where each is written.

    Raises:
        CatalogueError: a file is wrong, or two scenarios share a name.
    """
    found: dict[str, Written] = {}
    for path in paths:
        files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        for file in files:
            document = read_yaml(file)
            _gather(found, document)
    return list(found.values())


def written_in(document: Document) -> list[Written]:
    """The scenarios of one parsed file.

    Raises:
        CatalogueError: one is wrong, or two share a name.
    """
    found: dict[str, Written] = {}
    _gather(found, document)
    return list(found.values())


def _gather(found: dict[str, Written], document: Document) -> None:
    for index, scenario in _scenarios(document):
        if scenario.scenario in found:
            remedy = "give each scenario a name of its own"
            raise document.error(index, f"a second scenario {scenario.scenario!r}", remedy=remedy)
        found[scenario.scenario] = Written(scenario, document.file, document.line(index))


def _scenarios(document: Document) -> list[tuple[list[str | int], Scenario]]:
    several = isinstance(document.data, list)
    entries = document.data if several else [document.data]
    found: list[tuple[list[str | int], Scenario]] = []
    for number, entry in enumerate(entries):
        path: list[str | int] = [number] if several else []
        try:
            found.append((path, Scenario.model_validate(entry)))
        except ValidationError as error:
            # A key that does not exist explains the one that is missing.
            problem = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
            raise _located(document, path, problem["loc"], problem["msg"]) from None
    return found


def _located(
    document: Document, path: list[str | int], where: tuple[int | str, ...], message: str
) -> CatalogueError:
    name = ".".join(str(part) for part in where) or "scenario"
    return document.error([*path, *where], f"{name}: {message}", remedy="see docs/conversation-tests.md")
