"""Tries a drafted service out beside the program: its own tests, and what it would be confused with."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from donghaeng.city.services.loading import TESTS_FILE, load_catalogue
from donghaeng.conversation.scenarios import read_written
from donghaeng.errors import DonghaengError
from donghaeng.review.changes import PassageChange
from donghaeng.review.effects import Measured, read_measured
from donghaeng.review.measuring import SILENT, TELL_EVERY, Run, Runner, labels
from donghaeng.review.overlay import fingerprint
from donghaeng.review.rules import ReviewRefused
from donghaeng.review.service_confusions import Confusions, confusions, to_route
from donghaeng.store import Store, Transaction, service_drafts
from donghaeng.store.service_drafts import RunKind, RunRow
from donghaeng.trust.kept_json import read_kept, write_kept

_log = structlog.get_logger(__name__)
Passages = tuple[tuple[str, PassageChange], ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """What is tried."""

    service: str
    basis: str
    """Names what it says."""
    folder: Path
    """Catalogue with the draft in it."""
    answering: Path
    """Catalogue without."""
    passages: Passages = ()
    tests: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Conversation tests of the draft, by name."""


class ServiceRuns:
    """Carries runs out in the background, one at a time in this process; how far each is lies in the
    database, where every process sees it.

    Args:
        store: the database.
        cache: folder of what is derived.
        runner: carries runs out.
        clock: the program's own time.
    """

    def __init__(self, store: Store, *, cache: Path, runner: Runner, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._cache = cache
        self._runner = runner
        self._clock = clock
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    async def begin(self, kind: RunKind, tried: Tried) -> None:
        """Begin a run in the background.

        Raises:
            ReviewRefused: the same is being tried already.
        """
        started = RunRow(tried.service, kind, tried.basis, "running", self._clock())

        def start(tx: Transaction) -> None:
            before = service_drafts.run(tx, tried.service, kind)
            same = before is not None and before.basis == tried.basis and before.state == "running"
            if same and before is not None and started.at - before.at < SILENT:
                raise ReviewRefused("이미 하고 있어요. 잠시 기다려 주세요")
            service_drafts.set_run(tx, started)

        await self._store.transact(start)
        task = asyncio.create_task(self._work(started, tried))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        """Break off what is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _work(self, started: RunRow, tried: Tried) -> None:
        try:
            async with self._turn:
                result = await (self._tests if started.kind == "tests" else self._confusions)(started, tried)
        except BaseException as error:
            failed = replace(started, state="failed", at=self._clock())
            with suppress(DonghaengError):
                await asyncio.shield(self._store.transact(lambda tx: service_drafts.set_run(tx, failed)))
            if not isinstance(error, DonghaengError | OSError | ValueError):
                raise
            _log.warning("service_run.failed", service=started.service, error=type(error).__name__)
            return
        done = replace(started, state="done", at=self._clock(), result=result)
        await self._store.transact(lambda tx: service_drafts.set_run(tx, done))

    async def _tests(self, started: RunRow, tried: Tried) -> dict[str, Any]:
        run = Run(tried.folder, tried.passages, tuple(tried.tests.items()), ())
        measured = await self._runner(run, self._teller(started, 0, len(run.tests)))
        return {"tests": dict(measured.tests)}

    async def _confusions(self, started: RunRow, tried: Tried) -> dict[str, Any]:
        right = await asyncio.to_thread(_right, tried)
        texts = tuple(right)
        key = _key(await asyncio.to_thread(fingerprint, tried.answering, ()))
        kept = await asyncio.to_thread(self._kept, key)
        known = {} if kept is None else dict(kept.routing)
        missing = tuple(text for text in texts if text not in known)
        total = len(missing) + len(texts)
        if missing:
            first = Run(tried.answering, tried.passages, (), missing)
            known |= (await self._runner(first, self._teller(started, 0, total))).routing
            await asyncio.to_thread(write_kept, self._file(key), Measured({}, known).as_plain())
        second = Run(tried.folder, tried.passages, (), texts, about=tried.service)
        after = await self._runner(second, self._teller(started, len(missing), total))
        found = confusions(tried.service, right, Measured({}, known), after)
        return as_plain(found)

    def _teller(self, started: RunRow, offset: int, total: int) -> Callable[[int, int], None]:
        loop = asyncio.get_running_loop()
        told = 0

        def tell(done: int, _: int) -> None:
            nonlocal told
            if done - told < TELL_EVERY and offset + done < total:
                return
            told = done
            row = replace(started, at=self._clock(), done=offset + done, total=total)
            task = loop.create_task(self._tell(row))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        return tell

    async def _tell(self, row: RunRow) -> None:
        with suppress(DonghaengError):
            await self._store.transact(lambda tx: service_drafts.tell_run(tx, row))

    def _kept(self, key: str) -> Measured | None:
        with suppress(ValueError, TypeError, KeyError):
            found = read_kept(self._file(key))
            return None if found is None else read_measured(found)
        return None

    def _file(self, key: str) -> Path:
        return self._cache / "effects" / f"{key}.json"


def as_plain(found: Confusions) -> dict[str, Any]:
    """JSON values."""
    moved = {name: [_moved(one) for one in getattr(found, name)] for name in ("to", "away", "wrong")}
    return {
        **moved,
        "cases": found.cases,
        "right_before": found.right_before,
        "right_after": found.right_after,
        "harmed": found.harmed,
        "counts": dict(found.counts),
        "pairs": [list(one) for one in found.pairs],
        "alike": [dict(one) for one in found.alike],
    }


def _moved(one: Any) -> dict[str, Any]:
    return {"text": one.text, "before": one.before, "after": one.after, "right": one.right}


def _right(tried: Tried) -> dict[str, str]:
    catalogue = load_catalogue(tried.folder)
    written = read_written(sorted(tried.folder.glob(f"services/*/{TESTS_FILE}")))
    tests = {one.scenario.scenario: one.scenario.model_dump(mode="json") for one in written}
    return to_route(tried.service, {one.id: one.examples for one in catalogue.values()}, labels(tests))


def _key(folder: str) -> str:
    return hashlib.sha256(json.dumps(["routing", folder]).encode()).hexdigest()[:24]
