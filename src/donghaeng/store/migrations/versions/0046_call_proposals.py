"""Campaigns of calls that one person proposes and another one books."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from donghaeng.store.instant import Instant

revision = "0046"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "call_proposals",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(48), nullable=False),
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("most", sa.Integer, nullable=False),
        sa.Column("households", sa.Integer, nullable=False),
        sa.Column("left_out", sa.JSON, nullable=False),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("booked_by", sa.String(64)),
        sa.Column("booked_at", Instant),
        sa.Column("campaign_id", sa.String(64)),
        sa.CheckConstraint("booked_by IS NULL OR booked_by <> author", name="ck_call_proposals_two_persons"),
        sa.ForeignKeyConstraint(["run_id"], ["case_runs.id"], name="fk_call_proposals_run_id_case_runs"),
        sa.PrimaryKeyConstraint("id", name="pk_call_proposals"),
    )
    op.create_index("ix_call_proposals_case_id_made_at", "call_proposals", ["case_id", "made_at"])


def downgrade() -> None:
    """Remove it."""
    op.drop_index("ix_call_proposals_case_id_made_at", "call_proposals")
    op.drop_table("call_proposals")
