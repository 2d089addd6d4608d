"""Lines of hand-overs are found by who wrote them: a counsellor's own signals, among millions of lines."""

from __future__ import annotations

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_handover_lines_staff_at", "handover_lines", ["staff", "at"])


def downgrade() -> None:
    """Remove it."""
    op.drop_index("ix_handover_lines_staff_at", "handover_lines")
