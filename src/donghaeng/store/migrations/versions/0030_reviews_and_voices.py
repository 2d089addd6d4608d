"""Verdicts on data cases, seats of alliance events asked for by voice, what citizens say of the register."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0028"
branch_labels = None
depends_on = None

_ID = sa.String(64)
_NAME = sa.String(120)
_AT = sa.DateTime(timezone=True)
_LINES = "case_lines"


def upgrade() -> None:
    """Make the tables; the database itself refuses to change a verdict."""
    op.create_table(
        _LINES,
        sa.Column("case_id", sa.String(48), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("version", sa.String(16), nullable=False),
        sa.Column("run_id", _ID),
        sa.Column("ran_by", sa.String(64)),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("department", _NAME, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("words", sa.String(2_000), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "number", name="pk_case_lines"),
        sa.ForeignKeyConstraint(["run_id"], ["case_runs.id"], name="fk_case_lines_run_id_case_runs"),
        sa.CheckConstraint(
            "kind NOT IN ('accepted', 'accepted_with_limits') OR (run_id IS NOT NULL AND by <> ran_by)",
            name="ck_case_lines_two_persons",
        ),
    )
    for guard in _guards():
        op.execute(guard)
    op.create_table(
        "alliance_bookings",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("event_id", _ID, nullable=False),
        sa.Column("heads", sa.Integer, nullable=False),
        sa.Column("asked_at", _AT, nullable=False),
        sa.Column("receipt", sa.String(40)),
        sa.Column("cancelled_at", _AT),
        sa.PrimaryKeyConstraint("key", name="pk_alliance_bookings"),
        sa.UniqueConstraint("receipt", name="uq_alliance_bookings_receipt"),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["alliance_events.id"],
            name="fk_alliance_bookings_event_id_alliance_events",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("heads > 0", name="ck_alliance_bookings_heads"),
    )
    op.create_index("ix_alliance_bookings_event_id", "alliance_bookings", ["event_id"])
    op.create_table(
        "register_opinions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("record", _ID, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("by", sa.String(64)),
        sa.Column("done_at", _AT),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_register_opinions"),
        sa.CheckConstraint(
            "(state = 'open') = (done_at IS NULL AND by IS NULL)", name="ck_register_opinions_done"
        ),
    )
    op.create_index("ix_register_opinions_state_at", "register_opinions", ["state", "at"])


def downgrade() -> None:
    """Remove them: reviews, seats by voice and opinions are lost."""
    op.drop_table("register_opinions")
    op.drop_table("alliance_bookings")
    op.drop_table(_LINES)
    if _on_postgres():
        op.execute(f"DROP FUNCTION {_LINES}_guard()")


def _guards() -> tuple[str, ...]:
    if _on_postgres():
        return (
            f"CREATE FUNCTION {_LINES}_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{_LINES} are only added'; END $$",
            f"CREATE TRIGGER {_LINES}_stay BEFORE UPDATE OR DELETE ON {_LINES} "
            f"FOR EACH ROW EXECUTE FUNCTION {_LINES}_guard()",
        )
    return (
        f"CREATE TRIGGER {_LINES}_stay BEFORE UPDATE ON {_LINES} "
        f"BEGIN SELECT RAISE(ABORT, '{_LINES} are only added'); END",
        f"CREATE TRIGGER {_LINES}_are_kept BEFORE DELETE ON {_LINES} "
        f"BEGIN SELECT RAISE(ABORT, '{_LINES} are only added'); END",
    )


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"
