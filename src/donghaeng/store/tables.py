"""Tables of the database, the same for SQLite and PostgreSQL.

Columns named ``sealed`` hold JSON that :class:`donghaeng.trust.sealing.Sealer` encrypted; every other
column holds nothing personal.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from donghaeng.store.instant import Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


_ID = String(64)
_UNFIGURED = text("last_seq > figured_seq")

store_facts = Table(
    "store_facts",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("channel", String(16), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("practice", Boolean, nullable=False),
    Column("home_district", String(32)),
    Column("sealed", LargeBinary),  # where a citizen stands, and the hash of their key
    Column("catalogue_version", String(64), nullable=False),
    Column("test_clock", String(40)),  # ISO 8601 with its own offset, which Instant would lose
    Column("test_city", JSON),
    Column("last_seq", Integer, nullable=False),
    Column("figured_seq", Integer, nullable=False, server_default="0"),  # the last event that figures counted
    Index(None, "opened_at"),
    Index("ix_conversations_unfigured", "opened_at", sqlite_where=_UNFIGURED, postgresql_where=_UNFIGURED),
)

events = Table(
    "events",
    metadata,
    Column("conversation_id", _ID, ForeignKey(conversations.c.id, ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("turn", Integer, nullable=False),
    Column("kind", String(48), nullable=False),
    Column("at", Instant, nullable=False),
    Column("public", JSON, nullable=False),
    Column("sealed", LargeBinary),
)

replies = Table(
    "replies",
    metadata,
    Column("conversation_id", _ID, ForeignKey(conversations.c.id, ondelete="CASCADE"), primary_key=True),
    Column("key_hash", String(64), primary_key=True),
    Column("turn", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "conversation_id", "turn"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("conversation_id", _ID, ForeignKey(conversations.c.id, ondelete="CASCADE"), nullable=False),
    Column("call_id", _ID, nullable=False),
    Column("service", String(64), nullable=False),
    Column("operation", String(96), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("idempotency_key", String(128), nullable=False, unique=True),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("next_attempt_at", Instant, nullable=False),
    Column("lease_owner", String(64)),
    Column("lease_until", Instant),
    Column("done_at", Instant),
    Column("receipt", String(96)),
    Column("error", Text),
    Index(None, "state", "next_attempt_at"),
    Index(None, "conversation_id"),
)

requests = Table(
    "requests",
    metadata,
    Column("conversation_id", _ID, ForeignKey(conversations.c.id, ondelete="CASCADE"), primary_key=True),
    Column("receipt", String(96), primary_key=True),
    Column("service", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("cancelled_at", Instant),
    Index(None, "receipt"),
)

handovers = Table(
    "handovers",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("conversation_id", _ID, ForeignKey(conversations.c.id, ondelete="CASCADE"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("callback_at", Instant),
    Column("sealed", LargeBinary, nullable=False),
    Column("owner", String(64)),  # the counsellor, while joined
    Column("claimed_at", Instant),
    Column("urgency", Integer, nullable=False, server_default="0"),
    Column("reason", String(64), nullable=False, server_default="asked"),
    Column("service", String(64)),
    Column("department", String(64)),
    Column("for_staff", String(64)),
    Column("outcome", String(32)),
    Index(None, "state", "requested_at"),
    Index(None, "conversation_id"),
    Index(None, "owner"),
)

handover_lines = Table(
    "handover_lines",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("handover_id", _ID, ForeignKey(handovers.c.id, ondelete="CASCADE"), nullable=False),
    Column("conversation_id", _ID, ForeignKey(conversations.c.id, ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("staff", String(64)),
    Column("detail", String(96)),
    Column("at", Instant, nullable=False),
    Column("sealed", LargeBinary),
    Index(None, "handover_id", "seq"),
    Index(None, "conversation_id", "seq"),
    Index(None, "at"),
    Index(None, "staff", "at"),
    sqlite_autoincrement=True,  # a number is never given again, also after rows were erased
)

counsellors_present = Table(
    "counsellors_present",
    metadata,
    Column("staff", String(64), primary_key=True),
    Column("ready", Boolean, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("key", String(128), primary_key=True),
    Column("conversation_id", _ID, ForeignKey(conversations.c.id, ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("service", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("next_attempt_at", Instant, nullable=False),
    Column("lease_owner", String(64)),
    Column("lease_until", Instant),
    Column("done_at", Instant),
    Column("reference", String(128)),
    Column("error", Text),
    Index(None, "state", "next_attempt_at"),
    Index(None, "conversation_id"),
)

places = Table(
    "places",
    metadata,
    Column("source", String(96), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("key", String(96), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("lat", Float),
    Column("lon", Float),
    Column("district", String(32)),
    Column("extra", JSON, nullable=False),
    Index(None, "kind", "name"),
    Index(None, "kind", "lat"),
)

quotas = Table(
    "quotas",
    metadata,
    Column("key_id", String(64), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("used", Integer, nullable=False),
)

editions = Table(
    "editions",
    metadata,
    Column("version", String(64), primary_key=True),
    Column("files", LargeBinary, nullable=False),
    Column("kept_at", Instant, nullable=False),
)

remembered = Table(
    "remembered",
    metadata,
    Column("person_hash", String(64), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),  # the values, and the words that consented to keeping them
    Column("script", String(32), nullable=False),
    Column("consented_at", Instant, nullable=False),
    Column("used_at", Instant, nullable=False),
    Index(None, "used_at"),
)

page_codes = Table(
    "page_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("conversation_id", _ID, ForeignKey(conversations.c.id, ondelete="CASCADE"), nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # the conversation's token, until the code is used or old
    Column("expires_at", Instant, nullable=False),
    Index(None, "conversation_id"),
    Index(None, "expires_at"),
)

channel_threads = Table(
    "channel_threads",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("user_hash", String(64), primary_key=True),
    Column("conversation_id", _ID, ForeignKey(conversations.c.id, ondelete="CASCADE"), nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # the conversation's token
    Column("told", Integer, nullable=False),
    Column("told_line", Integer, nullable=False),
    Column("used_at", Instant, nullable=False),
    Index(None, "conversation_id"),
    Index(None, "used_at"),
)

outgoing_calls = Table(
    "outgoing_calls",
    metadata,
    Column("key", String(128), primary_key=True),
    Column("conversation_id", _ID, ForeignKey(conversations.c.id, ondelete="CASCADE"), nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("number_hash", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # number, subject, phrase, and the words of the consent
    Column("script", String(32), nullable=False),
    Column("consented_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", Instant, nullable=False),
    Column("lease_owner", String(64)),
    Column("lease_until", Instant),
    Column("done_at", Instant),
    Column("outcome", String(32)),
    Index(None, "state", "next_attempt_at"),
    Index(None, "number_hash"),
    Index(None, "conversation_id"),
)

ratings = Table(
    "ratings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("round", String(40), nullable=False),
    Column("rater", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("subject", String(40), nullable=False),
    Column("sentence", String(40), nullable=False),
    Column("value", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "round"),
)

staff = Table(
    "staff",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("name", String(32), nullable=False, unique=True),
    Column("role", String(24), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # the name that colleagues read
    Column("created_at", Instant, nullable=False),
    Column("password_at", Instant, nullable=False),
    Column("disabled_at", Instant),
    Column("department", String(60)),  # whose shared documents the account reads
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("staff_id", _ID, ForeignKey(staff.c.id, ondelete="CASCADE"), nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("way", String(16), nullable=False, server_default="password"),
    Index(None, "staff_id"),
)

staff_identities = Table(
    "staff_identities",
    metadata,
    Column("identity_hash", String(64), primary_key=True),
    Column("staff_id", _ID, ForeignKey(staff.c.id, ondelete="CASCADE"), nullable=False),
    Column("since", Instant, nullable=False),
    Index(None, "staff_id"),
)

# The five facts that the law wants of every look at a citizen's data: who, when, from where, whose, what for.
# They outlive the conversation and the account, so nothing refers to either.
accesses = Table(
    "accesses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("staff_name", String(32), nullable=False),
    Column("address", String(64), nullable=False),
    Column("conversation_id", _ID, nullable=False),
    Column("action", String(32), nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("previous", String(64), nullable=False, server_default=""),
    Column("hash", String(64), nullable=False, server_default=""),
    Index(None, "conversation_id"),
    Index(None, "at"),
)

machine_switches = Table(
    "machine_switches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("off", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # why, in somebody's own words
)

incident_lines = Table(
    "incident_lines",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("by", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # what happened, how many it concerns
)

destructions = Table(
    "destructions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("rule", String(48), nullable=False),
    Column("kind", String(48), nullable=False),
    Column("count", Integer, nullable=False),
    Column("reason", String(16), nullable=False),
    Column("law", String(200), nullable=False),
    Column("last_hash", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("name", String(300), nullable=False, unique=True),
    Column("newest", Integer, nullable=False),
    Column("served", Integer),  # the version that answers come from
    Column("revision", Integer, nullable=False),  # counts what answers have to follow
)

document_versions = Table(
    "document_versions",
    metadata,
    Column("document_id", _ID, ForeignKey(documents.c.id, ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("title", String(300), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("department", String(200), nullable=False),
    Column("source", String(300)),
    Column("sealed", LargeBinary, nullable=False),  # who answers for it
    Column("review_by", Date),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("added_at", Instant, nullable=False),
    Column("published_at", Instant),
    Column("added_by", _ID),  # account; None: before this was kept
    Column("published_by", _ID),  # who let it be served first
    Index(None, "sha256"),
    Index(None, "state", "review_by"),
)

passages = Table(
    "passages",
    metadata,
    Column("document_id", _ID, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("path", JSON, nullable=False),
    Column("page", Integer),
    Column("title", String(300), nullable=False),
    Column("text", Text, nullable=False),
    Column("spoken", Text),
    Column("verified", Boolean, nullable=False),
    ForeignKeyConstraint(
        ["document_id", "version"],
        ["document_versions.document_id", "document_versions.version"],
        ondelete="CASCADE",
    ),
)
