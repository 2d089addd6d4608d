"""A sandbox city inside this process: the same requests and answers, without a socket or a wait."""

from __future__ import annotations

import httpx

from donghaeng.city.providers.transport import TIMEOUT_S
from donghaeng.sandbox.app import create_app
from donghaeng.sandbox.city import SandboxCity


async def no_wait(seconds: float) -> None:
    """Passes at once; a wait beyond any caller's patience breaks off as that caller would.

    Raises:
        httpx.ReadTimeout: nobody waits that long.
    """
    if seconds > TIMEOUT_S:
        raise httpx.ReadTimeout("no answer")


def transport_of(city: SandboxCity) -> httpx.AsyncBaseTransport:
    """An httpx transport whose every address is this city."""
    return httpx.ASGITransport(app=create_app(city, sleep=no_wait))
