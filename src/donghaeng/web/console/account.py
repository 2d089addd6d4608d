"""`/console/account`: one's own logins and password."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from donghaeng.errors import InputError
from donghaeng.people.accounts import IDLE, MOST_SESSIONS, WHOLE, Staff
from donghaeng.trust.passwords import LEAST
from donghaeng.trust.permissions import Permission
from donghaeng.web.console.login import TOO_MANY, LoginTries, leave
from donghaeng.web.console.rendering import page, part
from donghaeng.web.console.session import accounts_of, read_fields, requires, session_token
from donghaeng.web.limits import address_of

ADDRESS: Final = "/console/account"
WRONG: Final = "지금 비밀번호가 맞지 않아요."
DIFFERENT: Final = "새 비밀번호 두 개가 서로 달라요."
REFUSED: Final = (
    "이 비밀번호는 쓸 수 없어요. {least}자 넘게, 이름이 들어가지 않게, 쉽게 짐작할 수 없게 지어 주세요."
)
CHANGED: Final = "비밀번호를 바꿨어요. 다른 곳의 로그인은 모두 끝냈어요."

router = APIRouter(include_in_schema=False)
Anybody = Annotated[Staff, Depends(requires(Permission.CONSOLE))]


@router.api_route(ADDRESS, methods=["GET", "HEAD"])
async def show(request: Request, staff: Anybody) -> Response:
    """Where somebody is logged in, and the form for another password."""
    return page(
        request,
        "account.html",
        staff,
        sessions=await accounts_of(request).sessions(staff),
        idle_minutes=int(IDLE.total_seconds() // 60),
        whole_hours=int(WHOLE.total_seconds() // 3600),
        most=MOST_SESSIONS,
    )


@router.post(f"{ADDRESS}/leave")
async def leave_everywhere(request: Request, staff: Anybody) -> Response:
    """End every login of one's own, this one too."""
    await accounts_of(request).logout_everywhere(staff)
    return await leave(request, staff)


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
