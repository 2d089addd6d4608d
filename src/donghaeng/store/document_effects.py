"""What publishing a version of a document would change, or how far the measuring of that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select, update

from donghaeng.store.document_tables import document_effects
from donghaeng.store.store import Transaction
from donghaeng.store.upserts import put

EffectState = Literal["running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class DocumentEffectRow:
    """One measuring. Nothing of it is what a citizen said."""

    document_id: str
    version: int
    state: EffectState
    basis: str
    """What it was measured on: the version's verified passages, and the documents in force."""
    at: datetime
    """Of the last sign."""
    done: int = 0
    total: int = 0
    result: Mapping[str, Any] | None = None


def set_effect(tx: Transaction, row: DocumentEffectRow) -> None:
    """Put down how far a measuring is, or what came of it."""
    values = {name: getattr(row, name) for name in DocumentEffectRow.__slots__}
    values["result"] = None if row.result is None else dict(row.result)
    put(tx, document_effects, ["document_id", "version"], values)


def tell_progress(tx: Transaction, row: DocumentEffectRow) -> None:
    """Put down how far it is, unless it has ended meanwhile."""
    c = document_effects.c
    mine = (c.document_id == row.document_id) & (c.version == row.version) & (c.state == "running")
    values = {"done": row.done, "total": row.total, "at": row.at}
    tx.connection.execute(update(document_effects).where(mine).values(**values))


def effect(tx: Transaction, document_id: str, version: int) -> DocumentEffectRow | None:
    """What was measured of a version."""
    c = document_effects.c
    wanted = (c.document_id == document_id) & (c.version == version)
    row = tx.connection.execute(select(document_effects).where(wanted)).first()
    if row is None:
        return None
    return DocumentEffectRow(
        row.document_id, row.version, row.state, row.basis, row.at, row.done, row.total, row.result
    )
