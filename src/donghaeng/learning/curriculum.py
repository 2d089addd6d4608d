"""Competences, levels, roles and tasks, as their files say. Pure.

The levels are those of 행안부 「공공 AI역량 트랙」; competences, roles and tasks stand in the tables
``catalogue/learning/competences.yaml`` and ``roles.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

LOWEST: Final = 1
HIGHEST: Final = 4

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,47}$")]
Line = Annotated[str, StringConstraints(min_length=2, max_length=200, strip_whitespace=True)]
CompetenceId = Annotated[str, StringConstraints(pattern=r"^C(?:[1-9]|1[01])$")]
StepId = Annotated[str, StringConstraints(pattern=r"^C(?:[1-9]|1[01])-[1-4]$")]
Level = Annotated[int, Field(ge=LOWEST, le=HIGHEST)]
Reached = Annotated[int, Field(ge=0, le=HIGHEST)]


class Part(BaseModel):
    """A part of a learning file: nothing unknown in it, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(NamedTuple):
    """One competence at one level: what a plan is made of. Written ``C6-1``."""

    competence: str
    level: int

    def __str__(self) -> str:
        return f"{self.competence}-{self.level}"

    @property
    def number(self) -> int:
        """Of the competence."""
        return int(self.competence[1:])

    @classmethod
    def read(cls, text: str) -> Step:
        """The step that a :data:`StepId` names."""
        competence, _, level = text.partition("-")
        return cls(competence, int(level))


class LevelWords(Part):
    """A level of the national track."""

    name: Line
    means: Line


class Competence(Part):
    """What can be learnt, and at which levels it is taught."""

    id: CompetenceId
    name: Line
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    duty: bool = Field(default=False, description="law demands it of everybody who does such work")
    needs: Mapping[Level, tuple[StepId, ...]] = Field(default_factory=dict)
    unesco: Line
    digcomp: tuple[int, ...]
    ailit: Line
    laws: tuple[Line, ...] = ()


class Competences(Part):
    """All of them, and the levels' names."""

    levels: Mapping[Level, LevelWords]
    competences: Annotated[tuple[Competence, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> Competences:
        if set(self.levels) != set(range(LOWEST, HIGHEST + 1)):
            raise ValueError("levels: name each from 1 to 4")
        if len(self.by_id) < len(self.competences):
            raise ValueError("two competences have one id")
        known = set(self.steps())
        for competence in self.competences:
            for level, needs in competence.needs.items():
                if level not in competence.levels:
                    raise ValueError(f"{competence.id}: needs of level {level}, which is not taught")
                lost = [need for need in needs if Step.read(need) not in known]
                if lost:
                    raise ValueError(f"{competence.id}: needs {lost[0]}, which is not taught")
        for step in known:
            self._no_circle(step, ())
        return self

    def _no_circle(self, step: Step, above: tuple[Step, ...]) -> None:
        if step in above:
            raise ValueError(f"{step} needs itself, by way of {above[-1]}")
        for need in self.needs(step):
            self._no_circle(need, (*above, step))

    @cached_property
    def by_id(self) -> Mapping[str, Competence]:
        """Each by its id."""
        return {one.id: one for one in self.competences}

    def steps(self) -> Iterator[Step]:
        """Every step that is taught, by competence and level."""
        for competence in self.competences:
            for level in sorted(competence.levels):
                yield Step(competence.id, level)

    def needs(self, step: Step) -> tuple[Step, ...]:
        """What comes before a step: the lower levels of its competence, and what its file names."""
        competence = self.by_id[step.competence]
        lower = (Step(step.competence, level) for level in competence.levels if level < step.level)
        named = map(Step.read, competence.needs.get(step.level, ()))
        return tuple(sorted({*lower, *named}, key=lambda one: (one.number, one.level)))

    def name(self, step: Step) -> str:
        """In words: ``개인정보와 보안 1단계``."""
        return f"{self.by_id[step.competence].name} {step.level}단계"


class Role(Part):
    """A kind of work, and how far it goes in each competence; what is absent is not needed."""

    name: Line
    up_to: Mapping[CompetenceId, Level]


class Task(Part):
    """Something that is done every week, and the competences that it uses."""

    name: Line
    uses: Annotated[tuple[CompetenceId, ...], Field(min_length=1)]


class Roles(Part):
    """Roles, tasks, and what the answers of an intake add."""

    roles: Mapping[Name, Role]
    tasks: Mapping[Name, Task]
    minutes_for_all: int = Field(ge=1, le=600)
    sealed_data_needs: Mapping[CompetenceId, Level]
    facing_citizens_needs: Mapping[CompetenceId, Level]
    steps_a_week: Mapping[Name, Annotated[int, Field(ge=1, le=10)]]


class Curriculum(NamedTuple):
    """Both tables together."""

    competences: Competences
    roles: Roles
