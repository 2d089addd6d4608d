"""What is wrong with the learning files beyond their form: sources, lengths, words, coverage. Pure.

Whether a file of the project exists is asked of the caller.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from donghaeng.city.services.speaking import sentences, syllables
from donghaeng.korean.reading import read_aloud
from donghaeng.learning.easy_words import hard_words_in
from donghaeng.learning.lesson import OWN_WORDS, Element, Lesson, spoken
from donghaeng.learning.loading import Learning

MOST_SYLLABLES: Final = {"official": 60, "citizen": 40}
"""Of a sentence. Forty letters are the limit of public voice prompts; an official's lesson may be denser."""
_LAW: Final = re.compile(r"(?:법|규정|기준|시행령|조례|지침|N2SF)[^;]*(?:제\d+조|\d\.\d)|^지침 |^N2SF ")
_STUDY: Final = re.compile(r"^연구 .*(?:\b(?:19|20)\d\d\b|doi:|FS\d\d-|말뭉치)")
"""A study with its year, address, number of the proceedings or its corpus."""
_FILE: Final = re.compile(r"^(?:docs|catalogue|src)/[\w./-]+$")
_FACT: Final = re.compile(r"\d|제\s*[일이삼사오육칠팔구십]+\s*조")
_POLITE: Final = re.compile(r"(?:요|죠|까|다|세요|니다)[.?!]*['\"’”]?[.?!]?$")
_QUOTED: Final = re.compile(r"'[^']*'")
_PLAIN_FORM: Final = re.compile(r"(?<!니)다[.?!]*$")
"""해라체: an order or a statement that is not polite."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    where: str
    message: str


def check_learning(learning: Learning, exists: Callable[[str], bool]) -> list[Finding]:
    """Everything that is wrong.

    Args:
        learning: what was read.
        exists: whether a file of the project (``docs/desk.md``) is there.
    """
    found = list(_coverage(learning))
    for lesson in learning.lessons.values():
        found += [Finding(lesson.id, message) for message in _lesson(learning, lesson, exists)]
    for elder in learning.elders.values():
        found += [Finding(elder.id, message) for message in _sources(elder.sources, exists)]
    return found


def _coverage(learning: Learning) -> Iterator[Finding]:
    for step in learning.curriculum.competences.steps():
        if not learning.lesson_of(str(step)):
            yield Finding(str(step), "has no lesson")
    named = [(rule.id, name) for rule in learning.certificates.certificates for name in rule.lessons]
    named += [(signal.id, signal.lesson) for signal in learning.signals.signals]
    for where, name in named:
        if name not in learning.lessons:
            yield Finding(where, f"names the lesson {name!r}, which is absent")
    roles = learning.curriculum.roles
    known = {one.id for one in learning.curriculum.competences.competences}
    for name, role in roles.roles.items():
        lost = set(role.up_to) - known
        if lost:
            yield Finding(name, f"names {sorted(lost)[0]}, which is no competence")
    for name, task in roles.tasks.items():
        if set(task.uses) - known:
            yield Finding(name, f"uses {sorted(set(task.uses) - known)[0]}, which is no competence")


def _lesson(learning: Learning, lesson: Lesson, exists: Callable[[str], bool]) -> Iterator[str]:
    yield from _place(learning, lesson)
    fewest, most = lesson.bounds
    if not fewest <= lesson.minutes <= most:
        yield f"takes {lesson.minutes:.1f} minutes, not {fewest:g} to {most:g}"
    for paragraph in lesson.text:
        if paragraph.source == OWN_WORDS:
            if _FACT.search(paragraph.say):
                yield f"states a figure or an article as own words: {paragraph.say[:30]!r}"
        else:
            yield from _sources((paragraph.source,), exists)
    rights = {item.right for item in lesson.quiz}
    if len(lesson.quiz) > 2 and len(rights) == 1:
        yield "has the right answer always at the same place"
    yield from _words(learning, lesson)


def _place(learning: Learning, lesson: Lesson) -> Iterator[str]:
    if lesson.audience == "official":
        if lesson.step is None:
            yield "names no step"
        elif lesson.step not in map(str, learning.curriculum.competences.steps()):
            yield f"is of {lesson.step}, which is not taught"
    else:
        lost = set(get_args(Element)) - {paragraph.element for paragraph in lesson.text}
        if lost:
            yield f"lacks {', '.join(sorted(lost))} of the four elements of 디지털포용법 제14조 제4항"
    elder = lesson.practice.elder
    if (lesson.practice.kind == "elder") != (elder is not None):
        yield "names a simulated citizen without practising with one, or the other way round"
    elif elder is not None and elder not in learning.elders:
        yield f"practises with {elder!r}, who is absent"


def _sources(sources: Sequence[str], exists: Callable[[str], bool]) -> Iterator[str]:
    for source in sources:
        for part in (one.strip() for one in source.split(";")):
            if _FILE.match(part):
                if not exists(part):
                    yield f"names {part}, which is absent"
            elif not (_LAW.search(part) or _STUDY.search(part)):
                yield f"names no source that can be looked up: {part!r}"


def _words(learning: Learning, lesson: Lesson) -> Iterator[str]:
    most = MOST_SYLLABLES[lesson.audience]
    told = [*(one.say for one in lesson.text), lesson.practice.task, *(item.why for item in lesson.quiz)]
    for text in told:
        for sentence in sentences(text):
            count = syllables(read_aloud(sentence))
            if count > most:
                yield f"has a sentence of {count} syllables, more than {most}: {sentence[:40]!r}"
    for text in (*(one.say for one in lesson.text), *(item.why for item in lesson.quiz)):
        # What is quoted as an example is not said to the learner, and holds marks of its own.
        for sentence in sentences(_QUOTED.sub("말", text)):
            bare = sentence.strip("'’ ")
            if set(bare.split()) <= {"말"}:
                continue
            if not _POLITE.search(bare) or _PLAIN_FORM.search(bare):
                yield f"has a sentence that is not polite: {sentence[:40]!r}"
    everything = " ".join(spoken(lesson))
    known = learning.officials_know if lesson.audience == "official" else frozenset()
    for word in hard_words_in(everything, "", learning.hard_words):
        if word in known:
            continue
        yield f"uses {word!r} without {learning.hard_words[word]!r}"
