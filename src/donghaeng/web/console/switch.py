"""`/console/switch`: the off switch. Off in two steps with a reason, on in one; each time is recorded."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from donghaeng.conversation.machine_switch import MOST_REASON, MachineSwitch
from donghaeng.people.accounts import Staff
from donghaeng.trust.permissions import Permission
from donghaeng.web import problems
from donghaeng.web.console.rendering import page, part
from donghaeng.web.console.session import read_fields, requires
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import services_of

ADDRESS = "/console/switch"
NO_REASON = "왜 끄는지 적어 주세요."

router = APIRouter(include_in_schema=False)
May = Annotated[Staff, Depends(requires(Permission.SWITCH))]


@router.api_route(ADDRESS, methods=["GET", "HEAD"])
async def show(request: Request, staff: May) -> Response:
    """How it stands, and who switched it when and why."""
    switch = _switch_of(request)
    return page(
        request,
        "switch.html",
        staff,
        off=switch.off,
        held=switch.held,
        rows=await switch.history(),
        most=MOST_REASON,
    )


@router.post(f"{ADDRESS}/ask")
async def ask(request: Request, staff: May) -> Response:
    """The first step: what will happen, and the reason asked for."""
    return part("switch_ask.html", words=None, most=MOST_REASON)


@router.post(f"{ADDRESS}/off")
async def turn_off(request: Request, staff: May) -> Response:
    """The second step: the machine is silent from now on."""
    reason = (await read_fields(request)).get("reason", "").strip()
    if not reason:
        return part("switch_ask.html", words=NO_REASON, most=MOST_REASON)
    await _switch_of(request).turn(off=True, by=staff.name, reason=reason)
    return _again()


@router.post(f"{ADDRESS}/on")
async def turn_on(request: Request, staff: May) -> Response:
    """The machine answers again."""
    await _switch_of(request).turn(off=False, by=staff.name)
    return _again()


def _again() -> Response:
    return Response(status_code=204, headers={"HX-Redirect": ADDRESS, "Cache-Control": "no-store"})


def _switch_of(request: Request) -> MachineSwitch:
    switch = services_of(request).switch
    if switch is None:
        raise ProblemError(problems.NOT_FOUND, "this server has no off switch")
    return switch
