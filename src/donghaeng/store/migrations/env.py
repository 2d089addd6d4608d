"""Runs revisions on the connection that :mod:`donghaeng.store.migrate` passes, in its transaction."""

from __future__ import annotations

from alembic import context

from donghaeng.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
