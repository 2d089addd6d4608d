"""The queue as every counsellor's page shows it: read and rendered once for all of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from donghaeng.people.cases import Figures, Waiting
from donghaeng.people.counselling import CounsellorDesk
from donghaeng.web.console.rendering import render

FRESH_SECONDS: Final = 0.3
"""A picture of the queue serves every page for so long; twenty pages and a rush cost no more than one."""


@dataclass(frozen=True, slots=True)
class Board:
    """One picture of the queue."""

    seq: int
    """Number of the newest line when it was made: everything up to there is in it."""
    waiting: tuple[Waiting, ...]
    figures: Figures
    services: dict[str, str]
    """Korean names of the catalogue's services by id."""
    departments: dict[str, str]
    """Their names by id."""
    html: str
    """Who waits, and who is to be called back."""


class Boards:
    """Gives pictures of the queue that hold what a page knows to have happened, and else are at most
    :data:`FRESH_SECONDS` old."""

    def __init__(
        self,
        desk: CounsellorDesk,
        list_services: Callable[[], list[dict[str, Any]]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._desk = desk
        self._list_services = list_services
        self._clock = clock
        self._lock = asyncio.Lock()
        self._board: Board | None = None
        self._made_at = 0.0

    async def board(self, after: int = 0) -> Board:
        """The queue now, or a moment ago.

        Args:
            after: number of a line that must be in it.
        """
        async with self._lock:
            old = self._clock() - self._made_at >= FRESH_SECONDS
            if self._board is None or old or self._board.seq < after:
                # The time before reading counts: what happens meanwhile belongs to the next picture.
                began = self._clock()
                self._board = await self._make()
                self._made_at = began
            return self._board

    async def _make(self) -> Board:
        seq = await self._desk.last_seq()
        waiting, callbacks = await self._desk.queue(), await self._desk.callbacks()
        figures = await self._desk.figures()
        services = {entry["id"]: entry["name"] for entry in self._list_services()}
        departments = {one.id: one.title for one in self._desk.departments()}
        html = render(
            "queue.html", waiting=waiting, callbacks=callbacks, services=services, departments=departments
        )
        return Board(seq, waiting, figures, services, departments, html)

    async def lists(self, staff: str, after: int = 0) -> str:
        """The lists of one counsellor's page: what is theirs, then what waits.

        Args:
            staff: the counsellor.
            after: number of a line that must be in them.
        """
        mine = await self._desk.mine(staff)
        board = await self.board(after)
        own = render("mine.html", mine=mine, services=board.services, departments=board.departments)
        return own + board.html
