"""Ends a process at any one of the points where it waits, without a process: what waits there never goes on.

Between two waits a coroutine is not interrupted, and what it waited for (a commit, a request) is over when it
would go on; so these points are all the states in which a death can leave database and city, apart from a
commit half done, which is the database's own promise (``test_killed.py`` kills whole processes).
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from types import coroutine
from typing import Any


class Mortal:
    """Counts the waits of every task that is started meanwhile; after one of them nothing goes on.

    Args:
        dies_at: which wait is the last; None = none of them.
        cancels_at: after which wait the first task is cancelled, as when its caller hangs up.
    """

    def __init__(self, dies_at: int | None = None, cancels_at: int | None = None) -> None:
        self.waits = 0
        self.dead: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._dies_at = dies_at
        self._cancels_at = cancels_at
        self._tasks: list[asyncio.Task[Any]] = []

    async def run(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Do it until it is done or dead."""
        loop = asyncio.get_running_loop()
        loop.set_task_factory(self._make)
        try:
            first = loop.create_task(work)
            await asyncio.wait({first, self.dead}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            loop.set_task_factory(None)
        return first

    async def bury(self) -> None:
        """End what never went on, so that nothing is left of it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _make(
        self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any], **options: Any
    ) -> asyncio.Task[Any]:
        task = asyncio.Task(self._watched(work), loop=loop, **options)
        self._tasks.append(task)
        return task

    async def _watched(self, work: Coroutine[Any, Any, Any]) -> Any:
        return await self._step(work)

    @coroutine
    def _step(self, work: Coroutine[Any, Any, Any]) -> Generator[Any, Any, Any]:
        error: BaseException | None = None
        while True:
            try:
                awaited = work.send(None) if error is None else work.throw(error)
            except StopIteration as done:
                return done.value
            error = None
            try:
                yield awaited
                yield from self._count()
            except BaseException as raised:
                error = raised

    def _count(self) -> Generator[Any, Any, None]:
        self.waits += 1
        if self.waits == self._cancels_at:
            self._tasks[0].cancel()
        if self.waits == self._dies_at and not self.dead.done():
            self.dead.set_result(None)
        if self.dead.done():
            yield from asyncio.get_running_loop().create_future()
