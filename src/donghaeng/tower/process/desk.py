"""The process over the database: each action is decided on what stands there, in the transaction that writes
it down.

Who acts names the version of the subject that they saw; where somebody else acted since, nothing is done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Final

from donghaeng.store import Store, Transaction, notices, process
from donghaeng.store.notices import Notice, Way
from donghaeng.store.process import ActionRow
from donghaeng.tower.process import deciding
from donghaeng.tower.process.deciding import Deeds
from donghaeng.tower.process.gates import held
from donghaeng.tower.process.imported import ImportedRecord
from donghaeng.tower.process.noticing import notice
from donghaeng.tower.process.refusals import ProcessConflict, ProcessRefused, UnknownSubject
from donghaeng.tower.process.risk import RiskForm
from donghaeng.tower.process.rules import Kind, Rules
from donghaeng.tower.process.state import (
    SYSTEM,
    Action,
    ActionKind,
    Deed,
    Evidence,
    Subject,
    SubjectState,
    day_of,
    evolve,
    fold,
)
from donghaeng.trust.tokens import make_id

MOST_FILE_BYTES: Final = 20 * 1024 * 1024
"""Of one file of evidence."""
ID_LETTERS: Final = 12
PUBLICATION: Final = "publication"
"""Kind of evidence that the register's public record is compared with."""
UNPUBLISHED: Final = "unpublished"
"""Cause of the review where that record is public no more."""
Decide = Callable[[SubjectState], Deeds]


