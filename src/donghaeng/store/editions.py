"""Catalogues that conversations began on, as they were: packed files by version."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from donghaeng.store.store import Transaction
from donghaeng.store.tables import editions
from donghaeng.store.upserts import insert_new


def keep(tx: Transaction, version: str, files: bytes, at: datetime) -> bool:
    """Keep a version; False when it is kept already."""
    return insert_new(tx, editions, {"version": version, "files": files, "kept_at": at})


def find(tx: Transaction, version: str) -> bytes | None:
    """The packed files of a version."""
    found: bytes | None = tx.connection.execute(
        select(editions.c.files).where(editions.c.version == version)
    ).scalar()
    return found
