"""`/console/tower/ideas`: what officials propose, and the projects that came of it."""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from donghaeng.errors import DonghaengError, InputError
from donghaeng.tower.process import deciding
from donghaeng.tower.process.deciding import Deeds
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import SubjectState
from donghaeng.web.console.rendering import page
from donghaeng.web.console.session import read_fields
from donghaeng.web.console.tower import TOWER, Desk, Member, act, row_of
from donghaeng.web.console.tower_forms import alert, led_to, number_of

IDEAS: Final = f"{TOWER}/ideas"
IDEA: Final = f"{TOWER}/idea/{{identity}}"
NO_BUDGET: Final = "예산은 ‘2027: 30000000’처럼 한 줄에 한 해씩 적어 주세요."
_LINE: Final = re.compile(r"\s*(20\d\d)\s*년?\s*[:=]\s*([\d,]{1,18})\s*원?\s*")

router = APIRouter(include_in_schema=False)
Identity = Annotated[str, Path(max_length=64)]


@router.api_route(IDEAS, methods=["GET", "HEAD"])
async def show(request: Request, staff: Member, desk: Desk) -> Response:
    """Every idea and project, and the form for a new one."""
    today = desk.today()
    ideas = [one for one in await desk.board() if one.subject.kind is Kind.IDEA]
    return page(
        request,
        "tower_ideas.html",
        staff,
        rows=[row_of(desk.rules, one, today) for one in reversed(ideas)],
        total=sum(one.plan.total for one in ideas if one.plan is not None and one.stage != "retired"),
        today=today,
    )


@router.post(IDEAS)
async def propose(request: Request, staff: Member, desk: Desk) -> Response:
    """Take an idea."""
    fields = await read_fields(request)
    words = {name: fields.get(name, "") for name in ("name", "owner", "words")}
    try:
        state = await desk.propose_idea(staff.id, **words)
    except DonghaengError as error:
        return alert(error)
    return led_to(f"{TOWER}/{state.subject}")


@router.post(f"{IDEA}/plan")
async def make_plan(request: Request, staff: Member, desk: Desk, identity: Identity) -> Response:
    """Say who answers for it and what it costs in which year."""

    def decide(state: SubjectState, fields: dict[str, str]) -> Deeds:
        budget = read_budget(fields.get("budget", ""))
        return deciding.make_plan(desk.rules, state, fields.get("owner", ""), budget, desk.today())

    return await act(request, staff, desk, ("idea", identity), done="plan", decide=decide)


@router.post(f"{IDEA}/progress")
async def note_progress(request: Request, staff: Member, desk: Desk, identity: Identity) -> Response:
    """Say how far it has come."""

    def decide(state: SubjectState, fields: dict[str, str]) -> Deeds:
        percent, words = number_of(fields, "percent"), fields.get("words", "")
        return deciding.note_progress(desk.rules, state, percent, words)

    return await act(request, staff, desk, ("idea", identity), done="progress", decide=decide)


def read_budget(written: str) -> dict[int, int]:
    """Year → won, from one line a year.

    Raises:
        InputError: a line is none, or a year stands twice.
    """
    found: dict[int, int] = {}
    for line in written.splitlines():
        if not line.strip():
            continue
        match = _LINE.fullmatch(line)
        if match is None or int(match[1]) in found:
            raise InputError(NO_BUDGET)
        found[int(match[1])] = int(match[2].replace(",", "") or 0)
    return found
