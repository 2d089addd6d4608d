"""Whether somebody had come with a need some days before, and whether the review has looked at it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both; what is there was counted already and makes no item."""
    for name in ("again", "looked_at"):
        op.add_column(
            "figures_contacts", sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())
        )
    op.create_index("ix_figures_contacts_again_looked_at", "figures_contacts", ["again", "looked_at"])


def downgrade() -> None:
    """Forget both."""
    op.drop_index("ix_figures_contacts_again_looked_at", "figures_contacts")
    for name in ("looked_at", "again"):
        op.drop_column("figures_contacts", name)
