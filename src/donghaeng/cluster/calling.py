"""Calls of one replica to the deployments of engines, from threads that wait for the answer."""

from __future__ import annotations

import asyncio
import threading
from functools import cache
from typing import Any, Final

from ray import serve
from ray.exceptions import RayActorError, RayTaskError
from ray.serve.exceptions import BackPressureError, DeploymentUnavailableError

from donghaeng.errors import DonghaengError, EngineBusy, EngineError, EngineMissing

ATTEMPTS: Final = 3
"""A replica that dies takes its work with it; hearing, speaking and embedding can be done again."""
START_SECONDS: Final = 600.0
"""How long an agent that starts waits for an engine that starts as well."""


class EngineCalls:
    """Calls the replicas of one deployment of this application.

    Args:
        deployment: its name.
        seconds: after which an answer is waited for no longer.

    Raises:
        EngineMissing: this process is no replica of a Serve application.
    """

    def __init__(self, deployment: str, *, seconds: float) -> None:
        try:
            application = serve.get_replica_context().app_name
        except serve.exceptions.RayServeException as error:
            raise EngineMissing(
                "engine `cluster` works in a cluster alone", remedy="start with `donghaeng cluster run`"
            ) from error
        self._deployment = deployment
        self._handle = serve.get_deployment_handle(deployment, app_name=application)
        self._seconds = seconds

    def call(self, method: str, *arguments: Any, seconds: float | None = None) -> Any:
        """Call a method and wait for what it gives; from any thread.

        Raises:
            EngineBusy: more sentences wait than may.
            EngineError: the engine failed, or was not reached in time.
        """
        return asyncio.run_coroutine_threadsafe(
            self.ask(method, *arguments, seconds=seconds), _loop()
        ).result()

    async def ask(self, method: str, *arguments: Any, seconds: float | None = None) -> Any:
        """The same for a caller that has a loop. Raises as :meth:`call`."""
        try:
            async with asyncio.timeout(seconds or self._seconds):
                return await self._ask(method, arguments)
        except TimeoutError:
            raise EngineError(f"{self._deployment}: no answer in time") from None

    async def _ask(self, method: str, arguments: tuple[Any, ...]) -> Any:
        for _ in range(ATTEMPTS - 1):
            try:
                return await self._once(method, arguments)
            except RayActorError:
                continue
        try:
            return await self._once(method, arguments)
        except RayActorError:
            raise EngineError(f"{self._deployment}: its replicas died") from None

    async def _once(self, method: str, arguments: tuple[Any, ...]) -> Any:
        try:
            return await getattr(self._handle, method).remote(*arguments)
        except BackPressureError:
            raise EngineBusy(
                f"{self._deployment}: too much to do", remedy="add replicas (docs/operations.md)"
            ) from None
        except DeploymentUnavailableError:
            raise EngineError(f"{self._deployment}: not deployed, or it does not start") from None
        except RayTaskError as error:
            cause = error.cause
            if isinstance(cause, DonghaengError):
                raise cause from None
            raise EngineError(f"{self._deployment}: {type(cause).__name__}") from None


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """A loop of its own, so that a thread may wait whatever loop runs in it."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="cluster-calls", daemon=True).start()
    return loop
