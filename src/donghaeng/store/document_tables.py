"""The history of documents, whose rows are only added, and what publishing a version would change."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
)

from donghaeng.store.instant import Instant
from donghaeng.store.tables import metadata

OPERATOR: Final = "operator"
"""In place of an account, where a command of the server does it."""

document_steps = Table(
    "document_steps",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("document_id", String(64), nullable=False),
    Column("version", Integer),  # None: nothing was served when it was withdrawn
    Column("action", String(16), nullable=False),
    Column("staff", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("added_by", String(64)),  # of the version, where it is published
    Column("again", Boolean, nullable=False),  # it was published before
    CheckConstraint(
        "action <> 'published' OR again OR added_by IS NULL OR staff = 'operator' OR staff <> added_by",
        name="ck_document_steps_two_persons",
    ),
    Index(None, "document_id"),
)

# Nothing that a citizen said is in it: a question of the log is named by its place.
document_effects = Table(
    "document_effects",
    metadata,
    Column("document_id", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("basis", String(64), nullable=False),  # what it was measured on
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("result", JSON),
    ForeignKeyConstraint(
        ["document_id", "version"],
        ["document_versions.document_id", "document_versions.version"],
        ondelete="CASCADE",
    ),
)
