"""What a service's owner does: writes it, tries it out, sees what it would be confused with, submits it.

Nothing of a draft reaches citizens. Submitting makes a proposal of it (:class:`~donghaeng.review.desk
.ReviewDesk`), which another person publishes, after it was measured on everything that is in force.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from donghaeng.city.services import Catalogue
from donghaeng.errors import InputError, RecordChanged
from donghaeng.review.changes import Change, PassageChange, read_change, write_change
from donghaeng.review.desk import ProposalView, ReviewDesk
from donghaeng.review.measuring import Runner
from donghaeng.review.overlay import with_changes
from donghaeng.review.rules import ReviewRefused, UnknownProposal
from donghaeng.review.service_change import ServiceChange, hash_of, restored
from donghaeng.review.service_runs import ServiceRuns, Tried
from donghaeng.review.service_texts import blank, check_id, check_room, tidied
from donghaeng.review.service_view import (
    DraftChanged,
    DraftView,
    ServiceRow,
    Talk,
    Tryouts,
    UnknownService,
    view_of,
)
from donghaeng.review.written_services import GONE, TAKEN, WrittenService, read_service
from donghaeng.store import Store, proposals, service_drafts
from donghaeng.store.service_drafts import DraftRow, DraftState, RunKind, RunRow

MOST_SAID: Final = 40
"""Turns of one trial."""
LONGEST_SAID: Final = 400
CHANGED: Final = "다른 분이 먼저 저장했어요. 그분이 바꾼 것을 아래에서 보고, 쓰신 것을 다시 저장해 주세요"
FAULTY: Final = "먼저 잘못된 곳을 고쳐 주세요"
UNTRIED: Final = "먼저 이 초안의 시험을 돌려 주세요"


class ServiceDesk:
    """The owners' desk.

    Args:
        store: the database.
        review: publishes and takes back.
        base: folder of the operator's own catalogue, which is never written to.
        cache: folder of what is derived.
        runner: carries runs out.
        tryouts: talks by a draft; None where nobody can.
        clock: the program's own time.
    """

    def __init__(
        self,
        store: Store,
        review: ReviewDesk,
        *,
        base: Path,
        cache: Path,
        runner: Runner,
        clock: Callable[[], datetime],
        tryouts: Tryouts | None = None,
    ) -> None:
        self.review = review
        self._store = store
        self._base = base
        self._cache = cache
        self._runs = ServiceRuns(store, cache=cache, runner=runner, clock=clock)
        self._tryouts = tryouts
        self._clock = clock

    @property
    def catalogue(self) -> Catalogue:
        """The one in force."""
        return self.review.catalogue

    async def rows(self) -> tuple[ServiceRow, ...]:
        """Every service, and every draft of a new one, by their ids."""

        def read(tx: Any) -> tuple[list[DraftRow], list[RunRow], set[str | None]]:
            waiting = {row.id for row in proposals.listed(tx, proposals.DRAFTS)}
            return service_drafts.open_ones(tx), service_drafts.every_run(tx), {*waiting}

        drafts, runs, waiting = await self._store.read(read)
        shown = {
            one.service: one
            for one in drafts
            if one.state == "saved" or (one.state == "submitted" and one.proposal_id in waiting)
        }
        tests = {one.service: one for one in runs if one.kind == "tests"}
        catalogue = self.catalogue
        found = []
        for name in sorted({*catalogue, *shown}):
            service, draft = catalogue.get(name), shown.get(name)
            told = tests.get(name)
            fresh = told is not None and draft is not None
            found.append(
                ServiceRow(
                    name,
                    service.name if service is not None else name,
                    service.owner.department if service is not None else "",
                    draft,
                    told if fresh and told is not None and told.basis == self._basis(draft) else None,
                )
            )
        return tuple(found)

    async def draft(self, service: str) -> DraftView:
        """A service with its draft, or as it answers where there is none.

        Raises:
            UnknownService: there is neither.
        """
        row = await self._store.read(lambda tx: service_drafts.newest(tx, service))
        folder = await self._answering()
        now = await asyncio.to_thread(read_service, folder, service)
        proposal = None
        if row is not None and row.proposal_id is not None:
            proposal = await self._proposal(row.proposal_id)
        shown = row if row is not None and (row.state == "saved" or _waits(proposal)) else None
        if shown is None and now is None:
            raise UnknownService("그런 서비스가 없어요")
        definition, tests, base = _texts(shown, now)
        runs = await self._store.read(service_drafts.every_run)
        view = await asyncio.to_thread(view_of, service, definition, tests, now, folder)
        basis = hash_of(definition, tests)
        return replace(
            view,
            version=row.version if row is not None else 0,
            state=shown.state if shown is not None else None,
            row=row,
            base=base,
            proposal=proposal,
            runs={one.kind: one for one in runs if one.service == service and one.basis == basis},
        )

    async def checked(self, service: str, definition: str, tests: str) -> DraftView:
        """What would be wrong with a text, without keeping it.

        Raises:
            InputError: it is too long.
        """
        check_room(definition, tests)
        folder = await self._answering()
        now = await asyncio.to_thread(read_service, folder, service)
        return await asyncio.to_thread(view_of, service, definition, tests, now, folder)

    async def history(self, service: str) -> tuple[DraftRow, ...]:
        """Versions of the draft, the newest first."""
        return tuple(await self._store.read(lambda tx: service_drafts.history(tx, service)))

    async def begin(self, service: str, by: str, *, name: str, department: str, number: str) -> None:
        """Begin a new service: a text full of blanks.

        Raises:
            InputError: its id or name will not do.
            ReviewRefused: there is one of that id.
        """
        check_id(service)
        if service in self.catalogue or read_service(self._base, service) is not None:
            raise ReviewRefused(TAKEN)
        open_one = await self._store.read(lambda tx: service_drafts.newest(tx, service))
        if open_one is not None and open_one.state == "saved":
            raise ReviewRefused("이 영문 이름으로 쓰고 있는 초안이 있어요")
        if not name.strip() or len(name) > 100 or "\n" in name:
            raise InputError("서비스 이름을 적어 주세요")
        definition, tests = blank(service, name, department, number)
        seen = open_one.version if open_one is not None else 0
        await self._add(DraftRow(service, seen + 1, "saved", by, self._clock(), "", definition, tests))

    async def save(self, service: str, by: str, definition: str, tests: str, *, version: int) -> None:
        """Keep a version; one that is wrong as well, so that nothing written is lost.

        Args:
            service: its id.
            by: account of who wrote it.
            definition: text of ``service.yaml``.
            tests: text of ``tests.yaml``.
            version: of the draft as the page showed it.

        Raises:
            DraftChanged: somebody else saved since.
            InputError: it is too long.
            ReviewRefused: it was submitted and waits, or there is no such service.
        """
        check_room(definition, tests)
        view = await self.draft(service)
        if view.waits:
            raise ReviewRefused("올린 초안은 고칠 수 없어요. 먼저 올린 것을 거두어 주세요")
        base = view.base if view.state == "saved" else view.answering.base if view.answering else ""
        written = replace(view, definition=tidied(definition), tests=tidied(tests), base=base)
        await self._add(self._next(written, by, "saved", version=version))

    async def catch_up(self, service: str, by: str, *, version: int) -> None:
        """Write on over what answers now, whose changes the owner has seen in the difference."""
        view = await self.draft(service)
        if view.answering is None or view.state != "saved":
            raise ReviewRefused(GONE)
        await self._add(self._next(replace(view, base=view.answering.base), by, "saved", version=version))

    async def bring_back(self, service: str, by: str, *, old: int, version: int) -> None:
        """Make an older version the newest again.

        Raises:
            UnknownService: there is no such version.
        """
        row = await self._store.read(lambda tx: service_drafts.get(tx, service, old))
        if row is None:
            raise UnknownService("그런 판이 없어요")
        now = await asyncio.to_thread(read_service, await self._answering(), service)
        definition, tests, _ = _texts(row, now)
        await self.save(service, by, definition, tests, version=version)

    async def drop(self, service: str, by: str, *, version: int) -> None:
        """Give the draft up; its versions stay in the history."""
        view = await self.draft(service)
        if view.state != "saved" or view.row is None:
            raise ReviewRefused("버릴 초안이 없어요")
        await self._add(self._next(view, by, "dropped", version=version))

    async def begin_run(self, service: str, kind: RunKind) -> None:
        """Run the draft's own tests, or see what it would be confused with, in the background.

        Raises:
            ReviewRefused: something in it is wrong, or that is under way.
        """
        view = await self.draft(service)
        folder, held = await self._folder(view)
        passages = tuple((name, one) for name, one in held if isinstance(one, PassageChange))
        tests = {one.scenario.scenario: one.scenario.model_dump(mode="json") for one in view.checked.tests}
        tried = Tried(service, view.basis, folder, await self._answering(), passages, tests)
        await self._runs.begin(kind, tried)

    async def talk(self, service: str, said: Sequence[str]) -> Talk:
        """Talk by the draft as it was saved.

        Raises:
            ReviewRefused: something in it is wrong, or nobody can talk here.
            InputError: too much was said.
        """
        if len(said) > MOST_SAID or any(len(one) > LONGEST_SAID for one in said):
            raise InputError(f"한 번에 {MOST_SAID}마디, 한 마디에 {LONGEST_SAID}자까지 해 볼 수 있어요")
        if self._tryouts is None:
            raise ReviewRefused("이 서버에서는 말을 걸어 볼 수 없어요")
        folder, _ = await self._folder(await self.draft(service))
        return await self._tryouts.talk(folder, said)

    async def submit(
        self, service: str, by: str, *, version: int, note: str = "", seen_failures: bool = False
    ) -> ProposalView:
        """Ask another person to publish the draft.

        Args:
            service: its id.
            by: account of who asks.
            version: of the draft as the page showed it.
            note: for the other person.
            seen_failures: that tests of it fail is known to who asks; it cannot be published so.

        Raises:
            DraftChanged: somebody else saved since.
            ReviewRefused: it is wrong, was not tried, or other versions answer by now.
            InputError: the catalogue would not hold together with it.
        """
        view = await self.draft(service)
        if view.state != "saved" or view.row is None:
            raise ReviewRefused("올릴 초안이 없어요")
        if view.version != version:
            raise DraftChanged(CHANGED)
        if view.checked.faults:
            raise ReviewRefused(FAULTY)
        run = view.runs.get("tests")
        if run is None or run.state != "done":
            raise ReviewRefused(UNTRIED)
        if view.failing and not seen_failures:
            raise ReviewRefused(
                f"시험 {len(view.failing)}개가 통과하지 않아요. 알고 올린다고 표시하면 올릴 수 있지만, "
                "적용은 되지 않아요"
            )
        writers = await self._writers(service, by)
        change = ServiceChange(
            service=service,
            definition=view.definition,
            tests=view.tests,
            base=view.base,
            authors=tuple(writers),
        )
        made = await self.review.propose(by, write_change(change), items=[], words="", note=note)
        try:
            row = self._next(view, by, "submitted", version=version)
            await self._add(replace(row, proposal_id=made.row.id))
        except DraftChanged:
            await self.review.withdraw(made.row.id, by)
            raise
        return made

    async def take_back(self, service: str, by: str) -> None:
        """Take one's own submission back and go on writing.

        Raises:
            ReviewRefused: it is somebody else's, or none waits.
        """
        view = await self.draft(service)
        if not view.waits or view.proposal is None or view.row is None:
            raise ReviewRefused("기다리는 초안이 없어요")
        await self.review.withdraw(view.proposal.row.id, by)
        await self._add(self._next(view, by, "saved", version=view.version))

    async def published(self, service: str) -> ProposalView | None:
        """The proposal whose text answers now, for taking it back; None where the operator's own does."""
        rows = await self._store.read(proposals.in_force)
        mine = [row for row in rows if row.kind == "service" and row.change["service"] == service]
        return await self.review.proposal(mine[-1].id) if mine else None

    async def aclose(self) -> None:
        """Break off what is under way."""
        await self._runs.aclose()
        if self._tryouts is not None:
            await self._tryouts.aclose()

    async def _proposal(self, proposal: str) -> ProposalView | None:
        """A proposal; None where its time in the records is over."""
        try:
            return await self.review.proposal(proposal)
        except UnknownProposal:
            return None

    async def _writers(self, service: str, by: str) -> list[str]:
        """Who wrote since the draft was begun."""
        found = {by: None}
        for row in await self.history(service):
            if row.state == "dropped":
                break
            if row.state == "submitted" and row.proposal_id is not None:
                made = await self._proposal(row.proposal_id)
                if made is None or made.row.state in ("published", "rolled_back"):
                    break
            found[row.by] = None
        return list(found)

    async def _held(self) -> list[tuple[str, Change]]:
        rows = await self._store.read(proposals.in_force)
        return [(row.id, read_change(row.change)) for row in rows]

    async def _answering(self) -> Path:
        changes = [one for _, one in await self._held()]
        return await asyncio.to_thread(with_changes, self._base, changes, self._cache)

    async def _folder(self, view: DraftView) -> tuple[Path, list[tuple[str, Change]]]:
        if view.checked.faults:
            raise ReviewRefused(FAULTY)
        held = await self._held()
        change = ServiceChange(service=view.id, definition=view.definition, tests=view.tests, base=view.base)
        changes = [*(one for _, one in held), change]
        return await asyncio.to_thread(with_changes, self._base, changes, self._cache), held

    def _basis(self, draft: DraftRow | None) -> str:
        """Names what a draft says."""
        if draft is None:
            return ""
        definition, tests, _ = _texts(draft, read_service(self.catalogue.folder, draft.service))
        return hash_of(definition, tests)

    def _next(self, view: DraftView, by: str, state: DraftState, *, version: int) -> DraftRow:
        """The version that follows the one seen, with what the view says."""
        at, definition, tests = self._clock(), view.definition, view.tests
        return DraftRow(view.id, version + 1, state, by, at, view.base, definition, tests)

    async def _add(self, row: DraftRow) -> None:
        try:
            await self._store.transact(lambda tx: service_drafts.add(tx, row))
        except RecordChanged:
            raise DraftChanged(CHANGED) from None


def _texts(shown: DraftRow | None, now: WrittenService | None) -> tuple[str, str, str]:
    if shown is not None:
        before = now or WrittenService(shown.service, "", "", "")
        definition = restored(shown.definition, before.definition)
        return definition, restored(shown.tests, before.tests), shown.base
    assert now is not None, "a service without a draft answers"
    return now.definition, now.tests, now.base


def _waits(proposal: ProposalView | None) -> bool:
    return proposal is not None and proposal.row.state == "draft"
