"""The catalogue of lessons, a lesson with its quiz, what is asked again, and statistics of quizzes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from donghaeng.errors import DonghaengError, InputError
from donghaeng.learning.certificate_pdf import day
from donghaeng.learning.lesson import Lesson
from donghaeng.learning.loading import Learning
from donghaeng.people.accounts import Staff
from donghaeng.trust.permissions import Permission
from donghaeng.web import problems
from donghaeng.web.console.rendering import part
from donghaeng.web.console.session import read_fields, requires
from donghaeng.web.office.learning.common import ROOT, Here, Learner, Name, show
from donghaeng.web.problems import ProblemError

LESSONS: Final = f"{ROOT}/lessons"
FLAGS: Final = {
    "too_easy": "거의 모두 맞혀요",
    "too_hard": "거의 모두 틀려요",
    "weak": "나머지를 잘 맞히는 사람과 못 맞히는 사람이 갈리지 않아요",
    "misleading": "나머지를 잘 맞히는 사람이 오히려 틀려요",
    "dead_choice": "아무도 고르지 않는 답이 있어요",
}

router = APIRouter(include_in_schema=False)
Author = Annotated[Staff, Depends(requires(Permission.KNOWLEDGE_EDIT))]


@router.api_route(LESSONS, methods=["GET", "HEAD"])
async def listed(request: Request, staff: Learner, here: Here) -> Response:
    """Every lesson, found by words, competence, level and role."""
    own = await here.desk.own(staff.id)
    learning = here.desk.learning
    wanted = {name: request.query_params.get(name, "")[:60] for name in ("q", "competence", "level", "role")}
    found = [one for one in learning.lessons.values() if _fits(learning, one, wanted)]
    return show(
        request, "learning_lessons.html", staff, own=own, learning=learning, wanted=wanted, found=found
    )


@router.api_route(f"{LESSONS}/{{name}}", methods=["GET", "HEAD"])
async def lesson(request: Request, staff: Learner, here: Here, name: Name) -> Response:
    """One lesson: text, sources, practice, quiz."""
    own = await here.desk.own(staff.id)
    found = here.desk.lesson(name)
    if found is None:
        passed = next((one for one in own.passed if one.kind == "quiz" and one.what == name), None)
        status = 200 if passed else 404
        return show(request, "learning_withdrawn.html", staff, status, passed=passed, name=name)
    sound_first = own.plan is not None and own.plan.intake.access == "sound"
    large = own.plan is not None and own.plan.intake.access == "large"
    return show(
        request,
        "learning_lesson.html",
        staff,
        lesson=found,
        own=own,
        learning=here.desk.learning,
        sound_first=sound_first,
        large=large,
        chosen={},
        guessed=frozenset(),
        changed=False,
    )


@router.post(f"{LESSONS}/{{name}}/quiz")
async def quiz(request: Request, staff: Learner, here: Here, name: Name) -> Response:
    """Score the quiz. Where the lesson was changed or withdrawn meanwhile, that is said; nothing is lost."""
    fields = await read_fields(request)
    found = here.desk.lesson(name)
    if found is None:
        words = "이 강의는 방금 거두었어요. 더 하실 것은 없고, 이미 통과한 것은 그대로 남아 있어요."
        return part("learning_gone.html", words=words)
    try:
        chosen = _chosen(fields, len(found.quiz))
        guessed = frozenset(place for place in range(len(found.quiz)) if fields.get(f"guess{place}"))
        version = int(fields["version"]) if fields.get("version", "").isdecimal() else 0
        answers = [chosen.get(place) for place in range(len(found.quiz))]
        if version == found.version and any(one is None for one in answers):
            raise InputError("모든 문제에 답을 골라 주세요. 모르면 골라 보고 '찍었어요'에 표시하세요")
        tried = await here.desk.answer_quiz(staff.id, found, version, answers, guessed)
    except DonghaengError as error:
        return part("alert.html", error.http_status, words=str(error))
    if tried.result is None:
        return part("learning_quiz.html", lesson=found, chosen=chosen, guessed=guessed, changed=True)
    return part("learning_result.html", tried=tried, lesson=found, chosen=chosen, day=day)


@router.api_route(f"{LESSONS}/{{name}}/statistics", methods=["GET", "HEAD"])
async def statistics(request: Request, staff: Author, here: Here, name: Name) -> Response:
    """What first tries say of each question, for who writes lessons; of nobody by name."""
    found = here.desk.lesson(name)
    if found is None:
        raise ProblemError(problems.NOT_FOUND, "no such lesson")
    tries, items = await here.desk.statistics(found)
    return show(
        request, "learning_statistics.html", staff, lesson=found, tries=tries, items=items, flags=FLAGS
    )


@router.api_route(f"{ROOT}/again", methods=["GET", "HEAD"])
async def again(request: Request, staff: Learner, here: Here) -> Response:
    """What is asked again today."""
    return show(request, "learning_again.html", staff, asked=await here.desk.again(staff.id))


@router.post(f"{ROOT}/again")
async def answer_again(request: Request, staff: Learner, here: Here) -> Response:
    """One answer: whether it was right, and why."""
    fields = await read_fields(request)
    answer = fields.get("answer", "")
    try:
        if not answer.isdecimal():
            raise InputError("답을 골라 주세요")
        item, right = await here.desk.answer_again(
            staff.id, fields.get("key", ""), int(answer), sure=not fields.get("guess")
        )
    except DonghaengError as error:
        return part("alert.html", error.http_status, words=str(error))
    return part("learning_again_told.html", item=item, right=right, chosen=int(answer))


def _fits(learning: Learning, lesson: Lesson, wanted: Mapping[str, str]) -> bool:
    competence, _, level = (lesson.step or "").partition("-")
    if wanted["q"]:
        said = " ".join((lesson.title, *(one.say for one in lesson.text)))
        if any(word not in said for word in wanted["q"].split()):
            return False
    if wanted["competence"] and competence != wanted["competence"]:
        return False
    if wanted["level"] and level != wanted["level"]:
        return False
    role = learning.curriculum.roles.roles.get(wanted["role"])
    return role is None or (bool(level) and role.up_to.get(competence, 0) >= int(level))


def _chosen(fields: Mapping[str, str], count: int) -> dict[int, int]:
    """The choice for each question, by its place."""
    found = {}
    for place in range(count):
        answer = fields.get(f"answer{place}", "")
        if answer.isdecimal() and len(answer) == 1:
            found[place] = int(answer)
    return found
