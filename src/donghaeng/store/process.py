"""The history of the control tower's process, action by action. Rows are only added and hash-chained
(:mod:`donghaeng.store.chain`), and the database refuses to change or delete one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, insert, select, text

from donghaeng.store import chain
from donghaeng.store.process_tables import process_actions as actions
from donghaeng.store.process_tables import process_files as files
from donghaeng.store.store import Transaction
from donghaeng.trust.masking import mask_value

INCIDENT: Final = "incident"
"""Kind under which incidents stand in the same history; nothing of this kind goes through the process."""
_LOCK: Final = 0x70726F63
_WRITTEN: Final = frozenset({"words", "name", "owner", "title", "fields"})


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action."""

    kind: str
    subject: str
    seq: int
    at: datetime
    by: str
    action: str
    told: Mapping[str, Any] = field(default_factory=dict)
    """What goes with it, as JSON; never-collected numbers in its texts are masked before it is kept."""


def hold(tx: Transaction) -> None:
    """Let nobody else add actions until this transaction ends: what was read of a subject stays true."""
    if tx.connection.dialect.name == "postgresql":
        tx.connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})


def add(tx: Transaction, rows: Sequence[ActionRow]) -> None:
    """Write actions down, in their order."""
    chain.append_all(tx, actions, [_fields(row) for row in rows])


def every(tx: Transaction) -> list[ActionRow]:
    """All actions of what goes through the process, oldest first."""
    return _read(tx, select(actions).where(actions.c.kind != INCIDENT))


def incidents(tx: Transaction) -> list[ActionRow]:
    """All lines of incidents, oldest first."""
    return _read(tx, select(actions).where(actions.c.kind == INCIDENT))


def of(tx: Transaction, kind: str, subject: str) -> list[ActionRow]:
    """The actions of one subject, oldest first."""
    return _read(tx, select(actions).where(_is(kind, subject)))


def revision(tx: Transaction) -> int:
    """Changes whenever an action is added."""
    return int(tx.connection.execute(select(func.coalesce(func.max(actions.c.id), 0))).scalar_one())


def verify(tx: Transaction) -> chain.Verdict:
    """Whether every action ever written down is there unchanged."""
    return chain.verify(tx, actions)


def keep_file(tx: Transaction, content: bytes, at: datetime) -> str:
    """Keep a file; its SHA-256 in hexadecimal, under which it is found again."""
    name = hashlib.sha256(content).hexdigest()
    known = tx.connection.execute(select(files.c.sha256).where(files.c.sha256 == name)).scalar()
    if known is None:
        values = {"sha256": name, "size": len(content), "at": at, "content": content}
        tx.connection.execute(insert(files).values(**values))
    return name


def find_file(tx: Transaction, sha256: str) -> bytes | None:
    """A kept file; None where there is none of that hash."""
    found = tx.connection.execute(select(files.c.content).where(files.c.sha256 == sha256)).scalar()
    return None if found is None else bytes(found)


def _is(kind: str, subject: str) -> ColumnElement[bool]:
    return and_(actions.c.kind == kind, actions.c.subject == subject)


def _fields(row: ActionRow) -> dict[str, Any]:
    told = json.dumps(_masked(row.told), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {
        "kind": row.kind,
        "subject": row.subject,
        "seq": row.seq,
        "at": row.at,
        "by": row.by,
        "action": row.action,
        "told": told,
    }


def _masked(told: Mapping[str, Any]) -> dict[str, Any]:
    """The same with what people wrote masked: hashes, days and sums would be taken for numbers of persons."""
    return {
        name: mask_value(value)
        if name in _WRITTEN
        else _masked(value)
        if isinstance(value, Mapping)
        else value
        for name, value in told.items()
    }


def _read(tx: Transaction, query: Select[Any]) -> list[ActionRow]:
    rows = tx.connection.execute(query.order_by(actions.c.id))
    return [
        ActionRow(row.kind, row.subject, row.seq, row.at, row.by, row.action, json.loads(row.told))
        for row in rows
    ]
