"""Table of proposed campaigns of calls; part of the same metadata as :mod:`donghaeng.store.tables`.

No household is in it: the list itself stays with the person who has it, and its fingerprint tells the second
person's copy from another list.
"""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table

from donghaeng.store.instant import Instant
from donghaeng.store.tables import metadata

call_proposals = Table(
    "call_proposals",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("case_id", String(48), nullable=False),
    Column("run_id", String(64), ForeignKey("case_runs.id"), nullable=False),
    Column("fingerprint", String(64), nullable=False),  # SHA-256 of the list's file
    Column("most", Integer, nullable=False),
    Column("households", Integer, nullable=False),
    Column("left_out", JSON, nullable=False),  # how many of which reason
    Column("author", String(64), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("booked_by", String(64)),
    Column("booked_at", Instant),
    Column("campaign_id", String(64)),
    CheckConstraint("booked_by IS NULL OR booked_by <> author", name="ck_call_proposals_two_persons"),
    Index(None, "case_id", "made_at"),
)
