"""`/console/login` and `/console/logout`."""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donghaeng.people.accounts import FIRST_LASTS, Proof, Staff
from donghaeng.people.second_factor import ASKED_LASTS
from donghaeng.trust.permissions import Permission
from donghaeng.trust.tokens import make_token
from donghaeng.web import problems
from donghaeng.web.attempts import FORGED_FORM, mark_noted, note_attempt, source_of
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
from donghaeng.web.services import limits_of, services_of

BEFORE_LOGIN: Final = "donghaeng_login"
"""Cookie of a browser that has the form before it and is nobody yet."""
ASKED: Final = "donghaeng_factor"
"""Cookie of a browser in which the password was right and the code is awaited."""
LOGIN_CODE: Final = "/console/login/code"
MOST_KNOWN: Final = 10_000
WRONG: Final = "이름이나 비밀번호가 맞지 않아요."
TOO_MANY: Final = "여러 번 틀려서 잠시 막았어요. {minutes}분 뒤에 다시 해 주세요."
EXPIRED: Final = "처음 받은 비밀번호를 쓸 수 있는 {hours}시간이 지났어요. 관리자에게 새로 받아 주세요."
STALE: Final = "화면이 오래되었어요. 다시 한번 입력해 주세요."
TOO_LATE: Final = "시간이 지났어요. 이름과 비밀번호부터 다시 입력해 주세요."
CODE_REFUSED: Final = {
    "wrong": "번호가 맞지 않아요. 인증 앱에 지금 보이는 번호를 넣어 주세요. "
    "계속 맞지 않으면 휴대전화의 시각이 자동으로 맞춰져 있는지 봐 주세요.",
    "locked": "번호가 너무 많이 틀려서 막았어요. 복구 번호를 넣거나 관리자에게 말씀해 주세요.",
}

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
        note_attempt(request.scope, FORGED_FORM)
        return await login_page(request, wanted, STALE, 403)
    tries: LoginTries = request.app.state.login_tries
    address = address_of(request.scope)
    wait = tries.take(name, address)
    if wait:
        _note(request, "limited", None)
        refusal = await login_page(request, wanted, TOO_MANY.format(minutes=math.ceil(wait / 60)), 429)
        refusal.headers["Retry-After"] = str(math.ceil(wait))
        return refusal
    accounts = accounts_of(request)
    proof = await accounts.prove(name, fields.get("password", ""))
    if proof.outcome != "wrong":
        tries.succeeded(name, address)
    return await _proved(request, proof, wanted, before)


async def _proved(request: Request, proof: Proof, wanted: str, before: str) -> Response:
    """Answer a name and a password: let in, or ask for the code, or say what is not right."""
    accounts = accounts_of(request)
    if proof.outcome == "wrong" or proof.staff_id is None:
        _note(request, "wrong", proof.staff_id)
        return await login_page(request, wanted, WRONG, 401)
    if proof.outcome == "expired":
        _note(request, "expired", proof.staff_id)
        words = EXPIRED.format(hours=int(FIRST_LASTS.total_seconds() // 3600))
        return await login_page(request, wanted, words, 401)
    if proof.outcome == "factor" and proof.password_at is not None:
        _note(request, "factor", proof.staff_id)
        kept = await accounts.factors.ask(proof.staff_id, proof.password_at)
        response = code_page(request, before, wanted)
        set_cookie(request, response, kept, ASKED)
        return response
    token = await accounts.begin_session(proof.staff_id, "password", ending=session_token(request))
    if token is None:
        return await login_page(request, wanted, WRONG, 401)
    return await let_in(request, token, wanted, "password")


@router.post(LOGIN_CODE)
async def give_code(request: Request) -> Response:
    """Begin a session of somebody whose password was right in this browser, by the second factor's code."""
    fields = await read_fields(request)
    wanted = fields.get("next", HOME)
    before = kept_in(request, BEFORE_LOGIN)
    if not before or not csrf_matches(before, fields.get("csrf", "")):
        note_attempt(request.scope, FORGED_FORM)
        return await login_page(request, wanted, STALE, 403)
    accounts = accounts_of(request)
    staff_id = await accounts.factors.asked(kept_in(request, ASKED))
    if staff_id is None:
        return await login_page(request, wanted, TOO_LATE, 401)
    wait = limits_of(request).take("factor", staff_id)
    if wait:
        _note(request, "limited", staff_id, "code")
        words = TOO_MANY.format(minutes=math.ceil(wait / 60))
        refusal = code_page(request, before, wanted, words, 429)
        refusal.headers["Retry-After"] = str(math.ceil(wait))
        return refusal
    verdict = await accounts.factors.check(staff_id, fields.get("code", ""))
    if verdict in CODE_REFUSED:
        _note(request, verdict, staff_id, "code")
        return code_page(request, before, wanted, CODE_REFUSED[verdict], 401)
    token = await accounts.begin_session(staff_id, "password", ending=session_token(request))
    if token is None:
        return await login_page(request, wanted, WRONG, 401)
    response = await let_in(request, token, wanted, verdict)
    drop_cookie(request, response, ASKED)
    return response


def _note(request: Request, outcome: str, account: str | None, kind: str = "password") -> None:
    """Log a login that is none, or not yet: whose, and the digest of where from."""
    _log.warning("login", kind=kind, outcome=outcome, account=account, source=source_of(request.scope))
    mark_noted(request.scope)


async def let_in(request: Request, token: str, wanted: str, kind: str) -> Response:
    """Give the browser its session and send it where it wanted to go; the log tells who, by the id."""
    staff = await accounts_of(request).find(token, early=True)
    account = staff.id if staff is not None else None
    _log.info("login", kind=kind, outcome="ok", account=account, source=source_of(request.scope))
    response = RedirectResponse(own_address(wanted), status_code=303, headers=HEADERS)
    set_cookie(request, response, token)
    drop_cookie(request, response, BEFORE_LOGIN)
    return response


@router.post("/console/logout")
async def log_out(
    request: Request, staff: Annotated[Staff, Depends(requires(Permission.CONSOLE, early=True))]
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
    _log.info("logout", kind=staff.way, account=staff.id, source=source_of(request.scope))
    if services.desk is not None and staff.may(Permission.DESK):
        await services.desk.leave(staff.id)
    where = None
    if staff.way == "oidc" and services.sign_on is not None:
        where = await services.sign_on.logout_address(LOGIN)
    response = Response(status_code=204, headers={**HEADERS, "HX-Redirect": where or LOGIN})
    drop_cookie(request, response)
    return response


def code_page(
    request: Request, before: str, wanted: str, words: str | None = None, status: int = 200
) -> Response:
    """The page that asks for the code, with ``words`` above its form."""
    return page(
        request,
        "login_code.html",
        None,
        status,
        words=words,
        wanted=own_address(wanted),
        login_csrf=csrf_of(before),
        minutes=int(ASKED_LASTS.total_seconds() // 60),
    )


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
