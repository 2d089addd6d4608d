"""Figures of the control tower, and how far each conversation was read for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
UNREAD = "ix_conversations_unfigured"


def _where() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("system", sa.String(64), nullable=False),
        sa.Column("metric", sa.String(48), nullable=False),
        sa.Column("dimension", sa.String(16), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
    )


def _of_conversation(table: str) -> tuple[sa.Column[str], sa.ForeignKeyConstraint]:
    return (
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=f"fk_{table}_conversation_id_conversations",
            ondelete="CASCADE",
        ),
    )


def upgrade() -> None:
    """Make the tables; every conversation that is there is read from its beginning."""
    op.add_column("conversations", sa.Column("figured_seq", sa.Integer, nullable=False, server_default="0"))
    unread = sa.text("last_seq > figured_seq")
    op.create_index(UNREAD, "conversations", ["opened_at"], sqlite_where=unread, postgresql_where=unread)
    for table, time in (
        ("figures_hours", sa.Column("hour", _AT, nullable=False)),
        ("figures_days", sa.Column("day", sa.Date, nullable=False)),
    ):
        op.create_table(
            table,
            *_where(),
            time,
            sa.Column("value", sa.Float, nullable=False),
            sa.PrimaryKeyConstraint("system", "metric", "dimension", "key", time.name, name=f"pk_{table}"),
        )
    op.create_table(
        "figures_positions",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_figures_positions"),
    )
    op.create_table(
        "figures_open",
        *_of_conversation("figures_open"),
        sa.Column("last_at", _AT, nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("district", sa.String(32)),
        sa.Column("cohort", sa.String(32)),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("counted", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_figures_open"),
    )
    op.create_index("ix_figures_open_counted_last_at", "figures_open", ["counted", "last_at"])
    op.create_table(
        "figures_contacts",
        *_of_conversation("figures_contacts"),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "service", name="pk_figures_contacts"),
    )
    op.create_index("ix_figures_contacts_mark_service_at", "figures_contacts", ["mark", "service", "at"])
    op.create_index("ix_figures_contacts_at", "figures_contacts", ["at"])
    _feeds()
    op.create_table(
        "figures_alerts",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("system", sa.String(64), nullable=False),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("standing", sa.String(160)),
        sa.Column("began_at", _AT, nullable=False),
        sa.Column("told_at", _AT),
        sa.Column("value", sa.Float),
        sa.Column("ended_at", _AT),
        sa.Column("seen_at", _AT),
        sa.Column("seen_by", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_figures_alerts"),
        sa.UniqueConstraint("standing", name="uq_figures_alerts_standing"),
    )
    op.create_index("ix_figures_alerts_began_at", "figures_alerts", ["began_at"])


def _feeds() -> None:
    op.create_table(
        "figures_systems",
        sa.Column("system", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("metrics", sa.JSON, nullable=False),
        sa.Column("every_seconds", sa.Integer, nullable=False),
        sa.Column("added_at", _AT, nullable=False),
        sa.Column("last_at", _AT),
        sa.Column("skew_seconds", sa.Float),
        sa.Column("stopped_at", _AT),
        sa.PrimaryKeyConstraint("system", name="pk_figures_systems"),
        sa.UniqueConstraint("token_hash", name="uq_figures_systems_token_hash"),
    )
    op.create_table(
        "figures_batches",
        sa.Column("system", sa.String(64), nullable=False),
        sa.Column("batch", sa.String(128), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("accepted", sa.Integer, nullable=False),
        sa.Column("refused", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("system", "batch", name="pk_figures_batches"),
    )
    op.create_index("ix_figures_batches_at", "figures_batches", ["at"])
    op.create_table(
        "figures_series",
        sa.Column("system", sa.String(64), nullable=False),
        sa.Column("series", sa.String(64), nullable=False),
        sa.Column("began", sa.String(24), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("value", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("system", "series", name="pk_figures_series"),
    )


def downgrade() -> None:
    """Forget the figures; those of conversations that are still kept can be counted anew."""
    for table in ("alerts", "series", "batches", "systems", "contacts", "open", "positions", "days", "hours"):
        op.drop_table(f"figures_{table}")
    op.drop_index(UNREAD, "conversations")
    op.drop_column("conversations", "figured_seq")
