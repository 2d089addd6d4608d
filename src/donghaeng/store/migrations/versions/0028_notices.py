"""What is told to staff outside the console."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "tower_notices",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("way", sa.String(16), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("next_attempt_at", _AT, nullable=False),
        sa.Column("lease_owner", sa.String(64)),
        sa.Column("lease_until", _AT),
        sa.Column("done_at", _AT),
        sa.Column("error", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_tower_notices"),
        sa.UniqueConstraint("key", "way", name="uq_tower_notices_key_way"),
    )
    op.create_index("ix_tower_notices_state_next_attempt_at", "tower_notices", ["state", "next_attempt_at"])


def downgrade() -> None:
    """Remove it: what waits is not sent."""
    op.drop_table("tower_notices")
