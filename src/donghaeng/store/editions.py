"""Catalogues that conversations began on, as they were: packed files by version."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select

from donghaeng.store.store import Transaction
from donghaeng.store.tables import editions


def keep(tx: Transaction, version: str, files: bytes, at: datetime) -> bool:
    """Keep a version; False when it is kept already."""
    if tx.connection.execute(select(editions.c.version).where(editions.c.version == version)).first():
        return False
    tx.connection.execute(insert(editions).values(version=version, files=files, kept_at=at))
    return True


def find(tx: Transaction, version: str) -> bytes | None:
    """The packed files of a version."""
    found: bytes | None = tx.connection.execute(
        select(editions.c.files).where(editions.c.version == version)
    ).scalar()
    return found
