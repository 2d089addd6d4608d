"""Rows that one process at a time works on: claimed under a lease, let go when it is over.

Such a table has ``state``, ``attempts``, ``next_attempt_at``, ``lease_owner`` and ``lease_until``. Two
processes work on one row only if the first outlives its lease.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, or_, select, true, update

from donghaeng.store.set_clocks import has_passed
from donghaeng.store.store import Transaction


@dataclass(frozen=True, slots=True)
class LeasedRows:
    """The rows of a table that wait for somebody to work on them."""

    table: Table
    order: tuple[str, ...]
    """Columns by which the first is chosen; the primary key is the last of them."""
    waits: str = "pending"
    """State of the rows that wait."""
    booked_ahead: bool = False
    """Whether a row may be due at any later hour (a call tomorrow at eight). Where not, a moment far ahead
    was written by a clock that has been set back (:func:`donghaeng.store.set_clocks.has_passed`)."""

    @property
    def key(self) -> ColumnElement[Any]:
        """The primary key."""
        return self.table.c[self.order[-1]]

    def unleased(self, now: datetime) -> ColumnElement[bool]:
        """Nobody holds it."""
        return or_(self.table.c.lease_until.is_(None), has_passed(self.table.c.lease_until, now))

    def claimable(self, now: datetime) -> ColumnElement[bool]:
        """It waits, is due, and nobody holds it."""
        next_attempt = self.table.c.next_attempt_at
        due = next_attempt <= now if self.booked_ahead else has_passed(next_attempt, now)
        return and_(self.table.c.state == self.waits, due, self.unleased(now))

    def held(self, key: Any, owner: str) -> ColumnElement[bool]:
        """It waits, and ``owner`` holds it."""
        return and_(self.key == key, self.table.c.state == self.waits, self.table.c.lease_owner == owner)

    def taken(self, owner: str, now: datetime, lease: timedelta) -> dict[str, Any]:
        """What a claim writes."""
        return {"lease_owner": owner, "lease_until": now + lease, "attempts": self.table.c.attempts + 1}

    def claim(
        self,
        tx: Transaction,
        owner: str,
        now: datetime,
        *,
        lease: timedelta,
        limit: int,
        only: ColumnElement[bool] | None = None,
    ) -> Sequence[Row[Any]]:
        """Take up to ``limit`` claimable rows, the first of :attr:`order` first; they are ``owner``'s until
        ``now + lease``. The rows are told as they were: the attempt that begins is not counted in them."""
        wanted = self.claimable(now) & (true() if only is None else only)
        found = tx.connection.execute(
            select(self.table)
            .where(wanted)
            .order_by(*(self.table.c[name] for name in self.order))
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        values = self.taken(owner, now, lease)
        name = self.order[-1]
        # The condition is checked again in the update: on PostgreSQL another process may have been faster.
        return [row for row in found if self.change(tx, and_(self.key == getattr(row, name), wanted), values)]

    def change(self, tx: Transaction, wanted: ColumnElement[bool], values: Mapping[str, Any]) -> int:
        """Write into the rows that are wanted; how many there were."""
        return tx.connection.execute(update(self.table).where(wanted).values(**values)).rowcount

    def let_go(self, tx: Transaction, wanted: ColumnElement[bool], **values: Any) -> int:
        """Write into the rows that are wanted and end their leases; how many there were."""
        return self.change(tx, wanted, {**values, "lease_owner": None, "lease_until": None})
