"""The outermost layer where traces are wanted: a span a request, under the caller's ``traceparent``."""

from __future__ import annotations

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from donghaeng.trust.tracing import Key, Step, attached, context_from, step
from donghaeng.web.shell import route_of

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER_METHOD: Final = "_OTHER"
"""As OpenTelemetry's conventions name a method that is none."""
UNTRACED: Final = ("/healthz", "/readyz", "/metrics", "/page/", "/console/static/", "/console/vendor/")
"""Asked for every few seconds, or files: nobody looks for them in a trace."""


class Traced:
    """ASGI middleware. A live line gets no span of its own, for it lasts minutes: each of its turns has one,
    under the ``traceparent`` of the handshake."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] not in ("http", "websocket") or scope["path"].startswith(UNTRACED):
            await self._app(scope, receive, send)
            return
        parent = context_from(scope["headers"])
        if parent is None:
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            with attached(parent):
                await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in METHODS else OTHER_METHOD
        with step(Step.REQUEST, {Key.METHOD: method}, parent=parent) as watch:

            async def send_noted(message: Message) -> None:
                if message["type"] == "http.response.start":
                    watch.set(Key.STATUS, message["status"])
                    watch.set(Key.ROUTE, route_of(scope))
                await send(message)

            await self._app(scope, receive, send_noted)
