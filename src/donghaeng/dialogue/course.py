"""A short course as it is listened to: pieces that are read, and questions with an encouraging word. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CourseQuestion:
    """One question, its choices, the place of the right one (from 0), and why it is right."""

    ask: str
    choices: tuple[str, ...]
    right: int
    why: str


@dataclass(frozen=True, slots=True)
class Course:
    """One course."""

    title: str
    pieces: tuple[str, ...]
    """Read one at a time; the last one is something to try aloud."""
    questions: tuple[CourseQuestion, ...]


Courses = Mapping[str, Course]
"""By name, in the order in which they are offered."""
