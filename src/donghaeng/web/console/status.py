"""`/console/status`: how the installation stands, as it changes. For who keeps it, not for citizens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, format_sse_event
from starlette.requests import Request
from starlette.responses import Response

from donghaeng.people.accounts import Staff
from donghaeng.trust.permissions import Permission
from donghaeng.web import problems
from donghaeng.web.console.rendering import HEADERS, page, render
from donghaeng.web.console.session import accounts_of, requires, session_token
from donghaeng.web.console.status_words import rows_of
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import services_of
from donghaeng.web.system import SystemWatch

ADDRESS: Final = "/console/status"
LOOK_SECONDS: Final = 3.0
"""Between two looks of an open page."""
SILENT_LOOKS: Final = 5
"""Looks without news after which the stream says that it is still there."""

router = APIRouter(include_in_schema=False)


@router.api_route(ADDRESS, methods=["GET", "HEAD"])
async def show(request: Request, staff: Annotated[Staff, Depends(requires(Permission.STATUS))]) -> Response:
    """The page."""
    return page(request, "status.html", staff, parts=await _parts(_watch_of(request)))


@router.get(f"{ADDRESS}/events")
async def events(
    request: Request, staff: Annotated[Staff, Depends(requires(Permission.STATUS, doing=False))]
) -> Response:
    """The same, whenever it changes."""
    token = session_token(request) or ""

    async def logged_in() -> bool:
        found = await accounts_of(request).find(token, doing=False)
        return found is not None and found.may(Permission.STATUS)

    return EventSourceResponse(changes(_watch_of(request), logged_in), headers=HEADERS)


async def changes(
    watch: SystemWatch,
    logged_in: Callable[[], Awaitable[bool]],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[bytes]:
    """``status`` events with the page's parts as HTML: one at once, then whenever they change; ``over`` when
    the login is."""
    before, silent = "", 0
    while True:
        if not await logged_in():
            yield format_sse_event(event="status", data_str=render("status_over.html", address=ADDRESS))
            yield format_sse_event(event="over", data_str="login")
            return
        parts = await _parts(watch)
        if parts != before:
            before, silent = parts, 0
            yield format_sse_event(event="status", data_str=parts)
        else:
            silent += 1
            if silent % SILENT_LOOKS == 0:
                yield format_sse_event(comment="still here")
        await sleep(LOOK_SECONDS)


async def _parts(watch: SystemWatch) -> str:
    return render("status_parts.html", rows=rows_of(await watch.look()))


def _watch_of(request: Request) -> SystemWatch:
    watch = services_of(request).system
    if watch is None:
        raise ProblemError(problems.NOT_FOUND, "nobody looks at this server")
    return watch
