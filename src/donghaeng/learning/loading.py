"""Reads ``catalogue/learning``: tables, questions, lessons, courses, simulated citizens, rules, the card."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from donghaeng.city.glossary import GLOSSARY_FILE, load_glossary
from donghaeng.city.services.positions import read_model
from donghaeng.errors import CatalogueError
from donghaeng.learning.card import Card
from donghaeng.learning.certificates import CertificateRules
from donghaeng.learning.curriculum import Competences, Curriculum, Part, Roles
from donghaeng.learning.elder import Elder
from donghaeng.learning.intake import Questions
from donghaeng.learning.lesson import Lesson
from donghaeng.learning.rubric import Rubric
from donghaeng.learning.signals import Signals

FOLDER: Final = "learning"
COURSES: Final = "courses"
_LESSON_FOLDERS: Final = ("lessons", COURSES)
FIRST_COURSE: Final = "talk_with_donghaeng"
"""What the agent itself is: whoever hears but one course hears this."""

_Named = TypeVar("_Named", Lesson, Elder)


@dataclass(frozen=True, slots=True)
class Learning:
    """All of a catalogue's learning."""

    curriculum: Curriculum
    questions: Questions
    lessons: dict[str, Lesson]
    """Of officials and citizens, in the order of their files."""
    elders: dict[str, Elder]
    certificates: CertificateRules
    rubric: Rubric
    signals: Signals
    card: Card
    hard_words: dict[str, str]
    """Words of offices and machines with the easy word for each."""
    officials_know: frozenset[str]
    """Those of them that every official uses; a citizen's course explains them all the same."""

    def lesson_of(self, step: str) -> tuple[Lesson, ...]:
        """The lessons of a step, in order."""
        return tuple(lesson for lesson in self.lessons.values() if lesson.step == step)


class HardWords(Part):
    """Words of machines and of this field that the city's glossary lacks, and those that officials know."""

    words: dict[str, str]
    officials_know: tuple[str, ...] = ()


def load_learning(catalogue: Path) -> Learning:
    """Read everything.

    Raises:
        CatalogueError: a file is absent or wrong; with file and line.
    """
    folder = catalogue / FOLDER
    lessons: dict[str, Lesson] = {}
    for part in _LESSON_FOLDERS:
        for name, lesson in _each(folder / part, Lesson).items():
            if name in lessons:
                raise CatalogueError(folder / part / f"{name}.yaml", 1, f"a second lesson {name!r}")
            lessons[name] = lesson
    glossary = load_glossary(catalogue / "lexicon" / GLOSSARY_FILE)
    terms = glossary.terms
    hard = {name: terms[term].easy for name, term in glossary.names.items() if terms[term].eased}
    words = read_model(folder / "hard_words.yaml", HardWords)
    return Learning(
        curriculum=load_curriculum(catalogue),
        questions=read_model(folder / "intake.yaml", Questions),
        lessons=lessons,
        elders=_each(folder / "elders", Elder),
        certificates=read_model(folder / "certificates.yaml", CertificateRules),
        rubric=read_model(folder / "rubric.yaml", Rubric),
        signals=read_model(folder / "signals.yaml", Signals),
        card=read_model(folder / "card.yaml", Card),
        hard_words=hard | words.words,
        officials_know=frozenset(words.officials_know),
    )


def load_curriculum(catalogue: Path) -> Curriculum:
    """The two tables that a plan is made from.

    Raises:
        CatalogueError: a file is absent or wrong; with file and line.
    """
    folder = catalogue / FOLDER
    return Curriculum(
        read_model(folder / "competences.yaml", Competences), read_model(folder / "roles.yaml", Roles)
    )


def load_courses(catalogue: Path) -> dict[str, Lesson]:
    """The citizens' courses, :data:`FIRST_COURSE` before the others; none where the catalogue has none.

    Raises:
        CatalogueError: a file is wrong; with file and line.
    """
    courses = _each(catalogue / FOLDER / COURSES, Lesson)
    return dict(sorted(courses.items(), key=lambda one: one[0] != FIRST_COURSE))


def _each(folder: Path, model: type[_Named]) -> dict[str, _Named]:
    found: dict[str, _Named] = {}
    for file in sorted(folder.glob("*.yaml")):
        one = read_model(file, model)
        if one.id != file.stem:
            raise CatalogueError(file, 1, f"id is {one.id!r}", remedy=f"name it {file.stem!r}, as its file")
        found[one.id] = one
    return found
