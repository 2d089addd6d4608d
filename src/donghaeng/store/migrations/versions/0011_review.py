"""What went wrong and what reviewers made of it: items, proposals, their effects, publications."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

SQLITE_GUARDS = (
    "CREATE TRIGGER publications_stay BEFORE UPDATE ON publications "
    "BEGIN SELECT RAISE(ABORT, 'publications are only added'); END",
    "CREATE TRIGGER publications_are_kept BEFORE DELETE ON publications "
    "BEGIN SELECT RAISE(ABORT, 'publications are only added'); END",
)
POSTGRES_GUARDS = (
    "CREATE FUNCTION publications_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'publications are only added'; END $$",
    "CREATE TRIGGER publications_stay BEFORE UPDATE OR DELETE ON publications "
    "FOR EACH ROW EXECUTE FUNCTION publications_guard()",
)


def upgrade() -> None:
    """Make the tables. Who looks for what went wrong looks at the conversations of the last days."""
    op.create_index("ix_conversations_opened_at", "conversations", ["opened_at"])
    op.create_table(
        "review_items",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("service", sa.String(64), nullable=True),
        sa.Column("detail", sa.String(96), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("cluster", sa.String(64), nullable=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_review_items"),
        sa.UniqueConstraint(
            "conversation_id", "turn", "kind", name="uq_review_items_conversation_id_turn_kind"
        ),
        _to("review_items", "conversation_id", "conversations"),
    )
    op.create_index("ix_review_items_state_at", "review_items", ["state", "at"])
    op.create_index("ix_review_items_cluster", "review_items", ["cluster"])
    op.create_table(
        "review_marks",
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_review_marks"),
        _to("review_marks", "conversation_id", "conversations"),
    )
    op.create_table(
        "proposals",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("published_by", sa.String(64), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("document_id", sa.String(64), nullable=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
        sa.CheckConstraint("published_by IS NULL OR published_by <> author", name="ck_proposals_two_persons"),
    )
    op.create_index("ix_proposals_state_created_at", "proposals", ["state", "created_at"])
    op.create_table(
        "proposal_items",
        sa.Column("proposal_id", sa.String(64), nullable=False),
        sa.Column("item_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("proposal_id", "item_id", name="pk_proposal_items"),
        _to("proposal_items", "proposal_id", "proposals"),
        _to("proposal_items", "item_id", "review_items"),
    )
    op.create_index("ix_proposal_items_item_id", "proposal_items", ["item_id"])
    op.create_table(
        "review_effects",
        sa.Column("proposal_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("basis", sa.String(64), nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=True),
        sa.PrimaryKeyConstraint("proposal_id", name="pk_review_effects"),
        _to("review_effects", "proposal_id", "proposals"),
    )
    op.create_table(
        "publications",
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("proposal_id", sa.String(64), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("staff", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_publications"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_publications_proposal_id", "publications", ["proposal_id"])
    for guard in POSTGRES_GUARDS if _on_postgres() else SQLITE_GUARDS:
        op.execute(guard)


def downgrade() -> None:
    """Remove them, with what they hold: the catalogue's own files serve alone."""
    op.drop_table("publications")
    if _on_postgres():
        op.execute("DROP FUNCTION publications_guard()")
    for table in ("review_effects", "proposal_items", "proposals", "review_marks", "review_items"):
        op.drop_table(table)
    op.drop_index("ix_conversations_opened_at", "conversations")


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"
