"""Tables of services as their owners write them; part of the metadata of :mod:`donghaeng.store.tables`."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, PrimaryKeyConstraint, String, Table

from donghaeng.store.instant import Instant
from donghaeng.store.tables import metadata

# Every version of every draft; rows are only added.
service_drafts = Table(
    "service_drafts",
    metadata,
    Column("service", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("base", String(64), nullable=False),  # hash of what it was written from
    Column("proposal_id", String(64)),
    Column("sealed", LargeBinary, nullable=False),  # the two texts
    PrimaryKeyConstraint("service", "version", name="pk_service_drafts"),
)

# What was tried of a version, or how far that is.
service_runs = Table(
    "service_runs",
    metadata,
    Column("service", String(40), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("basis", String(64), nullable=False),  # hash of what was tried
    Column("state", String(16), nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("sealed", LargeBinary),
    PrimaryKeyConstraint("service", "kind", name="pk_service_runs"),
)
