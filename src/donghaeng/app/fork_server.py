"""A process that has read and built everything, and forks servers that open the records alone.

For tests that kill servers by the thousand (`donghaeng bench chaos`): each of them is a process of its own
with the real application, database and sockets, and is ready in some tenths of a second. Nothing is heard or
spoken there: speech engines have threads, which a fork does not take along.

``python -m donghaeng.app.fork_server`` takes a line on standard input and answers each with one line::

    serve PORT        fork a server; its process id
    city PORT SEED    fork a sandbox city whose gateway is slow and loses answers; its process id
    kill PID          SIGKILL one of them; the same process id once it is gone
    alive PID         whether it runs: 1 or 0

It says ``ready`` first, and ends with all of its processes when its standard input does.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import signal
import sys
import traceback
from collections.abc import Callable, Coroutine
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from donghaeng.app.application import seoul_now
from donghaeng.app.cities import open_ledger
from donghaeng.app.prepared import Prepared, prepare
from donghaeng.app.serving import open_web
from donghaeng.sandbox.app import create_app
from donghaeng.sandbox.city import SandboxCity
from donghaeng.settings import Settings, load_settings
from donghaeng.trust.logging import set_up_logging
from donghaeng.trust.sealing import make_sealer
from donghaeng.web.app import SERVER_OPTIONS

HOST: Final = "127.0.0.1"
SLOWEST_S: Final = 0.06
"""Longest that the gateway takes before and after it has accepted a write: time for a kill to fall into."""
LOST_SHARE: Final = 0.04
"""Share of the gateway's answers to writes that are lost after it has accepted them."""


class UnreliableGateway:
    """A city whose gateway takes its time and loses some answers. Which ones, the seed decides."""

    def __init__(self, app: ASGIApp, seed: int) -> None:
        self._app = app
        self._chance = random.Random(seed)  # noqa: S311  repeatable, no secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        before, after = (self._chance.uniform(0.0, SLOWEST_S) for _ in range(2))
        lost = self._chance.random() < LOST_SHARE
        held: list[Any] = []

        async def hold(message: Any) -> None:
            held.append(message)

        await asyncio.sleep(before)
        await self._app(scope, receive, hold)
        await asyncio.sleep(after)
        if lost:
            held = [{"type": "http.response.start", "status": 502, "headers": []}]
            held.append({"type": "http.response.body", "body": b"the answer was lost"})
        for message in held:
            await send(message)


class ForkServer:
    """Forks, kills and reaps."""

    def __init__(self, settings: Settings, prepared: Prepared) -> None:
        self._settings = settings
        self._prepared = prepared
        self._children: set[int] = set()

    def take(self, line: str) -> str:
        """Do what a line asks for; the answer."""
        match line.split():
            case ["serve", port]:
                return str(self._fork(lambda: self._serve(int(port))))
            case ["city", port, seed]:
                return str(self._fork(lambda: self._city(int(port), int(seed))))
            case ["kill", pid]:
                return str(self._kill(int(pid)))
            case ["alive", pid]:
                return str(int(self._is_alive(int(pid))))
            case _:
                return "unknown"

    def close(self) -> None:
        """End every process that is left."""
        for pid in list(self._children):
            self._kill(pid)

    def _fork(self, work: Callable[[], Coroutine[Any, Any, None]]) -> int:
        pid = os.fork()
        if pid:
            self._children.add(pid)
            return pid
        status = 1
        try:
            # Its parent's pipes are not its own.
            empty = os.open(os.devnull, os.O_RDWR)
            os.dup2(empty, 0)
            os.dup2(empty, 1)
            set_up_logging(self._settings.log_level)
            asyncio.run(work())
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)

    def _kill(self, pid: int) -> int:
        if self._is_alive(pid):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            self._children.discard(pid)
        return pid

    def _is_alive(self, pid: int) -> bool:
        if pid not in self._children:
            return False
        gone, _ = os.waitpid(pid, os.WNOHANG)
        if gone:
            self._children.discard(pid)
        return not gone

    async def _serve(self, port: int) -> None:
        async with open_web(self._settings, speech=False, prepared=self._prepared) as app:
            await _listen(app, port)

    async def _city(self, port: int, seed: int) -> None:
        settings = self._settings
        sealer = make_sealer(settings.key.get_secret_value() if settings.key else None, settings.data)
        ledger = open_ledger(settings, sealer)
        city = SandboxCity(settings.sandbox_seed, self._prepared.places, seoul_now, ledger=ledger)
        await _listen(UnreliableGateway(create_app(city), seed), port)


async def _listen(app: ASGIApp, port: int) -> None:
    config = uvicorn.Config(app, host=HOST, port=port, log_config=None, **SERVER_OPTIONS)
    await uvicorn.Server(config).serve()


def main() -> None:
    """Serve standard input until it ends."""
    settings = load_settings()
    server = ForkServer(settings, prepare(settings))
    # What is there is shared with every process that is forked: the collector must not touch it.
    gc.collect()
    gc.freeze()
    _tell("ready")
    try:
        for line in sys.stdin:
            _tell(server.take(line))
    finally:
        server.close()


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
