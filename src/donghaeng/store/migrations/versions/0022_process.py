"""The process of the control tower: its history, and files attached as evidence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLES = ("process_actions", "process_files")


def _sqlite_guards(table: str) -> tuple[str, ...]:
    return (
        f"CREATE TRIGGER {table}_stay BEFORE UPDATE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} are only added'); END",
        f"CREATE TRIGGER {table}_are_kept BEFORE DELETE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} are only added'); END",
    )


def _postgres_guards(table: str) -> tuple[str, ...]:
    return (
        f"CREATE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{table} are only added'; END $$",
        f"CREATE TRIGGER {table}_stay BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_guard()",
    )


def upgrade() -> None:
    """Make the tables; the database itself refuses to change a row."""
    op.create_table(
        "process_actions",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("action", sa.String(24), nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_process_actions"),
        sa.UniqueConstraint("kind", "subject", "seq", name="uq_process_actions_kind_subject_seq"),
    )
    op.create_table(
        "process_files",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_process_files"),
    )
    guards = _postgres_guards if _on_postgres() else _sqlite_guards
    for table in TABLES:
        for guard in guards(table):
            op.execute(guard)


def downgrade() -> None:
    """Remove them: what was reviewed is lost."""
    for table in TABLES:
        op.drop_table(table)
        if _on_postgres():
            op.execute(f"DROP FUNCTION {table}_guard()")


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"
