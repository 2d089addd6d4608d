"""How the console refuses a request: a page leads to the login, a part of a page says it plainly."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.websockets import WebSocket

from donghaeng.web.console.rendering import HEADERS, page, part
from donghaeng.web.console.session import ACCOUNT, HOME, OFFICE, SAFE_METHODS, Reason, Refused, login_address
from donghaeng.web.problems import ProblemError

WORDS: Final = {
    Reason.LOGIN: "로그인이 끝났어요. 다시 로그인해 주세요.",
    Reason.FORBIDDEN: "이 일을 할 권한이 없어요. 관리자에게 말씀해 주세요.",
    Reason.FOREIGN: "이 화면에서 온 요청이 아니어서 받지 않았어요. 화면을 새로 열어 주세요.",
    Reason.PASSWORD: "먼저 비밀번호를 내 것으로 바꿔 주세요.",
    Reason.FACTOR: "먼저 인증 앱을 등록해 주세요.",
}
STATUS: Final = {reason: 401 if reason is Reason.LOGIN else 403 for reason in Reason}
WEBSOCKET_CODES: Final = {reason: 4000 + STATUS[reason] for reason in Reason}


def install(app: FastAPI) -> None:
    """Let ``app`` answer refused requests."""

    @app.exception_handler(Refused)
    async def refused(connection: HTTPConnection, error: Refused) -> Response | None:
        if isinstance(connection, WebSocket):
            await connection.close(WEBSOCKET_CODES[error.reason])
            return None
        assert isinstance(connection, Request)
        return answer(connection, error.reason)


def answer(request: Request, reason: Reason) -> Response:
    """The answer to ``request``."""
    in_place = "hx-request" in request.headers
    led = _led(request, reason)
    if led is not None:
        if in_place:
            response = part("alert.html", STATUS[reason], words=WORDS[reason])
            response.headers["HX-Redirect"] = led
            return response
        accepted = request.headers.get("accept", "*/*")
        # What asks for anything at all, as a bare program does, gets the login's page too.
        if request.method in SAFE_METHODS and ("text/html" in accepted or "*/*" in accepted):
            return RedirectResponse(led, status_code=303, headers=HEADERS)
    if in_place:
        return part("alert.html", STATUS[reason], words=WORDS[reason])
    return page(request, "refused.html", None, STATUS[reason], words=WORDS[reason])


def _led(request: Request, reason: Reason) -> str | None:
    """Where somebody does what they must before this; None where nothing helps."""
    if reason is Reason.LOGIN:
        return login_address(request)
    return {Reason.PASSWORD: ACCOUNT, Reason.FACTOR: f"{ACCOUNT}/factor"}.get(reason)


def of_problem(request: Request, error: ProblemError) -> Response | None:
    """A problem as a page of the console, or as the part of one that htmx asked for; None for other requests,
    which get the problem document."""
    if not request.url.path.startswith((HOME, OFFICE)):
        return None
    if "hx-request" in request.headers:
        response: Response = part("alert.html", error.kind.status, words=error.kind.title)
    elif "text/html" in request.headers.get("accept", ""):
        response = page(request, "refused.html", None, error.kind.status, words=error.kind.title)
    else:
        return None
    response.headers.update(error.headers)
    return response
