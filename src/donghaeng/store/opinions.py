"""What people without an account say of public records of the register. Their words are masked and sealed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Row, func, insert, select, update

from donghaeng.store.register_tables import register_opinions as opinions
from donghaeng.store.store import Transaction

State = Literal["open", "done"]
MOST_LISTED: Final = 500


@dataclass(frozen=True, slots=True)
class Opinion:
    """One of them."""

    id: str
    record: str
    version: int
    """Of the record, that was on the page."""
    kind: str
    at: datetime
    text: str = field(repr=False)
    state: State = "open"
    by: str | None = None
    """Who dealt with it."""
    done_at: datetime | None = None
    answer: str = field(default="", repr=False)
    """What was done about it."""


def add(tx: Transaction, one: Opinion) -> None:
    """Keep one."""
    values = {
        "id": one.id,
        "record": one.record,
        "version": one.version,
        "kind": one.kind,
        "at": one.at,
        "state": "open",
        "sealed": tx.seal({"text": one.text}, _place(one.id)),
    }
    tx.connection.execute(insert(opinions).values(**values))


def close(tx: Transaction, name: str, *, answer: str, by: str, at: datetime) -> bool:
    """Note what was done about one; false where there is none that is open."""
    row = tx.connection.execute(
        select(opinions).where(opinions.c.id == name, opinions.c.state == "open").with_for_update()
    ).first()
    if row is None:
        return False
    text = _read(tx, row).text
    values = {
        "state": "done",
        "by": by,
        "done_at": at,
        "sealed": tx.seal({"text": text, "answer": answer}, _place(name)),
    }
    tx.connection.execute(update(opinions).where(opinions.c.id == name).values(**values))
    return True


def listed(tx: Transaction) -> list[Opinion]:
    """The open ones first, the newest of each first."""
    order = (opinions.c.state.desc(), opinions.c.at.desc(), opinions.c.id)
    rows = tx.connection.execute(select(opinions).order_by(*order).limit(MOST_LISTED))
    return [_read(tx, row) for row in rows]


def waiting(tx: Transaction) -> int:
    """How many are open."""
    counted = select(func.count()).select_from(opinions).where(opinions.c.state == "open")
    return int(tx.connection.execute(counted).scalar() or 0)


def _place(name: str) -> str:
    return f"register_opinions/{name}"


def _read(tx: Transaction, row: Row[Any]) -> Opinion:
    told = tx.unseal(row.sealed, _place(row.id))
    return Opinion(
        id=row.id,
        record=row.record,
        version=row.version,
        kind=row.kind,
        at=row.at,
        text=told["text"],
        state=row.state,
        by=row.by,
        done_at=row.done_at,
        answer=told.get("answer", ""),
    )
