"""Recorded meetings, what was said in them, and words that officials corrected."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from donghaeng.store.instant import Instant

revision = "0040"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "recorded_meetings",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("department", sa.String(120), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("heard_ms", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("worker", sa.String(120), nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("destroy_at", Instant, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_recorded_meetings_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recorded_meetings")),
    )
    op.create_index(
        op.f("ix_recorded_meetings_staff_id_made_at"), "recorded_meetings", ["staff_id", "made_at"]
    )
    op.create_index(op.f("ix_recorded_meetings_state"), "recorded_meetings", ["state"])
    op.create_index(op.f("ix_recorded_meetings_destroy_at"), "recorded_meetings", ["destroy_at"])
    op.create_table(
        "recorded_turns",
        sa.Column("meeting_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("start_ms", sa.Integer, nullable=False),
        sa.Column("end_ms", sa.Integer, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["recorded_meetings.id"],
            name=op.f("fk_recorded_turns_meeting_id_recorded_meetings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("meeting_id", "number", name=op.f("pk_recorded_turns")),
    )
    op.create_table(
        "heard_words",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("department", sa.String(120), nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heard_words")),
    )
    op.create_index(op.f("ix_heard_words_department"), "heard_words", ["department"])
    op.create_index(op.f("ix_heard_words_changed_at"), "heard_words", ["changed_at"])


def downgrade() -> None:
    """Remove them: every transcript is gone."""
    op.drop_table("heard_words")
    op.drop_table("recorded_turns")
    op.drop_table("recorded_meetings")
