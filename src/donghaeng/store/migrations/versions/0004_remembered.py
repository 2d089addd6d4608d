"""What citizens wished to be remembered from one conversation to the next."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "remembered",
        sa.Column("person_hash", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("script", sa.String(32), nullable=False),
        sa.Column("consented_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person_hash", name="pk_remembered"),
    )
    op.create_index("ix_remembered_used_at", "remembered", ["used_at"])


def downgrade() -> None:
    """Remove it: everybody is forgotten."""
    op.drop_table("remembered")
