"""Tables of the register of AI systems; part of the same metadata as :mod:`donghaeng.store.tables`. Versions
and steps are only added, and the database itself refuses to change one."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from donghaeng.store.instant import Instant
from donghaeng.store.tables import metadata

MACHINE: Final = "donghaeng"
"""Who wrote what was filled from the running program; ids of staff begin otherwise (``st_``)."""
TWO_PERSONS: Final = f"operation <> 'published' OR by <> author OR by = '{MACHINE}'"

register_versions = Table(
    "register_versions",
    metadata,
    Column("record", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("by", String(64), nullable=False),
    Column("filled", Text, nullable=False),  # JSON: the fields that name nobody
    Column(
        "sealed", LargeBinary, nullable=False
    ),  # those that name or reach somebody, and why it was changed
)

register_steps = Table(
    "register_steps",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("record", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("operation", String(16), nullable=False),
    Column("author", String(64), nullable=False),  # of that version
    Column("by", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    ForeignKeyConstraint(["record", "version"], ["register_versions.record", "register_versions.version"]),
    CheckConstraint(TWO_PERSONS, name="ck_register_steps_two_persons"),
    Index(None, "record", "seq"),
    sqlite_autoincrement=True,  # a number is never given again
)

register_opinions = Table(
    "register_opinions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("record", String(64), nullable=False),
    Column("version", Integer, nullable=False),  # that was on the page
    Column("kind", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("by", String(64)),
    Column("done_at", Instant),
    Column("sealed", LargeBinary, nullable=False),  # what somebody wrote, masked, and what was done about it
    CheckConstraint("(state = 'open') = (done_at IS NULL AND by IS NULL)", name="ck_register_opinions_done"),
    Index(None, "state", "at"),
)
"""What somebody without an account said of a public record."""
