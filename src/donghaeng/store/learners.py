"""What one member of staff has learnt, as rows: each has a kind, what it is about, and a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Row, and_, delete, func, select, update

from donghaeng.store import destructions
from donghaeng.store.destructions import DestructionRow
from donghaeng.store.learner_tables import learner_entries as table
from donghaeng.store.learner_tables import learner_projects, quiz_answers
from donghaeng.store.store import Transaction
from donghaeng.store.upserts import insert_new, put

EntryKind = Literal["plan", "step", "quiz", "simulation", "project", "memory", "certificate"]
PLAN: Final = "plan"
ERASED_BY: Final = "개인정보 보호법 제36조"
"""The article by which people have their own data erased."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of somebody's."""

    kind: EntryKind
    what: str
    """A lesson, a simulated citizen, a project, a step, a question (``lesson/2``), a certificate's number."""
    version: int
    at: datetime
    due: datetime | None = None
    told: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """What else is kept of it; sealed."""


def add(tx: Transaction, staff: str, entry: Entry) -> bool:
    """Keep an entry; False, and nothing changes, where it is there already."""
    return insert_new(tx, table, _values(tx, staff, entry))


def renew(tx: Transaction, staff: str, entry: Entry) -> None:
    """Keep an entry, in place of the one with the same kind, matter and version."""
    put(tx, table, ["staff_id", "kind", "what", "version"], _values(tx, staff, entry))


def put_plan(tx: Transaction, staff: str, told: Mapping[str, Any], at: datetime, *, after: int) -> bool:
    """Put a plan in the place of version ``after`` (0: there is none yet); False where another one came
    first."""
    entry = Entry("plan", PLAN, after + 1, at, None, told)
    if after == 0:
        fresh = plan_of(tx, staff) is None
        return fresh and add(tx, staff, entry)
    values = _values(tx, staff, entry)
    wanted = and_(
        table.c.staff_id == staff, table.c.kind == "plan", table.c.what == PLAN, table.c.version == after
    )
    changed = {name: values[name] for name in ("version", "at", "sealed")}
    return tx.connection.execute(update(table).where(wanted).values(changed)).rowcount > 0


def plan_of(tx: Transaction, staff: str) -> Entry | None:
    """The plan as it stands; its version tells who changed it first."""
    return next(iter(of_kinds(tx, staff, "plan")), None)


def of_kinds(tx: Transaction, staff: str, *kinds: EntryKind) -> list[Entry]:
    """Somebody's entries of some kinds, the oldest first; of all kinds where none is named."""
    wanted = table.c.staff_id == staff
    if kinds:
        wanted = and_(wanted, table.c.kind.in_(kinds))
    order = (table.c.at, table.c.kind, table.c.what, table.c.version)
    rows = tx.connection.execute(select(table).where(wanted).order_by(*order))
    return [_read(tx, row) for row in rows]


def everybody(tx: Transaction) -> list[str]:
    """Ids of all who have something here."""
    rows = tx.connection.execute(select(table.c.staff_id).distinct().order_by(table.c.staff_id))
    return [str(row[0]) for row in rows]


def forget(tx: Transaction, staff: str, at: datetime) -> int:
    """Erase all that is somebody's, with its lines in the ledger; how many rows."""
    gone = 0
    for where, owner in ((table, table.c.staff_id), (learner_projects, learner_projects.c.author)):
        count = tx.connection.execute(delete(where).where(owner == staff)).rowcount
        if count:
            line = DestructionRow(at, where.name, where.name, count, "erased", ERASED_BY)
            destructions.note(tx, line)
        gone += count
    return gone


def count_answers(tx: Transaction, lesson: str, version: int, answers: str) -> None:
    """Count one first try at a quiz, of nobody."""
    key = {"lesson": lesson, "version": version, "answers": answers}
    if insert_new(tx, quiz_answers, {**key, "count": 1}):
        return
    wanted = and_(*(quiz_answers.c[name] == value for name, value in key.items()))
    tx.connection.execute(update(quiz_answers).where(wanted).values(count=quiz_answers.c.count + 1))


def answers_of(tx: Transaction, lesson: str, version: int) -> list[tuple[str, int]]:
    """How often a quiz was answered in each way."""
    rows = tx.connection.execute(
        select(quiz_answers.c.answers, quiz_answers.c.count)
        .where(quiz_answers.c.lesson == lesson, quiz_answers.c.version == version)
        .order_by(quiz_answers.c.answers)
    )
    return [(str(row[0]), int(row[1])) for row in rows]


def tries(tx: Transaction) -> dict[tuple[str, int], int]:
    """First tries by lesson and version."""
    counted = func.sum(quiz_answers.c.count)
    rows = tx.connection.execute(
        select(quiz_answers.c.lesson, quiz_answers.c.version, counted).group_by(
            quiz_answers.c.lesson, quiz_answers.c.version
        )
    )
    return {(str(row[0]), int(row[1])): int(row[2]) for row in rows}


def _values(tx: Transaction, staff: str, entry: Entry) -> dict[str, Any]:
    place = _place(staff, entry.kind, entry.what, entry.version)
    return {
        "staff_id": staff,
        "kind": entry.kind,
        "what": entry.what,
        "version": entry.version,
        "at": entry.at,
        "due": entry.due,
        "sealed": tx.seal(dict(entry.told), place) if entry.told else None,
    }


def _read(tx: Transaction, row: Row[Any]) -> Entry:
    place = _place(row.staff_id, row.kind, row.what, row.version)
    told = {} if row.sealed is None else tx.unseal(row.sealed, place)
    return Entry(row.kind, row.what, row.version, row.at, row.due, told)


def _place(staff: str, kind: str, what: str, version: int) -> str:
    return f"learner_entries/{staff}/{kind}/{what}/{version}"
