"""The vault of telephone numbers, and who may see which requests stand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "vault_values",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("key_id", sa.String(8), nullable=False),
        sa.Column("nonce", sa.LargeBinary, nullable=False),
        sa.Column("ciphertext", sa.LargeBinary, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_vault_values"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_vault_values_conversation_id_conversations",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_vault_values_key_id_id", "vault_values", ["key_id", "id"])
    op.create_index("ix_vault_values_conversation_id", "vault_values", ["conversation_id"])
    op.create_index("ix_vault_values_expires_at", "vault_values", ["expires_at"])
    op.create_table(
        "guardians",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("person_hash", sa.String(64)),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("script", sa.String(32), nullable=False),
        sa.Column("consented_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("reminded_at", MOMENT),
        sa.Column("code_hash", sa.String(64)),
        sa.Column("code_until", MOMENT),
        sa.Column("session_hash", sa.String(64)),
        sa.Column("session_at", MOMENT),
        sa.Column("seen_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_guardians"),
        sa.UniqueConstraint("code_hash", name="uq_guardians_code_hash"),
        sa.UniqueConstraint("session_hash", name="uq_guardians_session_hash"),
    )
    op.create_index("ix_guardians_conversation_id", "guardians", ["conversation_id"])
    op.create_index("ix_guardians_person_hash", "guardians", ["person_hash"])
    op.create_index("ix_guardians_ends_at", "guardians", ["ends_at"])
    op.create_table(
        "guardian_conversations",
        sa.Column("guardian_id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("guardian_id", "conversation_id", name="pk_guardian_conversations"),
        sa.ForeignKeyConstraint(
            ["guardian_id"],
            ["guardians.id"],
            name="fk_guardian_conversations_guardian_id_guardians",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_guardian_conversations_conversation_id_conversations",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_guardian_conversations_conversation_id", "guardian_conversations", ["conversation_id"]
    )


def downgrade() -> None:
    """Remove them: numbers that stand in the vault alone are gone, and nobody sees anything any more."""
    op.drop_table("guardian_conversations")
    op.drop_table("guardians")
    op.drop_table("vault_values")
