"""The chat that other pages of the city show: `/widget.js`, their one script tag, and `/widget`, its frame.

Both exist only where the settings name origins that may show it (docs/decisions/0024-text-channels.md).
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from starlette.responses import FileResponse

from donghaeng.web import problems
from donghaeng.web.pages import PAGE_FOLDER, REVALIDATE
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import Services
from donghaeng.web.shell import content_security_policy

SHOWN_ELSEWHERE: Final = {"Cache-Control": REVALIDATE, "Cross-Origin-Resource-Policy": "cross-origin"}

router = APIRouter(include_in_schema=False)


async def widget_origins(services: Services) -> tuple[str, ...]:
    """The origins that may show the chat.

    Raises:
        ProblemError: none may.
    """
    origins = services.settings.widget_origins
    if not origins:
        raise ProblemError(problems.NOT_FOUND, "exists only where DONGHAENG_WIDGET_ORIGINS names origins")
    return origins


Origins = Annotated[tuple[str, ...], Depends(widget_origins)]


@router.api_route("/widget.js", methods=["GET", "HEAD"])
async def widget_script(origins: Origins) -> FileResponse:
    """The button of another page."""
    del origins
    return FileResponse(PAGE_FOLDER / "widget.js", headers=SHOWN_ELSEWHERE, media_type="text/javascript")


@router.api_route("/widget", methods=["GET", "HEAD"])
async def widget_frame(origins: Origins) -> FileResponse:
    """What the button opens."""
    policy = content_security_policy(*origins)
    return FileResponse(
        PAGE_FOLDER / "widget.html", headers={**SHOWN_ELSEWHERE, "Content-Security-Policy": policy}
    )
