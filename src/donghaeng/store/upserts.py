"""Inserts that two processes may make at once: one comes first, the other is told or comes on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Date, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite

from donghaeng.store.instant import Instant
from donghaeng.store.store import Transaction

# The two databases write ON CONFLICT alike, but SQLAlchemy keeps it with each.
_INSERTS = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def insert_new(tx: Transaction, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row; False, and nothing is changed, where one with its key (or another unique value of it) is
    there, also one that another process is just inserting."""
    statement: Any = _INSERTS[tx.connection.dialect.name](table).values(**values)
    # Of inserts SQLAlchemy keeps the driver's count only where it is asked to.
    counted = statement.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    inserted: int = tx.connection.execute(counted).rowcount
    return inserted > 0


def insert_new_rows(tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """:func:`insert_new` of many rows of the same columns at once; how many are new. A row that another one
    of ``rows`` repeats is new once."""
    if not rows:
        return 0
    dialect = tx.connection.dialect
    plain: Any = _INSERTS[dialect.name](table)
    statement = plain.on_conflict_do_nothing()
    if dialect.name != "sqlite":
        counted = statement.execution_options(preserve_rowcount=True)
        inserted: int = tx.connection.execute(counted, list(rows)).rowcount
        return inserted
    # Of a row's price SQLAlchemy's own parameters are the larger part; the driver takes plain tuples.
    compiled = statement.compile(dialect=dialect, column_keys=list(rows[0]))
    columns = [_bound(table, name, rows, dialect) for name in compiled.positiontup]
    result = tx.connection.exec_driver_sql(
        compiled.string, list(zip(*columns, strict=True)), execution_options={"preserve_rowcount": True}
    )
    return result.rowcount


def _bound(table: Table, name: str, rows: Sequence[Mapping[str, Any]], dialect: Dialect) -> list[Any]:
    """A column of rows as the driver takes it. Days and moments stand in many rows: each is written once."""
    values = [row[name] for row in rows]
    kind = table.c[name].type
    write = kind.dialect_impl(dialect).bind_processor(dialect)
    if write is None:
        return values
    if not isinstance(kind, Date | Instant):
        return [write(value) for value in values]
    written = {value: write(value) for value in set(values)}
    return [written[value] for value in values]


def put_rows(
    tx: Transaction,
    table: Table,
    key: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    *,
    changed: Sequence[str],
    where: ColumnElement[bool] | None = None,
) -> int:
    """Insert many rows of the same columns, or put their ``changed`` columns into the rows with the same
    ``key``, where these fulfil ``where``; how many were inserted or changed."""
    if not rows:
        return 0
    statement: Any = _INSERTS[tx.connection.dialect.name](table)
    others = {name: statement.excluded[name] for name in changed}
    whole = statement.on_conflict_do_update(index_elements=list(key), set_=others, where=where)
    counted = whole.execution_options(preserve_rowcount=True)
    put: int = tx.connection.execute(counted, list(rows)).rowcount
    return put


def put(tx: Transaction, table: Table, key: Sequence[str], values: Mapping[str, Any]) -> None:
    """Insert a row, or put its values in place of those of the row with the same ``key`` columns."""
    statement: Any = _INSERTS[tx.connection.dialect.name](table).values(**values)
    others = {name: statement.excluded[name] for name in values if name not in key}
    tx.connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=others))
