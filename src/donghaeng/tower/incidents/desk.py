"""Incidents over the database. They stand in the history of the process, which is only added to and chained.

A grave incident calls what failed to a new review in the same transaction; a leak starts its 72-hour clock.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Final

from donghaeng.store import Store, Transaction, leaks, notices, process
from donghaeng.store.notices import Notice, Way
from donghaeng.store.process import ActionRow
from donghaeng.tower.incidents.incident import Incident, Line, NewLine, Scale, Step, close, fold, known, note
from donghaeng.tower.incidents.incident import report as report_line
from donghaeng.tower.incidents.reminding import reminders
from donghaeng.tower.process.desk import ProcessDesk, states
from donghaeng.tower.process.refusals import ProcessConflict, ProcessRefused
from donghaeng.tower.process.state import SYSTEM, Subject, day_of, subject_of
from donghaeng.trust.leaks import Extent, LeakLine, check
from donghaeng.trust.masking import mask
from donghaeng.trust.rule_files import read_rules
from donghaeng.trust.tokens import make_id

CAUSE: Final = "incident"
"""Of a review that a grave incident calls for (process.yaml)."""
_ID_LETTERS: Final = 12
_LEAK_LETTERS: Final = 11
Decide = Callable[[Incident], NewLine]


@cache
def load_scale() -> Scale:
    """How grave incidents may be.

    Raises:
        InputError: the file is wrong.
    """
    return read_rules(Path(__file__).parent / "scale.yaml", Scale)


class IncidentDesk:
    """What people do with incidents.

    Args:
        store: the database.
        process: the process that what failed goes through.
        clock: the program's own time.
        ways: by which reminders are told outside the console.
    """

    def __init__(
        self,
        store: Store,
        process: ProcessDesk,
        clock: Callable[[], datetime],
        *,
        ways: Iterable[Way] = (),
    ) -> None:
        self.scale = load_scale()
        self._store = store
        self._process = process
        self._clock = clock
        self.ways = tuple(ways)
        """By which reminders are told outside the console."""

    def today(self) -> date:
        """The day in Seoul."""
        return day_of(self._clock())

    async def every(self) -> tuple[Incident, ...]:
        """Every incident, in the order of their reports."""
        return tuple((await self._store.read(_every)).values())

    async def get(self, name: str) -> Incident:
        """One of them.

        Raises:
            UnknownSubject: there is none of this name.
        """
        return known(await self._store.read(_every), name)

    async def report(
        self,
        by: str,
        subject: Subject,
        *,
        title: str,
        severity: int,
        happened_on: date,
        words: str,
        leak: Extent | None = None,
    ) -> Incident:
        """Write down that something went wrong.

        Args:
            by: account of who reports.
            subject: what failed; it goes through the process.
            title: in a line.
            severity: on the scale.
            happened_on: the day.
            words: what happened, without anybody's data; masked.
            leak: it is, or may be, a leak of personal data: how grave, and known since when.

        Raises:
            ProcessRefused: something is missing or wrong, or nothing of that name goes through the process.
            InputError: the leak was known in the future.
        """
        name, today, now = make_id("inc")[:_ID_LETTERS], self.today(), self._clock()
        line = report_line(
            self.scale,
            title=title,
            subject=str(subject),
            severity=severity,
            happened_on=happened_on,
            today=today,
            words=words,
        )
        if leak is not None:
            check(leak, now)

        def work(tx: Transaction) -> Incident:
            process.hold(tx)
            if subject not in states(tx):
                raise ProcessRefused(f"{subject}: 그런 대상이 없어요")
            told = dict(line.told)
            if leak is not None:
                told["leak"] = clock = make_id("leak")[:_LEAK_LETTERS]
                leaks.add(tx, LeakLine(clock, now, "known", by, mask(title, "store").text, leak))
            return self._begin(tx, name, by, NewLine(line.kind, told))

        return await self._store.transact(work)

    def from_alert(
        self, tx: Transaction, subject: Subject, rule: str, *, title: str, severity: int, words: str
    ) -> bool:
        """Begin an incident of an alert, in its transaction; where one of it is open, write it into that.
        False where nothing of that name goes through the process."""
        process.hold(tx)
        if subject not in states(tx):
            return False
        same = [
            one
            for one in _every(tx).values()
            if (one.rule, one.subject, one.closed) == (rule, str(subject), False)
        ]
        if same:
            self._write(tx, same[0], SYSTEM, note(same[0], words))
            return True
        today = self.today()
        line = report_line(
            self.scale,
            title=title,
            subject=str(subject),
            severity=severity,
            happened_on=today,
            today=today,
            words=words,
        )
        name = make_id("inc")[:_ID_LETTERS]
        self._begin(tx, name, SYSTEM, NewLine(line.kind, {**line.told, "rule": rule}))
        return True

    async def sweep(self) -> int:
        """Write down what open incidents are to be reminded of, and have it told; how many lines."""
        now = self._clock()

        def waiting(tx: Transaction) -> list[tuple[Incident, NewLine]]:
            clocks = {one.id: one for one in leaks.every(tx)}
            return [
                (one, line)
                for one in _every(tx).values()
                for line in reminders(self.scale, one, now, clocks.get(one.leak))
            ]

        def work(tx: Transaction) -> int:
            process.hold(tx)
            found = waiting(tx)
            for one, line in found:
                self._write(tx, known(_every(tx), one.id), SYSTEM, line)
                notices.add(tx, _notice(one, line), self.ways, now, at=now)
            return len(found)

        return await self._store.transact(work) if await self._store.read(waiting) else 0

    async def public(self, subjects: Collection[str]) -> tuple[Incident, ...]:
        """Incidents of some subjects of which the public may read, the newest first."""
        found = [one for one in await self.every() if one.public and one.subject in subjects]
        return tuple(sorted(found, key=lambda one: (one.happened_on, one.reported_at), reverse=True))

    async def act(self, name: str, by: str, decide: Decide, *, version: int | None = None) -> Incident:
        """Do what ``decide`` makes of the incident as it stands.

        Raises:
            ProcessConflict: somebody acted since.
            ProcessRefused: it may not be done.
        """

        def work(tx: Transaction) -> Incident:
            process.hold(tx)
            incident = known(_every(tx), name)
            if version is not None and version != incident.version:
                raise ProcessConflict("그사이에 다른 분이 먼저 적었어요. 새로 고쳐 보고 다시 해 주세요")
            done = self._write(tx, incident, by, decide(incident))
            if done.severity > incident.severity:
                self._call_for_review(tx, done, by)
            return done

        return await self._store.transact(work)

    async def close(self, name: str, by: str, words: str, *, version: int | None = None) -> Incident:
        """Close it; the clock of its leak is looked at.

        Raises:
            ProcessConflict: somebody acted since.
            ProcessRefused: it may not be closed yet.
        """
        ticking = {one.id for one in await self._store.read(leaks.every) if one.ticking}
        return await self.act(
            name, by, lambda one: close(one, by, words, leak_ticks=one.leak in ticking), version=version
        )

    def _begin(self, tx: Transaction, name: str, by: str, line: NewLine) -> Incident:
        done = self._write(tx, Incident(name), by, line)
        self._call_for_review(tx, done, by)
        return done

    def _call_for_review(self, tx: Transaction, incident: Incident, by: str) -> None:
        """What failed gravely is reviewed anew, where it serves citizens and is not called already."""
        if incident.severity >= self.scale.review_from:
            subject = subject_of(*incident.subject.partition("/")[::2])
            self._process.call_within(tx, subject, CAUSE, incident.title, by=by)

    def _write(self, tx: Transaction, before: Incident, by: str, line: NewLine) -> Incident:
        row = ActionRow(
            process.INCIDENT, before.id, before.version + 1, self._clock(), by, line.kind.value, line.told
        )
        process.add(tx, [row])
        return known(_every(tx), before.id)


def _every(tx: Transaction) -> dict[str, Incident]:
    return fold(
        Line(row.subject, row.seq, row.at, row.by, Step(row.action), row.told)
        for row in process.incidents(tx)
    )


def _notice(one: Incident, line: NewLine) -> Notice:
    """A reminder without the incident's own words, which might tell too much outside."""
    about = str(line.told["about"]).partition("_")[0]
    key = f"incident/{one.id}/{line.told['about']}/{line.told['on']}"
    place = f"/console/tower/incidents/{one.id}"
    return Notice(key, f"사고 {one.id}", f"{one.severity}등급 사고: {_OUTSIDE[about]}", place)


_OUTSIDE: Final = {
    "due": "닫을 날이 가까워요",
    "late": "닫을 날이 지났어요",
    "owner": "맡은 사람이 아직 없어요",
    "silent": "맡은 분이 적은 것이 오래 없어요",
    "leak": "개인정보 유출 72시간 시계를 봐 주세요",
}
