"""What officials say of their drafts: minutes that they took, and blind judgements of pairs of texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal

from sqlalchemy import Row, delete, insert, select, update

from donghaeng.store.store import Transaction
from donghaeng.store.upserts import insert_new
from donghaeng.store.writing_tables import office_judgements as judgements
from donghaeng.store.writing_tables import office_minutes as minutes
from donghaeng.store.writing_tables import office_pairs as pairs
from donghaeng.store.writing_tables import office_unasked as unasked

Question = Literal["assistant", "versions"]
"""What a pair compares: with the assistant and without; a newer version and an older."""
MOST_LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class MinutesRow:
    """What somebody told of one draft."""

    id: str
    kind: str
    on: date
    took: int
    by_hand: int


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two texts for one purpose."""

    id: str
    question: Question
    by: str
    at: datetime
    about: str = field(repr=False)
    first: str = field(repr=False)
    """With the assistant, or the newer."""
    second: str = field(repr=False)
    """Without, or the older."""


@dataclass(frozen=True, slots=True)
class JudgementRow:
    """One person's look at a pair."""

    pair_id: str
    judge: str
    turned: bool
    """The second text was shown first."""
    answers: Mapping[str, str] | None = None
    """By criterion: ``shown_first``, ``shown_second`` or ``same``; None until it is judged."""


def add_minutes(tx: Transaction, row: MinutesRow) -> None:
    """Keep what somebody told."""
    values = {"id": row.id, "kind": row.kind, "on": row.on, "took": row.took, "by_hand": row.by_hand}
    tx.connection.execute(insert(minutes).values(**values))


def all_minutes(tx: Transaction) -> list[MinutesRow]:
    """Everything that was told."""
    rows = tx.connection.execute(select(minutes).order_by(minutes.c.on, minutes.c.id))
    return [MinutesRow(row.id, row.kind, row.on, row.took, row.by_hand) for row in rows]


def may_ask(tx: Transaction, staff: str) -> bool:
    """Whether somebody lets themselves be asked."""
    return tx.connection.execute(select(unasked).where(unasked.c.staff_id == staff)).first() is None


def set_may_ask(tx: Transaction, staff: str, *, may: bool) -> None:
    """Put down whether somebody lets themselves be asked."""
    if may:
        tx.connection.execute(delete(unasked).where(unasked.c.staff_id == staff))
    else:
        insert_new(tx, unasked, {"staff_id": staff})


def add_pair(tx: Transaction, row: PairRow) -> None:
    """Keep a pair."""
    told = {"about": row.about, "first": row.first, "second": row.second}
    values = {"id": row.id, "question": row.question, "by": row.by, "at": row.at}
    tx.connection.execute(insert(pairs).values(**values, sealed=tx.seal(told, _pair_place(row.id))))


def pair(tx: Transaction, pair_id: str) -> PairRow | None:
    """One pair."""
    row = tx.connection.execute(select(pairs).where(pairs.c.id == pair_id)).first()
    return None if row is None else _pair(tx, row)


def remove_pair(tx: Transaction, pair_id: str, by: str) -> bool:
    """Take a pair back with its judgements; False where it is not of ``by``."""
    mine = (pairs.c.id == pair_id) & (pairs.c.by == by)
    return tx.connection.execute(delete(pairs).where(mine)).rowcount > 0


def all_pairs(tx: Transaction) -> list[PairRow]:
    """The pairs, the newest first."""
    rows = tx.connection.execute(select(pairs).order_by(pairs.c.at.desc(), pairs.c.id).limit(MOST_LISTED))
    return [_pair(tx, row) for row in rows]


def look_at(tx: Transaction, pair_id: str, judge: str, *, turned: bool) -> JudgementRow:
    """Note in which order somebody sees a pair; who comes back sees the same order."""
    insert_new(tx, judgements, {"pair_id": pair_id, "judge": judge, "turned": turned})
    mine = (judgements.c.pair_id == pair_id) & (judgements.c.judge == judge)
    return _judgement(tx.connection.execute(select(judgements).where(mine)).one())


def judge(tx: Transaction, pair_id: str, who: str, answers: Mapping[str, str]) -> bool:
    """Keep a judgement; False where they never looked, or judged already."""
    mine = (judgements.c.pair_id == pair_id) & (judgements.c.judge == who)
    row = tx.connection.execute(select(judgements).where(mine)).first()
    if row is None or row.answers is not None:
        return False
    tx.connection.execute(update(judgements).where(mine).values(answers=dict(answers)))
    return True


def all_judgements(tx: Transaction) -> list[JudgementRow]:
    """Every look that somebody took."""
    query = select(judgements).order_by(judgements.c.pair_id, judgements.c.judge)
    return [_judgement(row) for row in tx.connection.execute(query)]


def _pair(tx: Transaction, row: Row[Any]) -> PairRow:
    told = tx.unseal(row.sealed, _pair_place(row.id))
    return PairRow(row.id, row.question, row.by, row.at, told["about"], told["first"], told["second"])


def _judgement(row: Row[Any]) -> JudgementRow:
    return JudgementRow(row.pair_id, row.judge, row.turned, row.answers)


def _pair_place(pair_id: str) -> str:
    return f"office_pairs/{pair_id}"
