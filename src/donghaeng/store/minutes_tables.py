"""Tables of recorded meetings; part of the same metadata as :mod:`donghaeng.store.tables`.

What was said, by whom and about what is sealed. The recording itself lies in a file whose key is in the
sealed value: with the row nobody reads the file any more.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from donghaeng.store.instant import Instant
from donghaeng.store.tables import metadata, staff

_ID: Final = String(64)

recorded_meetings = Table(
    "recorded_meetings",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("staff_id", _ID, ForeignKey(staff.c.id, ondelete="CASCADE"), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("department", String(120), nullable=False),
    Column("state", String(16), nullable=False),
    Column("heard_ms", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("worker", String(120), nullable=False),  # the process that hears it
    Column("seen_at", Instant, nullable=False),  # last sign of that process
    Column("destroy_at", Instant, nullable=False),  # the day that its department chose
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "staff_id", "made_at"),
    Index(None, "state"),
    Index(None, "destroy_at"),
)

recorded_turns = Table(
    "recorded_turns",
    metadata,
    Column("meeting_id", _ID, ForeignKey(recorded_meetings.c.id, ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("start_ms", Integer, nullable=False),
    Column("end_ms", Integer, nullable=False),
    Column(
        "sealed", LargeBinary, nullable=False
    ),  # who said what, and what was heard before it was corrected
)

heard_words = Table(
    "heard_words",
    metadata,
    Column("id", String(64), primary_key=True),  # a keyed fingerprint of department and both words
    Column("department", String(120), nullable=False),
    Column("times", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # what was heard, and what was said
    Index(None, "department"),
    Index(None, "changed_at"),
)
