"""Server-sent events of the desk: its lists as they change, and the lines of the open conversation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Final

from fastapi.sse import format_sse_event

from donghaeng.errors import StoreError
from donghaeng.people.cases import Line
from donghaeng.people.counselling import CounsellorDesk
from donghaeng.web.console.desk_board import FRESH_SECONDS, Boards
from donghaeng.web.console.rendering import render

LOOK_SECONDS: Final = 15.0
"""Pause after which a silent stream sends a comment and asks whether the login still holds."""
LoggedIn = Callable[[], Awaitable[bool]]


async def lists(
    desk: CounsellorDesk, boards: Boards, staff: str, logged_in: LoggedIn
) -> AsyncIterator[bytes]:
    """``queue`` events with both lists as HTML: one at once, then whenever something happened, at most one in
    :data:`~donghaeng.web.console.desk_board.FRESH_SECONDS`; ``over`` when the login is."""
    changed = asyncio.Event()
    changed.set()
    newest = await desk.last_seq()

    async def watch() -> None:
        nonlocal newest
        async for line in desk.changes(newest):
            newest = max(newest, line.seq)
            changed.set()

    watching = asyncio.create_task(watch())
    now = asyncio.get_running_loop().time
    looked = now()
    try:
        while not watching.done():
            happened = await _happens(changed, LOOK_SECONDS)
            # A busy desk is never silent, and a login ends there too.
            if not happened or now() - looked >= LOOK_SECONDS:
                looked = now()
                if not await logged_in():
                    yield format_sse_event(event="over", data_str="login")
                    return
            if not happened:
                yield format_sse_event(comment="still here")
                continue
            changed.clear()
            yield format_sse_event(event="queue", data_str=await boards.lists(staff, newest))
            await asyncio.sleep(FRESH_SECONDS)
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError, StoreError):
            await watching


async def lines(
    desk: CounsellorDesk, handover: str, staff: str, after: int, logged_in: LoggedIn
) -> AsyncIterator[bytes]:
    """``line`` events with each new line of a hand-over as HTML and its number as the event's id, and
    ``hands`` when it changes hands. Words reach only its owner, and nothing once the login is over."""
    found: asyncio.Queue[Line] = asyncio.Queue()

    async def watch() -> None:
        async for line in desk.changes(after):
            if line.handover == handover:
                found.put_nowait(line)

    watching = asyncio.create_task(watch())
    try:
        while not watching.done():
            try:
                line = await asyncio.wait_for(found.get(), LOOK_SECONDS)
            except TimeoutError:
                if not await logged_in():
                    return
                yield format_sse_event(comment="still here")
                continue
            if not await logged_in():
                return
            if not any(one.id == handover for one in await desk.mine(staff)):
                yield format_sse_event(event="hands", data_str=line.kind.value, id=str(line.seq))
                return
            yield format_sse_event(
                event="line", data_str=render("line.html", line=line, mine=staff), id=str(line.seq)
            )
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError, StoreError):
            await watching


async def _happens(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
