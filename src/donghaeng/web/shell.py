"""The outermost layer of every HTTP answer: security headers, access log, no traceback for strangers."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from typing import Final

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from donghaeng.web import problems
from donghaeng.web.attempts import note_attempt, note_status
from donghaeng.web.problems import ProblemError

_NO_FRAMES: Final = "frame-ancestors 'none'"


def content_security_policy(*frame_ancestors: str) -> str:
    """The policy of a page of ours; ``frame_ancestors`` are the origins that may show it in a frame."""
    ancestors = f"frame-ancestors {' '.join(frame_ancestors)}" if frame_ancestors else _NO_FRAMES
    return "; ".join(
        (
            "default-src 'none'",
            "object-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "media-src 'self' blob:",
            "worker-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            ancestors,
        )
    )


CONTENT_SECURITY_POLICY: Final = content_security_policy()
_FRAMES: Final = "X-Frame-Options"
SECURITY_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    _FRAMES: "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "microphone=(self), geolocation=(self), camera=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ENCRYPTED_ONLY: Final = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
"""Of answers over an encrypted line: browsers come back by no other for a year (RFC 6797)."""
UNCACHED_PREFIXES: Final = ("/v1/", "/mcp", "/channels/")
"""Answers below these paths hold a citizen's words and are never kept by a cache."""
MOST_HEAD_BYTES: Final = 32_768
"""Of the address and the headers of a request together: room for eight times what browsers send."""
UNMATCHED: Final = "(no route)"

_log = structlog.get_logger("donghaeng.web")


class Shell:
    """ASGI middleware around the application.

    The log names the route's pattern, never the address that was asked for: conversations, query strings
    and tokens stay out of it. An unexpected error is logged by its class and place in the code, without its
    message, which may hold what a citizen said.
    """

    def __init__(self, app: ASGIApp, on_problem: Callable[[str], None]) -> None:
        self._app = app
        self._on_problem = on_problem

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":

            async def send_watched(message: Message) -> None:
                if message["type"] == "websocket.http.response.start":
                    note_status(scope, message["status"])
                await send(message)

            await self._behind(scope)(scope, receive, send_watched)
            return
        began = time.monotonic()
        status = 0

        async def send_dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                policy = headers.get("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                framed = _NO_FRAMES not in policy
                for name, value in SECURITY_HEADERS.items():
                    # The old header knows no list of origins: it would contradict a policy that has one.
                    if not (framed and name == _FRAMES):
                        headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.update(ENCRYPTED_ONLY)
                if scope["path"].startswith(UNCACHED_PREFIXES):
                    headers["Cache-Control"] = "no-store"
                # What does not say that it may be kept, an error of a page among it, is kept by nobody.
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self._behind(scope)(scope, receive, send_dressed)
        except Exception as error:  # whatever it is, the citizen gets an answer
            log_unexpected(error)
            if status:
                raise ConnectionAbortedError("the answer broke off") from None
            refusal = ProblemError(problems.UNEXPECTED, "the server failed; its log says more")
            self._on_problem(refusal.kind.name)
            await refusal.response()(scope, receive, send_dressed)
        finally:
            note_status(scope, status)
            _log.info(
                "request",
                method=scope["method"],
                route=route_of(scope),
                status=status,
                ms=round((time.monotonic() - began) * 1000),
            )

    def _behind(self, scope: Scope) -> ASGIApp:
        """The application, or the refusal of a request whose address and headers are too long."""
        if _head_bytes(scope) <= MOST_HEAD_BYTES:
            return self._app
        refusal = ProblemError(
            problems.LONG_HEADERS, f"address and headers are longer than {MOST_HEAD_BYTES} bytes"
        )
        note_attempt(scope, refusal.kind.name)
        return refusal.response()


def _head_bytes(scope: Scope) -> int:
    fields = sum(len(name) + len(value) + 4 for name, value in scope["headers"])
    return fields + len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"")


def route_of(scope: Scope) -> str:
    """The pattern of the route that took the request."""
    route = scope.get("route")
    return str(getattr(route, "path", UNMATCHED))


def log_unexpected(error: BaseException) -> None:
    """Log an error's class and the places it passed through, not its message."""
    frames = traceback.extract_tb(error.__traceback__)
    _log.error(
        "unexpected error",
        error=type(error).__name__,
        at=" < ".join([f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames[-8:])]),
    )
