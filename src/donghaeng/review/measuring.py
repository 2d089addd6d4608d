"""Measures what a change does: the tests and cases that are run before and after, and the run's place.

A run itself takes an application of its own and minutes; who puts the program together gives it
(:class:`Runner`). What was measured of the catalogue without the change is kept, so that the next proposal
costs one run.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

from donghaeng.city.services.loading import TESTS_FILE
from donghaeng.conversation.scenarios import read_written
from donghaeng.errors import DonghaengError
from donghaeng.review.changes import Change, PassageChange
from donghaeng.review.effects import Cases, Effect, Measured, compare, read_measured
from donghaeng.review.overlay import fingerprint, with_changes
from donghaeng.review.recorded_questions import recorded_questions
from donghaeng.review.regression import read_test
from donghaeng.review.rules import ReviewRefused
from donghaeng.review.served_documents import ServedDocument, served_documents, with_document
from donghaeng.review.service_change import ServiceChange
from donghaeng.store import Store, Transaction, proposals
from donghaeng.store.proposals import EffectRow
from donghaeng.store.review_items import ItemRow
from donghaeng.trust.kept_json import read_kept, write_kept

MOST_ITEMS: Final = 300
"""Words of review items that are routed before and after; the newest."""
SILENT: Final = timedelta(minutes=20)
"""A run of which nothing was heard for so long is over, however its process ended."""
TELL_EVERY: Final = 5
"""Steps of a run between two marks of how far it is."""

KEPT_FORMAT: Final = "2"
"""Of what a kept run holds: one that holds less is not read."""

Progress = Callable[[int, int], None]
Note = Callable[[int, int], Awaitable[None]]
"""Puts down how many steps of how many are done."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change with its conversation test; that of a whole service is empty: it brings its own along."""

    id: str
    change: Change
    test: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Run:
    """What one run does, in one installation of its own."""

    folder: Path
    """Catalogue."""
    passages: tuple[tuple[str, PassageChange], ...]
    """Of proposals by id, served beside the catalogue's own."""
    tests: tuple[tuple[str, Mapping[str, Any]], ...]
    """Name and scenario of each conversation test."""
    texts: tuple[str, ...]
    """Utterances to route, each as the first turn of a conversation."""
    documents: tuple[ServedDocument, ...] = ()
    """Served beside the catalogue's passages."""
    about: str | None = None
    """The service whose examples are held against those of all others."""


class Runner(Protocol):
    """Carries a run out."""

    async def __call__(self, run: Run, progress: Progress) -> Measured:
        """Play and route everything.

        Raises:
            DonghaengError: the run failed.
        """
        ...


