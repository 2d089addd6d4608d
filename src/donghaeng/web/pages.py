"""The citizen page at `/`, pages for operators and testers, their files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

PAGE_FOLDER: Final = Path(__file__).parent / "page"
REVALIDATE: Final = "no-cache"
"""Files may be kept but are asked about each time, so that a new version shows at once."""

router = APIRouter(include_in_schema=False)


class PageFiles(StaticFiles):
    """Static files that browsers ask about each time."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """As Starlette does, with a cache rule."""
        response: Response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = REVALIDATE
        return response


def _page(name: str) -> FileResponse:
    return FileResponse(PAGE_FOLDER / name, headers={"Cache-Control": REVALIDATE})


@router.api_route("/", methods=["GET", "HEAD"])
async def citizen_page() -> FileResponse:
    """The citizen page."""
    return _page("index.html")


@router.api_route("/kiosk", methods=["GET", "HEAD"])
async def kiosk(request: Request) -> RedirectResponse:
    """The citizen page as a kiosk shows it; what the operator set goes along."""
    query = f"&{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/?kiosk=1{query}", status_code=307)


@router.api_route("/practice", methods=["GET", "HEAD"])
async def practice() -> RedirectResponse:
    """The citizen page, where practice begins at once."""
    return RedirectResponse("/?begin=practice", status_code=307)


@router.api_route("/kiosk/screen", methods=["GET", "HEAD"])
async def kiosk_screen() -> FileResponse:
    """Where the operator measures a kiosk's screen."""
    return _page("screen.html")


@router.api_route("/listen", methods=["GET", "HEAD"])
async def listening_page() -> FileResponse:
    """Where testers hear and rate samples."""
    return _page("listen.html")


@router.api_route("/guardian", methods=["GET", "HEAD"])
async def guardian_page() -> FileResponse:
    """Where a child or social worker sees receipt and status of requests."""
    return _page("guardian.html")


@router.api_route("/favicon.ico", methods=["GET", "HEAD"])
async def icon() -> RedirectResponse:
    """Browsers that ignore the page's own icon link ask here."""
    return RedirectResponse("/page/icon.svg", status_code=308)