@dataclass(frozen=True, slots=True)
class Present:
    """Something that is there."""

    name: str
    """In Korean."""
    seen: str = ""
    """Hash of what it is made of; empty where there is nothing to compare."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """Hashes of its parts: ``model/recogniser``, ``prompt/rewording``, ``knowledge/sets``."""


class ProcessDesk:
    """What people do in the process.

    Args:
        store: the database.
        rules: of the process.
        form: for the risk level.
        clock: the program's own time.
        unpublished: why the register's public record of a subject is no evidence of publication, None where
            it is; called on a thread. Nothing is compared where it is None.
        ways: by which reminders are told outside the console.
    """

    def __init__(
        self,
        store: Store,
        rules: Rules,
        form: RiskForm,
        clock: Callable[[], datetime],
        *,
        unpublished: Callable[[Subject], str | None] | None = None,
        ways: Iterable[Way] = (),
    ) -> None:
        self._unpublished = unpublished
        self._ways = tuple(ways)
        self.rules = rules
        self.form = form
        self._store = store
        self._clock = clock

    def today(self) -> date:
        """The day in Seoul."""
        return day_of(self._clock())

    async def board(self) -> tuple[SubjectState, ...]:
        """Every subject, in the order of their beginnings."""
        return tuple((await self._store.read(states)).values())

    async def subject(self, subject: Subject) -> SubjectState:
        """One subject with its history.

        Raises:
            UnknownSubject: there is none of that name.
        """
        return await self._store.read(lambda tx: state_of(tx, subject))

    async def create(self, subject: Subject, by: str, *, name: str, owner: str, words: str) -> SubjectState:
        """Begin a subject as a draft.

        Raises:
            ProcessRefused: there is one of that name, or its own name is missing.
        """
        deeds = deciding.create(name, owner, words)

        def work(tx: Transaction) -> SubjectState:
            process.hold(tx)
            if process.of(tx, subject.kind.value, subject.id):
                raise ProcessRefused(f"{subject}: 이미 있어요")
            return self._write(tx, SubjectState(subject), by, deeds)

        return await self._store.transact(work)

    def enter_within(self, tx: Transaction, subject: Subject, *, name: str, words: str) -> bool:
        """Begin a subject as a draft in somebody else's transaction. False where it goes through the process
        already."""
        process.hold(tx)
        if subject in states(tx):
            return False
        self._write(tx, SubjectState(subject), SYSTEM, deciding.create(name, "", words))
        return True

    async def propose_idea(self, by: str, *, name: str, owner: str, words: str) -> SubjectState:
        """Take an official's idea.

        Raises:
            ProcessRefused: it has no name.
        """
        subject = Subject(Kind.IDEA, make_id("idea")[:ID_LETTERS])
        return await self.create(subject, by, name=name, owner=owner, words=words)

    async def add_evidence(
        self, subject: Subject, by: str, one: Evidence, *, version: int | None = None, content: bytes = b""
    ) -> SubjectState:
        """Attach evidence, with a file where ``content`` is given.

        Raises:
            ProcessRefused: see :func:`~donghaeng.tower.process.deciding.add_evidence`; a file too large.
        """
        if len(content) > MOST_FILE_BYTES:
            raise ProcessRefused(f"파일은 {MOST_FILE_BYTES // 1024 // 1024}MB까지 올릴 수 있어요")
        if one.kind == PUBLICATION and self._unpublished is not None:
            fault = await asyncio.to_thread(self._unpublished, subject)
            if fault is not None:
                raise ProcessRefused(fault)

        def work(tx: Transaction) -> SubjectState:
            process.hold(tx)
            state = self._seen(tx, subject, version)
            told = one
            if content:
                told = replace(one, file=process.keep_file(tx, content, self._clock()))
            everybody = states(tx) if one.relies_on else {}
            deeds = deciding.add_evidence(
                self.rules,
                state,
                told,
                self.today(),
                relying=relying(everybody.values()),
                relied=next((two for key, two in everybody.items() if str(key) == one.relies_on), None),
            )
            return self._write(tx, state, by, deeds)

        return await self._store.transact(work)

    async def act(
        self, subject: Subject, by: str, decide: Decide, *, version: int | None = None
    ) -> SubjectState:
        """Do what ``decide`` makes of the subject as it stands.

        Args:
            subject: on what.
            by: account of who acts.
            decide: a function of :mod:`donghaeng.tower.process.deciding`.
            version: of the subject as it was seen; as it stands, where None.

        Raises:
            ProcessConflict: somebody acted since.
            ProcessRefused: the rules do not allow it.
        """

        def work(tx: Transaction) -> SubjectState:
            process.hold(tx)
            state = self._seen(tx, subject, version)
            return self._write(tx, state, by, decide(state))

        return await self._store.transact(work)

    def call_within(
        self, tx: Transaction, subject: Subject, cause: str, words: str, *, by: str = SYSTEM
    ) -> bool:
        """Call for a new review in somebody else's transaction. False where nothing of that name goes through
        the process, it serves nobody, or is called for this cause already."""
        process.hold(tx)
        state = states(tx).get(subject)
        if state is None or not self.rules.serves(state.stage) or cause in state.due:
            return False
        deeds = deciding.call_for_review(self.rules, state, cause, self.today(), words)
        self._write(tx, state, by, deeds)
        return True

    async def file(self, sha256: str) -> bytes | None:
        """A file of evidence."""
        return await self._store.read(lambda tx: process.find_file(tx, sha256))

    async def begin(self, record: ImportedRecord | None, present: Mapping[Subject, Present]) -> int:
        """Let everything that is there take part: what the imported record tells of with that record, the
        rest as drafts; and note what is made of something else than before. How many actions that were.

        Args:
            record: reviews that come with what is shipped.
            present: what is there.
        """

        def work(tx: Transaction) -> int:
            process.hold(tx)
            rows = self._beginnings(record, present, states(tx))
            process.add(tx, rows)
            return len(rows)

        if not await self._store.read(lambda tx: self._beginnings(record, present, states(tx))):
            return 0
        return await self._store.transact(work)

    async def sweep(self) -> int:
        """Do what the day brings by itself, for every subject; how many actions that were."""
        return await self._sweep_days() + await self._sweep_register()

    async def _sweep_register(self) -> int:
        """Call to a review what rests on a public record that is there no more."""
        if self._unpublished is None:
            return 0
        find, count = self._unpublished, 0
        for state in await self.board():
            published = any(one.kind == PUBLICATION for one in state.evidence.values())
            if published and self.rules.serves(state.stage):
                fault = await asyncio.to_thread(find, state.subject)
                if fault is not None:
                    work = partial(self.call_within, subject=state.subject, cause=UNPUBLISHED, words=fault)
                    count += await self._store.transact(work)
        return count

    async def _sweep_days(self) -> int:

        def work(tx: Transaction) -> int:
            process.hold(tx)
            count = 0
            for state in states(tx).values():
                deeds = deciding.sweep(self.rules, state, self.today())
                if deeds:
                    self._write(tx, state, SYSTEM, deeds)
                    count += len(deeds)
            return count

        waiting = await self._store.read(
            lambda tx: any(deciding.sweep(self.rules, one, self.today()) for one in states(tx).values())
        )
        return await self._store.transact(work) if waiting else 0

    def _beginnings(
        self,
        record: ImportedRecord | None,
        present: Mapping[Subject, Present],
        known: Mapping[Subject, SubjectState],
    ) -> list[ActionRow]:
        rows, at = [], self._clock()
        for subject, one in present.items():
            state = known.get(subject)
            if state is None:
                deeds: Deeds = (self._first(record, subject, one),)
            else:
                deeds = notice(self.rules, state, one.seen, self.today(), one.parts)
            begun = 0 if state is None else state.version
            for seq, deed in enumerate(deeds, begun + 1):
                row = ActionRow(subject.kind.value, subject.id, seq, at, SYSTEM, deed.kind.value, deed.told)
                rows.append(row)
        return rows

    def _first(self, record: ImportedRecord | None, subject: Subject, one: Present) -> Deed:
        seen = {"seen": one.seen, **({"parts": dict(one.parts)} if one.parts else {})}
        told = None if record is None else record.told(self.rules, self.form, subject, one.name)
        if told is not None:
            return Deed(ActionKind.IMPORTED, {**told, **seen})
        (draft,) = deciding.create(one.name, "", "아직 검토하지 않았어요")
        return replace(draft, told={**draft.told, **seen})

    def _seen(self, tx: Transaction, subject: Subject, version: int | None) -> SubjectState:
        state = state_of(tx, subject)
        if version is not None and version != state.version:
            raise ProcessConflict("그사이에 다른 분이 먼저 처리했어요. 새로 고친 화면을 보고 다시 해 주세요")
        return state

    def _write(self, tx: Transaction, state: SubjectState, by: str, deeds: Sequence[Deed]) -> SubjectState:
        at = self._clock()
        rows: list[ActionRow] = []
        before = state
        for deed in deeds:
            action = Action(state.subject, state.version + 1, at, by, deed.kind, deed.told)
            subject = state.subject
            rows.append(
                ActionRow(subject.kind.value, subject.id, action.seq, at, by, deed.kind.value, deed.told)
            )
            state = evolve(state, action)
        process.add(tx, rows)
        for deed in deeds:
            if deed.kind is ActionKind.REMINDED:
                notices.add(tx, _reminder(state, deed, self.rules), self._ways, at, at=at)
        gone = held(self.rules, before) - held(self.rules, state)
        if gone:
            self._withdraw_resting(tx, state.subject, gone)
        return state

    def _withdraw_resting(self, tx: Transaction, subject: Subject, gone: Collection[str]) -> None:
        """Evidence of others that rests on what is gone goes with it."""
        words = f"기대던 {subject}의 근거가 없어졌어요"
        for other in states(tx).values():
            resting = [one.id for one in other.evidence.values() if one.relies_on == str(subject)]
            state = other
            for name in resting:
                if state.evidence[name].kind in gone:
                    deeds = deciding.withdraw_evidence(self.rules, state, name, words)
                    state = self._write(tx, state, SYSTEM, deeds)


def _reminder(state: SubjectState, deed: Deed, rules: Rules) -> Notice:
    """What is due, by its name and day; without anybody's words."""
    about, on = str(deed.told["about"]), str(deed.told["on"])
    cause, evidence = rules.causes.get(about), rules.evidence.get(about)
    what = "단계의 기한"
    if cause is not None:
        what = f"다시 검토 ({cause.name})"
    elif evidence is not None:
        what = f"근거의 끝 ({evidence.name})"
    place = f"/console/tower/{state.subject}"
    return Notice(f"process/{state.subject}/{about}/{on}", f"{state.subject}", f"{what}: {on}", place)


def states(tx: Transaction) -> dict[Subject, SubjectState]:
    """Every subject's state."""
    return fold(read_action(row) for row in process.every(tx))


def state_of(tx: Transaction, subject: Subject) -> SubjectState:
    """A subject's state.

    Raises:
        UnknownSubject: there is none of that name.
    """
    found = fold(read_action(row) for row in process.of(tx, subject.kind.value, subject.id))
    if subject not in found:
        raise UnknownSubject(f"{subject}: 그런 대상이 없어요")
    return found[subject]


def read_action(row: ActionRow) -> Action:
    """An action from its row."""
    subject = Subject(Kind(row.kind), row.subject)
    return Action(subject, row.seq, row.at, row.by, ActionKind(row.action), row.told)


def relying(everybody: Iterable[SubjectState]) -> dict[str, frozenset[str]]:
    """Who rests on whose evidence."""
    found = {
        str(one.subject): frozenset(two.relies_on for two in one.evidence.values() if two.relies_on)
        for one in everybody
    }
    return {name: others for name, others in found.items() if others}
