"""The table of limits that all processes of a city count together; part of the same metadata as
:mod:`donghaeng.store.tables`."""

from __future__ import annotations

from sqlalchemy import Column, Float, String, Table

from donghaeng.store.tables import metadata

# One row a limit. No address and no account stands here: what is counted so is of everybody.
shared_limits = Table(
    "shared_limits",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("full_at", Float, nullable=False),  # seconds since 1970 at which the bucket is full again
)
