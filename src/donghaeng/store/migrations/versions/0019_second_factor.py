"""Second factors of staff, their recovery codes, and passwords that somebody else has set."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; passwords that are there are their owners' already."""
    op.create_table(
        "staff_factors",
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("since", MOMENT),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("offered_sealed", sa.LargeBinary),
        sa.Column("offered_at", MOMENT),
        sa.PrimaryKeyConstraint("staff_id", name="pk_staff_factors"),
        _of_an_account("staff_factors"),
    )
    op.create_table(
        "staff_recovery_codes",
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name="pk_staff_recovery_codes"),
        _of_an_account("staff_recovery_codes"),
    )
    op.create_index("ix_staff_recovery_codes_staff_id", "staff_recovery_codes", ["staff_id"])
    op.create_table(
        "staff_first_passwords",
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("staff_id", name="pk_staff_first_passwords"),
        _of_an_account("staff_first_passwords"),
    )


def downgrade() -> None:
    """Forget them: passwords alone let in again."""
    for table in ("staff_first_passwords", "staff_recovery_codes", "staff_factors"):
        op.drop_table(table)


def _of_an_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["staff_id"], ["staff.id"], name=f"fk_{table}_staff_id_staff", ondelete="CASCADE"
    )
