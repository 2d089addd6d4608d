"""Runs of data cases, and the campaigns of calls that came out of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, insert, select

from donghaeng.store.store import Transaction
from donghaeng.store.tower_tables import call_campaigns, case_runs

MOST_LISTED: Final = 5_000


@dataclass(frozen=True, slots=True)
class CaseRun:
    """One run of a case. Nothing in it is personal."""

    id: str
    case: str
    version: str
    """Of the case's files."""
    seed: int
    hash: str
    """Of the result: equal runs of one version have one hash."""
    at: datetime
    by: str
    accepted: bool
    """Whether a second department stood by the case then."""
    own_data: bool
    """Whether it ran on tables that a city supplied."""


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """Calls that were booked at once."""

    id: str
    case: str
    run: str
    purpose: str
    author: str
    at: datetime
    booked: int
    left_out: Mapping[str, int]


def add(tx: Transaction, run: CaseRun) -> None:
    """Note a run."""
    values = asdict(run)
    values["case_id"] = values.pop("case")
    tx.connection.execute(insert(case_runs).values(**values))


def get(tx: Transaction, run: str) -> CaseRun | None:
    """One run."""
    row = tx.connection.execute(select(case_runs).where(case_runs.c.id == run)).first()
    return None if row is None else _read(row)


def listed(tx: Transaction, case: str | None = None) -> list[CaseRun]:
    """Runs, the newest first."""
    wanted = [] if case is None else [case_runs.c.case_id == case]
    rows = tx.connection.execute(
        select(case_runs).where(*wanted).order_by(case_runs.c.at.desc(), case_runs.c.id).limit(MOST_LISTED)
    )
    return [_read(row) for row in rows]


def add_campaign(tx: Transaction, row: CampaignRow) -> None:
    """Note that calls were booked."""
    tx.connection.execute(
        insert(call_campaigns).values(
            id=row.id,
            case_id=row.case,
            run_id=row.run,
            purpose=row.purpose,
            author=row.author,
            made_at=row.at,
            booked=row.booked,
            left_out=dict(row.left_out),
        )
    )


def campaigns(tx: Transaction, case: str) -> list[CampaignRow]:
    """Campaigns of a case, the newest first."""
    rows = tx.connection.execute(
        select(call_campaigns)
        .where(call_campaigns.c.case_id == case)
        .order_by(call_campaigns.c.made_at.desc(), call_campaigns.c.id)
        .limit(MOST_LISTED)
    )
    return [
        CampaignRow(
            row.id, row.case_id, row.run_id, row.purpose, row.author, row.made_at, row.booked, row.left_out
        )
        for row in rows
    ]


def _read(row: Row[Any]) -> CaseRun:
    return CaseRun(
        id=row.id,
        case=row.case_id,
        version=row.version,
        seed=row.seed,
        hash=row.hash,
        at=row.at,
        by=row.by,
        accepted=row.accepted,
        own_data=row.own_data,
    )
