"""Officials' document sets and assistants; the department of an account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from donghaeng.store.instant import Instant

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_ID = sa.String(64)


def upgrade() -> None:
    """Make the tables."""
    op.add_column("staff", sa.Column("department", sa.String(60), nullable=True))
    op.create_table(
        "office_sets",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner", _ID, nullable=False),
        sa.Column("department", sa.String(60), nullable=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("withdrawn_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_office_sets"),
        sa.ForeignKeyConstraint(
            ["owner"], ["staff.id"], name="fk_office_sets_owner_staff", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_office_sets_owner", "office_sets", ["owner"])
    op.create_index("ix_office_sets_department", "office_sets", ["department"])
    op.create_table(
        "office_documents",
        sa.Column("id", _ID, nullable=False),
        sa.Column("set_id", _ID, nullable=False),
        sa.Column("newest", sa.Integer, nullable=False),
        sa.Column("withdrawn_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_office_documents"),
        sa.ForeignKeyConstraint(
            ["set_id"], ["office_sets.id"], name="fk_office_documents_set_id_office_sets", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_office_documents_set_id", "office_documents", ["set_id"])
    op.create_table(
        "office_versions",
        sa.Column("document_id", _ID, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("added_at", Instant, nullable=False),
        sa.Column("added_by", _ID, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("vectors", sa.LargeBinary, nullable=True),
        sa.PrimaryKeyConstraint("document_id", "version", name="pk_office_versions"),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["office_documents.id"],
            name="fk_office_versions_document_id_office_documents",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "office_assistants",
        sa.Column("id", _ID, nullable=False),
        sa.Column("set_id", _ID, nullable=False),
        sa.Column("made_by", _ID, nullable=False),
        sa.Column("departments", sa.JSON, nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("withdrawn_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_office_assistants"),
        sa.ForeignKeyConstraint(
            ["set_id"], ["office_sets.id"], name="fk_office_assistants_set_id_office_sets", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_office_assistants_set_id", "office_assistants", ["set_id"])


def downgrade() -> None:
    """Remove them: what officials uploaded is gone."""
    for table in ("office_assistants", "office_versions", "office_documents", "office_sets"):
        op.drop_table(table)
    op.drop_column("staff", "department")
