"""The desk on the store: implements :class:`~donghaeng.people.counselling.CounsellorDesk` for one process.

Every change is one transaction that first changes or locks the hand-over's row on the condition that the
counsellor has it, and then writes its line; so of two who act at once one comes second and is told so.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol, TypeVar

from donghaeng.conversation.case_reading import Cases, Suggest
from donghaeng.conversation.desk_changes import add, hold, is_ready, known, note_claim, require, written
from donghaeng.conversation.desk_lists import figures, present, to_line, to_waiting
from donghaeng.conversation.editions import Editions
from donghaeng.conversation.switchboard import Switchboard
from donghaeng.errors import InputError
from donghaeng.people.bell import Bell
from donghaeng.people.cases import (
    Canned,
    Case,
    Counsellor,
    Department,
    Figures,
    Forward,
    HandoverTaken,
    Line,
    LineKind,
    Opening,
    OutcomeCode,
    UnknownHandover,
    Urgency,
    Waiting,
)
from donghaeng.people.counselling import GRACE_SECONDS, VoiceLine
from donghaeng.people.desk_files import HANDED_BACK, DeskFiles
from donghaeng.store import Store, Transaction, handover_lines, handovers, presence
from donghaeng.store.handover_lines import LineRow
from donghaeng.store.handovers import HandoverRow
from donghaeng.store.presence import PresentRow

T = TypeVar("T")

LOOK_SECONDS: Final = 1.0
"""Between two looks at what other processes have written."""


class Machine(Protocol):
    """What has the conversation when no counsellor has it."""

    async def go_on_alone(self, conversation: str, handover: str) -> None:
        """Say what is in hand and ask again."""
        ...


class Counsel:
    """The desk.

    Args:
        store: the database.
        editions: the catalogues of conversations.
        machine: takes conversations back.
        files: hours, outcomes, departments, ready-made answers.
        clock: the program's own time.
        bell: shared with whoever waits for the desk's lines in this process.
        switchboard: the live voice lines of this process.
        suggest: finds answers; none are suggested where it is None.
    """

    def __init__(
        self,
        *,
        store: Store,
        editions: Editions,
        machine: Machine,
        files: DeskFiles,
        clock: Callable[[], datetime],
        bell: Bell,
        switchboard: Switchboard,
        suggest: Suggest | None = None,
    ) -> None:
        self._store = store
        self._editions = editions
        self._machine = machine
        self._files = files
        self._clock = clock
        self._bell = bell
        self._switchboard = switchboard
        self._cases = Cases(store, editions, clock=clock, is_live=switchboard.is_live, suggest=suggest)

    # The queue

    async def queue(self) -> tuple[Waiting, ...]:
        """Who waits; see :class:`~donghaeng.people.counselling.CounsellorDesk`."""
        return await self._list(handovers.waiting)

    async def mine(self, staff: str) -> tuple[Waiting, ...]:
        """What a counsellor has."""
        return await self._list(lambda tx: handovers.owned(tx, staff))

    async def callbacks(self) -> tuple[Waiting, ...]:
        """Call-backs by their time."""
        return await self._list(lambda tx: handovers.waiting(tx, "callback"))

    async def claim(self, handover: str, staff: str) -> Case:
        """Take a waiting hand-over."""
        await self._change(lambda tx, now: self._claim(tx, handover, staff, now))
        return await self.case(handover, staff)

    async def claim_next(self, staff: str, *, department: str | None = None) -> Case | None:
        """Take whoever is first."""

        def work(tx: Transaction, now: datetime) -> str | None:
            there = [one.id for one in present(tx, now)]
            # Where another was faster, the next look no longer finds that one.
            while row := handovers.first_for(tx, staff, department=department, present=there):
                if handovers.claim(tx, row.id, staff, now):
                    note_claim(tx, row, staff, now)
                    return row.id
            return None

        claimed = await self._change(work)
        return None if claimed is None else await self.case(claimed, staff)

    def _claim(self, tx: Transaction, handover: str, staff: str, now: datetime) -> None:
        row = known(tx, handover)
        if row.state == "joined" and row.owner == staff:
            return
        there = {one.id for one in present(tx, now)}
        if row.for_staff not in (None, staff) and row.for_staff in there:
            raise HandoverTaken(f"hand-over {handover} was forwarded to another counsellor")
        if not handovers.claim(tx, handover, staff, now):
            raise HandoverTaken(f"hand-over {handover} cannot be claimed any more")
        note_claim(tx, row, staff, now)

    async def changes(self, after: int | None = None) -> AsyncIterator[Line]:
        """Every line as it happens."""
        seen = await self.last_seq() if after is None else after
        while True:
            count, since = self._bell.count, seen
            rows = await self._store.read(_since(since))
            for row in rows:
                seen = row.seq
                yield to_line(row)
            if not rows:
                await self._bell.after(count, seconds=LOOK_SECONDS)

    async def last_seq(self) -> int:
        """Number of the newest line."""
        return await self._store.read(handover_lines.last)

    # One conversation

    async def case(self, handover: str, staff: str) -> Case:
        """All about a hand-over."""

        return await self._cases.read(handover, staff)

    async def say(self, handover: str, staff: str, text: str, *, key: str | None = None) -> Line:
        """Say something to the citizen."""
        return await self._write(handover, staff, LineKind.COUNSELLOR, text, key=key)

    async def note(self, handover: str, staff: str, text: str) -> Line:
        """Write something for counsellors alone."""
        words = written(text)

        def work(tx: Transaction, now: datetime) -> Line:
            row = known(tx, handover)
            if row.state != "closed":
                hold(tx, handover, staff)
            return add(tx, row, LineKind.NOTE, now, staff=staff, text=words)

        return await self._change(work)

    async def _write(self, handover: str, staff: str, kind: LineKind, text: str, *, key: str | None) -> Line:
        words = written(text)
        name = None if key is None else f"{kind}/{handover}/{key}"

        def work(tx: Transaction, now: datetime) -> Line:
            before = None if name is None else handover_lines.by_key(tx, name)
            if before is not None:
                return to_line(before)
            row = hold(tx, handover, staff)
            before = None if name is None else handover_lines.by_key(tx, name)
            if before is not None:
                # Another process wrote it while this one waited for the hand-over.
                return to_line(before)
            presence.note(tx, PresentRow(staff, ready=is_ready(tx, staff, now), seen_at=now))
            return add(tx, row, kind, now, staff=staff, text=words, key=name)

        return await self._change(work)

    async def forward(self, handover: str, staff: str, to: Forward, note: str = "") -> None:
        """Put it back into the queue for somebody else."""
        departments = {one.id for one in self._files.departments}
        if to.staff is not None and to.department is not None:
            raise InputError("a hand-over goes to a counsellor or to a department", remedy="name one of them")
        if to.department is not None and to.department not in departments:
            raise InputError(
                f"no department {to.department!r}", remedy=f"one of {', '.join(sorted(departments))}"
            )
        words = written(note) if note.strip() else ""
        target = f"staff:{to.staff}" if to.staff else f"department:{to.department}" if to.department else None

        def work(tx: Transaction, now: datetime) -> str:
            row = known(tx, handover)
            waits = handovers.release(
                tx,
                handover,
                staff,
                now,
                urgency=Urgency.RETURNED,
                department=to.department,
                for_staff=to.staff,
            )
            require(row, waits is not None)
            if words:
                add(tx, row, LineKind.NOTE, now, staff=staff, text=words)
            add(tx, row, LineKind.FORWARDED, now, staff=staff, detail=target)
            called = waits == "callback"
            told = self._phrase("counsellor_forwards_callback" if called else "counsellor_forwards")
            self._tell(tx, row, told, waits or "queued", now)
            return row.conversation_id

        self._switchboard.hang_up(await self._change(work))

    async def hand_back(self, handover: str, staff: str) -> None:
        """Let the machine go on."""

        def work(tx: Transaction, now: datetime) -> str:
            row = known(tx, handover)
            require(row, handovers.close(tx, handover, staff, HANDED_BACK, now))
            add(tx, row, LineKind.HANDED_BACK, now, staff=staff)
            return row.conversation_id

        conversation = await self._change(work)
        self._switchboard.hang_up(conversation)
        await self._machine.go_on_alone(conversation, handover)

    async def close(self, handover: str, staff: str, outcome: str, note: str = "") -> None:
        """End it with a coded outcome."""
        outcomes = [one.id for one in self._files.outcomes]
        if outcome not in outcomes:
            raise InputError(f"no outcome {outcome!r}", remedy=f"one of {', '.join(outcomes)}")
        words = written(note) if note.strip() else ""

        def work(tx: Transaction, now: datetime) -> str:
            row = known(tx, handover)
            require(row, handovers.close(tx, handover, staff, outcome, now))
            if words:
                add(tx, row, LineKind.NOTE, now, staff=staff, text=words)
            add(tx, row, LineKind.CLOSED, now, staff=staff, detail=outcome)
            self._tell(tx, row, self._phrase("counsellor_ends"), "closed", now)
            return row.conversation_id

        self._switchboard.hang_up(await self._change(work))

    async def judge(
        self,
        handover: str,
        staff: str,
        suggestion: str,
        verdict: Literal["used", "edited", "rejected"],
        text: str = "",
    ) -> None:
        """Note what a counsellor made of a suggested answer."""
        words = written(text) if text.strip() else ""

        def work(tx: Transaction, now: datetime) -> None:
            row = hold(tx, handover, staff)
            detail = f"{verdict}:{suggestion}"[:96]
            add(tx, row, LineKind.SUGGESTION, now, staff=staff, detail=detail, text=words)

        await self._change(work)

    @asynccontextmanager
    async def voice(self, handover: str, staff: str, sample_rate: int) -> AsyncIterator[VoiceLine]:
        """Join the caller's live voice line."""

        def read(tx: Transaction) -> HandoverRow:
            row = known(tx, handover)
            require(row, row.state == "joined" and row.owner == staff)
            return row

        conversation = (await self._store.read(read)).conversation_id
        voice = self._switchboard.connect(conversation, sample_rate)
        if voice is None:
            raise UnknownHandover(f"the caller of hand-over {handover} is on no live line here")
        try:
            yield voice
        finally:
            self._switchboard.hang_up(conversation, voice)

    # The desk itself

    async def beat(self, staff: str, *, ready: bool = True) -> None:
        """Note that a counsellor's page is open."""
        row = PresentRow(staff, ready=ready, seen_at=self._clock())
        await self._store.transact(lambda tx: presence.note(tx, row))

    async def leave(self, staff: str) -> None:
        """A counsellor logs out."""

        def work(tx: Transaction, now: datetime) -> list[str]:
            returned = self._return(tx, handovers.owned(tx, staff), now)
            presence.forget(tx, staff)
            return returned

        for conversation in await self._change(work):
            self._switchboard.hang_up(conversation)

    async def present(self) -> tuple[Counsellor, ...]:
        """Whose pages are open."""
        return await self._store.read(lambda tx: present(tx, self._clock()))

    async def release_absent(self) -> int:
        """Put back what absent counsellors have."""
        now = self._clock()
        moment = now - timedelta(seconds=GRACE_SECONDS)

        def orphans(tx: Transaction) -> list[HandoverRow]:
            return handovers.orphaned(tx, [one.staff for one in presence.seen_since(tx, moment)])

        if not await self._store.read(orphans):
            return 0
        returned = await self._change(lambda tx, now: self._return(tx, orphans(tx), now))
        for conversation in returned:
            self._switchboard.hang_up(conversation)
        return len(returned)

    def _return(self, tx: Transaction, rows: Sequence[HandoverRow], now: datetime) -> list[str]:
        """Put them back at the front of the queue, call-backs among those, and tell the citizens; the
        conversations of those that no other process has put back before."""
        returned = [
            (row, waits)
            for row in rows
            if (waits := handovers.release(tx, row.id, row.owner or "", now, urgency=Urgency.RETURNED))
        ]
        for row, waits in returned:
            add(tx, row, LineKind.RETURNED, now, staff=row.owner)
            called = waits == "callback"
            told = self._phrase("counsellor_gone_callback" if called else "counsellor_gone")
            self._tell(tx, row, told, waits, now)
        return [row.conversation_id for row, _ in returned]

    async def figures(self) -> Figures:
        """Today's figures."""
        return await self._store.read(lambda tx: figures(tx, self._clock()))

    def opening(self) -> Opening:
        """Whether the desk works now."""
        return self._files.hours.at(self._clock())

    def canned(self) -> tuple[Canned, ...]:
        """Ready-made answers."""
        return self._files.canned

    def outcomes(self) -> tuple[OutcomeCode, ...]:
        """How a hand-over may be closed."""
        return self._files.outcomes

    def departments(self) -> tuple[Department, ...]:
        """Where one may be forwarded to."""
        return self._files.departments

    def _phrase(self, name: str) -> str:
        return self._editions.current.policy.phrases(name)

    def _tell(self, tx: Transaction, row: HandoverRow, text: str, standing: str, now: datetime) -> None:
        """Leave words of the machine for the citizen: the counsellor has the conversation no longer."""
        add(tx, row, LineKind.MACHINE, now, detail=standing, text=text)

    async def _list(self, read: Callable[[Transaction], list[HandoverRow]]) -> tuple[Waiting, ...]:
        now = self._clock()
        return await self._store.read(lambda tx: to_waiting(tx, read(tx), now, self._switchboard.is_live))

    async def _change(self, work: Callable[[Transaction, datetime], T]) -> T:
        """Do it in one transaction, then wake up whoever waits for its lines."""
        done = await self._store.transact(lambda tx: work(tx, self._clock()))
        self._bell.ring()
        return done


def _since(after: int) -> Callable[[Transaction], list[LineRow]]:
    return lambda tx: handover_lines.since(tx, after)
