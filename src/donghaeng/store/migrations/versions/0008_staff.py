"""Accounts of staff, their sessions, and the record of who looked at which conversation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

SQLITE_GUARDS = (
    "CREATE TRIGGER accesses_stay BEFORE UPDATE ON accesses "
    "BEGIN SELECT RAISE(ABORT, 'accesses are only added'); END",
    "CREATE TRIGGER accesses_are_kept BEFORE DELETE ON accesses "
    "WHEN OLD.at > datetime('now', '-2 years') "
    "BEGIN SELECT RAISE(ABORT, 'accesses are kept for two years'); END",
)
POSTGRES_GUARDS = (
    "CREATE FUNCTION accesses_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF TG_OP = 'DELETE' AND OLD.at <= now() - interval '2 years' THEN RETURN OLD; END IF; "
    "RAISE EXCEPTION 'accesses are only added, and kept for two years'; END $$",
    "CREATE TRIGGER accesses_stay BEFORE UPDATE OR DELETE ON accesses "
    "FOR EACH ROW EXECUTE FUNCTION accesses_guard()",
)


def upgrade() -> None:
    """Make the tables; the database itself refuses to change a record of an access."""
    op.create_table(
        "staff",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("password_at", MOMENT, nullable=False),
        sa.Column("disabled_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("name", name="uq_staff_name"),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_staff_sessions"),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_staff_sessions_staff_id_staff", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_staff_sessions_staff_id", "staff_sessions", ["staff_id"])
    op.create_table(
        "accesses",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("staff_name", sa.String(32), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accesses"),
    )
    op.create_index("ix_accesses_conversation_id", "accesses", ["conversation_id"])
    op.create_index("ix_accesses_at", "accesses", ["at"])
    for guard in POSTGRES_GUARDS if _on_postgres() else SQLITE_GUARDS:
        op.execute(guard)


def downgrade() -> None:
    """Remove them, with what they hold."""
    op.drop_table("accesses")
    if _on_postgres():
        op.execute("DROP FUNCTION accesses_guard()")
    op.drop_table("staff_sessions")
    op.drop_table("staff")


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"
