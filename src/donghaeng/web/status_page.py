"""`/status`: for anybody, in a few words, whether the automatic guidance can be used now and whom to call.

Versions, engines and addresses are for those who keep the server (`/console/status`).
"""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from donghaeng.web.console.rendering import render
from donghaeng.web.services import services_of
from donghaeng.web.system import System

ADDRESS: Final = "/status"
MOST_NAMED: Final = 5
"""Services that are named one by one."""

router = APIRouter(include_in_schema=False)


@router.api_route(ADDRESS, methods=["GET", "HEAD"])
async def show(request: Request) -> Response:
    """The page."""
    watch = services_of(request).system
    words, details = sentences(await watch.look()) if watch is not None else (USABLE, "")
    html = render("public_status.html", words=words, details=details)
    return HTMLResponse(html, headers={"Cache-Control": "no-store"})


USABLE: Final = "지금 자동 안내를 쓸 수 있어요."
SILENT: Final = "지금은 자동 안내를 쉬고 있어요."
NOTHING_KEPT: Final = "지금은 신청을 받을 수 없어요."
IN_PART: Final = "자동 안내를 쓸 수 있지만, 일부 안내가 늦거나 안 될 수 있어요."


def sentences(system: System) -> tuple[str, str]:
    """What a citizen is told: one sentence, and one with what is concerned (may be empty)."""
    if system.off:
        return SILENT, ""
    if system.standing is None:
        return NOTHING_KEPT, ""
    if not system.affected:
        return USABLE, ""
    named = ", ".join(system.affected[:MOST_NAMED])
    more = len(system.affected) - MOST_NAMED
    return IN_PART, f"지금 어려운 안내: {named}{f' 외 {more}가지' if more > 0 else ''}"
