"""Ten questions at most, by hand or by voice, and what may be answered. Pure.

Fields follow the user model of Redbox (i-dot-ai/redbox, MIT: experience, regularity, confidence, access
needs, tasks), with the network and the N2SF grade of the data handled. None asks for a name or an age.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import Field, model_validator

from donghaeng.learning.curriculum import Level, Line, Name, Part, Roles
from donghaeng.learning.elder import Pattern

MOST_QUESTIONS: Final = 10
MOST_TASKS: Final = 5
MINUTES_A_WEEK: Final = 60 * 52
"""Nobody works longer; more is a slip of the tongue or of the hand."""

Experience = Literal["newcomer", "explorer", "enthusiast", "navigator", "alchemist"]
Regularity = Literal["never", "monthly", "weekly", "daily"]
Confidence = Literal["low", "middle", "high"]
Network = Literal["business", "internet", "both"]
DataGrade = Literal["C", "S", "O", "unknown"]
"""Of N2SF: 기밀, 민감, 공개."""
Access = Literal["none", "large", "sound", "captions"]


class DoneTask(Part):
    """A task with how often a week, and how many minutes each time."""

    task: Name
    times: int = Field(ge=1, le=500)
    minutes: int = Field(ge=1, le=600)


class Intake(Part):
    """Somebody's answers."""

    role: Name
    citizen_facing: bool
    tasks: Annotated[tuple[DoneTask, ...], Field(max_length=MOST_TASKS)]
    experience: Experience
    regularity: Regularity
    confidence: Confidence
    network: Network
    data_grade: DataGrade
    access: Access
    target: Level

    @model_validator(mode="after")
    def _possible(self) -> Intake:
        named = [one.task for one in self.tasks]
        if len(set(named)) < len(named):
            raise ValueError("tasks: name each once")
        if sum(one.times * one.minutes for one in self.tasks) > MINUTES_A_WEEK:
            raise ValueError(f"tasks: more than {MINUTES_A_WEEK // 60} hours a week")
        return self


class Question(Part):
    """One question as it is asked."""

    id: Name
    ask: Line
    help: Line
    choices: Mapping[str, Line] = Field(default_factory=dict, description="value of the answer → its words")
    said: Mapping[str, tuple[Pattern, ...]] = Field(
        default_factory=dict, description="value of the answer → words by which it is heard"
    )


class Questions(Part):
    """The intake's questions in order."""

    questions: Annotated[tuple[Question, ...], Field(max_length=MOST_QUESTIONS)]

    @model_validator(mode="after")
    def _all_fields(self) -> Questions:
        asked = [one.id for one in self.questions]
        if sorted(asked) != sorted(Intake.model_fields):
            raise ValueError(f"questions: ask each of {', '.join(Intake.model_fields)} once")
        for one in self.questions:
            allowed = _allowed(Intake.model_fields[one.id].annotation)
            if allowed and set(one.choices) != allowed:
                raise ValueError(f"{one.id}: the choices are {', '.join(sorted(allowed))}")
        return self


def _allowed(annotation: Any) -> set[str]:
    return (
        {str(value) for value in get_args(annotation)}
        if str(annotation).startswith("typing.Literal")
        else set()
    )


def unknown_words(intake: Intake, roles: Roles) -> tuple[str, ...]:
    """What the answers name and the tables lack: a role, tasks."""
    lost = [] if intake.role in roles.roles else [intake.role]
    return (*lost, *(one.task for one in intake.tasks if one.task not in roles.tasks))
