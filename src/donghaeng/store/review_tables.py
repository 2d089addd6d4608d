"""Tables of the review of what went wrong. Texts that citizens or reviewers wrote are sealed."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from donghaeng.store.instant import Instant
from donghaeng.store.tables import conversations, metadata

_ID: Final = String(64)

review_items = Table(
    "review_items",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("conversation_id", _ID, ForeignKey(conversations.c.id, ondelete="CASCADE"), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("service", String(64)),
    Column("detail", String(96), nullable=False),
    Column("state", String(16), nullable=False),
    Column("cluster", String(64)),
    Column("sealed", LargeBinary, nullable=False),  # the words
    Column("vector", LargeBinary),  # sealed as well: what the words mean
    UniqueConstraint("conversation_id", "turn", "kind", name="uq_review_items_conversation_id_turn_kind"),
    Index(None, "state", "at"),
    Index(None, "cluster"),
)

review_marks = Table(
    "review_marks",
    metadata,
    Column("conversation_id", _ID, ForeignKey(conversations.c.id, ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, nullable=False),  # its last event that was looked at
    Column("line", Integer, nullable=False),  # the last line of its hand-overs, likewise
)

# Proposals outlive the conversations that they came from.
proposals = Table(
    "proposals",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("author", _ID, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("published_by", _ID),
    Column("changed_at", Instant, nullable=False),
    Column("document_id", _ID),  # of a passage that was published
    Column(
        "sealed", LargeBinary, nullable=False
    ),  # the change, its conversation test, the note of its author
    CheckConstraint("published_by IS NULL OR published_by <> author", name="ck_proposals_two_persons"),
    Index(None, "state", "created_at"),
)

proposal_items = Table(
    "proposal_items",
    metadata,
    Column("proposal_id", _ID, ForeignKey(proposals.c.id, ondelete="CASCADE"), primary_key=True),
    Column("item_id", _ID, ForeignKey(review_items.c.id, ondelete="CASCADE"), primary_key=True),
    Index(None, "item_id"),
)

review_effects = Table(
    "review_effects",
    metadata,
    Column("proposal_id", _ID, ForeignKey(proposals.c.id, ondelete="CASCADE"), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("basis", String(64), nullable=False),  # what it was measured on
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("sealed", LargeBinary),
)

publications = Table(
    "publications",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("proposal_id", _ID, nullable=False),
    Column("action", String(16), nullable=False),
    Column("staff", _ID, nullable=False),
    Column("at", Instant, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # why, in words
    Index(None, "proposal_id"),
    sqlite_autoincrement=True,  # a number is never given again
)
