"""`/v1/guardian`: a child or social worker sees receipt and status, by the code that the citizen told them.

The session's token lies in a cookie that no script reads, that is sent from pages of ours alone (SameSite
strict), and that opens nothing else. A code has a million values and lives half an hour, so trying is what is
limited (:data:`donghaeng.web.limits.LIMITS`): a few tries for an address, and some sixty in that half hour
for all together.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from donghaeng.conversation.guardianship import Guardianship
from donghaeng.conversation.how_far import Status
from donghaeng.errors import UnknownCode
from donghaeng.web import problems
from donghaeng.web.bodies import CODE, described, read_json
from donghaeng.web.limits import address_of
from donghaeng.web.problems import ProblemError, documented
from donghaeng.web.services import Services, limits_of

COOKIE: Final = "donghaeng_guardian"
KEPT_SECONDS: Final = 400 * 86_400
"""As long as browsers keep a cookie; the consent ends before."""
PATH: Final = "/v1/guardian"

router = APIRouter(prefix=PATH, tags=["guardian"])


class RequestSeen(BaseModel):
    """All that is seen of a request."""

    model_config = ConfigDict(extra="forbid")

    receipt: str
    service: str = Field(description="name of the service")
    status: Status = Field(description="how far the city says it is, else accepted or cancelled")
    made_at: datetime
    cancelled_at: datetime | None


class GuardianView(BaseModel):
    """What a session shows."""

    model_config = ConfigDict(extra="forbid")

    until: datetime = Field(description="when the consent ends by itself")
    requests: list[RequestSeen]


async def guardianship(services: Services) -> Guardianship:
    """Who shows.

    Raises:
        ProblemError: nobody here.
    """
    if services.guardianship is None:
        raise ProblemError(problems.NOT_FOUND, "nobody is let see requests here")
    return services.guardianship


Guardians = Annotated[Guardianship, Depends(guardianship)]


@router.post(
    "/sessions",
    status_code=204,
    response_class=Response,
    responses=documented(
        problems.MALFORMED,
        problems.TOO_SLOW,
        problems.TOO_LARGE,
        problems.WRONG_MEDIA,
        problems.INVALID,
        problems.NOT_FOUND,
        problems.UNKNOWN_GUARDIAN_CODE,
        problems.TOO_MANY_CODES,
        problems.UNEXPECTED,
        problems.STORE_FAILED,
    ),
    openapi_extra=described("CodeBody"),
)
async def open_session(request: Request, services: Services, guardians: Guardians) -> Response:
    """Begin to see by the code that the citizen was told; it is used up by that."""
    body = await read_json(request, CODE)
    address, limits = address_of(request.scope), limits_of(request)
    limits.check("guardian_codes", address, kind=problems.TOO_MANY_CODES)
    await limits.check_together("guardian_codes_of_all", kind=problems.TOO_MANY_CODES)
    try:
        token = await guardians.open(body.code, address)
    except UnknownCode:
        raise ProblemError(problems.UNKNOWN_GUARDIAN_CODE, "no such code, or used, or too old") from None
    response = Response(status_code=204)
    _keep(request, response, token, KEPT_SECONDS)
    return response


@router.get(
    "/requests",
    responses=documented(
        problems.NO_GUARDIAN_SESSION,
        problems.NOT_FOUND,
        problems.GUARDIAN_ENDED,
        problems.UNEXPECTED,
        problems.STORE_FAILED,
    ),
)
async def see(request: Request, guardians: Guardians) -> GuardianView:
    """What the citizen requested: receipt, service, status and dates alone. Every look is recorded."""
    try:
        view = await guardians.look(_token(request), address_of(request.scope))
    except UnknownCode:
        raise ProblemError(problems.NO_GUARDIAN_SESSION, "no session; begin with a code") from None
    rows = [
        RequestSeen(
            receipt=row.receipt,
            service=row.service,
            status=row.status,
            made_at=row.made_at,
            cancelled_at=row.cancelled_at,
        )
        for row in view.rows
    ]
    return GuardianView(until=view.until, requests=rows)


@router.delete(
    "/sessions/mine",
    status_code=204,
    response_class=Response,
    responses=documented(
        problems.NO_GUARDIAN_SESSION, problems.NOT_FOUND, problems.UNEXPECTED, problems.STORE_FAILED
    ),
)
async def leave(request: Request, guardians: Guardians) -> Response:
    """End the session on this device; another one needs another code."""
    await guardians.leave(_token(request))
    response = Response(status_code=204)
    _keep(request, response, "", 0)
    return response


def _token(request: Request) -> str:
    token = request.cookies.get(COOKIE)
    if not token:
        raise ProblemError(problems.NO_GUARDIAN_SESSION, "no session; begin with a code")
    return token


def _keep(request: Request, response: Response, token: str, seconds: int) -> None:
    """Keep the token in the browser for so many seconds; 0 takes it away."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=seconds,
        path=PATH,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
