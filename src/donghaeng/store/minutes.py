"""Recorded meetings of officials, each read and changed by its owner alone: the owner is in every query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, and_, delete, or_, select, update

from donghaeng.errors import RecordChanged, UnknownRecord
from donghaeng.store import destructions
from donghaeng.store.destructions import DestructionRow
from donghaeng.store.minutes_tables import heard_words as words
from donghaeng.store.minutes_tables import recorded_meetings as meetings
from donghaeng.store.minutes_tables import recorded_turns as turns
from donghaeng.store.store import Transaction
from donghaeng.store.upserts import insert_new

MOST_LISTED: Final = 100
MOST_WORDS: Final = 500


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One recorded meeting."""

    id: str
    staff_id: str
    kind: str
    department: str
    state: str
    heard_ms: int
    revision: int
    """One more with each change of what is sealed."""
    made_at: datetime
    destroy_at: datetime
    held: Mapping[str, Any] = field(repr=False)
    """Title, people, key of the file, minutes: everything personal."""

    @property
    def words_of(self) -> str:
        """Whose corrected words are used for it: its department's, else those of who brought it."""
        return self.department or self.staff_id


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One turn."""

    number: int
    start_ms: int
    end_ms: int
    held: Mapping[str, Any] = field(repr=False)
    """``text``, ``heard``, ``who``, ``confidence``."""


@dataclass(frozen=True, slots=True)
class WordRow:
    """A correction."""

    id: str
    department: str
    """Or the account whose own it is."""
    times: int
    state: str
    heard: str
    said: str


def add(tx: Transaction, row: MeetingRow) -> None:
    """Add a meeting that waits to be heard."""
    values = {
        name: getattr(row, name)
        for name in (
            "id",
            "staff_id",
            "kind",
            "department",
            "state",
            "heard_ms",
            "revision",
            "made_at",
            "destroy_at",
        )
    }
    sealed = tx.seal(dict(row.held), _place(row.id))
    tx.connection.execute(meetings.insert().values(**values, worker="", seen_at=row.made_at, sealed=sealed))


def mine(tx: Transaction, staff_id: str) -> list[MeetingRow]:
    """Somebody's meetings, the newest first."""
    query = select(meetings).where(meetings.c.staff_id == staff_id)
    rows = tx.connection.execute(query.order_by(meetings.c.made_at.desc(), meetings.c.id).limit(MOST_LISTED))
    return [_read(tx, row) for row in rows]


def get(tx: Transaction, staff_id: str, name: str) -> MeetingRow:
    """One of somebody's meetings.

    Raises:
        UnknownRecord: there is none, or it is another's.
    """
    query = select(meetings).where(meetings.c.id == name, meetings.c.staff_id == staff_id)
    row = tx.connection.execute(query).first()
    if row is None:
        raise UnknownRecord("그런 회의가 없어요")
    return _read(tx, row)


def change(tx: Transaction, row: MeetingRow, held: Mapping[str, Any]) -> None:
    """Put down what is sealed anew.

    Raises:
        RecordChanged: somebody else has changed it since ``row`` was read.
    """
    unchanged = and_(meetings.c.id == row.id, meetings.c.revision == row.revision)
    sealed = tx.seal(dict(held), _place(row.id))
    made = tx.connection.execute(
        update(meetings).where(unchanged).values(sealed=sealed, revision=row.revision + 1)
    )
    if made.rowcount != 1:
        raise RecordChanged("다른 창에서 먼저 고쳤어요. 화면을 새로 열고 다시 고쳐 주세요.")


def wish(tx: Transaction, staff_id: str, name: str, state: str, before: tuple[str, ...]) -> bool:
    """Set a state where it is one of ``before``; whether it was."""
    which = and_(meetings.c.id == name, meetings.c.staff_id == staff_id, meetings.c.state.in_(before))
    return tx.connection.execute(update(meetings).where(which).values(state=state)).rowcount == 1


def claim(tx: Transaction, worker: str, now: datetime, silent: timedelta) -> MeetingRow | None:
    """The next meeting to be heard: one that waits, or one whose process has given no sign for ``silent``."""
    lost = and_(
        meetings.c.state == "running", or_(meetings.c.seen_at < now - silent, meetings.c.worker == worker)
    )
    due = or_(meetings.c.state == "waiting", lost)
    found = tx.connection.execute(select(meetings).where(due).order_by(meetings.c.made_at).limit(1)).first()
    if found is None:
        return None
    taken = update(meetings).where(meetings.c.id == found.id, due)
    made = tx.connection.execute(taken.values(state="running", worker=worker, seen_at=now))
    return _read(tx, found) if made.rowcount == 1 else None


