"""The ledger of destroyed data, and hashes that chain the record of accesses."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
FIELDS = ("at", "staff_name", "address", "conversation_id", "action", "purpose")

# As revision 0008 made them: they go while the hashes of older rows are filled in.
SQLITE_STAY = (
    "CREATE TRIGGER accesses_stay BEFORE UPDATE ON accesses "
    "BEGIN SELECT RAISE(ABORT, 'accesses are only added'); END"
)
POSTGRES_STAY = (
    "CREATE TRIGGER accesses_stay BEFORE UPDATE OR DELETE ON accesses "
    "FOR EACH ROW EXECUTE FUNCTION accesses_guard()"
)
SQLITE_GUARDS = (
    "CREATE TRIGGER destructions_stay BEFORE UPDATE ON destructions "
    "BEGIN SELECT RAISE(ABORT, 'destructions are only added'); END",
    "CREATE TRIGGER destructions_are_kept BEFORE DELETE ON destructions "
    "BEGIN SELECT RAISE(ABORT, 'destructions are only added'); END",
)
POSTGRES_GUARDS = (
    "CREATE FUNCTION destructions_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'destructions are only added'; END $$",
    "CREATE TRIGGER destructions_stay BEFORE UPDATE OR DELETE ON destructions "
    "FOR EACH ROW EXECUTE FUNCTION destructions_guard()",
)


def upgrade() -> None:
    """Make the ledger; chain the accesses that are there."""
    op.create_table(
        "destructions",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("rule", sa.String(48), nullable=False),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("law", sa.String(200), nullable=False),
        sa.Column("last_hash", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_destructions"),
    )
    for guard in POSTGRES_GUARDS if _on_postgres() else SQLITE_GUARDS:
        op.execute(guard)
    op.add_column("accesses", sa.Column("previous", sa.String(64), nullable=False, server_default=""))
    op.add_column("accesses", sa.Column("hash", sa.String(64), nullable=False, server_default=""))
    op.execute("DROP TRIGGER accesses_stay" + (" ON accesses" if _on_postgres() else ""))
    _chain()
    op.execute(POSTGRES_STAY if _on_postgres() else SQLITE_STAY)


def downgrade() -> None:
    """Remove the ledger and the hashes."""
    op.execute("DROP TRIGGER accesses_stay" + (" ON accesses" if _on_postgres() else ""))
    op.drop_column("accesses", "hash")
    op.drop_column("accesses", "previous")
    op.execute(POSTGRES_STAY if _on_postgres() else SQLITE_STAY)
    op.drop_table("destructions")
    # The sealed ends of chains that are no more.
    op.execute("DELETE FROM store_facts WHERE name LIKE 'chain/%'")
    if _on_postgres():
        op.execute("DROP FUNCTION destructions_guard()")


def _chain() -> None:
    connection = op.get_bind()
    names = (*FIELDS, "previous", "hash")
    texts = [sa.column(name, sa.String) for name in names[1:]]
    table = sa.table("accesses", sa.column("id", sa.Integer), sa.column("at", MOMENT), *texts)
    previous = ""
    for row in connection.execute(sa.select(table).order_by(table.c.id)).all():
        own = _link(previous, {name: getattr(row, name) for name in FIELDS})
        connection.execute(sa.update(table).where(table.c.id == row.id).values(previous=previous, hash=own))
        previous = own


def _link(previous: str, fields: dict[str, Any]) -> str:
    at: datetime = fields["at"]
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    told = dict(sorted({**fields, "at": at.isoformat()}.items()))
    line = json.dumps([previous, told], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(line.encode()).hexdigest()


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"
