"""Tables of officials' drafts, and of what was asked and judged of them; part of the metadata of
:mod:`donghaeng.store.tables`."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
)

from donghaeng.store.instant import Instant
from donghaeng.store.tables import metadata

_ID = String(64)

office_drafts = Table(
    "office_drafts",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("kind", String(48), nullable=False),
    Column("owner", _ID, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("deleted_at", Instant),
    Column("asked_at", Instant),  # when its writer was asked how long it took
    Index(None, "owner", "changed_at"),
    Index(None, "changed_at"),
)

# Every version; rows are only added, and go with their draft.
office_draft_versions = Table(
    "office_draft_versions",
    metadata,
    Column("draft_id", _ID, ForeignKey(office_drafts.c.id, ondelete="CASCADE"), nullable=False),
    Column("version", Integer, nullable=False, autoincrement=False),
    Column("over", Integer, nullable=False),  # the version that it was written over; 0 for the first
    Column("same_as", Integer, nullable=False),  # the version that it brings back; its own number else
    Column("by", _ID, nullable=False),
    Column("at", Instant, nullable=False),
    Column("step", String(16), nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # what it says
    PrimaryKeyConstraint("draft_id", "version", name="pk_office_draft_versions"),
)

office_draft_colleagues = Table(
    "office_draft_colleagues",
    metadata,
    Column("draft_id", _ID, ForeignKey(office_drafts.c.id, ondelete="CASCADE"), nullable=False),
    Column("staff_id", _ID, nullable=False),
    PrimaryKeyConstraint("draft_id", "staff_id", name="pk_office_draft_colleagues"),
    Index(None, "staff_id"),
)

# Minutes that somebody told: of which kind of draft, on which day; never who, or which draft.
office_minutes = Table(
    "office_minutes",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("kind", String(48), nullable=False),
    Column("on", Date, nullable=False),
    Column("took", Integer, nullable=False),
    Column("by_hand", Integer, nullable=False),
)

# Who does not want to be asked.
office_unasked = Table(
    "office_unasked",
    metadata,
    Column("staff_id", _ID, primary_key=True),
)

# Two texts for the same purpose, that others judge without knowing which is which.
office_pairs = Table(
    "office_pairs",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("question", String(16), nullable=False),
    Column("by", _ID, nullable=False),
    Column("at", Instant, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # what it is about, and both texts
    Index(None, "at"),
)

office_judgements = Table(
    "office_judgements",
    metadata,
    Column("pair_id", _ID, ForeignKey(office_pairs.c.id, ondelete="CASCADE"), nullable=False),
    Column("judge", _ID, nullable=False),  # so that everybody judges once, and nobody their own
    Column("turned", Boolean, nullable=False),  # the second text is shown first
    Column("answers", JSON),  # by criterion; none until it is judged
    PrimaryKeyConstraint("pair_id", "judge", name="pk_office_judgements"),
)
