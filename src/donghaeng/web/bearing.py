"""Whose a call on a conversation is: the bearer token's, or that of staff who may read any transcript."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from fastapi import Depends, Query
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from donghaeng.store.accesses import Purpose
from donghaeng.trust.permissions import Permission
from donghaeng.web import problems
from donghaeng.web.console.session import session_token
from donghaeng.web.limits import address_of
from donghaeng.web.problems import FieldProblem, ProblemError
from donghaeng.web.services import services_of

TOKEN_LIMIT: Final = 500
StaffReader = Callable[[str], Awaitable[dict[str, Any]]]
"""Gives the transcript of a conversation by its id, and records who looked."""

_bearer = HTTPBearer(
    auto_error=False, description="the token of the conversation's first reply", bearerFormat="opaque"
)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


async def bearer_token(credentials: Credentials) -> str:
    """The bearer token of the request.

    Raises:
        ProblemError: there is none.
    """
    token = credentials.credentials.strip() if credentials else ""
    if not token or len(token) > TOKEN_LIMIT:
        raise ProblemError(
            problems.UNAUTHORISED,
            "send Authorization: Bearer with the token of the conversation's first reply",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return token


Token = Annotated[str, Depends(bearer_token)]


async def transcript_reader(
    request: Request,
    credentials: Credentials,
    purpose: Annotated[
        Purpose | None, Query(description="what staff look for; only with a login of staff")
    ] = None,
) -> str | StaffReader:
    """The bearer token, or how staff who are logged in read.

    Raises:
        ProblemError: neither is there, the role may not read transcripts, or no purpose is named.
    """
    services = services_of(request)
    session = session_token(request)
    accounts, read = services.staff, services.transcript_for_staff
    if credentials is not None or session is None or accounts is None or read is None:
        return await bearer_token(credentials)
    staff = await accounts.find(session)
    if staff is None:
        return await bearer_token(None)
    if not staff.may(Permission.TRANSCRIPT_READ):
        raise ProblemError(problems.NOT_ALLOWED, f"the role {staff.role} may not read transcripts")
    if purpose is None:
        wrong = FieldProblem(pointer="query:purpose", detail="staff say what they read a transcript for")
        raise ProblemError(problems.INVALID, "a purpose is missing", errors=[wrong])

    async def recorded(conversation: str) -> dict[str, Any]:
        found = await read(conversation)
        address = address_of(request.scope)
        await accounts.note_access(staff, address, conversation, "read_transcript", purpose)
        return found

    return recorded
