"""How many hand-overs stand where, how long they waited and how they ended: what the desk's board counts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from donghaeng.store.handovers import State, served
from donghaeng.store.store import Transaction
from donghaeng.store.tables import conversations, handovers


def talking(tx: Transaction) -> dict[str, int]:
    """How many hand-overs each counsellor has."""
    rows = tx.connection.execute(
        select(handovers.c.owner, func.count())
        .where(handovers.c.state == "joined", handovers.c.owner.is_not(None))
        .group_by(handovers.c.owner)
    )
    return {str(owner): int(count) for owner, count in rows}


def count(tx: Transaction, state: State) -> int:
    """How many are in ``state``, without those that only practise."""
    wanted = and_(handovers.c.state == state, served())
    return int(tx.connection.execute(select(func.count()).select_from(handovers).where(wanted)).scalar_one())


def waits_of_claims(tx: Transaction, since: datetime) -> list[float]:
    """Seconds from the wish to the last claim of all that were claimed since, without practice."""
    rows = tx.connection.execute(
        select(handovers.c.requested_at, handovers.c.claimed_at).where(
            handovers.c.claimed_at >= since, _counted()
        )
    )
    return sorted((claimed - requested).total_seconds() for requested, claimed in rows)


def outcomes(tx: Transaction, since: datetime) -> dict[str, int]:
    """How many were closed since with each outcome, without practice."""
    rows = tx.connection.execute(
        select(handovers.c.outcome, func.count())
        .where(
            handovers.c.state == "closed",
            handovers.c.changed_at >= since,
            handovers.c.outcome.is_not(None),
            _counted(),
        )
        .group_by(handovers.c.outcome)
    )
    return {str(outcome): int(number) for outcome, number in rows}


def _counted() -> ColumnElement[bool]:
    """Rows that figures count: those of a test with a clock of its own are not."""
    tests = select(conversations.c.id).where(conversations.c.test_clock.is_not(None))
    return and_(served(), handovers.c.conversation_id.not_in(tests))
