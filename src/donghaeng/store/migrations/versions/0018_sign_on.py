"""Whom the organisation's own login server knows, and by which way a session of staff began."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; sessions that are there began with a password."""
    op.create_table(
        "staff_identities",
        sa.Column("identity_hash", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("identity_hash", name="pk_staff_identities"),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_staff_identities_staff_id_staff", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_staff_identities_staff_id", "staff_identities", ["staff_id"])
    op.add_column(
        "staff_sessions", sa.Column("way", sa.String(16), nullable=False, server_default="password")
    )


def downgrade() -> None:
    """Forget both; accounts stay, and those without a password can log in no more."""
    op.drop_column("staff_sessions", "way")
    op.drop_table("staff_identities")
