"""Rows that are only added, each with the hash of the one before: a changed, missing or inserted row shows.

The hash of a row is SHA-256 over the hash before it and the row's own fields as JSON. The newest row's number
and hash are kept sealed besides, so that taking rows from the end, or writing the whole chain anew, shows too
to whoever has the key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Table, delete, insert, select, text

from donghaeng.store.store import Transaction
from donghaeng.store.tables import store_facts

GENESIS: Final = ""
"""What stands for the hash before the first row."""
_LOCK: Final = 0x646F6E68


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of looking through a chain."""

    rows: int
    head: str
    """Hash of the newest row."""
    broken: int | None = None
    """Number of the first row that does not hold."""
    why: str | None = None
    sealed: bool = True
    """Whether a sealed head was there to compare with."""


def link(previous: str, fields: Mapping[str, Any]) -> str:
    """The hash of a row, in hexadecimal."""
    told = {name: _plain(value) for name, value in sorted(fields.items())}
    line = json.dumps([previous, told], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(line.encode()).hexdigest()


def append(tx: Transaction, table: Table, fields: Mapping[str, Any]) -> None:
    """Add a row at the end of the chain ``table``, which has columns ``id``, ``previous`` and ``hash``."""
    append_all(tx, table, [fields])


def append_all(tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows at the end of the chain ``table``, in their order."""
    if not rows:
        return
    if tx.connection.dialect.name == "postgresql":
        # Two writers must not take the same row for the last one; SQLite has one writer.
        tx.connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
    last = tx.connection.execute(select(table.c.hash).order_by(table.c.id.desc()).limit(1)).scalar()
    previous = last if last is not None else _emptied_at(tx, table)
    linked = []
    for fields in rows:
        own = link(previous, fields)
        linked.append({**fields, "previous": previous, "hash": own})
        previous = own
    if linked[:-1]:
        tx.connection.execute(insert(table), linked[:-1])
    done = tx.connection.execute(insert(table).values(**linked[-1]))
    key = done.inserted_primary_key
    seal_head(tx, table, 0 if key is None else int(key[0]), previous)


def verify(tx: Transaction, table: Table, *, began: Iterable[str] = ()) -> Verdict:
    """Look through the chain from its first row.

    Args:
        table: the chain.
        began: hashes that the first row may follow, where older ones were destroyed as they had to be.
    """
    names = [column.name for column in table.columns if column.name not in ("id", "previous", "hash")]
    before: str | None = None
    number = count = 0
    for row in tx.connection.execute(select(table).order_by(table.c.id)):
        number, count = row.id, count + 1
        if before is None and row.previous != GENESIS and row.previous not in set(began):
            return Verdict(count, "", number, "rows before it are gone")
        if before is not None and row.previous != before:
            return Verdict(count, "", number, "the row before it is gone or another")
        if link(row.previous, {name: getattr(row, name) for name in names}) != row.hash:
            return Verdict(count, "", number, "it was changed")
        before = row.hash
    head = _head(tx, table)
    if head is not None and count and (head["id"], head["hash"]) != (number, before):
        return Verdict(count, before or "", number, "rows after it are gone or the whole was written anew")
    if head is not None and not count and head["hash"] not in {GENESIS, *began}:
        return Verdict(0, "", int(head["id"]), "every row is gone")
    return Verdict(count, before or GENESIS, sealed=head is not None or not count)


def seal_head(tx: Transaction, table: Table, number: int, own: str) -> None:
    """Keep the newest row's number and hash sealed."""
    name = _fact(table)
    tx.connection.execute(delete(store_facts).where(store_facts.c.name == name))
    # Past the masking of texts, which takes a long run of digits in a hash for somebody's number.
    sealed = tx.sealer.seal({"id": number, "hash": own}, f"store_facts/{name}")
    tx.connection.execute(insert(store_facts).values(name=name, sealed=sealed))


def _head(tx: Transaction, table: Table) -> dict[str, Any] | None:
    name = _fact(table)
    sealed = tx.connection.execute(select(store_facts.c.sealed).where(store_facts.c.name == name)).scalar()
    return None if sealed is None else dict(tx.unseal(sealed, f"store_facts/{name}"))


def _emptied_at(tx: Transaction, table: Table) -> str:
    """The hash that a chain goes on from when all of its rows were destroyed."""
    head = _head(tx, table)
    return GENESIS if head is None else str(head["hash"])


def _fact(table: Table) -> str:
    return f"chain/{table.name}"


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
