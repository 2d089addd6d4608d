"""The web application: every route under one roof."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from donghaeng import __version__
from donghaeng.errors import DonghaengError
from donghaeng.trust.sources import Sources
from donghaeng.trust.tracing import is_on
from donghaeng.web import (
    audition,
    console,
    continuing,
    conversations,
    guardian,
    health,
    learn,
    messages,
    office,
    openapi,
    pages,
    privacy_page,
    problems,
    registry,
    status_page,
    tower_feeds,
    voice,
    widget,
)
from donghaeng.web.attempts import note_problem
from donghaeng.web.limits import Limits, RateLimit
from donghaeng.web.patience import PatientH11
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import WebServices
from donghaeng.web.shell import MOST_HEAD_BYTES, Shell, log_unexpected
from donghaeng.web.traced import Traced

SERVER_OPTIONS: Final[Mapping[str, Any]] = {
    "http": PatientH11,
    "h11_max_incomplete_event_size": MOST_HEAD_BYTES,
    "ws_max_size": voice.MOST_MESSAGE_BYTES,
    "ws_per_message_deflate": False,  # sound does not shrink
    "access_log": False,  # the application's own log leaves out what is asked for
    "server_header": False,
}
"""What the server process is told (uvicorn's names), so that its limits are the application's."""
_ROUTERS = (
    continuing.router,
    guardian.router,
    conversations.router,
    messages.router,
    voice.router,
    health.router,
    audition.router,
    pages.router,
    learn.router,
    status_page.router,
    privacy_page.router,
    registry.router,
    widget.router,
    tower_feeds.router,
)


def create_app(services: WebServices, *, clock: Callable[[], float] = time.monotonic) -> FastAPI:
    """The ASGI application over ``services``.

    Args:
        services: everything that routes reach.
        clock: what limits go by; seconds that only go forward.
    """
    app = FastAPI(title="Donghaeng", version=__version__, docs_url=None, redoc_url=None)
    app.state.services = services
    on = services.settings.rate_limit == "on"
    app.state.limits = Limits(on=on, clock=clock, together=services.together)
    app.state.sources = Sources(clock)
    for router in _ROUTERS:
        app.include_router(router)
    app.mount("/page", pages.PageFiles(directory=pages.PAGE_FOLDER), name="page")
    if services.staff is not None:
        console.install(app, services)
        office.install(app)
    app.openapi = _described(app)  # type: ignore[method-assign]
    _answer_with_problems(app, services)
    app.add_middleware(RateLimit, limits=app.state.limits)
    app.add_middleware(Shell, on_problem=services.figures.problem)
    if is_on():
        app.add_middleware(Traced)
    return app


def _described(app: FastAPI) -> Callable[[], dict[str, Any]]:
    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = openapi.describe(app)
        return app.openapi_schema

    return document


def _answer_with_problems(app: FastAPI, services: WebServices) -> None:
    def send(request: Request, error: ProblemError) -> Response:
        services.figures.problem(error.kind.name)
        note_problem(request.scope, error.kind.name)
        return console.refusing.of_problem(request, error) or error.response()

    @app.exception_handler(ProblemError)
    async def own(request: Request, error: ProblemError) -> Response:
        return send(request, error)

    @app.exception_handler(DonghaengError)
    async def known(request: Request, error: DonghaengError) -> Response:
        found = problems.of_error(error)
        if found.kind.status >= 500:
            log_unexpected(error)
        return send(request, found)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return send(request, problems.of_fields(error.errors(), in_body=False))

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["Allow"] = ", ".join(sorted(_methods_at(app, request.url.path)))
        return send(request, problems.of_status(error.status_code, str(error.detail), headers))


def _methods_at(app: FastAPI, path: str) -> set[str]:
    """Every method that some route takes at ``path``; files are only read."""
    routers = (*_ROUTERS, *console.ROUTERS, *office.ROUTERS)
    routes = (*app.routes, *(route for router in routers for route in router.routes))
    found: set[str] = set()
    for route in routes:
        if isinstance(route, Route) and route.path_regex.match(path):
            found |= route.methods or set()
    return found or {"GET", "HEAD"}
