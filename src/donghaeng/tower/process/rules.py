"""The rules of the process as data: stages, moves, gates, evidence, risk levels. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Kind(StrEnum):
    """What goes through the process."""

    SYSTEM = "system"
    SERVICE = "service"
    KNOWLEDGE = "knowledge"
    ENGINE = "engine"
    IDEA = "idea"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Stage(_Model):
    """One stage of the way."""

    name: str
    days: int | None = Field(default=None, gt=0, description="after so many it is overdue")
    after: str | None = Field(default=None, description="stage whose gates hold here too")
    serves: bool = False


class Move(_Model):
    """One step that may be taken."""

    from_: str = Field(alias="from")
    to: str
    way: Literal["review", "at_once"]


class Path(_Model):
    """The moves of some kinds."""

    kinds: tuple[Kind, ...]
    moves: tuple[Move, ...]


class GateItem(_Model):
    """One thing that must be there."""

    evidence: str
    from_level: int = Field(default=1, ge=1, le=4)
    kinds: tuple[Kind, ...] = tuple(Kind)


class EvidenceKind(_Model):
    """One kind of evidence."""

    name: str
    help: str
    made_here: bool = False
    results: Mapping[str, str] = {}
    bars: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    months: int | None = Field(default=None, gt=0)


class Level(_Model):
    """What a risk level asks for."""

    name: str
    approvals: int = Field(ge=1)
    months: int = Field(ge=1)


class Cause(_Model):
    """Why something is to be reviewed anew."""

    name: str
    days: int = Field(ge=0)


class Rules(_Model):
    """All rules."""

    stages: Mapping[str, Stage]
    paths: Mapping[str, Path]
    gates: Mapping[str, tuple[GateItem, ...]]
    evidence: Mapping[str, EvidenceKind]
    fields: Mapping[str, str]
    optional_fields: Mapping[str, Mapping[str, str]] = {}
    """Evidence kind → field → the result with which alone it must be told."""
    levels: Mapping[int, Level]
    high_impact_level: int
    causes: Mapping[str, Cause]
    remind_days: int = Field(ge=1)
    always: tuple[str, ...]
    kinds: Mapping[Kind, str]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Every name that is used is there."""
        moves = [move for path in self.paths.values() for move in path.moves]
        used = {one.from_ for one in moves} | {one.to for one in moves} | set(self.gates)
        used |= {one.after for one in self.stages.values() if one.after is not None}
        unknown = used - set(self.stages)
        items = {item.evidence for gate in self.gates.values() for item in gate}
        unknown |= items - set(self.evidence)
        unknown |= {name for one in self.evidence.values() for name in one.fields} - set(self.fields)
        unknown |= {bar for one in self.evidence.values() for bar in one.bars if bar not in one.results}
        if unknown:
            raise ValueError(f"unknown names: {', '.join(sorted(unknown))}")
        if set(self.levels) != {1, 2, 3, 4} or set(self.kinds) != set(Kind):
            raise ValueError("levels 1 to 4 and every kind are needed")
        covered = [kind for path in self.paths.values() for kind in path.kinds]
        if sorted(covered) != sorted(Kind):
            raise ValueError("every kind has exactly one path")
        return self

    def moves(self, kind: Kind, stage: str) -> tuple[Move, ...]:
        """What may follow ``stage`` for a kind."""
        path = next(one for one in self.paths.values() if kind in one.kinds)
        return tuple(move for move in path.moves if move.from_ == stage)

    def move(self, kind: Kind, stage: str, to: str) -> Move | None:
        """The move from one stage to another; None where it may not be taken."""
        return next((one for one in self.moves(kind, stage) if one.to == to), None)

    def stages_of(self, kind: Kind) -> tuple[str, ...]:
        """The stages that a kind can be in, in the order of the file."""
        path = next(one for one in self.paths.values() if kind in one.kinds)
        used = {move.from_ for move in path.moves} | {move.to for move in path.moves}
        return tuple(stage for stage in self.stages if stage in used)

    def required(self, kind: Kind, stage: str, level: int) -> tuple[str, ...]:
        """The kinds of evidence that a stage needs, those of the stages before it first."""
        own, before = self.gates.get(stage, ()), self.stages[stage].after
        found = self.required(kind, before, level) if before is not None else ()
        if before is None and stage not in self.gates:
            return ()
        wanted = [item.evidence for item in own if kind in item.kinds and level >= item.from_level]
        return (*found, *(one for one in wanted if one not in found))

    def serves(self, stage: str) -> bool:
        """Whether citizens get answers in a stage."""
        return self.stages[stage].serves
