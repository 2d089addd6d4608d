"""Ten questions, and the plan that follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from donghaeng.errors import DonghaengError, InputError
from donghaeng.learning import own_plan
from donghaeng.learning.certificate_pdf import day
from donghaeng.learning.curriculum import Step
from donghaeng.learning.desk import Own
from donghaeng.learning.intake import MOST_TASKS
from donghaeng.learning.loading import Learning
from donghaeng.learning.own_plan import OwnPlan
from donghaeng.web.console.rendering import part
from donghaeng.web.console.session import read_fields
from donghaeng.web.office.learning.common import ROOT, Here, Learner, go_to, show
from donghaeng.web.services import LearningServices

MOST_FIELDS = 60
PLAIN = ("role", "experience", "regularity", "confidence", "network", "data_grade", "access")

router = APIRouter(include_in_schema=False)


@router.api_route(f"{ROOT}/intake", methods=["GET", "HEAD"])
async def ask(request: Request, staff: Learner, here: Here) -> Response:
    """The questions, with the answers of last time."""
    own = await here.desk.own(staff.id)
    before = None if own.plan is None else own.plan.intake
    learning = here.desk.learning
    return show(
        request, "learning_intake.html", staff, learning=learning, before=before, most_tasks=MOST_TASKS
    )


@router.post(f"{ROOT}/intake")
async def take(request: Request, staff: Learner, here: Here) -> Response:
    """The answers; leads to the plan."""
    fields = await read_fields(request, most=MOST_FIELDS)
    try:
        await here.desk.take_intake(staff.id, _intake(fields))
    except DonghaengError as error:
        return part("alert.html", error.http_status, words=str(error))
    return go_to(f"{ROOT}/plan")


@router.api_route(f"{ROOT}/plan", methods=["GET", "HEAD"])
async def plan(request: Request, staff: Learner, here: Here) -> Response:
    """The plan, each item with its reason."""
    own = await here.desk.own(staff.id)
    return show(request, "learning_plan.html", staff, **_plan_values(here, own))


@router.post(f"{ROOT}/plan")
async def change(request: Request, staff: Learner, here: Here) -> Response:
    """Move, leave out with a reason, bring back, add, approve: the plan anew."""
    fields = await read_fields(request)
    version = fields.get("version", "")
    try:
        if not version.isdecimal():
            raise InputError("화면을 새로 열어 주세요")

        def work(learning: Learning, now: OwnPlan) -> OwnPlan:
            return _changed(here, learning, now, fields)

        await here.desk.change_plan(staff.id, int(version), work)
    except DonghaengError as error:
        return part("alert.html", error.http_status, words=str(error))
    own = await here.desk.own(staff.id)
    return part("learning_plan_part.html", **_plan_values(here, own), day=day)


def _plan_values(here: LearningServices, own: Own) -> dict[str, Any]:
    learning = here.desk.learning
    there = set() if own.plan is None else {item.step for item in own.plan.items}
    steps = [step for step in learning.curriculum.competences.steps() if str(step) not in there]
    return {"own": own, "learning": learning, "others": steps, "read": Step.read}


def _changed(here: LearningServices, learning: Learning, plan: OwnPlan, fields: Mapping[str, str]) -> OwnPlan:
    curriculum, step = learning.curriculum, fields.get("step", "")
    match fields.get("do"):
        case "up":
            return own_plan.moved(curriculum, plan, step, -1)
        case "down":
            return own_plan.moved(curriculum, plan, step, 1)
        case "out":
            return own_plan.left_out(curriculum, plan, step, fields.get("why", ""))
        case "back":
            return own_plan.brought_back(curriculum, plan, step)
        case "add":
            return own_plan.added(curriculum, plan, step)
        case "approve":
            return own_plan.approved(plan, here.desk.today)
    raise InputError("무엇을 바꿀지 골라 주세요")


def _intake(fields: Mapping[str, str]) -> dict[str, Any]:
    """The fields of the form as the answers that they are; what is missing is left out, and refused later."""
    given: dict[str, Any] = {name: fields[name] for name in PLAIN if fields.get(name)}
    if fields.get("citizen_facing") in ("yes", "no"):
        given["citizen_facing"] = fields["citizen_facing"] == "yes"
    if fields.get("target", "").isdecimal():
        given["target"] = int(fields["target"])
    given["tasks"] = [
        {
            "task": fields[f"task{place}"],
            "times": _number(fields.get(f"times{place}", "")),
            "minutes": _number(fields.get(f"minutes{place}", "")),
        }
        for place in range(MOST_TASKS)
        if fields.get(f"task{place}")
    ]
    return given


def _number(words: str) -> int:
    return int(words) if words.isdecimal() and len(words) <= 4 else 0
