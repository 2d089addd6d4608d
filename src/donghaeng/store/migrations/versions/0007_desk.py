"""The counsellors' desk: who owns a hand-over, what happened to it line by line, whose page is open."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ADDED = ("owner", "claimed_at", "urgency", "reason", "service", "department", "for_staff", "outcome")


def upgrade() -> None:
    """Widen hand-overs and make the tables."""
    op.add_column("handovers", sa.Column("owner", sa.String(64), nullable=True))
    op.add_column("handovers", sa.Column("claimed_at", MOMENT, nullable=True))
    op.add_column("handovers", sa.Column("urgency", sa.Integer, nullable=False, server_default="0"))
    op.add_column("handovers", sa.Column("reason", sa.String(64), nullable=False, server_default="asked"))
    op.add_column("handovers", sa.Column("service", sa.String(64), nullable=True))
    op.add_column("handovers", sa.Column("department", sa.String(64), nullable=True))
    op.add_column("handovers", sa.Column("for_staff", sa.String(64), nullable=True))
    op.add_column("handovers", sa.Column("outcome", sa.String(32), nullable=True))
    op.create_index("ix_handovers_owner", "handovers", ["owner"])
    op.create_table(
        "handover_lines",
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("handover_id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("staff", sa.String(64), nullable=True),
        sa.Column("detail", sa.String(96), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_handover_lines"),
        sa.UniqueConstraint("key", name="uq_handover_lines_key"),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handovers.id"],
            name="fk_handover_lines_handover_id_handovers",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_handover_lines_conversation_id_conversations",
            ondelete="CASCADE",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_handover_lines_handover_id_seq", "handover_lines", ["handover_id", "seq"])
    op.create_index("ix_handover_lines_conversation_id_seq", "handover_lines", ["conversation_id", "seq"])
    op.create_index("ix_handover_lines_at", "handover_lines", ["at"])
    op.create_table(
        "counsellors_present",
        sa.Column("staff", sa.String(64), nullable=False),
        sa.Column("ready", sa.Boolean, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("staff", name="pk_counsellors_present"),
    )


def downgrade() -> None:
    """Remove them: what was said is in no transcript any more, and whoever talks waits again."""
    op.drop_table("counsellors_present")
    op.drop_table("handover_lines")
    op.execute("UPDATE handovers SET state = 'queued' WHERE state = 'joined'")
    op.drop_index("ix_handovers_owner", "handovers")
    for name in ADDED:
        op.drop_column("handovers", name)
