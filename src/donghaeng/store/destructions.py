"""The ledger of destroyed personal data: what kind, how many, by which rule and law, when
(개인정보 보호법 제21조, 표준 개인정보 보호지침 제10조). It names nobody.

A line stands in the transaction that destroys, so that neither is without the other. Rows are only added and
hash-chained (:mod:`donghaeng.store.chain`); the database refuses to change or delete one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from donghaeng.store import chain
from donghaeng.store.store import Transaction
from donghaeng.store.tables import destructions

Reason = Literal["expired", "erased", "revoked"]


@dataclass(frozen=True, slots=True)
class DestructionRow:
    """One line."""

    at: datetime
    rule: str
    """Name of the rule in ``retention.yaml``."""
    kind: str
    """What was destroyed: a table, or files."""
    count: int
    reason: Reason
    law: str
    last_hash: str = ""
    """Of a chain: the hash of the last row destroyed, which the first one left follows."""


def note(tx: Transaction, row: DestructionRow) -> None:
    """Add a line, in the transaction that destroys."""
    chain.append(tx, destructions, {name: getattr(row, name) for name in DestructionRow.__slots__})


def verify(tx: Transaction) -> chain.Verdict:
    """Whether every line ever written is there unchanged."""
    return chain.verify(tx, destructions)


def newest(tx: Transaction, *, limit: int = 50) -> list[DestructionRow]:
    """The last lines, newest first."""
    rows = tx.connection.execute(select(destructions).order_by(destructions.c.id.desc()).limit(limit))
    return [DestructionRow(**{name: getattr(row, name) for name in DestructionRow.__slots__}) for row in rows]


def ends_of(tx: Transaction, kind: str) -> list[str]:
    """The hashes at which parts of a chain were destroyed."""
    query = select(destructions.c.last_hash).where(
        destructions.c.kind == kind, destructions.c.last_hash != ""
    )
    return list(tx.connection.execute(query).scalars())
