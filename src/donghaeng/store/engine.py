"""Database engines: how SQLite and PostgreSQL are opened."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import StaticPool

from donghaeng.errors import SettingsError, StoreError

Synchronous = Literal["FULL", "NORMAL"]

BUSY_TIMEOUT_S = 5.0
"""How long a writer waits for another process before it is told that the database is locked."""

READ_ONLY = "donghaeng_read_only"
"""Execution option of a connection that begins a transaction without claiming SQLite's write lock."""

DATABASES = ("sqlite", "postgresql")

POSTGRES_CONNECTIONS = 7
"""Connections that a process keeps to PostgreSQL: one for each thread that works on it."""
POSTGRES_MORE_CONNECTIONS = 3
"""Connections that tools and checks of the same process may open beside them."""
_POSTGRES_OPTIONS = {
    "timezone": "UTC",
    # A row that another process holds is waited for as long as SQLite's write lock is.
    "lock_timeout": f"{BUSY_TIMEOUT_S:.0f}s",
    "statement_timeout": "60s",
    # A process that hangs inside a transaction lets its rows go.
    "idle_in_transaction_session_timeout": "60s",
}
_POSTGRES_CONNECT: dict[str, Any] = {
    "application_name": "donghaeng",
    "connect_timeout": 5,
    # A server that vanished without a word is noticed in seconds, not after TCP's quarter of an hour.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""What libpq is told where the address does not say otherwise."""


def make_engine(address: str, *, synchronous: Synchronous) -> Engine:
    """An engine for an SQLAlchemy address; folders of an SQLite file are made.

    Raises:
        SettingsError: the address is malformed or of a database that is not supported.
        StoreError: the folder cannot be made.
    """
    url = _parse(address)
    common: dict[str, Any] = {
        # A failed statement must not carry its values into an error message or a log.
        "hide_parameters": True,
        "json_serializer": lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")),
    }
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, common, synchronous)
    return _postgresql(url, common)


def is_memory(engine: Engine) -> bool:
    """Whether it is an SQLite database in memory, which has one connection."""
    return isinstance(engine.pool, StaticPool)


def check_address(address: str) -> None:
    """Check that an address can be used.

    Raises:
        SettingsError: it is malformed, or of a database that is not supported.
    """
    _parse(address)


def _parse(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError:
        raise SettingsError("DONGHAENG_DATABASE: not an SQLAlchemy address") from None
    if url.get_backend_name() not in DATABASES:
        raise SettingsError(f"DONGHAENG_DATABASE: {url.get_backend_name()} is not one of {DATABASES}")
    if url.get_backend_name() == "postgresql":
        # The only driver that is installed and tested (docs/decisions/0028-postgresql.md).
        return url.set(drivername="postgresql+psycopg")
    return url


def without_password(address: str) -> str:
    """An address that may be shown: its password, wherever it stands in it, is left out."""
    try:
        url = make_url(address)
    except ArgumentError:
        return "an address that cannot be read"
    secret = [name for name in url.query if "password" in name.lower()]
    return url.difference_update_query(secret).render_as_string(hide_password=True)


def _postgresql(url: URL, common: dict[str, Any]) -> Engine:
    given = dict(_POSTGRES_CONNECT)
    if "options" not in url.query:
        given["options"] = " ".join(f"-c {name}={value}" for name, value in _POSTGRES_OPTIONS.items())
    arguments = {name: value for name, value in given.items() if name not in url.query}
    return create_engine(
        url,
        connect_args=arguments,
        # A connection that broke while nobody used it is replaced before a transaction begins on it.
        pool_pre_ping=True,
        pool_size=POSTGRES_CONNECTIONS,
        max_overflow=POSTGRES_MORE_CONNECTIONS,
        pool_timeout=BUSY_TIMEOUT_S,
        **common,
    )


def _sqlite(url: URL, common: dict[str, Any], synchronous: Synchronous) -> Engine:
    arguments: dict[str, Any] = {"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}
    memory = url.database in (None, "", ":memory:")
    if memory:
        engine = create_engine(url, connect_args=arguments, poolclass=StaticPool, **common)
    else:
        folder = Path(str(url.database)).parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{folder}: {error.strerror}", remedy="see DONGHAENG_DATA") from error
        engine = create_engine(url, connect_args=arguments, **common)

    @event.listens_for(engine, "connect")
    def _connect(raw: Any, _record: Any) -> None:
        # The driver opens no transaction of its own; `_begin` does, so that DDL is transactional too.
        raw.isolation_level = None
        raw.execute("PRAGMA foreign_keys = ON")
        if not memory:
            raw.execute("PRAGMA journal_mode = WAL")
        raw.execute(f"PRAGMA synchronous = {synchronous}")
        # What is deleted is overwritten, not only unlinked from its page.
        raw.execute("PRAGMA secure_delete = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and then writes would fail at once, without waiting, if another
        # process wrote in between; claiming the write lock at the start lets it wait instead.
        read_only = connection.get_execution_options().get(READ_ONLY, False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine
