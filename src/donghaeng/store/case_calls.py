"""Proposed campaigns of calls: who proposed which list, and who booked it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from donghaeng.store.case_call_tables import call_proposals
from donghaeng.store.store import Transaction

MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class CallProposal:
    """One of them. Nothing in it is personal."""

    id: str
    case_id: str
    run_id: str
    """The run that gave the risks."""
    fingerprint: str
    """SHA-256 of the list's file, in hexadecimal."""
    most: int
    households: int
    """That may be called, as of then."""
    left_out: Mapping[str, int]
    author: str
    made_at: datetime
    booked_by: str | None = None
    booked_at: datetime | None = None
    campaign_id: str | None = None


def add(tx: Transaction, row: CallProposal) -> None:
    """Note a proposal."""
    tx.connection.execute(insert(call_proposals).values(**asdict(row)))


def get(tx: Transaction, proposal: str) -> CallProposal | None:
    """One proposal."""
    row = tx.connection.execute(select(call_proposals).where(call_proposals.c.id == proposal)).first()
    return None if row is None else CallProposal(**row._mapping)


def listed(tx: Transaction, case: str) -> list[CallProposal]:
    """Proposals of a case, the newest first."""
    rows = tx.connection.execute(
        select(call_proposals)
        .where(call_proposals.c.case_id == case)
        .order_by(call_proposals.c.made_at.desc(), call_proposals.c.id)
        .limit(MOST_LISTED)
    )
    return [CallProposal(**row._mapping) for row in rows]


def claim(tx: Transaction, proposal: str, *, by: str, at: datetime) -> bool:
    """Take a proposal for booking; false where somebody has."""
    done = tx.connection.execute(
        update(call_proposals)
        .where(call_proposals.c.id == proposal, call_proposals.c.booked_by.is_(None))
        .values(booked_by=by, booked_at=at)
    )
    return done.rowcount == 1


def booked(tx: Transaction, proposal: str, campaign: str) -> None:
    """Note which campaign came of it."""
    tx.connection.execute(
        update(call_proposals).where(call_proposals.c.id == proposal).values(campaign_id=campaign)
    )
