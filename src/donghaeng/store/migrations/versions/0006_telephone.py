"""Codes that bring a call to the page, and calls that citizens asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "page_codes",
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name="pk_page_codes"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_page_codes_conversation_id_conversations",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_page_codes_conversation_id", "page_codes", ["conversation_id"])
    op.create_index("ix_page_codes_expires_at", "page_codes", ["expires_at"])
    op.create_table(
        "outgoing_calls",
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("number_hash", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("script", sa.String(32), nullable=False),
        sa.Column("consented_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", MOMENT, nullable=False),
        sa.Column("lease_owner", sa.String(64), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_outgoing_calls"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_outgoing_calls_conversation_id_conversations",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_outgoing_calls_state_next_attempt_at", "outgoing_calls", ["state", "next_attempt_at"])
    op.create_index("ix_outgoing_calls_number_hash", "outgoing_calls", ["number_hash"])
    op.create_index("ix_outgoing_calls_conversation_id", "outgoing_calls", ["conversation_id"])


def downgrade() -> None:
    """Remove them: nobody is called, no code is good."""
    op.drop_table("outgoing_calls")
    op.drop_table("page_codes")
