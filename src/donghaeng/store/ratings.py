"""Ratings of sound samples. Nothing in them is personal: a rater is a number made up for one visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select

from donghaeng.store.store import Transaction
from donghaeng.store.tables import ratings


@dataclass(frozen=True, slots=True)
class RatingRow:
    """One rating."""

    round: str
    rater: str
    kind: str
    subject: str
    sentence: str
    value: int
    at: datetime


def keep(tx: Transaction, row: RatingRow, *, most: int) -> bool:
    """Keep a rating; false, and nothing is kept, where ``most`` are there."""
    count = tx.connection.execute(select(func.count()).select_from(ratings)).scalar_one()
    if count >= most:
        return False
    values = {name: getattr(row, name) for name in RatingRow.__slots__}
    tx.connection.execute(insert(ratings).values(**values))
    return True


def of_round(tx: Transaction, name: str) -> list[RatingRow]:
    """The ratings of a round, oldest first."""
    query = select(ratings).where(ratings.c.round == name).order_by(ratings.c.id)
    return [
        RatingRow(row.round, row.rater, row.kind, row.subject, row.sentence, row.value, row.at)
        for row in tx.connection.execute(query)
    ]
