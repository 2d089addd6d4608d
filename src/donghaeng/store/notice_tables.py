"""The table of what is told to staff outside the console; part of :mod:`donghaeng.store.tables`' metadata.

Nothing personal is in it: what the control tower's rules say, and where in the console to look.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, UniqueConstraint

from donghaeng.store.instant import Instant
from donghaeng.store.tables import metadata

tower_notices = Table(
    "tower_notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(128), nullable=False),  # what it tells of: each once a way
    Column("way", String(16), nullable=False),
    Column("title", String(200), nullable=False),
    Column("text", String(1000), nullable=False),
    Column("place", String(200), nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("next_attempt_at", Instant, nullable=False),
    Column("lease_owner", String(64)),
    Column("lease_until", Instant),
    Column("done_at", Instant),
    Column("error", String(64)),
    UniqueConstraint("key", "way", name="uq_tower_notices_key_way"),
    Index(None, "state", "next_attempt_at"),
)
