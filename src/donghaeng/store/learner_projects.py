"""Projects that were handed in: each version a row, judged once, by another person than its author.

States::

    waiting ──review──▶ passed | again
       └──a newer version──▶ replaced
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, and_, select, update

from donghaeng.store.learner_tables import learner_projects as table
from donghaeng.store.store import Transaction
from donghaeng.store.upserts import insert_new

State = Literal["waiting", "passed", "again", "replaced"]


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One version of a project."""

    id: str
    version: int
    author: str
    state: State
    at: datetime
    title: str = field(repr=False)
    text: str = field(repr=False)
    reviewer: str | None = None
    reviewed_at: datetime | None = None
    review: Mapping[str, Any] | None = field(default=None, repr=False)
    """Marks of each criterion, words to the author, reasons."""


def hand_in(tx: Transaction, row: ProjectRow) -> bool:
    """Keep a version; the one before it, where nobody has judged it yet, is replaced. False where another
    version of this number came first."""
    before = and_(table.c.id == row.id, table.c.version < row.version, table.c.state == "waiting")
    tx.connection.execute(update(table).where(before).values(state="replaced"))
    return insert_new(
        tx,
        table,
        {
            "id": row.id,
            "version": row.version,
            "author": row.author,
            "state": row.state,
            "at": row.at,
            "sealed": tx.seal({"title": row.title, "text": row.text}, _place(row.id, row.version)),
        },
    )


def judge(
    tx: Transaction,
    row: ProjectRow,
    *,
    reviewer: str,
    state: Literal["passed", "again"],
    review: Mapping[str, Any],
    at: datetime,
) -> bool:
    """Note what a reviewer found; False where it waits no more."""
    wanted = and_(table.c.id == row.id, table.c.version == row.version, table.c.state == "waiting")
    values = {
        "state": state,
        "reviewer": reviewer,
        "reviewed_at": at,
        "review": tx.seal(dict(review), _review_place(row.id, row.version)),
    }
    return tx.connection.execute(update(table).where(wanted).values(values)).rowcount > 0


def of_author(tx: Transaction, author: str) -> list[ProjectRow]:
    """Somebody's projects with all versions, the newest first."""
    return _list(tx, table.c.author == author)


def waiting(tx: Transaction, reviewer: str) -> list[ProjectRow]:
    """What waits for a judgement that ``reviewer`` may give: never their own."""
    return _list(tx, and_(table.c.state == "waiting", table.c.author != reviewer))[::-1]


def versions(tx: Transaction, project: str) -> list[ProjectRow]:
    """All versions of a project, the newest first."""
    return sorted(_list(tx, table.c.id == project), key=lambda row: -row.version)


def _list(tx: Transaction, wanted: ColumnElement[bool]) -> list[ProjectRow]:
    order = (table.c.at.desc(), table.c.version.desc())
    return [_read(tx, row) for row in tx.connection.execute(select(table).where(wanted).order_by(*order))]


def _read(tx: Transaction, row: Row[Any]) -> ProjectRow:
    told = tx.unseal(row.sealed, _place(row.id, row.version))
    review = None if row.review is None else tx.unseal(row.review, _review_place(row.id, row.version))
    return ProjectRow(
        id=row.id,
        version=row.version,
        author=row.author,
        state=row.state,
        at=row.at,
        title=told["title"],
        text=told["text"],
        reviewer=row.reviewer,
        reviewed_at=row.reviewed_at,
        review=review,
    )


def _place(project: str, version: int) -> str:
    return f"learner_projects/{project}/{version}"


def _review_place(project: str, version: int) -> str:
    return f"learner_projects/{project}/{version}/review"
