"""Data cases, call campaigns, targets and the alliance."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_ID = sa.String(64)
_NAME = sa.String(120)
_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "case_runs",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", sa.String(48), nullable=False),
        sa.Column("version", sa.String(16), nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("accepted", sa.Boolean, nullable=False),
        sa.Column("own_data", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_runs"),
    )
    op.create_index("ix_case_runs_case_id_at", "case_runs", ["case_id", "at"])
    op.create_table(
        "call_campaigns",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", sa.String(48), nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("made_at", _AT, nullable=False),
        sa.Column("booked", sa.Integer, nullable=False),
        sa.Column("left_out", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_call_campaigns"),
        sa.ForeignKeyConstraint(["run_id"], ["case_runs.id"], name="fk_call_campaigns_run_id_case_runs"),
    )
    _alliance()
    _counted()


def _alliance() -> None:
    op.create_table(
        "alliance_members",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("district", sa.String(24)),
        sa.Column("joined_on", sa.Date, nullable=False),
        sa.Column("left_on", sa.Date),
        sa.Column("source", _NAME, nullable=False),
        sa.Column("imported_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alliance_members"),
        sa.UniqueConstraint("name", name="uq_alliance_members_name"),
        sa.CheckConstraint("left_on IS NULL OR left_on >= joined_on", name="ck_alliance_members_in_order"),
    )
    op.create_table(
        "alliance_events",
        sa.Column("id", _ID, nullable=False),
        sa.Column("programme", _NAME, nullable=False),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("place", _NAME, nullable=False),
        sa.Column("seats", sa.Integer, nullable=False),
        sa.Column("source", _NAME, nullable=False),
        sa.Column("imported_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alliance_events"),
        sa.UniqueConstraint("programme", "name", "on", name="uq_alliance_events_programme_name_on"),
    )
    op.create_table(
        "alliance_signups",
        sa.Column("event_id", _ID, nullable=False),
        sa.Column("member_id", _ID, nullable=False),
        sa.Column("heads", sa.Integer, nullable=False),
        sa.Column("signed_at", _AT, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("cancelled_at", _AT),
        sa.Column("attended", sa.Boolean),
        sa.PrimaryKeyConstraint("event_id", "member_id", name="pk_alliance_signups"),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["alliance_events.id"],
            name="fk_alliance_signups_event_id_alliance_events",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["alliance_members.id"],
            name="fk_alliance_signups_member_id_alliance_members",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_alliance_signups_member_id", "alliance_signups", ["member_id"])


def _counted() -> None:
    op.create_table(
        "learning_records",
        sa.Column("programme", sa.String(24), nullable=False),
        sa.Column("learner", sa.String(64), nullable=False),
        sa.Column("course", _NAME, nullable=False),
        sa.Column("completed_on", sa.Date, nullable=False),
        sa.Column("district", sa.String(24)),
        sa.Column("source", _NAME, nullable=False),
        sa.Column("imported_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("programme", "learner", "course", name="pk_learning_records"),
    )
    op.create_index(
        "ix_learning_records_programme_completed_on", "learning_records", ["programme", "completed_on"]
    )
    op.create_table(
        "survey_answers",
        sa.Column("survey", sa.String(48), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("respondent", sa.String(64), nullable=False),
        sa.Column("answered_on", sa.Date, nullable=False),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("source", _NAME, nullable=False),
        sa.Column("imported_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("survey", "year", "respondent", name="pk_survey_answers"),
    )
    op.create_index("ix_survey_answers_survey_answered_on", "survey_answers", ["survey", "answered_on"])


def downgrade() -> None:
    """Remove them: what the targets were counted from is lost."""
    for name in (
        "survey_answers",
        "learning_records",
        "alliance_signups",
        "alliance_events",
        "alliance_members",
        "call_campaigns",
        "case_runs",
    ):
        op.drop_table(name)
