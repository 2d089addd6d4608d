"""What staff learn: plans, what was passed, projects, certificates, and answers of nobody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0040"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "learner_entries",
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("what", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("due", _AT),
        sa.Column("sealed", sa.LargeBinary),
        sa.PrimaryKeyConstraint("staff_id", "kind", "what", "version", name="pk_learner_entries"),
    )
    op.create_index("ix_learner_entries_staff_id_due", "learner_entries", ["staff_id", "due"])
    op.create_table(
        "learner_projects",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("reviewer", sa.String(64)),
        sa.Column("reviewed_at", _AT),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("review", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", "version", name="pk_learner_projects"),
        sa.CheckConstraint("reviewer IS NULL OR reviewer <> author", name="ck_learner_projects_two_persons"),
    )
    op.create_index("ix_learner_projects_state_at", "learner_projects", ["state", "at"])
    op.create_index("ix_learner_projects_author", "learner_projects", ["author"])
    op.create_table(
        "quiz_answers",
        sa.Column("lesson", sa.String(48), nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("answers", sa.String(32), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("lesson", "version", "answers", name="pk_quiz_answers"),
    )


def downgrade() -> None:
    """Remove them: what was learnt is lost, the year's counts stay."""
    for name in ("quiz_answers", "learner_projects", "learner_entries"):
        op.drop_table(name)
