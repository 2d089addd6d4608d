"""Rows for every table, made from its columns: what a test of migrations or copies needs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    insert,
    select,
)

from donghaeng.store.instant import Instant
from donghaeng.store.tables import metadata

FIRST = datetime(2026, 11, 23, 1, 2, 3, 456_789, tzinfo=UTC)
PER_TABLE = 3


def value(column: Column[Any], number: int) -> Any:
    """The value of a column in the row of that number: of a foreign key, the one it refers to."""
    for key in column.foreign_keys:
        return value(key.column, number)
    kind = column.type
    if isinstance(kind, Boolean):
        return bool(number % 2)
    if isinstance(kind, Integer):
        return number
    if isinstance(kind, Float):
        return 37.5 + number / 7
    if isinstance(kind, LargeBinary):
        return bytes(range(256))[number:]
    if isinstance(kind, JSON):
        return None if column.nullable and number == 1 else {"가": [number, None, "나😀"], "a": 1.5}
    if isinstance(kind, Instant | DateTime):
        return FIRST + timedelta(days=number, microseconds=number)
    if isinstance(kind, Date):
        return date(2026, 11, number)
    length = getattr(kind, "length", None) or 200
    return None if column.nullable and number == 1 else f"{column.name}-{number}-한글"[:length]


def fill(connection: Connection, tables: MetaData = metadata, *, first: int = 1) -> None:
    """Put :data:`PER_TABLE` rows into every table."""
    for table in tables.sorted_tables:
        rows = [
            {column.name: value(column, number) for column in table.columns}
            for number in range(first, first + PER_TABLE)
        ]
        connection.execute(insert(table), rows)


def contents(connection: Connection, tables: MetaData = metadata) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, in an order that does not depend on the database."""
    found = {}
    for table in tables.sorted_tables:
        rows = [dict(row) for row in connection.execute(select(table)).mappings()]
        found[table.name] = sorted(rows, key=lambda row, table=table: _key(table, row))
    return found


def _key(table: Table, row: dict[str, Any]) -> list[str]:
    return [str(row[column.name]) for column in table.primary_key.columns]
