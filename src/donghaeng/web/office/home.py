"""`/office/`: the first page of the officials' assistant."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donghaeng.people.accounts import Staff
from donghaeng.trust.permissions import Permission
from donghaeng.web.console.rendering import page
from donghaeng.web.console.session import OFFICE, requires
from donghaeng.web.office.sections import sections_for

router = APIRouter(include_in_schema=False)


@router.api_route(OFFICE.rstrip("/"), methods=["GET", "HEAD"])
async def without_slash() -> RedirectResponse:
    """Lead to the assistant."""
    return RedirectResponse(OFFICE, status_code=308)


@router.api_route(OFFICE, methods=["GET", "HEAD"])
async def home(request: Request, staff: Annotated[Staff, Depends(requires(Permission.LEARNING))]) -> Response:
    """The tools that somebody may use."""
    return page(request, "office_home.html", staff, sections=sections_for(staff))
