"""`/console/`: the first page of the console, the record of accesses, and the files that pages need."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donghaeng.knowledge.catalogue_sets import CatalogueSet
from donghaeng.knowledge.due import Due, tally
from donghaeng.people.accounts import Staff
from donghaeng.trust.permissions import Permission
from donghaeng.web.console.knowledge import sets_of
from donghaeng.web.console.rendering import page
from donghaeng.web.console.session import HOME, accounts_of, requires
from donghaeng.web.services import services_of

PURPOSES: Final = {
    "handover": "상담",
    "complaint": "민원 처리",
    "quality": "품질 점검",
    "own_request": "본인 요청",
    "investigation": "사고 조사",
    "guardian": "본인 동의로 함께 보기",
}
ACTIONS: Final = {
    "read_transcript": "대화 기록 열람",
    "open_case": "상담 내용 열람",
    "claim": "상담 맡음",
    "listen": "통화 연결",
    "export": "본인에게 사본 제공",
    "erase": "본인 요청으로 지움",
    "guardian_opened": "함께 보기 시작",
    "guardian_looked": "신청 상태 함께 봄",
    "guardian_ended": "본인 요청으로 함께 보기 끝냄",
}

router = APIRouter(include_in_schema=False)


@router.api_route("/console", methods=["GET", "HEAD"])
async def without_slash() -> RedirectResponse:
    """Lead to the console."""
    return RedirectResponse(HOME, status_code=308)


@router.api_route(HOME, methods=["GET", "HEAD"])
async def home(request: Request, staff: Annotated[Staff, Depends(requires(Permission.CONSOLE))]) -> Response:
    """What somebody may do here, and which documents wait for who keeps them."""
    shelf = services_of(request).shelf
    counts: Counter[Due] | None = None
    sets: list[CatalogueSet] = []
    if shelf is not None and staff.may(Permission.KNOWLEDGE_EDIT):
        counts = await shelf.do(lambda library: tally(library.due_soon(), library.today()))
        sets = await sets_of(request, await shelf.do(lambda library: library.today()))
    due_sets = sum(one.standing is not Due.NOT for one in sets)
    return page(request, "home.html", staff, counts=counts, due_sets=due_sets)


@router.api_route("/console/accesses", methods=["GET", "HEAD"])
async def show_accesses(
    request: Request, staff: Annotated[Staff, Depends(requires(Permission.ACCESSES_READ))]
) -> Response:
    """Who looked at which conversation."""
    rows = await accounts_of(request).accesses()
    return page(request, "accesses.html", staff, rows=rows, actions=ACTIONS, purposes=PURPOSES)
