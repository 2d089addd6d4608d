"""Rows of imported tables of places, as plain data; the city gives them meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import Row, delete, func, insert, select

from donghaeng.store.store import Transaction
from donghaeng.store.tables import places

_CHUNK_ROWS = 2000


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place. ``(source, kind, key)`` is unique."""

    kind: str
    key: str
    name: str
    lat: float | None = None
    lon: float | None = None
    district: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Whatever else its kind needs, as JSON."""
    source: str = ""
    """The table it came from; an import replaces a source as a whole."""


def replace_source(tx: Transaction, source: str, rows: Iterable[PlaceRow]) -> int:
    """Put ``rows`` in place of all that ``source`` held, and return how many. Readers see the old rows or
    the new, never a mixture.

    Raises:
        StoreError: two rows have one kind and key (nothing is changed).
    """
    tx.connection.execute(delete(places).where(places.c.source == source))
    count = 0
    stream = iter(rows)
    while chunk := [_values(source, row) for row in islice(stream, _CHUNK_ROWS)]:
        tx.connection.execute(insert(places), chunk)
        count += len(chunk)
    return count


def load(tx: Transaction, kinds: Sequence[str] | None = None) -> list[PlaceRow]:
    """All places, or those of some kinds, in the order of source, kind and key."""
    query = select(places).order_by(places.c.source, places.c.kind, places.c.key)
    if kinds is not None:
        query = query.where(places.c.kind.in_(kinds))
    return [_read(row) for row in tx.connection.execute(query)]


def named(tx: Transaction, kind: str, name: str) -> list[PlaceRow]:
    """Places of a kind with exactly this name."""
    wanted = (places.c.kind == kind) & (places.c.name == name)
    query = select(places).where(wanted).order_by(places.c.source, places.c.key)
    return [_read(row) for row in tx.connection.execute(query)]


def counts(tx: Transaction) -> dict[tuple[str, str], int]:
    """How many places each ``(source, kind)`` has."""
    query = select(places.c.source, places.c.kind, func.count()).group_by(places.c.source, places.c.kind)
    return {(source, kind): count for source, kind, count in tx.connection.execute(query)}


def _values(source: str, row: PlaceRow) -> dict[str, Any]:
    return {
        "source": source,
        "kind": row.kind,
        "key": row.key,
        "name": row.name,
        "lat": row.lat,
        "lon": row.lon,
        "district": row.district,
        "extra": dict(row.extra),
    }


def _read(row: Row[Any]) -> PlaceRow:
    return PlaceRow(
        kind=row.kind,
        key=row.key,
        name=row.name,
        lat=row.lat,
        lon=row.lon,
        district=row.district,
        extra=row.extra,
        source=row.source,
    )
