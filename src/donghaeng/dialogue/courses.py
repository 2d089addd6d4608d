"""Short courses by voice: a few are offered, one is read piece by piece, and a wrong answer is no fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from donghaeng.dialogue import commands
from donghaeng.dialogue.course import Course, CourseQuestion
from donghaeng.dialogue.events import Missed
from donghaeng.dialogue.filling import put_question
from donghaeng.dialogue.learning_events import CourseLeft, CoursePaused, CourseRead, CoursesOffered
from donghaeng.dialogue.open_acts import LED_NOWHERE
from donghaeng.dialogue.questions import MAX_OPTIONS, offer_person
from donghaeng.dialogue.state import CoursePlace
from donghaeng.dialogue.turn import Turn
from donghaeng.dialogue.wording import choice_card
from donghaeng.understanding.acts import Act, ActKind
from donghaeng.understanding.text import compact

PERSON: Final = "상담"
LONGEST_ENDING: Final = 3
"""Syllables that may follow a name ("다시요", "주문 기계로요")."""


def learn(turn: Turn, act: Act) -> None:
    """Offer the first few courses; whoever has something in hand is told to bring that to its end first."""
    del act
    if not turn.courses:
        turn.phrase("no_courses")
        put_question(turn)
        return
    if turn.state.frame is not None:
        turn.phrase("courses_later")
        put_question(turn)
        return
    turn.phrase("courses")
    _offer(turn, 0)


def next_piece(turn: Turn, act: Act) -> None:
    """The next piece of a course where one is read; else on with what is in hand."""
    if turn.state.course is None:
        commands.go_on(turn, act)
    else:
        _go_on(turn, act)


def handler_in_course(turn: Turn, act: Act) -> Callable[[Turn, Act], None] | None:
    """What answers an act otherwise while a course is read and no service is in hand."""
    place = turn.state.course
    if place is None or turn.state.frame is not None or turn.state.guesses or turn.state.offer:
        return None
    handler = _named(turn, place) or _HANDLERS.get(act.kind)
    if handler is None and place.choices and act.kind not in _LEAVE_OPEN:
        turn.emit(CoursePaused())
    return handler


def _named(turn: Turn, place: CoursePlace) -> Callable[[Turn, Act], None] | None:
    """What takes the name of a course, or an answer, that is said as it stands, whatever else it may mean
    elsewhere: "다시" may be the right answer, and "전화 사기 막는 법" is no call for help. "상담사" calls a
    person even where it is the right answer: the others are told by their numbers too."""
    said = compact(turn.heard)
    if said.startswith(PERSON):
        return None
    if place.course is None:
        titles = {name: compact(course.title) for name, course in turn.courses.items()}
        name = next((name for name, title in titles.items() if _is_said(title, said)), None)
        return None if name is None else lambda turn, act: _read(turn, name, 0)
    found = [number for number, choice in enumerate(place.choices) if _is_said(compact(choice), said)]
    return None if len(found) != 1 else lambda turn, act: _choose(turn, replace(act, detail=str(found[0])))


def _is_said(label: str, said: str) -> bool:
    return said.startswith(label) and len(said) - len(label) <= LONGEST_ENDING


def _offer(turn: Turn, first: int) -> None:
    names = list(turn.courses)[first : first + MAX_OPTIONS]
    titles = [turn.courses[name].title for name in names]
    turn.emit(CoursesOffered(tuple(names), tuple(titles)))
    more = first + MAX_OPTIONS < len(turn.courses)
    turn.phrase("courses_which_more" if more else "courses_which", titles=_numbered(titles))
    turn.show(choice_card([*titles, *([turn.phrases("course_next")] if more else [])]))


def _go_on(turn: Turn, act: Act) -> None:
    """A yes or "다음": the next piece, or the next few courses; a question stays until it is answered."""
    place = turn.state.course
    assert place is not None
    course = turn.courses.get(place.course or "")
    if course is None:
        names = list(turn.courses)
        after = names.index(place.offered[-1]) + 1 if place.offered and place.offered[-1] in names else 0
        _offer(turn, after if after < len(names) else 0)
    elif _question_at(course, place) is not None and (act.kind is not ActKind.NEXT or not place.choices):
        _read(turn, place.course or "", place.step)
    else:
        _read(turn, place.course or "", place.step + 1)


def _choose(turn: Turn, act: Act) -> None:
    """One of the courses offered, or an answer."""
    place = turn.state.course
    assert place is not None
    index = int(act.detail) if act.detail and act.detail.isdigit() else -1
    course = turn.courses.get(place.course or "")
    if course is None:
        if 0 <= index < len(place.offered):
            _read(turn, place.offered[index], 0)
        else:
            _repeat(turn, act)
        return
    question = _question_at(course, place)
    if question is None or not 0 <= index < len(question.choices):
        _repeat(turn, act)
        return
    turn.phrase("course_right" if index == question.right else "course_almost")
    turn.say(question.why)
    _read(turn, place.course or "", place.step + 1)


def _read(turn: Turn, name: str, step: int) -> None:
    course = turn.courses[name]
    if step >= len(course.pieces) + len(course.questions):
        turn.emit(CourseLeft(name, finished=True))
        turn.phrase("course_done", title=course.title)
        return
    place = CoursePlace(course=name, step=step)
    question = _question_at(course, place)
    turn.emit(CourseRead(name, step, question.choices if question is not None else ()))
    if question is not None:
        _ask(turn, course, place)
        return
    if step == 0:
        turn.phrase("course_begins", title=course.title, count=len(course.pieces))
    turn.say(course.pieces[step])
    turn.phrase("course_go_on" if step == 0 else "course_go_on_shortly")
    ways = [turn.phrases("course_next"), turn.phrases("course_again"), turn.phrases("course_stop")]
    turn.show(choice_card(ways))


def _ask(turn: Turn, course: Course, place: CoursePlace) -> None:
    question = _question_at(course, place)
    assert question is not None
    turn.say(question.ask)
    turn.phrase("course_choices", choices=_numbered(question.choices))
    turn.show(choice_card(list(question.choices)))


def _numbered(labels: Sequence[str]) -> list[str]:
    return [f"{number}번 {label}" for number, label in enumerate(labels, 1)]


def _question_at(course: Course, place: CoursePlace) -> CourseQuestion | None:
    asked = place.step - len(course.pieces)
    return course.questions[asked] if 0 <= asked < len(course.questions) else None


def _stop(turn: Turn, act: Act) -> None:
    """Stop; it can be begun anew at any time."""
    del act
    place = turn.state.course
    assert place is not None
    turn.emit(CourseLeft(place.course or "", finished=False))
    turn.phrase("course_stopped")


def _repeat(turn: Turn, act: Act) -> None:
    """Words that were no answer: what may be said, and the same again; a person where that helps no more,
    but in practice, where mistakes are what it is for."""
    if act.kind in LED_NOWHERE and not turn.state.practice:
        turn.emit(Missed())
        if turn.state.misses >= commands.MISSES_BEFORE_PERSON:
            offer_person(turn)
            return
    place = turn.state.course
    assert place is not None
    course = turn.courses.get(place.course or "")
    turn.phrase("course_hint")
    if course is None:
        first = list(turn.courses).index(place.offered[0]) if place.offered else 0
        _offer(turn, first)
    elif _question_at(course, place) is not None:
        _ask(turn, course, place)


_LEAVE_OPEN: Final = frozenset(
    {ActKind.REPEAT, ActKind.SLOWER, ActKind.FASTER, ActKind.LOUDER, ActKind.QUIETER}
)
"""Acts after which a question of a course still stands; any other leaves it until "다음"."""
_HANDLERS: Final[Mapping[ActKind, Callable[[Turn, Act], None]]] = {
    ActKind.CHOOSE: _choose,
    ActKind.NEXT: _go_on,
    ActKind.CONTINUE: _go_on,
    ActKind.CONFIRM: _go_on,
    ActKind.SKIP: _go_on,
    ActKind.CANCEL: _stop,
    ActKind.DENY: _stop,
    ActKind.DONT_KNOW: _repeat,
    ActKind.UNCLEAR: _repeat,
    ActKind.SILENCE: _repeat,
}
