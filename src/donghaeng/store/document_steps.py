"""Who added, published and withdrew which version of a document: rows are only added, and the database
refuses that who added a version is the one who publishes it first. A command of the server is the operator's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import insert, select

from donghaeng.store.document_tables import document_steps
from donghaeng.store.store import Transaction

Action = Literal["added", "published", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a document's history."""

    document_id: str
    version: int | None
    """None where nothing was served when it was withdrawn."""
    action: Action
    staff: str
    """Account, or :data:`OPERATOR`."""
    at: datetime
    added_by: str | None = None
    """Who added the version that is published."""
    again: bool = False
    """The version was published before."""


def add_step(tx: Transaction, step: Step) -> None:
    """Put a step down.

    Raises:
        StoreError: who added the version would be who publishes it first.
    """
    values = {name: getattr(step, name) for name in Step.__slots__}
    tx.connection.execute(insert(document_steps).values(**values))


def steps_of(tx: Transaction, document_id: str) -> list[Step]:
    """The history of a document, the newest step first."""
    wanted = select(document_steps).where(document_steps.c.document_id == document_id)
    rows = tx.connection.execute(wanted.order_by(document_steps.c.seq.desc()))
    return [
        Step(row.document_id, row.version, row.action, row.staff, row.at, row.added_by, row.again)
        for row in rows
    ]
