"""Drafts of services that their owners write, and what was tried of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "service_drafts",
        sa.Column("service", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("base", sa.String(64), nullable=False),
        sa.Column("proposal_id", sa.String(64)),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("service", "version", name="pk_service_drafts"),
    )
    op.create_table(
        "service_runs",
        sa.Column("service", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("basis", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.PrimaryKeyConstraint("service", "kind", name="pk_service_runs"),
    )


def downgrade() -> None:
    """Remove them: drafts are lost, what was published stays."""
    for name in ("service_runs", "service_drafts"):
        op.drop_table(name)
