"""The citizens' courses of a catalogue as the dialogue reads them: part of the composition root."""

from __future__ import annotations

from pathlib import Path

from donghaeng.dialogue.course import Course, CourseQuestion
from donghaeng.learning.lesson import Lesson
from donghaeng.learning.loading import load_courses


def courses_by_voice(catalogue: Path) -> dict[str, Course]:
    """Every course by its name; none where the catalogue has none.

    Raises:
        CatalogueError: a file is wrong; with file and line.
    """
    return {name: _course(lesson) for name, lesson in load_courses(catalogue).items()}


def _course(lesson: Lesson) -> Course:
    questions = tuple(
        CourseQuestion(item.ask, item.choices, item.right - 1, item.why) for item in lesson.quiz
    )
    pieces = (*(paragraph.say for paragraph in lesson.text), lesson.practice.task)
    return Course(lesson.title, pieces, questions)
