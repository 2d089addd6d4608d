"""Projects: handed in by their author, judged by another person."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import Response

from donghaeng.errors import DonghaengError, InputError, UnknownRecord
from donghaeng.people.accounts import Staff
from donghaeng.trust.permissions import Permission
from donghaeng.web import problems
from donghaeng.web.console.rendering import part
from donghaeng.web.console.session import read_fields, requires
from donghaeng.web.office.learning.common import ROOT, Here, Learner, go_to, show
from donghaeng.web.problems import ProblemError

PROJECTS: Final = f"{ROOT}/projects"
STATES: Final = {
    "waiting": "다른 분이 살피기를 기다려요",
    "passed": "통과했어요",
    "again": "고쳐서 다시 내 주세요",
    "replaced": "새로 낸 것으로 바뀌었어요",
}

router = APIRouter(include_in_schema=False)
Reviewer = Annotated[Staff, Depends(requires(Permission.LEARNING_REVIEW))]
ProjectId = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,64}$")]


@router.api_route(PROJECTS, methods=["GET", "HEAD"])
async def listed(request: Request, staff: Learner, here: Here) -> Response:
    """One's own projects, and those of others that wait for one's judgement."""
    reviews = staff.may(Permission.LEARNING_REVIEW)
    return show(
        request,
        "learning_projects.html",
        staff,
        mine=await here.projects.own(staff.id),
        waiting=await here.projects.waiting(staff.id) if reviews else (),
        reviews=reviews,
        rubric=here.desk.learning.rubric,
        states=STATES,
    )


@router.post(PROJECTS)
async def hand_in(request: Request, staff: Learner, here: Here) -> Response:
    """A project, or the next version of one."""
    fields = await read_fields(request)
    try:
        project = await here.projects.hand_in(
            staff.id, fields.get("title", ""), fields.get("text", ""), fields.get("project") or None
        )
    except DonghaengError as error:
        return part("alert.html", error.http_status, words=str(error))
    return go_to(f"{PROJECTS}/{project}")


@router.api_route(f"{PROJECTS}/{{project}}", methods=["GET", "HEAD"])
async def one(request: Request, staff: Learner, here: Here, project: ProjectId) -> Response:
    """A project, for its author and for who judges it."""
    reviews = staff.may(Permission.LEARNING_REVIEW)
    try:
        seen = await here.projects.see(staff.id, project, reviews=reviews)
    except UnknownRecord as error:
        raise ProblemError(problems.NOT_FOUND, str(error)) from None
    return show(
        request,
        "learning_project.html",
        staff,
        seen=seen,
        rubric=here.desk.learning.rubric,
        states=STATES,
    )


@router.post(f"{PROJECTS}/{{project}}/review")
async def review(request: Request, staff: Reviewer, here: Here, project: ProjectId) -> Response:
    """The marks of each criterion and words to the author."""
    fields = await read_fields(request)
    try:
        marks = {
            one.id: int(fields[f"mark.{one.id}"])
            for one in here.desk.learning.rubric.criteria
            if fields.get(f"mark.{one.id}", "") in {"0", "1", "2", "3"}
        }
        if len(marks) < len(here.desk.learning.rubric.criteria):
            raise InputError("모든 잣대에 점수를 골라 주세요")
        version = int(fields["version"]) if fields.get("version", "").isdecimal() else 0
        await here.projects.review(staff.id, project, version, marks, fields.get("words", ""))
    except DonghaengError as error:
        return part("alert.html", error.http_status, words=str(error))
    return go_to(f"{PROJECTS}/{project}")
