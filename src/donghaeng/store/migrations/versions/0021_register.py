"""The register of AI systems: versions of records, and what was done with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = ("register_versions", "register_steps")


def upgrade() -> None:
    """Make the tables; the database itself refuses to change a row."""
    op.create_table(
        "register_versions",
        sa.Column("record", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("filled", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("record", "version", name="pk_register_versions"),
    )
    op.create_table(
        "register_steps",
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("record", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("operation", sa.String(16), nullable=False),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_register_steps"),
        sa.ForeignKeyConstraint(
            ["record", "version"],
            ["register_versions.record", "register_versions.version"],
            name="fk_register_steps_record_register_versions",
        ),
        sa.CheckConstraint(
            "operation <> 'published' OR by <> author OR by = 'donghaeng'",
            name="ck_register_steps_two_persons",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_register_steps_record_seq", "register_steps", ["record", "seq"])
    for table in TABLES:
        for guard in _guards(table):
            op.execute(guard)


def downgrade() -> None:
    """Remove them: what the register knew is lost."""
    for table in reversed(TABLES):
        op.drop_table(table)
        if _on_postgres():
            op.execute(f"DROP FUNCTION {table}_guard()")


def _guards(table: str) -> tuple[str, ...]:
    if _on_postgres():
        return (
            f"CREATE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{table} are only added'; END $$",
            f"CREATE TRIGGER {table}_stay BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_guard()",
        )
    return (
        f"CREATE TRIGGER {table}_stay BEFORE UPDATE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} are only added'); END",
        f"CREATE TRIGGER {table}_are_kept BEFORE DELETE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} are only added'); END",
    )


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"
