"""Proposals of reviewers: made, measured, published by a second person, rolled back."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import structlog

from donghaeng.city.person_topics import load_person_topics
from donghaeng.city.services import Catalogue
from donghaeng.errors import DonghaengError, InputError
from donghaeng.review import merging
from donghaeng.review.board import ReviewBoard
from donghaeng.review.changes import Change, PassageChange, read_change, title_of, write_change
from donghaeng.review.effects import Effect, read_effect
from donghaeng.review.measuring import MOST_ITEMS, Effects, Proposed
from donghaeng.review.overlay import add_tests, fingerprint, with_changes
from donghaeng.review.passages import passages_of, serve_passage
from donghaeng.review.regression import write_test
from donghaeng.review.rules import ReviewRefused, UnknownProposal, check_publishing, check_reason
from donghaeng.review.service_change import ServiceChange
from donghaeng.review.written_services import check_base, check_folder, check_latest, check_writers
from donghaeng.store import Store, Transaction, knowledge, proposals, review_items
from donghaeng.store.proposals import EffectRow, ProposalRow, PublicationRow
from donghaeng.store.review_items import ItemRow
from donghaeng.trust.tokens import make_id
from donghaeng.understanding.load import read_slot_lexicons

LONGEST_NOTE: Final = 500

_log = structlog.get_logger(__name__)


Follow = Callable[[ServiceChange, str, str, str], Awaitable[None]]
"""Is told of a whole service that was ``proposed``, ``published`` or ``rolled_back``, by whom and why."""


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal with all that is known of it."""

    row: ProposalRow
    change: Change
    title: str
    items: tuple[ItemRow, ...]
    effect_row: EffectRow | None
    effect: Effect | None
    is_fresh: bool
    """Whether the effect was measured on what is in force."""


