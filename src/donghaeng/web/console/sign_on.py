"""`/console/oidc/…`: login by the organisation's own server (docs/operations.md, "Login by OIDC").

The attempt lies sealed in a cookie of the browser that began it, so any process of the city can end it, and
no other browser: who lures somebody to the address of an answer of their own logs nobody in.
"""

from __future__ import annotations

from typing import Final

import structlog
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donghaeng.errors import SignOnFailed, SignOnReason
from donghaeng.people.sign_on import SignOn
from donghaeng.web import problems
from donghaeng.web.attempts import FOREIGN_ORIGIN, mark_noted, note_attempt, source_of
from donghaeng.web.console.login import let_in, login_page
from donghaeng.web.console.rendering import HEADERS
from donghaeng.web.console.session import (
    HOME,
    drop_cookie,
    kept_in,
    own_address,
    session_token,
    set_cookie,
)
from donghaeng.web.limits import address_of
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import limits_of, services_of

START: Final = "/console/oidc/start"
CALLBACK: Final = "/console/oidc/callback"
ATTEMPT: Final = "donghaeng_oidc"
"""Cookie of a login under way."""
MOST_PARAMETER: Final = 4_000
OWN_SITE: Final = frozenset({"same-origin", "none"})
"""What browsers say of a step that began on a page of ours, or at their own address line (Fetch Metadata)."""
WORDS: Final[dict[SignOnReason, str]] = {
    "expired": "로그인하는 데 시간이 너무 오래 걸렸거나, 다른 창에서 시작한 로그인이에요. "
    "처음부터 다시 해 주세요.",
    "refused": "기관 로그인 서버에서 로그인을 마치지 못했어요. 다시 해 주세요.",
    "clock": "이 서버와 기관 로그인 서버의 시각이 서로 달라서 로그인할 수 없어요. "
    "전산 담당자에게 알려 주세요.",
    "token": "기관 로그인 서버의 답을 믿을 수 없어서 로그인하지 않았어요. 전산 담당자에게 알려 주세요.",
    "server": "기관 로그인 서버가 제대로 대답하지 않아요. "
    "잠시 후 다시 하시고, 계속되면 전산 담당자에게 알려 주세요.",
    "no_role": "기관 계정은 확인했지만 동행에서 맡은 일이 없어요. "
    "관리자에게 역할을 정해 달라고 말씀해 주세요.",
    "no_account": "기관 계정은 확인했지만 동행에 계정이 없거나 닫혔어요. 관리자에게 말씀해 주세요.",
}
STATUS: Final[dict[SignOnReason, int]] = {"expired": 400, "refused": 403, "server": 502}
"""HTTP status of a failure; 403 for every other one."""

router = APIRouter(include_in_schema=False)
_log = structlog.get_logger(__name__)


@router.get(START)
async def start(request: Request) -> Response:
    """Send the browser to the login server, where somebody chose so on a page of ours: with a session there
    already, a link of another site would otherwise log them in unasked."""
    sign_on = _sign_on(request)
    if request.headers.get("sec-fetch-site", "none") not in OWN_SITE:
        note_attempt(request.scope, FOREIGN_ORIGIN)
        return await login_page(request, HOME)
    limits_of(request).check("sign_on", address_of(request.scope))
    wanted = own_address(request.query_params.get("next", HOME)[:MOST_PARAMETER])
    try:
        address, kept = await sign_on.begin(wanted)
    except SignOnFailed as error:
        return await _failed(request, error)
    response = RedirectResponse(address, status_code=303, headers=HEADERS)
    set_cookie(request, response, kept, ATTEMPT)
    return response


@router.get(CALLBACK)
async def callback(request: Request) -> Response:
    """Let in whom the login server has sent back, under a new session; the attempt is used up either way."""
    sign_on = _sign_on(request)
    limits_of(request).check("sign_on", address_of(request.scope))
    pairs = request.query_params.multi_items()
    answer = {name: value[:MOST_PARAMETER] for name, value in pairs}
    try:
        if len(answer) < len(pairs):
            raise SignOnFailed("expired", "a parameter stands twice")
        kept = kept_in(request, ATTEMPT)
        signed_on = await sign_on.finish(kept, answer, ending=session_token(request))
    except SignOnFailed as error:
        response = await _failed(request, error)
    else:
        response = await let_in(request, signed_on.token, signed_on.wanted, "oidc")
    drop_cookie(request, response, ATTEMPT)
    return response


async def _failed(request: Request, error: SignOnFailed) -> Response:
    _log.warning("login", kind="oidc", outcome=error.reason, source=source_of(request.scope))
    mark_noted(request.scope)
    return await login_page(request, HOME, WORDS[error.reason], STATUS.get(error.reason, error.http_status))


def _sign_on(request: Request) -> SignOn:
    found = services_of(request).sign_on
    if found is None:
        raise ProblemError(problems.NOT_FOUND, "no login server is set (DONGHAENG_OIDC_ISSUER)")
    return found
