"""Who added and published the versions of a document, a history of both, and what publishing one changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_ID = sa.String(64)

SQLITE_GUARDS = (
    "CREATE TRIGGER document_steps_stay BEFORE UPDATE ON document_steps "
    "BEGIN SELECT RAISE(ABORT, 'document_steps are only added'); END",
    "CREATE TRIGGER document_steps_are_kept BEFORE DELETE ON document_steps "
    "BEGIN SELECT RAISE(ABORT, 'document_steps are only added'); END",
)
POSTGRES_GUARDS = (
    "CREATE FUNCTION document_steps_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'document_steps are only added'; END $$",
    "CREATE TRIGGER document_steps_stay BEFORE UPDATE OR DELETE ON document_steps "
    "FOR EACH ROW EXECUTE FUNCTION document_steps_guard()",
)


def upgrade() -> None:
    """Make them. Nobody knows who added what is there already."""
    op.add_column("document_versions", sa.Column("added_by", _ID, nullable=True))
    op.add_column("document_versions", sa.Column("published_by", _ID, nullable=True))
    op.create_table(
        "document_steps",
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("document_id", _ID, nullable=False),
        sa.Column("version", sa.Integer, nullable=True),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("staff", _ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", _ID, nullable=True),
        sa.Column("again", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_document_steps"),
        sa.CheckConstraint(
            "action <> 'published' OR again OR added_by IS NULL OR staff = 'operator' OR staff <> added_by",
            name="ck_document_steps_two_persons",
        ),
    )
    op.create_index("ix_document_steps_document_id", "document_steps", ["document_id"])
    op.create_table(
        "document_effects",
        sa.Column("document_id", _ID, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("basis", sa.String(64), nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.JSON, nullable=True),
        sa.PrimaryKeyConstraint("document_id", "version", name="pk_document_effects"),
        sa.ForeignKeyConstraint(
            ["document_id", "version"],
            ["document_versions.document_id", "document_versions.version"],
            name="fk_document_effects_document_id_version_document_versions",
            ondelete="CASCADE",
        ),
    )
    for guard in POSTGRES_GUARDS if _on_postgres() else SQLITE_GUARDS:
        op.execute(guard)


def downgrade() -> None:
    """Forget them."""
    op.drop_table("document_effects")
    op.drop_table("document_steps")
    if _on_postgres():
        op.execute("DROP FUNCTION document_steps_guard()")
    op.drop_column("document_versions", "published_by")
    op.drop_column("document_versions", "added_by")


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"
