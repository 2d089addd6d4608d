"""Brings a database to the tables of this version, and back."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from donghaeng.errors import StoreError

HEAD = "0038"
"""The newest revision; known here so that a start on a migrated database needs no Alembic."""

EMPTY = "base"
"""The revision before the first."""

_ADVISORY_LOCK = 0x646F6E67
"""PostgreSQL's lock number under which one process migrates while others wait."""


def revision(connection: Connection) -> str | None:
    """The revision the database is at; None when it has no tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def migrate(engine: Engine, target: str = HEAD) -> None:
    """Bring the database to ``target`` in one transaction; other processes wait for it.

    Raises:
        StoreError: the database was written by a newer version of the program.
    """
    with engine.connect() as connection:
        if revision(connection) == target:
            return
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ADVISORY_LOCK})
        _run(connection, revision(connection), target)


def _run(connection: Connection, current: str | None, target: str) -> None:
    # Alembic takes 0.3 s to import, which a start on a migrated database does not pay.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    # Percent signs in a path would be read as interpolation.
    folder = str(Path(__file__).with_name("migrations"))
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.attributes["connection"] = connection
    order = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]
    if current is not None and current not in order:
        raise StoreError(
            f"the database is at revision {current}, which this version does not know",
            remedy="run the version of donghaeng that wrote it, or a newer one",
        )
    ranks = {EMPTY: 0} | {name: rank for rank, name in enumerate(order, start=1)}
    step = command.upgrade if ranks[target] >= ranks[current or EMPTY] else command.downgrade
    step(config, target)
