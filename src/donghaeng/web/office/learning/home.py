"""The learners' first page, and their competences."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from donghaeng.learning.planning import targets_of
from donghaeng.web.office.learning.common import ROOT, Here, Learner, show

router = APIRouter(include_in_schema=False)


@router.api_route(ROOT, methods=["GET", "HEAD"])
async def first(request: Request, staff: Learner, here: Here) -> Response:
    """What is next."""
    own = await here.desk.own(staff.id)
    learning = here.desk.learning
    going = () if own.plan is None else own.plan.going
    step = next((item for item in going if item.step not in own.steps), None)
    left = [one for one in learning.lesson_of(step.step) if one.id not in own.quizzes] if step else []
    there = learning.lessons
    found = await here.desk.proposed(staff.id)
    proposed = [(one, there[one.lesson]) for one in found if one.lesson in there]
    return show(
        request, "learning.html", staff, own=own, step=step, left=left, proposed=proposed, learning=learning
    )


@router.api_route(f"{ROOT}/competences", methods=["GET", "HEAD"])
async def competences(request: Request, staff: Learner, here: Here) -> Response:
    """Every competence with its levels, and how far this learner is."""
    own = await here.desk.own(staff.id)
    curriculum = here.desk.learning.curriculum
    targets = {} if own.plan is None else targets_of(curriculum, own.plan.intake)
    return show(request, "learning_competences.html", staff, own=own, curriculum=curriculum, targets=targets)
