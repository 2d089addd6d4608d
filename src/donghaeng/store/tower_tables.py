"""Tables of data cases, targets and the alliance; part of the same metadata as
:mod:`donghaeng.store.tables`.

Nothing here is personal but a learner's key, a keyed fingerprint that tells two records of one learner
(``learning_records``); member bodies are organisations, and a sign-up counts heads.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from donghaeng.store.instant import Instant
from donghaeng.store.tables import metadata

_ID = String(64)
_NAME = String(120)

case_runs = Table(
    "case_runs",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("case_id", String(48), nullable=False),
    Column("version", String(16), nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String(64), nullable=False),
    Column("accepted", Boolean, nullable=False),
    Column("own_data", Boolean, nullable=False),
    Index(None, "case_id", "at"),
)

case_lines = Table(
    "case_lines",
    metadata,
    Column("case_id", String(48), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("version", String(16), nullable=False),
    Column("run_id", _ID, ForeignKey(case_runs.c.id)),  # that a verdict is about
    Column("ran_by", String(64)),
    Column("kind", String(24), nullable=False),
    Column("by", String(64), nullable=False),
    Column("department", _NAME, nullable=False),
    Column("on", Date, nullable=False),
    Column("words", String(2_000), nullable=False),
    Column("at", Instant, nullable=False),
    CheckConstraint(
        "kind NOT IN ('accepted', 'accepted_with_limits') OR (run_id IS NOT NULL AND by <> ran_by)",
        name="ck_case_lines_two_persons",
    ),
)
"""Verdicts on runs and uses made of a case; only added (triggers refuse updates and deletes)."""

call_campaigns = Table(
    "call_campaigns",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("case_id", String(48), nullable=False),
    Column("run_id", _ID, ForeignKey(case_runs.c.id), nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("author", String(64), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("booked", Integer, nullable=False),
    Column("left_out", JSON, nullable=False),  # how many of which reason
)

alliance_members = Table(
    "alliance_members",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("name", _NAME, nullable=False, unique=True),
    Column("kind", String(24), nullable=False),
    Column("district", String(24)),
    Column("joined_on", Date, nullable=False),
    Column("left_on", Date),
    Column("source", _NAME, nullable=False),  # the file that it came from
    Column("imported_at", Instant, nullable=False),
    CheckConstraint("left_on IS NULL OR left_on >= joined_on", name="ck_alliance_members_in_order"),
)

alliance_events = Table(
    "alliance_events",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("programme", _NAME, nullable=False),
    Column("name", _NAME, nullable=False),
    Column("on", Date, nullable=False),
    Column("place", _NAME, nullable=False),
    Column("seats", Integer, nullable=False),
    Column("source", _NAME, nullable=False),
    Column("imported_at", Instant, nullable=False),
    UniqueConstraint("programme", "name", "on", name="uq_alliance_events_programme_name_on"),
)

alliance_signups = Table(
    "alliance_signups",
    metadata,
    Column("event_id", _ID, ForeignKey(alliance_events.c.id, ondelete="CASCADE"), primary_key=True),
    Column("member_id", _ID, ForeignKey(alliance_members.c.id, ondelete="CASCADE"), primary_key=True),
    Column("heads", Integer, nullable=False),
    Column("signed_at", Instant, nullable=False),
    Column("by", String(64), nullable=False),
    Column("cancelled_at", Instant),
    Column("attended", Boolean),  # None before anybody said so
    Index(None, "member_id"),
)

alliance_bookings = Table(
    "alliance_bookings",
    metadata,
    Column("key", String(64), primary_key=True),  # hash of the request's idempotency key
    Column("event_id", _ID, ForeignKey(alliance_events.c.id, ondelete="CASCADE"), nullable=False),
    Column("heads", Integer, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("receipt", String(40), unique=True),  # None until the city has accepted it
    Column("cancelled_at", Instant),
    CheckConstraint("heads > 0", name="ck_alliance_bookings_heads"),
    Index(None, "event_id"),
)
"""Seats that citizens asked for by voice: whose they are stands with the city, under the receipt."""

learning_records = Table(
    "learning_records",
    metadata,
    Column("programme", String(24), primary_key=True),
    Column("learner", String(64), primary_key=True),  # keyed fingerprint
    Column("course", _NAME, primary_key=True),
    Column("completed_on", Date, nullable=False),
    Column("district", String(24)),
    Column("source", _NAME, nullable=False),
    Column("imported_at", Instant, nullable=False),
    Index(None, "programme", "completed_on"),
)

survey_answers = Table(
    "survey_answers",
    metadata,
    Column("survey", String(48), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("respondent", String(64), primary_key=True),  # keyed fingerprint of a number without a person
    Column("answered_on", Date, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("source", _NAME, nullable=False),
    Column("imported_at", Instant, nullable=False),
    Index(None, "survey", "answered_on"),
)
