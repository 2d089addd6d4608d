"""The citizens' courses of a catalogue as the dialogue reads them: part of the composition root."""

from __future__ import annotations

from pathlib import Path

from donghaeng.dialogue.course import Course, CourseQuestion
from donghaeng.learning.lesson import Lesson
from donghaeng.learning.loading import FOLDER, read_model


def load_courses(catalogue: Path) -> dict[str, Course]:
    """Every course by its name; none where the catalogue has none.

    Raises:
        CatalogueError: a file is wrong; with file and line.
    """
    files = sorted((catalogue / FOLDER / "courses").glob("*.yaml"))
    lessons = [read_model(file, Lesson) for file in files]
    # What the agent itself is comes first: whoever hears but one course hears that.
    lessons.sort(key=lambda one: one.id != FIRST)
    return {one.id: _course(one) for one in lessons}


FIRST = "talk_with_donghaeng"


def _course(lesson: Lesson) -> Course:
    questions = tuple(
        CourseQuestion(item.ask, item.choices, item.right - 1, item.why) for item in lesson.quiz
    )
    pieces = (*(paragraph.say for paragraph in lesson.text), lesson.practice.task)
    return Course(lesson.title, pieces, questions)
