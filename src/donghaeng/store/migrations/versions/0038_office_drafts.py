"""Officials' drafts, the minutes that they took, and pairs of texts judged blindly."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0035"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
_ID = sa.String(64)


def _drafts() -> None:
    op.create_table(
        "office_drafts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("owner", _ID, nullable=False),
        sa.Column("changed_at", _AT, nullable=False),
        sa.Column("deleted_at", _AT),
        sa.Column("asked_at", _AT),
        sa.PrimaryKeyConstraint("id", name="pk_office_drafts"),
    )
    op.create_index("ix_office_drafts_owner_changed_at", "office_drafts", ["owner", "changed_at"])
    op.create_index("ix_office_drafts_changed_at", "office_drafts", ["changed_at"])
    op.create_table(
        "office_draft_versions",
        sa.Column("draft_id", _ID, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("over", sa.Integer, nullable=False),
        sa.Column("same_as", sa.Integer, nullable=False),
        sa.Column("by", _ID, nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("step", sa.String(16), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["office_drafts.id"],
            name="fk_office_draft_versions_draft_id_office_drafts",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("draft_id", "version", name="pk_office_draft_versions"),
    )
    op.create_table(
        "office_draft_colleagues",
        sa.Column("draft_id", _ID, nullable=False),
        sa.Column("staff_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["office_drafts.id"],
            name="fk_office_draft_colleagues_draft_id_office_drafts",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("draft_id", "staff_id", name="pk_office_draft_colleagues"),
    )
    op.create_index("ix_office_draft_colleagues_staff_id", "office_draft_colleagues", ["staff_id"])


def _measures() -> None:
    op.create_table(
        "office_minutes",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("took", sa.Integer, nullable=False),
        sa.Column("by_hand", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_office_minutes"),
    )
    op.create_table(
        "office_unasked",
        sa.Column("staff_id", _ID, nullable=False),
        sa.PrimaryKeyConstraint("staff_id", name="pk_office_unasked"),
    )
    op.create_table(
        "office_pairs",
        sa.Column("id", _ID, nullable=False),
        sa.Column("question", sa.String(16), nullable=False),
        sa.Column("by", _ID, nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_office_pairs"),
    )
    op.create_index("ix_office_pairs_at", "office_pairs", ["at"])
    op.create_table(
        "office_judgements",
        sa.Column("pair_id", _ID, nullable=False),
        sa.Column("judge", _ID, nullable=False),
        sa.Column("turned", sa.Boolean, nullable=False),
        sa.Column("answers", sa.JSON),
        sa.ForeignKeyConstraint(
            ["pair_id"],
            ["office_pairs.id"],
            name="fk_office_judgements_pair_id_office_pairs",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("pair_id", "judge", name="pk_office_judgements"),
    )


def upgrade() -> None:
    """Make the tables."""
    _drafts()
    _measures()


def downgrade() -> None:
    """Remove them: drafts and what was measured are lost."""
    for name in (
        "office_judgements",
        "office_pairs",
        "office_unasked",
        "office_minutes",
        "office_draft_colleagues",
        "office_draft_versions",
        "office_drafts",
    ):
        op.drop_table(name)
