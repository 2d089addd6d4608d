"""Records of AI systems, version by version, and what was done with them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, cast

from sqlalchemy import Row, func, insert, select

from donghaeng.errors import RecordChanged
from donghaeng.store.register_tables import MACHINE
from donghaeng.store.register_tables import register_steps as steps
from donghaeng.store.register_tables import register_versions as versions
from donghaeng.store.store import Transaction
from donghaeng.store.upserts import insert_new

Operation = Literal["published", "retracted", "archived", "unarchived"]

__all__ = ["MACHINE", "Operation", "StepRow", "VersionRow"]

_AGAIN: Final = "read it again and make the change once more"


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A record as it was from some moment on."""

    record: str
    version: int
    """From 1, one more with each change."""
    at: datetime
    by: str
    """Account of staff, a command, or :data:`MACHINE`."""
    values: Mapping[str, Any] = field(repr=False)
    """What names nobody."""
    personal: Mapping[str, Any] = field(default_factory=dict, repr=False)
    note: str = field(default="", repr=False)
    """Why it was changed."""


@dataclass(frozen=True, slots=True)
class StepRow:
    """Something done with a version."""

    record: str
    version: int
    operation: Operation
    author: str
    by: str
    at: datetime


def add(tx: Transaction, row: VersionRow) -> None:
    """Add the version that comes next.

    Raises:
        RecordChanged: another has come in between, also from another process.
    """
    newest = tx.connection.execute(
        select(func.max(versions.c.version)).where(versions.c.record == row.record)
    ).scalar()
    sealed = tx.seal({"personal": dict(row.personal), "note": row.note}, _place(row.record, row.version))
    values = {
        "record": row.record,
        "version": row.version,
        "at": row.at,
        "by": row.by,
        "filled": json.dumps(dict(row.values), ensure_ascii=False),
        "sealed": sealed,
    }
    if (newest or 0) != row.version - 1 or not insert_new(tx, versions, values):
        raise RecordChanged(f"{row.record}: version {row.version} is there already", remedy=_AGAIN)


def get(tx: Transaction, record: str, version: int | None = None) -> VersionRow | None:
    """A version, the newest where none is named; None where there is none."""
    wanted = select(versions).where(versions.c.record == record)
    if version is not None:
        wanted = wanted.where(versions.c.version == version)
    row = tx.connection.execute(wanted.order_by(versions.c.version.desc()).limit(1)).first()
    return None if row is None else _read(tx, row)


def current(tx: Transaction) -> list[VersionRow]:
    """The newest version of every record, by record."""
    newest = select(versions.c.record, func.max(versions.c.version).label("version"))
    last = newest.group_by(versions.c.record).subquery()
    joined = select(versions).join(
        last, (versions.c.record == last.c.record) & (versions.c.version == last.c.version)
    )
    return [_read(tx, row) for row in tx.connection.execute(joined.order_by(versions.c.record))]


def listed(tx: Transaction, record: str) -> list[VersionRow]:
    """Every version of a record, oldest first."""
    wanted = select(versions).where(versions.c.record == record).order_by(versions.c.version)
    return [_read(tx, row) for row in tx.connection.execute(wanted)]


def do(tx: Transaction, row: StepRow) -> None:
    """Write down that something was done with a version.

    Raises:
        StoreError: there is no such version, or its author publishes it.
    """
    tx.connection.execute(
        insert(steps).values(
            record=row.record,
            version=row.version,
            operation=row.operation,
            author=row.author,
            by=row.by,
            at=row.at,
        )
    )


def history(tx: Transaction, record: str | None = None) -> list[StepRow]:
    """What was done, oldest first; with every record where none is named."""
    wanted = select(steps).order_by(steps.c.seq)
    if record is not None:
        wanted = wanted.where(steps.c.record == record)
    return [
        StepRow(row.record, row.version, cast(Operation, row.operation), row.author, row.by, row.at)
        for row in tx.connection.execute(wanted)
    ]


def _place(record: str, version: int) -> str:
    return f"register_versions/{record}/{version}"


def _read(tx: Transaction, row: Row[Any]) -> VersionRow:
    told = cast(dict[str, Any], tx.unseal(row.sealed, _place(row.record, row.version)))
    return VersionRow(
        row.record, row.version, row.at, row.by, json.loads(row.filled), told["personal"], told["note"]
    )
