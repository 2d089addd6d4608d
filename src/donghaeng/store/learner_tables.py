"""Tables of what staff learn; part of the metadata of :mod:`donghaeng.store.tables`.

What somebody passed stands here, never that they failed: answers to quizzes are counted without a name.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, String, Table

from donghaeng.store.instant import Instant
from donghaeng.store.tables import metadata

_ID: Final = String(64)

# Everything of one learner but projects: plan, steps, what was passed, what is remembered, certificates.
learner_entries = Table(
    "learner_entries",
    metadata,
    Column("staff_id", _ID, primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("what", String(80), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("due", Instant),  # when it is asked again
    Column("sealed", LargeBinary),
    Index(None, "staff_id", "due"),
)

# Projects that were handed in, each version a row, judged by another person.
learner_projects = Table(
    "learner_projects",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("author", _ID, nullable=False),
    Column("state", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("reviewer", _ID),
    Column("reviewed_at", Instant),
    Column("sealed", LargeBinary, nullable=False),  # title and text
    Column("review", LargeBinary),  # sealed as well: marks and words
    CheckConstraint("reviewer IS NULL OR reviewer <> author", name="ck_learner_projects_two_persons"),
    Index(None, "state", "at"),
    Index(None, "author"),
)

# How often a quiz was answered in one way at the first try; of nobody.
quiz_answers = Table(
    "quiz_answers",
    metadata,
    Column("lesson", String(48), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("answers", String(32), primary_key=True),  # choices in the order of the questions: 2,1,-,3
    Column("count", Integer, nullable=False),
)
