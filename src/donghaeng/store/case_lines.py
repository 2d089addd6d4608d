"""What was said of data cases: verdicts on their runs, and uses made of them. Lines are only added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Row, insert, select
from sqlalchemy.exc import IntegrityError

from donghaeng.errors import InputError
from donghaeng.store.store import Transaction
from donghaeng.store.tower_tables import case_lines

Verdict = Literal["accepted", "accepted_with_limits", "rejected", "withdrawn"]
"""``withdrawn``: what was accepted is so no longer."""
LineKind = Literal["accepted", "accepted_with_limits", "rejected", "withdrawn", "use"]


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One of them."""

    case: str
    number: int
    """From 1 on, within the case."""
    version: str
    """Of the case's files."""
    kind: LineKind
    by: str
    department: str
    on: date
    """The day of the verdict, or of the use."""
    words: str
    at: datetime
    run: str | None = None
    """The run that a verdict is about."""
    ran_by: str | None = None


def add(tx: Transaction, line: CaseLine) -> None:
    """Add a line.

    Raises:
        InputError: somebody else has added one of that number meanwhile.
    """
    values = {
        "case_id": line.case,
        "number": line.number,
        "version": line.version,
        "run_id": line.run,
        "ran_by": line.ran_by,
        "kind": line.kind,
        "by": line.by,
        "department": line.department,
        "on": line.on,
        "words": line.words,
        "at": line.at,
    }
    there = select(case_lines.c.number).where(
        case_lines.c.case_id == line.case, case_lines.c.number == line.number
    )
    if tx.connection.execute(there).first() is not None:
        raise InputError(MEANWHILE)
    try:
        # On PostgreSQL two may find nothing there and insert at once.
        with tx.connection.begin_nested():
            tx.connection.execute(insert(case_lines).values(**values))
    except IntegrityError:
        if tx.connection.execute(there).first() is None:
            raise
        raise InputError(MEANWHILE) from None


MEANWHILE = "그사이에 다른 분이 먼저 적었어요. 화면을 새로 열어 확인해 주세요"


def listed(tx: Transaction, case: str | None = None) -> list[CaseLine]:
    """Lines of a case, or of all, the oldest first."""
    wanted = [] if case is None else [case_lines.c.case_id == case]
    rows = tx.connection.execute(
        select(case_lines).where(*wanted).order_by(case_lines.c.case_id, case_lines.c.number)
    )
    return [_read(row) for row in rows]


def _read(row: Row[Any]) -> CaseLine:
    return CaseLine(
        case=row.case_id,
        number=row.number,
        version=row.version,
        kind=row.kind,
        by=row.by,
        department=row.department,
        on=row.on,
        words=row.words,
        at=row.at,
        run=row.run_id,
        ran_by=row.ran_by,
    )
