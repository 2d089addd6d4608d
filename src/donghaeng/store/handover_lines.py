"""What happened to hand-overs, line by line: words between citizen and counsellor, and every change.

Numbers rise over all hand-overs and are never given again, and lines become visible in the order of their
numbers: from its first line to its commit a transaction is the only one that writes lines. A transaction
therefore writes them last, after it has changed or locked every row that others may want.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, insert, select, text

from donghaeng.store.store import Transaction
from donghaeng.store.tables import handover_lines as lines
from donghaeng.trust.tokens import make_id

_IN_ORDER = text(f"SELECT pg_advisory_xact_lock({0x6C696E65})")
"""SQLite has one writer anyway."""


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line."""

    handover_id: str
    conversation_id: str
    kind: str
    at: datetime
    staff: str | None = None
    """The counsellor who did it."""
    detail: str | None = None
    """A code; nothing personal."""
    text: str = field(default="", repr=False)
    """Words; sealed."""
    reply: dict[str, Any] | None = field(default=None, repr=False)
    """The reply object that the citizen gets, where it is more than words; sealed."""
    seq: int = 0
    """Its number; :func:`add` sets it."""


def add(tx: Transaction, row: LineRow, *, key: str | None = None) -> int:
    """Write a line and return its number. ``key``: unique; a random one when None."""
    key = key or make_id("l")
    if tx.connection.dialect.name == "postgresql":
        # A number drawn early and committed late would be passed over by whoever has read a later one.
        tx.connection.execute(_IN_ORDER)
    private = {"text": row.text, "reply": row.reply} if row.text or row.reply else None
    done = tx.connection.execute(
        insert(lines)
        .returning(lines.c.seq)
        .values(
            key=key,
            handover_id=row.handover_id,
            conversation_id=row.conversation_id,
            kind=row.kind,
            staff=row.staff,
            detail=row.detail,
            at=row.at,
            sealed=None if private is None else tx.seal(private, _place(key)),
        )
    )
    return int(done.scalar_one())


def by_key(tx: Transaction, key: str) -> LineRow | None:
    """The line that was written under a key."""
    row = tx.connection.execute(select(lines).where(lines.c.key == key)).first()
    return None if row is None else _read(tx, row)


def of_handover(tx: Transaction, handover_id: str, *, after: int = 0) -> list[LineRow]:
    """The lines of a hand-over with a number above ``after``, in order."""
    return _list(tx, and_(lines.c.handover_id == handover_id, lines.c.seq > after))


def of_conversation(
    tx: Transaction, conversation_id: str, *, after: int = 0, kinds: Collection[str] | None = None
) -> list[LineRow]:
    """The lines of all hand-overs of a conversation with a number above ``after``, in order; of ``kinds``
    alone where they are given."""
    wanted = and_(lines.c.conversation_id == conversation_id, lines.c.seq > after)
    if kinds is not None:
        wanted = and_(wanted, lines.c.kind.in_(list(kinds)))
    return _list(tx, wanted)


def since(tx: Transaction, after: int, *, limit: int = 500) -> list[LineRow]:
    """The lines of everybody with a number above ``after``, in order."""
    return _list(tx, lines.c.seq > after, limit=limit)


def last(tx: Transaction) -> int:
    """Number of the newest line; 0 before the first."""
    return int(tx.connection.execute(select(func.coalesce(func.max(lines.c.seq), 0))).scalar_one())


def last_of_conversation(tx: Transaction, conversation_id: str, kinds: Collection[str]) -> int:
    """Number of the conversation's newest line of these kinds; 0 where there is none."""
    wanted = and_(lines.c.conversation_id == conversation_id, lines.c.kind.in_(list(kinds)))
    found = tx.connection.execute(select(func.coalesce(func.max(lines.c.seq), 0)).where(wanted))
    return int(found.scalar_one())


def numbers(tx: Transaction, handover_ids: Collection[str], kinds: Collection[str]) -> dict[str, list[str]]:
    """The kinds of the lines of each of these hand-overs, in order, of ``kinds`` alone; no words."""
    found: dict[str, list[str]] = {one: [] for one in handover_ids}
    wanted = and_(lines.c.handover_id.in_(list(handover_ids)), lines.c.kind.in_(list(kinds)))
    for row in tx.connection.execute(
        select(lines.c.handover_id, lines.c.kind).where(wanted).order_by(lines.c.seq)
    ):
        found[row.handover_id].append(row.kind)
    return found


def words_of(tx: Transaction, staff: str, since_at: datetime, *, limit: int) -> list[str]:
    """What one counsellor said to citizens since, the newest first."""
    wanted = and_(lines.c.staff == staff, lines.c.kind == "counsellor", lines.c.at >= since_at)
    rows = tx.connection.execute(select(lines).where(wanted).order_by(lines.c.seq.desc()).limit(limit))
    return [_read(tx, row).text for row in rows]


def details(tx: Transaction, kind: str, since_at: datetime) -> dict[str, int]:
    """How many lines of a kind were written since with each detail."""
    wanted = and_(lines.c.kind == kind, lines.c.at >= since_at)
    rows = tx.connection.execute(select(lines.c.detail, func.count()).where(wanted).group_by(lines.c.detail))
    return {str(detail): int(number) for detail, number in rows if detail is not None}


def _list(tx: Transaction, wanted: ColumnElement[bool], *, limit: int | None = None) -> list[LineRow]:
    rows = tx.connection.execute(select(lines).where(wanted).order_by(lines.c.seq).limit(limit))
    return [_read(tx, row) for row in rows]


def _place(key: str) -> str:
    return f"handover_lines/{key}"


def _read(tx: Transaction, row: Row[Any]) -> LineRow:
    private = {} if row.sealed is None else tx.unseal(row.sealed, _place(row.key))
    return LineRow(
        handover_id=row.handover_id,
        conversation_id=row.conversation_id,
        kind=row.kind,
        at=row.at,
        staff=row.staff,
        detail=row.detail,
        text=private.get("text", ""),
        reply=private.get("reply"),
        seq=row.seq,
    )
