"""Leaks: what was known when, and what was done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SQLITE_GUARDS = (
    "CREATE TRIGGER incident_lines_stay BEFORE UPDATE ON incident_lines "
    "BEGIN SELECT RAISE(ABORT, 'incident_lines are only added'); END",
    "CREATE TRIGGER incident_lines_are_kept BEFORE DELETE ON incident_lines "
    "BEGIN SELECT RAISE(ABORT, 'incident_lines are only added'); END",
)
POSTGRES_GUARDS = (
    "CREATE FUNCTION incident_lines_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'incident_lines are only added'; END $$",
    "CREATE TRIGGER incident_lines_stay BEFORE UPDATE OR DELETE ON incident_lines "
    "FOR EACH ROW EXECUTE FUNCTION incident_lines_guard()",
)


def upgrade() -> None:
    """Make the table; the database itself refuses to change a row."""
    op.create_table(
        "incident_lines",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("incident", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incident_lines"),
    )
    for guard in POSTGRES_GUARDS if _on_postgres() else SQLITE_GUARDS:
        op.execute(guard)


def downgrade() -> None:
    """Remove it: what was known of leaks is lost."""
    op.drop_table("incident_lines")
    if _on_postgres():
        op.execute("DROP FUNCTION incident_lines_guard()")


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"
