"""Which conversation a messenger's user is in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "channel_threads",
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("user_hash", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("told_line", sa.Integer, nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "user_hash", name="pk_channel_threads"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_channel_threads_conversation_id_conversations",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_channel_threads_conversation_id", "channel_threads", ["conversation_id"])
    op.create_index("ix_channel_threads_used_at", "channel_threads", ["used_at"])


def downgrade() -> None:
    """Remove it: each user's next message opens a conversation."""
    op.drop_table("channel_threads")
