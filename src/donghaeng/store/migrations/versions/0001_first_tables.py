"""First tables.

Spelled out rather than taken from :mod:`donghaeng.store.tables`, which moves on while this stays.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

TABLES = (
    "store_facts",
    "conversations",
    "events",
    "replies",
    "outbox",
    "requests",
    "handovers",
    "places",
    "quotas",
)


def upgrade() -> None:
    """Make the tables."""
    _store_facts()
    _conversations()
    _events()
    _replies()
    _outbox()
    _requests()
    _handovers()
    _places()
    _quotas()


def downgrade() -> None:
    """Drop them, and with them all records."""
    for name in reversed(TABLES):
        op.drop_table(name)


def _of_conversation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"], ["conversations.id"], name=f"fk_{table}_conversation_id", ondelete="CASCADE"
    )


def _store_facts() -> None:
    op.create_table(
        "store_facts",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_store_facts"),
    )


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("practice", sa.Boolean, nullable=False),
        sa.Column("home_district", sa.String(32), nullable=True),
        sa.Column("sealed", sa.LargeBinary, nullable=True),
        sa.Column("catalogue_version", sa.String(64), nullable=False),
        sa.Column("test_clock", sa.String(40), nullable=True),
        sa.Column("test_city", sa.JSON, nullable=True),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
        sa.UniqueConstraint("token_hash", name="uq_conversations_token_hash"),
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("public", sa.JSON, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=True),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name="pk_events"),
        _of_conversation("events"),
    )


def _replies() -> None:
    op.create_table(
        "replies",
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "key_hash", name="pk_replies"),
        _of_conversation("replies"),
    )
    op.create_index("ix_replies_conversation_id_turn", "replies", ["conversation_id", "turn"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("operation", sa.String(96), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("idempotency_key", sa.String(128), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("next_attempt_at", MOMENT, nullable=False),
        sa.Column("lease_owner", sa.String(64), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("receipt", sa.String(96), nullable=True),
        sa.Column("error", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        _of_conversation("outbox"),
        sa.UniqueConstraint("idempotency_key", name="uq_outbox_idempotency_key"),
    )
    op.create_index("ix_outbox_conversation_id", "outbox", ["conversation_id"])
    op.create_index("ix_outbox_state_next_attempt_at", "outbox", ["state", "next_attempt_at"])


def _requests() -> None:
    op.create_table(
        "requests",
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("receipt", sa.String(96), nullable=False),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("conversation_id", "receipt", name="pk_requests"),
        _of_conversation("requests"),
    )
    op.create_index("ix_requests_receipt", "requests", ["receipt"])


def _handovers() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("callback_at", MOMENT, nullable=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_handovers"),
        _of_conversation("handovers"),
    )
    op.create_index("ix_handovers_conversation_id", "handovers", ["conversation_id"])
    op.create_index("ix_handovers_state_requested_at", "handovers", ["state", "requested_at"])


def _places() -> None:
    op.create_table(
        "places",
        sa.Column("source", sa.String(96), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("key", sa.String(96), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("lat", sa.Float, nullable=True),
        sa.Column("lon", sa.Float, nullable=True),
        sa.Column("district", sa.String(32), nullable=True),
        sa.Column("extra", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("source", "kind", "key", name="pk_places"),
    )
    op.create_index("ix_places_kind_lat", "places", ["kind", "lat"])
    op.create_index("ix_places_kind_name", "places", ["kind", "name"])


def _quotas() -> None:
    op.create_table(
        "quotas",
        sa.Column("key_id", sa.String(64), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("used", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("key_id", "day", name="pk_quotas"),
    )
