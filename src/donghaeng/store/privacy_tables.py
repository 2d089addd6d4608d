"""Tables of the vault and of those whom citizens let see their requests; part of the same metadata as
:mod:`donghaeng.store.tables`."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table

from donghaeng.store.instant import Instant
from donghaeng.store.tables import conversations, metadata

_ID = String(64)

# Telephone numbers by which somebody is reached, under keys of their own; each ends with its purpose.
vault_values = Table(
    "vault_values",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("purpose", String(32), nullable=False),
    Column("conversation_id", _ID, ForeignKey(conversations.c.id, ondelete="CASCADE"), nullable=False),
    Column("key_id", String(8), nullable=False),
    Column("nonce", LargeBinary, nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index(None, "key_id", "id"),
    Index(None, "conversation_id"),
    Index(None, "expires_at"),
)

# Who may see which requests stand, by a citizen's spoken consent. A row outlives the conversation.
guardians = Table(
    "guardians",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("conversation_id", _ID, nullable=False),  # where the consent was given
    Column("person_hash", String(64)),  # of the citizen's own key, where the channel gave one
    Column("sealed", LargeBinary, nullable=False),  # who it is, and the words of the consent
    Column("script", String(32), nullable=False),
    Column("consented_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("ended_at", Instant),  # taken back before its time
    Column("reminded_at", Instant),
    Column("code_hash", String(64), unique=True),
    Column("code_until", Instant),
    Column("session_hash", String(64), unique=True),
    Column("session_at", Instant),
    Column("seen_at", Instant),
    Index(None, "conversation_id"),
    Index(None, "person_hash"),
    Index(None, "ends_at"),
)

guardian_conversations = Table(
    "guardian_conversations",
    metadata,
    Column("guardian_id", _ID, ForeignKey(guardians.c.id, ondelete="CASCADE"), primary_key=True),
    Column("conversation_id", _ID, ForeignKey(conversations.c.id, ondelete="CASCADE"), primary_key=True),
    Column("since", Instant, nullable=False),
    Index(None, "conversation_id"),
)
