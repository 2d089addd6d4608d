"""The off switch: when the machine was switched off or on, by whom and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None

SQLITE_GUARDS = (
    "CREATE TRIGGER machine_switches_stay BEFORE UPDATE ON machine_switches "
    "BEGIN SELECT RAISE(ABORT, 'machine_switches are only added'); END",
    "CREATE TRIGGER machine_switches_are_kept BEFORE DELETE ON machine_switches "
    "BEGIN SELECT RAISE(ABORT, 'machine_switches are only added'); END",
)
POSTGRES_GUARDS = (
    "CREATE FUNCTION machine_switches_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'machine_switches are only added'; END $$",
    "CREATE TRIGGER machine_switches_stay BEFORE UPDATE OR DELETE ON machine_switches "
    "FOR EACH ROW EXECUTE FUNCTION machine_switches_guard()",
)


def upgrade() -> None:
    """Make the table; the database itself refuses to change a row."""
    op.create_table(
        "machine_switches",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("off", sa.Boolean, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_machine_switches"),
    )
    for guard in POSTGRES_GUARDS if _on_postgres() else SQLITE_GUARDS:
        op.execute(guard)


def downgrade() -> None:
    """Remove it: the machine answers."""
    op.drop_table("machine_switches")
    if _on_postgres():
        op.execute("DROP FUNCTION machine_switches_guard()")


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"
