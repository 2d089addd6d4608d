"""Lessons and courses: what is told, practised and asked, and how long it takes. Pure.

A lesson belongs to officials and to one step of the competences; a course is for citizens and covers the four
elements of digital education (디지털포용법 제14조 제4항). Every paragraph names where it is from.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import Field

from donghaeng.city.services.speaking import seconds
from donghaeng.learning.curriculum import Line, Name, Part, StepId
from donghaeng.learning.quiz import QuizItem

THINKING_S: Final = 10.0
"""To choose an answer."""
LESSON_MINUTES: Final = (5.0, 12.0)
COURSE_MINUTES: Final = (3.0, 8.0)
"""Of a voice course: an hour of listening is no course for somebody of 80."""
OWN_WORDS: Final = "설명"
"""Source of a paragraph that advises or leads on: it states no law, number or name as a fact."""

Text = Annotated[str, Field(min_length=10, max_length=900)]
PracticeKind = Literal["think", "voice", "page", "write", "elder"]
Element = Literal["use", "respect", "protect", "take_part"]
"""찾아 이용, 존중·배려, 보호, 참여."""


class Paragraph(Part):
    """What is told, and where it is from: an article of law, a document of the project, or own words."""

    say: Text
    source: Line
    element: Element | None = Field(default=None, description="of a citizen's course")


class Practice(Part):
    """Something to do, without consequences."""

    kind: PracticeKind
    task: Text = Field(description="what to do")
    minutes: float = Field(gt=0, le=8, description="how long it takes")
    elder: Name | None = Field(default=None, description="the simulated citizen, where it is one")


class Lesson(Part):
    """One lesson."""

    id: Name
    title: Line
    audience: Literal["official", "citizen"]
    step: StepId | None = Field(default=None, description="of an official's lesson")
    version: int = Field(ge=1)
    text: Annotated[tuple[Paragraph, ...], Field(min_length=2)]
    practice: Practice
    quiz: Annotated[tuple[QuizItem, ...], Field(min_length=2, max_length=5)]

    @property
    def minutes(self) -> float:
        """Listening at the usual speed, practising, and answering."""
        told = sum(seconds(words) for words in spoken(self))
        return (told + THINKING_S * len(self.quiz)) / 60 + self.practice.minutes

    @property
    def bounds(self) -> tuple[float, float]:
        """Fewest and most minutes."""
        return LESSON_MINUTES if self.audience == "official" else COURSE_MINUTES


def spoken(lesson: Lesson) -> Iterator[str]:
    """Everything that a voice reads, piece by piece."""
    yield f"{lesson.title}."
    for paragraph in lesson.text:
        yield paragraph.say
    yield lesson.practice.task
    for item in lesson.quiz:
        yield item.ask
        yield from item.choices
        yield item.why