def sign(tx: Transaction, name: str, worker: str, now: datetime, heard_ms: int) -> str:
    """A sign of life of who hears it; the state that its owner wants, ``gone`` where it is not theirs."""
    which = and_(meetings.c.id == name, meetings.c.worker == worker)
    tx.connection.execute(update(meetings).where(which).values(seen_at=now, heard_ms=heard_ms))
    row = tx.connection.execute(select(meetings.c.state).where(which)).first()
    return "gone" if row is None else str(row.state)


def end(tx: Transaction, name: str, worker: str, state: str, held: Mapping[str, Any]) -> None:
    """Put down how a run came to its end, where it still runs."""
    which = and_(meetings.c.id == name, meetings.c.worker == worker, meetings.c.state == "running")
    row = tx.connection.execute(select(meetings).where(which)).first()
    if row is None:
        return
    kept = {**_read(tx, row).held, **held}
    sealed = tx.seal(kept, _place(name))
    tx.connection.execute(update(meetings).where(which).values(state=state, sealed=sealed))


def forget(tx: Transaction, staff_id: str, name: str, now: datetime) -> bool:
    """Delete a meeting with its turns, and say so in the ledger."""
    gone = delete(meetings).where(meetings.c.id == name, meetings.c.staff_id == staff_id)
    if tx.connection.execute(gone).rowcount != 1:
        return False
    line = DestructionRow(
        now, "recorded_meetings", "recorded_meetings", 1, "erased", "개인정보 보호법 제21조 제1항"
    )
    destructions.note(tx, line)
    return True


def known(tx: Transaction) -> frozenset[str]:
    """Ids of all meetings."""
    return frozenset(row.id for row in tx.connection.execute(select(meetings.c.id)))


def turns_of(tx: Transaction, name: str) -> list[TurnRow]:
    """Every turn, in order."""
    rows = tx.connection.execute(select(turns).where(turns.c.meeting_id == name).order_by(turns.c.number))
    return [
        TurnRow(row.number, row.start_ms, row.end_ms, tx.unseal(row.sealed, _turn_place(name, row.number)))
        for row in rows
    ]


def add_turn(tx: Transaction, name: str, row: TurnRow) -> None:
    """Add a turn; once, however often it is tried."""
    place = {"meeting_id": name, "number": row.number}
    sealed = tx.seal(dict(row.held), _turn_place(name, row.number))
    insert_new(tx, turns, {**place, "start_ms": row.start_ms, "end_ms": row.end_ms, "sealed": sealed})


def change_turn(tx: Transaction, name: str, row: TurnRow) -> None:
    """Put down another text or person."""
    which = and_(turns.c.meeting_id == name, turns.c.number == row.number)
    sealed = tx.seal(dict(row.held), _turn_place(name, row.number))
    tx.connection.execute(update(turns).where(which).values(sealed=sealed))


def corrected(tx: Transaction, department: str, heard: str, said: str, now: datetime) -> None:
    """Count a correction."""
    name = tx.sealer.fingerprint(f"{department}\x00{heard}\x00{said}", "heard_words")
    sealed = tx.seal({"heard": heard, "said": said}, _word_place(name))
    new = {
        "id": name,
        "department": department,
        "times": 1,
        "state": "seen",
        "changed_at": now,
        "sealed": sealed,
    }
    if not insert_new(tx, words, new):
        more = update(words).where(words.c.id == name)
        tx.connection.execute(more.values(times=words.c.times + 1, changed_at=now))


def words_of(tx: Transaction, department: str) -> list[WordRow]:
    """The corrections of a department, or of an account without one, the commonest first."""
    query = select(words).where(words.c.department == department, words.c.state != "dropped")
    found = tx.connection.execute(query.order_by(words.c.times.desc(), words.c.id).limit(MOST_WORDS))
    rows = []
    for row in found:
        held = tx.unseal(row.sealed, _word_place(row.id))
        rows.append(WordRow(row.id, row.department, row.times, row.state, held["heard"], held["said"]))
    return rows


def judge_word(tx: Transaction, department: str, name: str, state: str, now: datetime) -> None:
    """Confirm a correction, or drop it."""
    which = and_(words.c.id == name, words.c.department == department)
    tx.connection.execute(update(words).where(which).values(state=state, changed_at=now))


def _read(tx: Transaction, row: Row[Any]) -> MeetingRow:
    return MeetingRow(
        row.id,
        row.staff_id,
        row.kind,
        row.department,
        row.state,
        row.heard_ms,
        row.revision,
        row.made_at,
        row.destroy_at,
        tx.unseal(row.sealed, _place(row.id)),
    )


def _place(name: str) -> str:
    return f"recorded_meetings/{name}"


def _turn_place(name: str, number: int) -> str:
    return f"recorded_turns/{name}/{number}"


def _word_place(name: str) -> str:
    return f"heard_words/{name}"