class Effects:
    """Measures proposals, one at a time in this process.

    Args:
        store: keeps how far a measuring is and what came of it.
        base: folder of the operator's own catalogue.
        cache: folder of what is derived.
        runner: carries runs out.
        clock: the program's own time.
        most_tests: no more of the catalogue's conversation tests than so many; all when None.
    """

    def __init__(
        self,
        store: Store,
        *,
        base: Path,
        cache: Path,
        runner: Runner,
        clock: Callable[[], datetime],
        most_tests: int | None = None,
    ) -> None:
        self._store = store
        self._base = base
        self._cache = cache
        self._runner = runner
        self._clock = clock
        self._most_tests = most_tests
        self._turn = asyncio.Lock()

    async def begin(self, proposal: str, basis: str) -> EffectRow:
        """Note that a proposal is being measured, for :meth:`finish`.

        Args:
            proposal: its id.
            basis: names what it is measured on.

        Raises:
            ReviewRefused: it is being measured already.
        """
        started = EffectRow(proposal, "running", basis, self._clock())
        await self._store.transact(lambda tx: self._start(tx, started))
        return started

    async def finish(
        self, started: EffectRow, proposed: Proposed, held: Sequence[Proposed], items: Sequence[ItemRow]
    ) -> Effect:
        """What a change does to all that is in force, the documents of the city's own among it.

        Args:
            started: what :meth:`begin` noted.
            proposed: the change.
            held: what is in force, in its order.
            items: whose words are routed before and after.

        Raises:
            DonghaengError: a run failed; it is noted.
        """
        try:
            questions = [one.text for one in await self._store.read(recorded_questions)]
            words = (*(row.text for row in items), *questions)

            async def note(done: int, total: int) -> None:
                row = replace(started, at=self._clock(), done=done, total=total)
                await self._store.transact(lambda tx: proposals.tell_progress(tx, row))

            effect = await self.difference(held, words, note, proposed=proposed)
        except BaseException:
            failed = replace(started, state="failed", at=self._clock())
            with suppress(DonghaengError):
                await asyncio.shield(self._store.transact(lambda tx: proposals.set_effect(tx, failed)))
            raise
        done = replace(started, state="done", at=self._clock(), result=effect.as_plain())
        await self._store.transact(lambda tx: proposals.set_effect(tx, done))
        return effect

    def _start(self, tx: Transaction, started: EffectRow) -> None:
        before = proposals.effect(tx, started.proposal_id)
        if before is not None and before.state == "running" and started.at - before.at < SILENT:
            raise ReviewRefused("이미 재고 있어요. 잠시 기다려 주세요")
        proposals.set_effect(tx, started)

    async def difference(
        self,
        held: Sequence[Proposed],
        words: Sequence[str],
        note: Note,
        *,
        proposed: Proposed | None = None,
        document: ServedDocument | None = None,
    ) -> Effect:
        """Play and route everything without and with a change; one at a time in this process.

        Args:
            held: proposals in force, in their order.
            words: of citizens, routed and answered before and after.
            note: puts down how far it is.
            proposed: the change, where it is a proposal.
            document: the change, where it is a version of a document.

        Raises:
            DonghaengError: a run failed.
        """
        async with self._turn:
            return await self._difference(held, words, note, proposed, document)

    async def _difference(
        self,
        held: Sequence[Proposed],
        words: Sequence[str],
        note: Note,
        proposed: Proposed | None,
        document: ServedDocument | None,
    ) -> Effect:
        changes = [one.change for one in held]
        before, after = await asyncio.to_thread(self._folders, changes, proposed)
        tests = await asyncio.to_thread(self._tests, before)
        tests |= {read_test(one.test).scenario: one.test for one in held if one.test}
        whole = proposed is not None and isinstance(proposed.change, ServiceChange)
        own = await asyncio.to_thread(_own, after, proposed)
        replaced = await asyncio.to_thread(_own, before, proposed) if whole else {}
        removed = [name for name in replaced if name not in own]
        labelled = labels({**tests, **own} if whole else tests)
        cases = Cases(labelled, tuple(one for one in dict.fromkeys(words) if one not in labelled))
        passages = tuple((one.id, one.change) for one in held if isinstance(one.change, PassageChange))
        documents = tuple(await self._store.read(served_documents))
        texts = (*labelled, *cases.items)
        key = _key(fingerprint(self._base, changes), passages, tests, documents)
        kept = await asyncio.to_thread(self._kept, key)
        alone = {} if whole else own
        first = Run(before, passages, tuple({**({} if kept else tests), **alone}.items()), texts, documents)
        if kept is not None:
            first = replace(first, texts=tuple(one for one in texts if one not in kept.routing))
        if proposed is not None and isinstance(proposed.change, PassageChange):
            passages = (*passages, (proposed.id, proposed.change))
        if document is not None:
            documents = tuple(with_document(documents, document))
        after_tests = {name: one for name, one in {**tests, **own}.items() if name not in removed}
        second = Run(after, passages, tuple(after_tests.items()), texts, documents)
        steps = [len(run.tests) + len(run.texts) for run in (first, second)]
        tell = _teller(sum(steps), note)
        base = await self._runner(first, lambda done, _: tell(done))
        if kept is None:
            await asyncio.to_thread(self._keep, key, _shared(base, labelled, alone, cases))
        else:
            base = Measured(
                {**kept.tests, **base.tests},
                {**kept.routing, **base.routing},
                base.seconds,
                {**kept.answers, **base.answers},
            )
        changed = await self._runner(second, lambda done, _: tell(steps[0] + done))
        return compare(base, changed, own=own, cases=cases, whole=whole, removed=removed)

    def _folders(self, changes: Sequence[Change], proposed: Proposed | None) -> tuple[Path, Path]:
        before = with_changes(self._base, changes, self._cache)
        if proposed is None:
            return before, before
        return before, with_changes(self._base, [*changes, proposed.change], self._cache, strict=True)

    def _tests(self, folder: Path) -> dict[str, Mapping[str, Any]]:
        files = sorted(folder.glob(f"services/*/{TESTS_FILE}"))
        written = read_written(files)[: self._most_tests]
        return {one.scenario.scenario: one.scenario.model_dump(mode="json") for one in written}

    def _kept(self, key: str) -> Measured | None:
        with suppress(ValueError, TypeError, KeyError):
            found = read_kept(self._file(key))
            return None if found is None else read_measured(found)
        return None

    def _keep(self, key: str, measured: Measured) -> None:
        write_kept(self._file(key), measured.as_plain())

    def _file(self, key: str) -> Path:
        return self._cache / "effects" / f"{key}.json"