class ReviewDesk:
    """What reviewers make of what went wrong.

    Args:
        store: the database.
        base: folder of the operator's own catalogue, which is never written to.
        cache: folder of what is derived.
        catalogue: the one in force.
        effects: measures what changes do.
        clock: the program's own time.
        new_id: makes the id of a proposal.
    """

    def __init__(
        self,
        store: Store,
        *,
        base: Path,
        cache: Path,
        catalogue: Callable[[], Catalogue],
        effects: Effects,
        clock: Callable[[], datetime],
        new_id: Callable[[], str] = lambda: make_id("pr"),
    ) -> None:
        self.board = ReviewBoard(store)
        self._store = store
        self._base = base
        self._cache = cache
        self._catalogue = catalogue
        self._effects = effects
        self._clock = clock
        self._new_id = new_id
        self.follow_services: Follow | None = None
        self._measuring: set[asyncio.Task[None]] = set()

    @property
    def effects(self) -> Effects:
        """What plays and routes: one run at a time, whoever asks."""
        return self._effects

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue in force."""
        return self._catalogue()

    async def propose(
        self, author: str, values: Mapping[str, Any], *, items: Collection[str], words: str, note: str = ""
    ) -> ProposalView:
        """Propose a change, with the conversation test that it is held to.

        Args:
            author: account of the reviewer.
            values: of the change (:func:`~donghaeng.review.changes.read_change`).
            items: that it answers.
            words: what the test's citizen says.
            note: for the second person.

        Raises:
            InputError: the change, its test or what both would make of the catalogue is wrong, in Korean.
        """
        change = read_change(values)
        if len(note) > LONGEST_NOTE:
            raise InputError(f"메모는 {LONGEST_NOTE}자까지 적을 수 있어요")
        held = await self._store.read(proposals.in_force)
        proposal = self._new_id()
        test = await asyncio.to_thread(
            self._fits, change, [read_change(row.change) for row in held], words, proposal
        )
        row = ProposalRow(
            id=proposal,
            kind=change.kind,
            author=author,
            created_at=self._clock(),
            change=write_change(change),
            test=test,
            note=" ".join(note.split()),
        )

        def keep(tx: Transaction) -> None:
            proposals.add(tx, row, items)
            review_items.settle(tx, items, "answered")

        await self._store.transact(keep)
        await self._tell(change, "proposed", author, row.note)
        return await self.proposal(proposal)

    async def proposal(self, proposal: str) -> ProposalView:
        """A proposal.

        Raises:
            UnknownProposal: there is none of that id.
        """

        def read(tx: Transaction) -> tuple[ProposalRow, list[ItemRow], EffectRow | None, list[ProposalRow]]:
            row = _known(tx, proposal)
            items = review_items.of(tx, proposals.items_of(tx, proposal))
            return row, items, proposals.effect(tx, proposal), proposals.in_force(tx)

        row, items, effect_row, held = await self._store.read(read)
        change = read_change(row.change)
        is_fresh = effect_row is not None and effect_row.basis == await asyncio.to_thread(
            self._basis, row, held
        )
        effect = None
        if effect_row is not None and effect_row.state == "done" and effect_row.result is not None:
            effect = read_effect(effect_row.result)
        return ProposalView(row, change, self.title(row), tuple(items), effect_row, effect, is_fresh)

    async def waiting(self) -> tuple[ProposalRow, ...]:
        """Proposals that nobody has published or given up, the newest first."""
        return tuple(await self._store.read(lambda tx: proposals.listed(tx, proposals.DRAFTS)))

    async def all_proposals(self) -> tuple[ProposalRow, ...]:
        """Proposals in every state, the newest first."""
        return tuple(await self._store.read(lambda tx: proposals.listed(tx, proposals.STATES)))

    def title(self, row: ProposalRow) -> str:
        """What a list calls a proposal."""
        names = {one.id: one.name for one in self.catalogue.values()}
        return title_of(read_change(row.change), names)

    async def measure(self, proposal: str) -> Effect:
        """Run every conversation test and every labelled utterance without and with the change, in a process
        of its own; how far it is can be read from :meth:`proposal` meanwhile.

        Raises:
            UnknownProposal: there is none of that id.
            ReviewRefused: it is no draft, or its measuring is under way.
            DonghaengError: the run failed; the proposal says so from then on.
        """

        finish = await self._begin(proposal)
        return await finish()

    async def begin_measuring(self, proposal: str) -> None:
        """:meth:`measure` in the background; whether it failed is seen in the proposal.

        Raises:
            UnknownProposal: there is none of that id.
            ReviewRefused: it is no draft, or its measuring is under way.
        """
        finish = await self._begin(proposal)

        async def work() -> None:
            try:
                await finish()
            except (DonghaengError, OSError, ValueError) as error:
                _log.warning("review.measuring_failed", proposal=proposal, error=type(error).__name__)

        task = asyncio.create_task(work())
        self._measuring.add(task)
        task.add_done_callback(self._measuring.discard)

    async def _begin(self, proposal: str) -> Callable[[], Awaitable[Effect]]:
        def read(tx: Transaction) -> tuple[ProposalRow, list[ProposalRow], list[ItemRow]]:
            return (
                _known(tx, proposal),
                proposals.in_force(tx),
                review_items.listed(tx, state=None, limit=MOST_ITEMS),
            )

        row, held, items = await self._store.read(read)
        if row.state != "draft":
            raise ReviewRefused("이미 적용되었거나 거두어진 제안이에요")
        basis = await asyncio.to_thread(self._basis, row, held)
        started = await self._effects.begin(proposal, basis)
        others = [_proposed(one) for one in held]
        return lambda: self._effects.finish(started, _proposed(row), others, items)

    async def aclose(self) -> None:
        """Break off what is being measured."""
        for task in list(self._measuring):
            task.cancel()
        await asyncio.gather(*self._measuring, return_exceptions=True)

    async def publish(self, proposal: str, staff: str, reason: str = "") -> ProposalView:
        """Let a proposal take effect: within seconds new conversations go by it.

        Args:
            proposal: its id.
            staff: account of who publishes it, who is not its author.
            reason: why, although conversation tests break; may be empty where none does.

        Raises:
            TwoPersonRule: ``staff`` proposed it.
            ReviewRefused: it was not measured, does not do what it should, or another was faster.
            InputError: it does not fit into the catalogue any more.
        """
        revision = await self._store.read(proposals.revision)
        seen = await self.proposal(proposal)
        check_publishing(
            state=seen.row.state,
            author=seen.row.author,
            publisher=staff,
            effect=seen.effect,
            is_fresh=seen.is_fresh,
            reason=reason,
        )
        if isinstance(seen.change, ServiceChange):
            check_writers(seen.change, staff)
            held = [read_change(one.change) for one in await self._store.read(proposals.in_force)]
            await asyncio.to_thread(
                lambda: check_base(seen.change, with_changes(self._base, held, self._cache))
            )
        now = self._clock()

        def work(tx: Transaction) -> None:
            # Measured on what was in force then: another publication in between makes it stale.
            if proposals.revision(tx) != revision:
                raise ReviewRefused("그사이에 다른 변경이 적용되었어요. 효과를 다시 재어 주세요")
            document = None
            if isinstance(seen.change, PassageChange):
                document = serve_passage(
                    tx, seen.change, proposal, now, author=seen.row.author, publisher=staff
                )
            if not proposals.publish(tx, proposal, staff, now, reason.strip(), document_id=document):
                raise ReviewRefused("다른 분이 먼저 처리했어요")

        await self._store.transact(work)
        await self._tell(seen.change, "published", staff, reason.strip())
        return await self.proposal(proposal)

    async def roll_back(self, proposal: str, staff: str, reason: str) -> ProposalView:
        """Take a published proposal back in one step; everything else that is in force stays.

        Raises:
            UnknownProposal: there is none of that id.
            ReviewRefused: it is not in force, or others in force need it.
            InputError: no reason is given.
        """
        why = check_reason(reason)
        seen = await self.proposal(proposal)
        held = await self._store.read(proposals.in_force)
        numbers = [one.id for one in held]
        later = held[numbers.index(proposal) + 1 :] if proposal in numbers else []
        check_latest(seen.change, [read_change(one.change) for one in later])
        left = [read_change(one.change) for one in held if one.id != proposal]
        await asyncio.to_thread(self._still_fits, left)
        now = self._clock()

        def work(tx: Transaction) -> None:
            if not proposals.roll_back(tx, proposal, staff, now, why):
                raise ReviewRefused("적용 중인 제안이 아니에요")
            if seen.row.document_id is not None:
                knowledge.withdraw(tx, seen.row.document_id, now, staff)

        await self._store.transact(work)
        await self._tell(seen.change, "rolled_back", staff, why)
        return await self.proposal(proposal)

    async def withdraw(self, proposal: str, staff: str) -> None:
        """Give one's own draft up; its items are open again.

        Raises:
            UnknownProposal: there is none of that id.
            ReviewRefused: it is somebody else's, or no draft.
        """

        def work(tx: Transaction) -> None:
            if _known(tx, proposal).author != staff:
                raise ReviewRefused("제안한 사람만 거둘 수 있어요")
            if not proposals.withdraw(tx, proposal, self._clock()):
                raise ReviewRefused("이미 적용되었거나 거두어진 제안이에요")
            review_items.settle(tx, proposals.items_of(tx, proposal), "open")

        await self._store.transact(work)

    async def history(self) -> tuple[tuple[PublicationRow, ProposalRow | None], ...]:
        """Every publication and roll-back with its proposal, the newest first."""

        def read(tx: Transaction) -> list[tuple[PublicationRow, ProposalRow | None]]:
            return [(step, proposals.get(tx, step.proposal_id)) for step in proposals.history(tx)]

        return tuple(await self._store.read(read))

    async def export(self, folder: Path) -> int:
        """Write the catalogue with everything that is in force into a new folder, for its owner to take over,
        each change with its conversation test; how many changes it holds.

        Raises:
            InputError: the folder exists.
        """
        held = await self._store.read(proposals.in_force)
        changes = [read_change(row.change) for row in held]
        made = await asyncio.to_thread(with_changes, self._base, changes, self._cache)
        await asyncio.to_thread(_copy, made, folder)
        filed = [
            row for row, change in zip(held, changes, strict=True) if merging.file_of(change) is not None
        ]
        await asyncio.to_thread(add_tests, folder, [row.test for row in filed])
        return len(filed)

    async def _tell(self, change: Change, step: str, staff: str, words: str) -> None:
        if isinstance(change, ServiceChange) and self.follow_services is not None:
            try:
                await self.follow_services(change, step, staff, words)
            except DonghaengError as error:
                # What was done stands; the process sees the new text by itself.
                _log.warning("review.not_noted", act=step, error=type(error).__name__)

    def _fits(self, change: Change, held: Sequence[Change], words: str, proposal: str) -> dict[str, Any]:
        catalogue = self.catalogue
        if isinstance(change, ServiceChange):
            check_base(change, with_changes(self._base, held, self._cache))
            check_folder(with_changes(self._base, [*held, change], self._cache, strict=True))
            return {}
        merging.check(change, catalogue, read_slot_lexicons(catalogue))
        if isinstance(change, PassageChange):
            passages_of(change)
        else:
            with_changes(self._base, [*held, change], self._cache, strict=True)
        topics = load_person_topics(catalogue.folder / merging.PERSON_TOPICS)
        return write_test(change, words, proposal=proposal, catalogue=catalogue, topics=topics)

    def _still_fits(self, changes: Sequence[Change]) -> None:
        try:
            with_changes(self._base, changes, self._cache, strict=True)
        except InputError as error:
            raise ReviewRefused(
                f"나중에 적용한 다른 변경이 이것에 기대고 있어요. 그것부터 되돌려 주세요: {error}"
            ) from None

    def _basis(self, row: ProposalRow, held: Sequence[ProposalRow]) -> str:
        changes = [read_change(one.change) for one in held if one.id != row.id]
        names = "\n".join(one.id for one in held if one.id != row.id)
        return hashlib.sha256(f"{fingerprint(self._base, changes)}\n{names}\n{row.id}".encode()).hexdigest()


def _proposed(row: ProposalRow) -> Proposed:
    return Proposed(row.id, read_change(row.change), row.test)


def _known(tx: Transaction, proposal: str) -> ProposalRow:
    row = proposals.get(tx, proposal)
    if row is None:
        raise UnknownProposal("그런 제안이 없어요")
    return row


def _copy(made: Path, folder: Path) -> None:
    if folder.exists():
        raise InputError(f"{folder} exists", remedy="name a folder that does not")
    shutil.copytree(made, folder)
