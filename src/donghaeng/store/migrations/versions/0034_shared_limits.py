"""Limits that all processes of a city count together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "shared_limits",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("full_at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_shared_limits"),
    )


def downgrade() -> None:
    """Remove it: each process counts alone again."""
    op.drop_table("shared_limits")
