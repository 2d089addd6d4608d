"""The agent of a cluster: the application as `donghaeng serve` runs it, its engines in other deployments."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from donghaeng.app.serving import open_web
from donghaeng.cluster.asking import answered_apart
from donghaeng.cluster.shape import AgentOptions
from donghaeng.errors import SettingsError
from donghaeng.settings import Settings

ENGINE: Final = "cluster"
CALLS_AT_ONCE: Final = 64
"""Threads that wait for engines of other deployments."""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


def agent_settings(settings: Settings, options: AgentOptions) -> Settings:
    """The settings of an agent whose engines run elsewhere.

    Raises:
        SettingsError: a setting suits one process alone.
    """
    if settings.city == "sandbox" and settings.sandbox_url is None:
        raise SettingsError(
            "every agent would have a sandbox city of its own",
            remedy="set DONGHAENG_SANDBOX_URL (`donghaeng sandbox`), or DONGHAENG_CITY=live",
        )
    has_keys = settings.key is not None and (settings.vault_keys or settings.vault_file) is not None
    if settings.database is not None and "sqlite" not in settings.database and not has_keys:
        raise SettingsError(
            "every machine would make keys of its own and could not read the others' records",
            remedy="set DONGHAENG_KEY and DONGHAENG_VAULT_KEYS to the same on all machines",
        )
    return settings.model_copy(
        update={
            "recogniser": ENGINE,
            "synthesiser": ENGINE,
            # What else speaks is loaded in the agent itself: only what is small.
            "synthesiser_fallbacks": ("espeak-ng",),
            "embedder": ENGINE,
            "speech_threads": CALLS_AT_ONCE,
            "max_live": options.places,
            "max_waiting": options.waiting,
        }
    )


class AgentApp:
    """The web application behind ASGI's lifespan: opened when the server starts, closed when it stops."""

    def __init__(self, opened: Callable[[], AbstractAsyncContextManager[App]]) -> None:
        self._opened = opened
        self._app: App | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one connection, or the lifespan."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        assert self._app is not None, "the server serves before the start is complete"
        await self._app(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with self._opened() as self._app:
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


def agent_app(settings: Settings, options: AgentOptions) -> AgentApp:
    """The ASGI application of one agent.

    Raises:
        SettingsError: as :func:`agent_settings`.
    """
    mine = agent_settings(settings, options)
    return AgentApp(
        lambda: open_web(mine, host="0.0.0.0", speech=options.speech, elsewhere=answered_apart)  # noqa: S104
    )
