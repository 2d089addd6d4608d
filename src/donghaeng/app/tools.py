"""The catalogue's tools over a running :class:`Application`: part of the composition root."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from mcp.server import Server
from starlette.applications import Starlette
from starlette.routing import Route

from donghaeng.app.application import Application, seoul_now
from donghaeng.city.emergencies import load_emergencies
from donghaeng.city.imported import declared, load_imported
from donghaeng.city.providers.declared import OPERATIONS
from donghaeng.conversation.door import Opening
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.dialogue.effects import CallOutcome
from donghaeng.errors import SettingsError
from donghaeng.mcp.confirmation import Tokens
from donghaeng.mcp.desk import Actor, ToolDesk
from donghaeng.mcp.http import LOCAL_HOSTS, PATH, McpEndpoint
from donghaeng.mcp.server import make_server
from donghaeng.settings import Settings
from donghaeng.trust.sealing import make_sealer
from donghaeng.understanding.acts import Act
from donghaeng.web.figures import Figures
from donghaeng.web.limits import Limits, RateLimit
from donghaeng.web.shell import Shell

MEDIUM = "tool"


class CountedActs:
    """Hands tool calls on to the runtime and counts them in ``figures`` like every other turn."""

    def __init__(self, inner: ConversationRuntime, figures: Figures) -> None:
        self._inner = inner
        self._figures = figures

    async def open(self, opening: Opening) -> Reply:
        """Begin a conversation and count it."""
        reply = await self._inner.open(opening)
        self._figures.opened(opening.channel)
        return reply

    async def resume(self, token: str) -> Reply:
        """The last reply, uncounted."""
        return await self._inner.resume(token)

    async def act(
        self,
        conversation: str,
        token: str,
        acts: Sequence[Act],
        *,
        text: str,
        idempotency_key: str,
        at_turn: int,
    ) -> tuple[Reply, tuple[CallOutcome, ...]]:
        """Take a turn and count it by service."""
        began = time.monotonic()
        reply, outcomes = await self._inner.act(
            conversation, token, acts, text=text, idempotency_key=idempotency_key, at_turn=at_turn
        )
        self._figures.turn(MEDIUM, reply, time.monotonic() - began)
        return reply, outcomes


def tool_server(application: Application, conversations: Actor | None = None) -> Server[Any]:
    """The tools of the application's catalogue; ``conversations`` stands before its runtime."""
    settings = application.settings
    sealer = make_sealer(settings.key.get_secret_value() if settings.key else None, settings.data)
    desk = ToolDesk(
        catalogue=application.catalogue,
        phrases=application.phrases,
        places=application.places,
        conversations=conversations or application.conversations,
        store=application.store,
        tokens=Tokens(sealer),
        clock=seoul_now,
    )
    emergencies = load_emergencies(settings.catalogue / "lexicon" / "emergencies.yaml")
    return make_server(
        desk,
        emergencies=emergencies,
        operations={**OPERATIONS, **declared(load_imported(settings.catalogue))},
    )


def tool_endpoint(application: Application, figures: Figures, *, token: str | None) -> McpEndpoint:
    """The tools over HTTP, counted."""
    counted = CountedActs(application.conversations, figures)
    return McpEndpoint(tool_server(application, counted), token)


def token_for(settings: Settings, host: str) -> str | None:
    """The bearer token that the tools ask for when they listen on ``host``.

    Raises:
        SettingsError: others reach the host and no token is set.
    """
    token = settings.mcp_token.get_secret_value() if settings.mcp_token is not None else None
    if not token and host not in LOCAL_HOSTS:
        raise SettingsError(
            f"others reach {host}, so the tools need a bearer token",
            remedy="set DONGHAENG_MCP_TOKEN, or listen on 127.0.0.1",
        )
    return token or None


def route_of(endpoint: McpEndpoint) -> Route:
    """Where the endpoint stands in a web application."""
    return Route(PATH, endpoint=endpoint)


def standalone(endpoint: McpEndpoint, settings: Settings, figures: Figures) -> Starlette:
    """A web application of the tools alone, with the limits and headers of the whole one."""
    app = Starlette(routes=[route_of(endpoint)])
    app.add_middleware(RateLimit, limits=Limits(on=settings.rate_limit == "on"))
    app.add_middleware(Shell, on_problem=figures.problem)
    return app
