"""`/console/login` and `/console/logout`."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donghaeng.people.accounts import Staff
from donghaeng.trust.permissions import Permission
from donghaeng.trust.tokens import make_token
from donghaeng.web.console.rendering import HEADERS, page
from donghaeng.web.console.session import (
    HOME,
    LOGIN,
    Reason,
    Refused,
    accounts_of,
    csrf_matches,
    csrf_of,
    drop_cookie,
    own_address,
    read_fields,
    requires,
    session_token,
    set_cookie,
)
from donghaeng.web.limits import TokenBuckets, address_of
from donghaeng.web.services import services_of

BEFORE_LOGIN: Final = "donghaeng_login"
"""Cookie of a browser that has the form before it and is nobody yet."""
TRIES_OF_ACCOUNT: Final = 6
"""Tries for one account; one more comes every minute."""
TRIES_OF_ADDRESS: Final = 30
"""Tries from one address, behind which a whole office may sit; one more comes every ten seconds."""
WRONG: Final = "이름이나 비밀번호가 맞지 않아요."
TOO_MANY: Final = "여러 번 틀려서 잠시 막았어요. {minutes}분 뒤에 다시 해 주세요."
STALE: Final = "화면이 오래되었어요. 다시 한번 입력해 주세요."

router = APIRouter(include_in_schema=False)


class LoginTries:
    """Counts tries, in this process. A name that no account has is counted like any other."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._accounts = TokenBuckets(burst=TRIES_OF_ACCOUNT, refill_per_second=1 / 60, clock=clock)
        self._addresses = TokenBuckets(burst=TRIES_OF_ADDRESS, refill_per_second=1 / 10, clock=clock)

    def take(self, name: str, address: str) -> float:
        """Count a try; 0 where it is allowed, else the seconds until the next one is."""
        return self._addresses.take(address) or self._accounts.take(name.strip().lower()[:64])


@router.api_route(LOGIN, methods=["GET", "HEAD"])
async def form(request: Request) -> Response:
    """The form."""
    return await _form(request, request.query_params.get("next", HOME))


@router.post(LOGIN)
async def log_in(request: Request) -> Response:
    """Begin a session under a new token; whatever session the browser had is over."""
    fields = await read_fields(request)
    wanted, name = fields.get("next", HOME), fields.get("name", "")
    before = request.cookies.get(BEFORE_LOGIN, "")
    if not before or not csrf_matches(before, fields.get("csrf", "")):
        return await _form(request, wanted, STALE, 403)
    tries: LoginTries = request.app.state.login_tries
    limited = services_of(request).settings.rate_limit == "on"
    wait = tries.take(name, address_of(request.scope)) if limited else 0.0
    if wait:
        refusal = await _form(request, wanted, TOO_MANY.format(minutes=math.ceil(wait / 60)), 429)
        refusal.headers["Retry-After"] = str(math.ceil(wait))
        return refusal
    accounts = accounts_of(request)
    token = await accounts.login(name, fields.get("password", ""), ending=session_token(request))
    if token is None:
        return await _form(request, wanted, WRONG, 401)
    response = RedirectResponse(own_address(wanted), status_code=303, headers=HEADERS)
    set_cookie(request, response, token)
    response.delete_cookie(BEFORE_LOGIN, path=LOGIN, httponly=True, samesite="strict")
    return response


@router.post("/console/logout")
async def log_out(
    request: Request, staff: Annotated[Staff, Depends(requires(Permission.CONSOLE))]
) -> Response:
    """End the session; conversations that were held go back to the queue."""
    token = session_token(request)
    if token is None:
        raise Refused(Reason.LOGIN)
    await accounts_of(request).logout(token)
    desk = services_of(request).desk
    if desk is not None and staff.may(Permission.DESK):
        await desk.leave(staff.id)
    response = Response(status_code=204, headers={**HEADERS, "HX-Redirect": LOGIN})
    drop_cookie(request, response)
    return response


async def _form(request: Request, wanted: str, words: str | None = None, status: int = 200) -> Response:
    anybody = await accounts_of(request).any()
    before = request.cookies.get(BEFORE_LOGIN) or make_token()
    response = page(
        request,
        "login.html",
        None,
        status,
        words=words,
        wanted=own_address(wanted),
        login_csrf=csrf_of(before),
        anybody=anybody,
    )
    response.set_cookie(
        BEFORE_LOGIN,
        before,
        path=LOGIN,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return response
