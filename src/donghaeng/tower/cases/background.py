"""Runs of data cases in the background of a server, one at a time, with their progress.

A run works in a thread of this process: it shares its processor with citizens' turns for as long as it takes.
On a busy server whoever has time runs it by ``donghaeng cases run`` instead, on any machine.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from donghaeng.city.places import load_builtin
from donghaeng.errors import DonghaengError, InputError
from donghaeng.store import Store
from donghaeng.tower.cases.context import CaseContext
from donghaeng.tower.cases.given_tables import GivenTables
from donghaeng.tower.cases.loading import find_case
from donghaeng.tower.cases.running import Ran, run_case
from donghaeng.understanding.embed.protocol import Embedder

SEOUL: Final = ZoneInfo("Asia/Seoul")
EMBEDS: Final = frozenset({"unmet_demand"})
"""Methods that compare texts by meaning: the embedder is loaded for them alone."""
BUSY: Final = "다른 사례가 돌고 있어요. 끝난 뒤에 다시 눌러 주세요"
BROKEN: Final = "돌리다가 멈췄어요. 관리자에게 알려 주세요"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RunState:
    """How far a run is."""

    case: str
    step: str = "시작해요"
    done: int = 0
    total: int = 0
    run: str | None = None
    """Its id, once it is through."""
    fault: str = ""
    """Why it ended without a result."""

    @property
    def over(self) -> bool:
        """Whether nothing more is to come."""
        return self.run is not None or bool(self.fault)


class CaseRunner:
    """At most one run at a time; the newest run of each case is remembered until the server ends.

    Args:
        store: the database.
        catalogue: folder of cases and places.
        data: the data folder.
        clock: the program's own time.
        embedder: loads what tells how near two texts are.
        given: the city's own tables, for the run of who gave them.
    """

    def __init__(
        self,
        store: Store,
        *,
        catalogue: Path,
        data: Path,
        clock: Callable[[], datetime],
        embedder: Callable[[], Embedder] | None = None,
        given: GivenTables | None = None,
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._data = data
        self._clock = clock
        self._embedder = embedder
        self._given = given
        self._states: dict[str, RunState] = {}
        self._task: asyncio.Task[None] | None = None

    def state(self, case: str) -> RunState | None:
        """How far the newest run of a case is."""
        return self._states.get(case)

    async def start(self, case: str, *, seed: int | None, by: str) -> None:
        """Begin a run.

        Raises:
            InputError: there is no such case, another one is running, or not all tables are given.
        """
        if self._task is not None and not self._task.done():
            raise InputError(BUSY)
        tables = {} if self._given is None else self._given.paths(case, by)
        self._task = asyncio.create_task(self._run(case, seed, by, tables))
        self._states[case] = RunState(case)

    async def wait(self) -> None:
        """Until nothing runs any more."""
        if self._task is not None:
            await self._task

    async def _run(self, case: str, seed: int | None, by: str, tables: Mapping[str, Path]) -> None:
        try:
            ran = await asyncio.to_thread(self._work, case, seed, by, tables)
            # Where it failed they stay: whoever gave them tries again or gives others.
            if self._given is not None:
                await asyncio.to_thread(self._given.drop, case, by)
            self._states[case] = replace(self._states[case], run=ran.run.id)
        except DonghaengError as error:
            self._states[case] = replace(self._states[case], fault=str(error))
        except Exception:
            # A method is a program of its own, perhaps another's: whatever it raises ends its run alone.
            _log.exception("cases.failed", source=case)
            self._states[case] = replace(self._states[case], fault=BROKEN)

    def _work(self, name: str, seed: int | None, by: str, tables: Mapping[str, Path]) -> Ran:
        case = find_case(self._catalogue, name)

        def told(step: str, done: int, total: int) -> None:
            self._states[name] = RunState(name, step, done, total)

        embeds = case.package.code in EMBEDS and self._embedder is not None
        context = CaseContext(
            seed=case.package.seed if seed is None else seed,
            today=self._clock().astimezone(SEOUL).date(),
            assumptions=case.assumptions,
            tables=tables,
            places=load_builtin(self._catalogue / "places"),
            store=self._store,
            embedder=self._embedder() if embeds and self._embedder is not None else None,
            progress=told,
        )
        return run_case(case, context, data=self._data, by=by, clock=self._clock)
