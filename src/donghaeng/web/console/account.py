"""`/console/account`: one's own logins and password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from donghaeng.errors import InputError
from donghaeng.people.accounts import IDLE, MOST_SESSIONS, PROVED_LATELY, WHOLE, Staff
from donghaeng.store.staff import session_id
from donghaeng.trust.passwords import LEAST
from donghaeng.trust.permissions import Permission
from donghaeng.web.console.login import TOO_MANY, LoginTries, leave
from donghaeng.web.console.rendering import HEADERS, page, part
from donghaeng.web.console.session import ACCOUNT, accounts_of, read_fields, requires, session_token
from donghaeng.web.limits import address_of

ADDRESS: Final = ACCOUNT
ALL: Final = "all"
WRONG: Final = "지금 비밀번호가 맞지 않아요."
DIFFERENT: Final = "새 비밀번호 두 개가 서로 달라요."
REFUSED: Final = (
    "이 비밀번호는 쓸 수 없어요. {least}자 넘게, 이름이 들어가지 않게, 쉽게 짐작할 수 없게 지어 주세요."
)
NOT_LATELY: Final = "기관 계정으로 다시 로그인한 뒤 {minutes}분 안에 해 주세요."
OVER: Final = "그곳의 로그인은 이미 끝났어요."
CHANGED: Final = "비밀번호를 바꿨어요. 다른 곳의 로그인은 모두 끝냈어요."

router = APIRouter(include_in_schema=False)
Anybody = Annotated[Staff, Depends(requires(Permission.CONSOLE, early=True))]


@router.api_route(ADDRESS, methods=["GET", "HEAD"])
async def show(request: Request, staff: Anybody) -> Response:
    """Where somebody is logged in, and the form for another password."""
    return page(
        request,
        "account.html",
        staff,
        sessions=await accounts_of(request).sessions(staff),
        here=session_id(session_token(request) or ""),
        lately_minutes=int(PROVED_LATELY.total_seconds() // 60),
        idle_minutes=int(IDLE.total_seconds() // 60),
        whole_hours=int(WHOLE.total_seconds() // 3600),
        most=MOST_SESSIONS,
    )


@router.post(f"{ADDRESS}/leave")
async def leave_some(request: Request, staff: Anybody) -> Response:
    """End one login of one's own, or every one, this one too, once it is clear that it is theirs to end."""
    fields = await read_fields(request)
    refusal = await refused_proof(request, staff, fields)
    if refusal is not None:
        return refusal
    accounts, wanted = accounts_of(request), fields.get("session", ALL)
    if wanted == ALL:
        await accounts.logout_everywhere(staff)
        return await leave(request, staff)
    if not await accounts.end_session(staff, wanted):
        return part("alert.html", 422, words=OVER)
    if wanted == session_id(session_token(request) or ""):
        return await leave(request, staff)
    return Response(status_code=204, headers={**HEADERS, "HX-Refresh": "true"})


async def refused_proof(request: Request, staff: Staff, fields: Mapping[str, str]) -> Response | None:
    """The refusal of somebody who does not prove again who they are, by the field ``password`` or by a login
    of just now; None where they do. Tries count as tries to log in do."""
    if staff.way == "password":
        wait = request.app.state.login_tries.take(staff.name, address_of(request.scope))
        if wait:
            return part("alert.html", 429, words=TOO_MANY.format(minutes=int(wait // 60) + 1))
    if await accounts_of(request).proves(staff, fields.get("password", "")):
        return None
    minutes = int(PROVED_LATELY.total_seconds() // 60)
    words = WRONG if staff.way == "password" else NOT_LATELY.format(minutes=minutes)
    return part("alert.html", 422, words=words)


@router.post(f"{ADDRESS}/password")
async def change_password(request: Request, staff: Anybody) -> Response:
    """Take another password from who knows the one in force; tries count as tries to log in do."""
    fields = await read_fields(request)
    tries: LoginTries = request.app.state.login_tries
    wait = tries.take(staff.name, address_of(request.scope))
    if wait:
        return part("alert.html", 429, words=TOO_MANY.format(minutes=int(wait // 60) + 1))
    old, new = fields.get("old", ""), fields.get("new", "")
    if new != fields.get("again", ""):
        return part("alert.html", 422, words=DIFFERENT)
    try:
        done = await accounts_of(request).change_password(
            staff, old, new, keeping=session_token(request) or ""
        )
    except InputError:
        return part("alert.html", 422, words=REFUSED.format(least=LEAST - 1))
    return part("alert.html", words=CHANGED) if done else part("alert.html", 422, words=WRONG)
