"""Events of those who learn: practice, courses, a helper beside the citizen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from donghaeng.dialogue.event import Event


@dataclass(frozen=True, slots=True)
class PracticeBegan(Event):
    """What is said from now on belongs to a practice conversation beside this one."""


@dataclass(frozen=True, slots=True)
class PracticeEnded(Event):
    """What is said belongs to this conversation again. ``turns`` is how many were practised."""

    turns: int


@dataclass(frozen=True, slots=True)
class EmergencyDoubted(Event):
    """An emergency was told of in practice: the citizen was asked whether it is real."""

    kind: str


@dataclass(frozen=True, slots=True)
class DoubtAnswered(Event):
    """That question was answered or has lapsed."""


@dataclass(frozen=True, slots=True)
class CoursesOffered(Event):
    """Courses were offered, by name, with their titles."""

    courses: tuple[str, ...]
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CourseRead(Event):
    """A piece of a course was read, or its question was asked, with these choices."""

    course: str
    step: int
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CoursePaused(Event):
    """Something else was said: the course's question is put again when it goes on."""


@dataclass(frozen=True, slots=True)
class CourseLeft(Event):
    """A course is over."""

    course: str
    finished: bool


@dataclass(frozen=True, slots=True)
class HelperAsked(Event):
    """The citizen was asked whether somebody beside her may help."""


@dataclass(frozen=True, slots=True)
class HelperAnswered(Event):
    """That question was answered or has lapsed."""


@dataclass(frozen=True, slots=True)
class HelperAgreed(Event):
    """She agreed, until this conversation ends: the words that asked, and hers."""

    script: str
    asked: str
    said: str
    PRIVATE: ClassVar[frozenset[str]] = frozenset({"asked", "said"})


LEARNING: Final[tuple[type[Event], ...]] = (
    PracticeBegan,
    PracticeEnded,
    EmergencyDoubted,
    DoubtAnswered,
    CoursesOffered,
    CourseRead,
    CoursePaused,
    CourseLeft,
    HelperAsked,
    HelperAnswered,
    HelperAgreed,
)
"""All of them."""
