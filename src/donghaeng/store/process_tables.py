"""Tables of the process of the control tower; part of the same metadata as :mod:`donghaeng.store.tables`."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from donghaeng.store.instant import Instant
from donghaeng.store.tables import metadata

# What happened to AI systems, services, knowledge, engines and ideas. Nothing of a citizen's is in it.
process_actions = Table(
    "process_actions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String(64), nullable=False),
    Column("action", String(24), nullable=False),
    Column("told", Text, nullable=False),  # JSON
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("kind", "subject", "seq", name="uq_process_actions_kind_subject_seq"),
)

# Files that were attached as evidence.
process_files = Table(
    "process_files",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