def _teller(total: int, note: Note) -> Callable[[int], None]:
    loop = asyncio.get_running_loop()
    told = 0
    running: set[asyncio.Task[None]] = set()

    async def write(done: int) -> None:
        with suppress(DonghaengError):
            await note(done, total)

    def tell(done: int) -> None:
        nonlocal told
        if done - told < TELL_EVERY and done < total:
            return
        told = done
        task = loop.create_task(write(done))
        running.add(task)
        task.add_done_callback(running.discard)

    return tell


def _shared(base: Measured, labelled: Container[str], own: Container[str], cases: Cases) -> Measured:
    """What the next proposal can use of a run: nothing that citizens said, nor of this proposal's test."""
    theirs = set(cases.items)
    return Measured(
        {name: why for name, why in base.tests.items() if name not in own},
        {text: service for text, service in base.routing.items() if text in labelled},
        base.seconds,
        {
            question: said
            for question, said in base.answers.items()
            if question not in theirs and question.partition(": ")[0] not in own
        },
    )


@cache
def program_stamp() -> str:
    """Names the program as it is installed: what another one measured is not compared with."""
    root = Path(__file__).parents[1]
    files = sorted((path.relative_to(root).as_posix(), path.stat()) for path in root.rglob("*.py"))
    told = "\n".join(f"{name} {stat.st_size} {stat.st_mtime_ns}" for name, stat in files)
    return hashlib.sha256(told.encode()).hexdigest()


def _own(folder: Path, proposed: Proposed | None) -> dict[str, Mapping[str, Any]]:
    """What a proposal is held to, by name: its own test, or all that stand beside a whole service."""
    if proposed is None:
        return {}
    if not isinstance(proposed.change, ServiceChange):
        return {read_test(proposed.test).scenario: proposed.test}
    file = folder / "services" / proposed.change.service / TESTS_FILE
    written = read_written([file]) if file.is_file() else []
    return {one.scenario.scenario: one.scenario.model_dump(mode="json") for one in written}


def labels(tests: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """First words of conversation tests and the service that their first reply must be of."""
    found: dict[str, str] = {}
    for test in tests.values():
        first = test["turns"][0]
        if "service" in first.get("expect", {}):
            found[str(first["citizen"])] = str(first["expect"]["service"] or "none")
    return found


def _key(
    folder: str,
    passages: Sequence[tuple[str, PassageChange]],
    tests: Mapping[str, Mapping[str, Any]],
    documents: Sequence[ServedDocument],
) -> str:
    texts = [json.dumps(one.as_plain(), sort_keys=True) for one in documents]
    played = json.dumps(dict(tests), sort_keys=True, default=str)
    parts = [KEPT_FORMAT, program_stamp(), folder, *(name for name, _ in passages), *texts, played]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
