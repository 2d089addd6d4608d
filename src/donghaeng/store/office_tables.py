"""Officials' document sets, and the assistants made of them; part of the same metadata as
:mod:`donghaeng.store.tables`.

What officials wrote and uploaded is sealed: names, texts and the vectors made of them.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from donghaeng.store.instant import Instant
from donghaeng.store.tables import metadata, staff

_ID = String(64)
DEPARTMENT_CHARS = 60

office_sets = Table(
    "office_sets",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("owner", _ID, ForeignKey(staff.c.id, ondelete="CASCADE"), nullable=False),
    Column("department", String(DEPARTMENT_CHARS)),  # that shares it; None: the owner alone
    Column("sealed", LargeBinary, nullable=False),  # its name
    Column("revision", Integer, nullable=False),  # counts what answers have to follow
    Column("made_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Index(None, "owner"),
    Index(None, "department"),
)

office_documents = Table(
    "office_documents",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("set_id", _ID, ForeignKey(office_sets.c.id, ondelete="CASCADE"), nullable=False),
    Column("newest", Integer, nullable=False),
    Column("withdrawn_at", Instant),
    Index(None, "set_id"),
)

office_versions = Table(
    "office_versions",
    metadata,
    Column("document_id", _ID, ForeignKey(office_documents.c.id, ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("added_by", _ID, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # name, title, hash of the file, passages
    Column("vectors", LargeBinary),  # sealed; None until they are made
)

office_assistants = Table(
    "office_assistants",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("set_id", _ID, ForeignKey(office_sets.c.id, ondelete="CASCADE"), nullable=False),
    Column("made_by", _ID, nullable=False),
    Column("departments", JSON, nullable=False),  # who may use it; everybody where empty
    Column("roles", JSON, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # name, greeting, topics, closing line
    Column("made_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Index(None, "set_id"),
)
