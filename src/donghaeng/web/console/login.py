"""`/console/login` and `/console/logout`."""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donghaeng.people.accounts import Staff
from donghaeng.trust.permissions import Permission
from donghaeng.trust.tokens import make_token
from donghaeng.web import problems
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
    kept_in,
    own_address,
    read_fields,
    requires,
    session_token,
    set_cookie,
)
from donghaeng.web.limits import Limits, address_of
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import services_of

BEFORE_LOGIN: Final = "donghaeng_login"
"""Cookie of a browser that has the form before it and is nobody yet."""
MOST_KNOWN: Final = 10_000
WRONG: Final = "이름이나 비밀번호가 맞지 않아요."
TOO_MANY: Final = "여러 번 틀려서 잠시 막았어요. {minutes}분 뒤에 다시 해 주세요."
STALE: Final = "화면이 오래되었어요. 다시 한번 입력해 주세요."

router = APIRouter(include_in_schema=False)
_log = structlog.get_logger(__name__)


class LoginTries:
    """Makes guessing slow without letting a stranger lock somebody out.

    From one place an account has a few tries. Tries at one account from everywhere together are limited too,
    but those from a place where the account's own password was typed before do not count there: however many
    strangers guess, its owner gets in at the usual desk.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()

    def take(self, name: str, address: str) -> float:
        """Count a try; 0 where it is allowed, else the seconds until the next one is. A name that no account
        has is counted like any other."""
        name = name.strip().lower()[:64]
        wait = self._limits.take("login_of_address", address)
        wait = wait or self._limits.take("login_of_pair", f"{name} {address}")
        if not wait and (name, address) not in self._known:
            wait = self._limits.take("login_of_account", name)
        return wait

    def succeeded(self, name: str, address: str) -> None:
        """Remember that the account's own password was typed here, in this process."""
        key = (name.strip().lower()[:64], address)
        self._known[key] = None
        self._known.move_to_end(key)
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)


@router.api_route(LOGIN, methods=["GET", "HEAD"])
async def form(request: Request) -> Response:
    """The form."""
    return await login_page(request, request.query_params.get("next", HOME))


@router.post(LOGIN)
async def log_in(request: Request) -> Response:
    """Begin a session under a new token; whatever session the browser had is over."""
    if not services_of(request).settings.password_login:
        raise ProblemError(problems.NOT_ALLOWED, "staff log in by the organisation's server alone")
    fields = await read_fields(request)
    wanted, name = fields.get("next", HOME), fields.get("name", "")
    before = kept_in(request, BEFORE_LOGIN)
    if not before or not csrf_matches(before, fields.get("csrf", "")):
        return await login_page(request, wanted, STALE, 403)
    tries: LoginTries = request.app.state.login_tries
    address = address_of(request.scope)
    wait = tries.take(name, address)
    if wait:
        _log.warning("login", kind="password", outcome="limited")
        refusal = await login_page(request, wanted, TOO_MANY.format(minutes=math.ceil(wait / 60)), 429)
        refusal.headers["Retry-After"] = str(math.ceil(wait))
        return refusal
    accounts = accounts_of(request)
    token = await accounts.login(name, fields.get("password", ""), ending=session_token(request))
    if token is None:
        _log.warning("login", kind="password", outcome="wrong")
        return await login_page(request, wanted, WRONG, 401)
    tries.succeeded(name, address)
    return await let_in(request, token, wanted, "password")


async def let_in(request: Request, token: str, wanted: str, kind: str) -> Response:
    """Give the browser its session and send it where it wanted to go; the log tells who, by the id."""
    staff = await accounts_of(request).find(token)
    _log.info("login", kind=kind, outcome="ok", account=staff.id if staff is not None else None)
    response = RedirectResponse(own_address(wanted), status_code=303, headers=HEADERS)
    set_cookie(request, response, token)
    drop_cookie(request, response, BEFORE_LOGIN)
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
    return await leave(request, staff)


async def leave(request: Request, staff: Staff) -> Response:
    """Send the browser of somebody whose session has ended away: to the login server, where it logged in by
    that, so that the session there ends as well."""
    services = services_of(request)
    _log.info("logout", kind=staff.way, account=staff.id)
    if services.desk is not None and staff.may(Permission.DESK):
        await services.desk.leave(staff.id)
    where = None
    if staff.way == "oidc" and services.sign_on is not None:
        where = await services.sign_on.logout_address(LOGIN)
    response = Response(status_code=204, headers={**HEADERS, "HX-Redirect": where or LOGIN})
    drop_cookie(request, response)
    return response


async def login_page(request: Request, wanted: str, words: str | None = None, status: int = 200) -> Response:
    """The login's page, with ``words`` above its form."""
    services = services_of(request)
    anybody = await accounts_of(request).any()
    before = kept_in(request, BEFORE_LOGIN) or make_token()
    response = page(
        request,
        "login.html",
        None,
        status,
        words=words,
        wanted=own_address(wanted),
        login_csrf=csrf_of(before),
        anybody=anybody,
        by_server=services.sign_on is not None,
        by_password=services.settings.password_login,
    )
    set_cookie(request, response, before, BEFORE_LOGIN)
    return response
