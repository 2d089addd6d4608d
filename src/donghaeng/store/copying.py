"""Copies one database into another, of the same or the other kind: everything, or nothing at all.

The source takes no writes meanwhile. Every table's rows are counted and their hash is taken as they are read
and again from what the target holds; only when all agree is the target committed, in one transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Integer, Table, func, insert, inspect, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError

from donghaeng.errors import InputError, StoreError
from donghaeng.store.database_errors import explained
from donghaeng.store.engine import make_engine, without_password
from donghaeng.store.migrate import migrate
from donghaeng.store.tables import metadata

CHUNK_ROWS: Final = 1_000
_HASH_SIZE: Final = 2**256

Progress = Callable[[str, int, int], None]
"""Is told the table, how many of its rows are done, and how many there are; reading again counts twice."""


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """A table that is the same in both databases."""

    name: str
    rows: int
    digest: str
    """Sum of the SHA-256 of its rows, in hexadecimal: the order of rows, which databases sort differently,
    does not matter."""


def copy(source: str, target: str, progress: Progress = lambda table, done, total: None) -> list[CopiedTable]:
    """Copy everything from one SQLAlchemy address to another, whose tables are made where they are absent.

    Raises:
        InputError: source and target are the same, the source is absent, or the target holds rows.
        StoreError: a database refused, or what arrived is not what was sent; the target is left without rows.
    """
    _check_addresses(source, target)
    origin = make_engine(source, synchronous="FULL")
    try:
        goal = make_engine(target, synchronous="FULL")
        try:
            return _copy(origin, goal, without_password(target), progress)
        finally:
            goal.dispose()
    except SQLAlchemyError as error:
        raise explained(error) from None
    finally:
        origin.dispose()


def digest(connection: Connection, table: Table, progress: Callable[[int], None]) -> tuple[int, str]:
    """Number of rows of a table and the sum of their hashes; ``progress`` is told the number so far."""
    rows = total = 0
    for chunk in _chunks(connection, table):
        rows += len(chunk)
        total += sum(_hash(row) for row in chunk)
        progress(rows)
    return rows, f"{total % _HASH_SIZE:064x}"


def _check_addresses(source: str, target: str) -> None:
    url = make_url(source)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
        raise InputError(f"{url.database}: no such database", remedy="name the file that holds the records")
    if url == make_url(target):
        raise InputError("source and target are the same database", remedy="name another target")


def _copy(origin: Engine, goal: Engine, shown: str, progress: Progress) -> list[CopiedTable]:
    migrate(origin)
    migrate(goal)
    with origin.begin() as read, goal.begin() as write:
        _hold_still(read)
        _hold_still(write)
        _require_all_known(read)
        _require_empty(write, shown)
        return [_copy_table(read, write, table, progress) for table in metadata.sorted_tables]


def _hold_still(connection: Connection) -> None:
    """Keep other processes from writing until the end of the transaction; SQLite's does so by itself."""
    if connection.dialect.name == "postgresql":
        # One table may take longer than any statement of a conversation, and the source waits meanwhile.
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        names = ", ".join(table.name for table in metadata.sorted_tables)
        connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


def _require_all_known(connection: Connection) -> None:
    """No table may be left behind because nobody has imported its description."""
    forgotten = set(inspect(connection).get_table_names()) - set(metadata.tables) - {"alembic_version"}
    if forgotten:
        raise StoreError(f"unknown tables: {', '.join(sorted(forgotten))}", remedy="tell the maintainers")


def _require_empty(connection: Connection, shown: str) -> None:
    for table in metadata.sorted_tables:
        if connection.execute(select(table).limit(1)).first() is not None:
            raise InputError(
                f"{shown} holds rows already (table {table.name})",
                remedy="copy into a database without records",
            )


def _copy_table(read: Connection, write: Connection, table: Table, progress: Progress) -> CopiedTable:
    every = int(read.execute(select(func.count()).select_from(table)).scalar_one())
    sent = total = 0
    progress(table.name, 0, 2 * every)
    try:
        for chunk in _chunks(read, table):
            write.execute(insert(table), chunk)
            sent += len(chunk)
            total += sum(_hash(row) for row in chunk)
            progress(table.name, sent, 2 * every)
    except SQLAlchemyError as error:
        refused = explained(error)
        raise StoreError(f"table {table.name}: {refused.message}", remedy=refused.remedy) from None
    expected = (sent, f"{total % _HASH_SIZE:064x}")
    found = digest(write, table, lambda done: progress(table.name, every + done, 2 * every))
    if found != expected:
        raise StoreError(
            f"table {table.name}: {sent} rows were sent and {found[0]} arrived, or they changed on the way",
            remedy="nothing was kept; tell the maintainers",
        )
    _continue_numbers(read, write, table)
    return CopiedTable(table.name, *expected)


def _chunks(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    result = connection.execute(select(table).execution_options(yield_per=CHUNK_ROWS))
    for rows in result.mappings().partitions():
        yield [dict(row) for row in rows]


def _hash(row: dict[str, Any]) -> int:
    values = json.dumps([_plain(value) for value in row.values()], ensure_ascii=False, sort_keys=True)
    return int.from_bytes(hashlib.sha256(values.encode("utf-8", "surrogatepass")).digest())


def _plain(value: Any) -> Any:
    """A value as JSON, alike from both databases."""
    if isinstance(value, bytes | memoryview):
        return {"bytes": bytes(value).hex()}
    if isinstance(value, datetime):
        return {"at": value.astimezone(UTC).isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value


def _continue_numbers(read: Connection, write: Connection, table: Table) -> None:
    """Let the target draw numbers after all that the source has drawn, those of erased rows included."""
    column = table.autoincrement_column
    if column is None or not isinstance(column.type, Integer) or len(table.primary_key.columns) > 1:
        return
    last = max(
        _drawn(read, table.name, column.name),
        int(read.execute(select(func.coalesce(func.max(column), 0))).scalar_one()),
    )
    if last == 0:
        return
    if write.dialect.name == "postgresql":
        found = text("SELECT setval(pg_get_serial_sequence(:name, :column), :last)")
        write.execute(found, {"name": table.name, "column": column.name, "last": last})
    elif table.dialect_options["sqlite"]["autoincrement"]:
        changed = text("UPDATE sqlite_sequence SET seq = :last WHERE name = :name")
        if not write.execute(changed, {"name": table.name, "last": last}).rowcount:
            added = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)")
            write.execute(added, {"name": table.name, "last": last})


def _drawn(connection: Connection, table: str, column: str) -> int:
    if connection.dialect.name == "postgresql":
        sequence = connection.execute(
            text("SELECT pg_get_serial_sequence(:name, :column)"), {"name": table, "column": column}
        ).scalar_one()
        found = connection.execute(
            text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")  # noqa: S608 - its own
        ).scalar()
    else:
        kept = connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'")).first()
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        found = connection.execute(query, {"name": table}).scalar() if kept else 0
    return int(found or 0)
