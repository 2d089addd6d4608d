"""Alembic scripts; :mod:`donghaeng.store.migrate` runs them."""
