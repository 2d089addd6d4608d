"""Streamable HTTP: the SDK's transport behind a bearer token."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from mcp.server import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

PATH: Final = "/mcp"
LOCAL_HOSTS: Final = frozenset({"127.0.0.1", "::1", "localhost"})
"""Addresses to listen on that nobody outside this machine reaches."""

_LOCAL_NAMES: Final = ("127.0.0.1", "localhost", "[::1]")
_MOST_BODY_BYTES: Final = 256 * 1024


class McpEndpoint:
    """The ASGI application at :data:`PATH`.

    Without a token only requests addressed to this machine by name are taken, so that a page in a browser
    cannot reach it under a name of its own (DNS rebinding); with one, the token is asked for instead.
    """

    def __init__(self, server: Server[Any], token: str | None) -> None:
        self._token = token
        guard = TransportSecuritySettings(
            enable_dns_rebinding_protection=token is None,
            allowed_hosts=[*_LOCAL_NAMES, *(f"{name}:*" for name in _LOCAL_NAMES)],
            allowed_origins=[f"http://{name}:*" for name in _LOCAL_NAMES],
        )
        self._manager = StreamableHTTPSessionManager(
            server, json_response=True, security_settings=guard, max_request_body_size=_MOST_BODY_BYTES
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Sessions live while the block runs; once an object."""
        async with self._manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        answer: ASGIApp = self._manager.handle_request
        if self._token is not None and not _bears(Headers(scope=scope), self._token):
            answer = JSONResponse(
                {"error": "the bearer token is missing or wrong"},
                status_code=401,
                headers={"WWW-Authenticate": "Bearer"},
            )
        await answer(scope, receive, send)


def _bears(headers: Headers, token: str) -> bool:
    scheme, _, given = headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())
