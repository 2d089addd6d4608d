"""Drafts of services, version by version, and what was tried of the newest.

A version is only added, and only after the one that its writer saw: of two who write at once, the second is
told (:class:`~donghaeng.errors.RecordChanged`) and loses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Row, func, select, update

from donghaeng.errors import RecordChanged
from donghaeng.store.service_tables import service_drafts as drafts
from donghaeng.store.service_tables import service_runs as runs
from donghaeng.store.store import Transaction
from donghaeng.store.upserts import insert_new, put

DraftState = Literal["saved", "submitted", "dropped"]
RunKind = Literal["tests", "confusions"]
RunState = Literal["running", "done", "failed"]
MOST_LISTED: Final = 50


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One version of a draft."""

    service: str
    version: int
    """From 1, one more with each step."""
    state: DraftState
    by: str
    """Account."""
    at: datetime
    base: str
    """Hash of what answered when it was begun; empty for a new service."""
    definition: str = field(repr=False)
    tests: str = field(repr=False)
    proposal_id: str | None = None
    """Where it was submitted."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """What was tried, or how far that is."""

    service: str
    kind: RunKind
    basis: str
    state: RunState
    at: datetime
    """Of the last sign."""
    done: int = 0
    total: int = 0
    result: Mapping[str, Any] | None = field(default=None, repr=False)


def add(tx: Transaction, row: DraftRow) -> None:
    """Add the version that comes next.

    Raises:
        RecordChanged: another has come in between, also from another process.
    """
    newest = tx.connection.execute(
        select(func.max(drafts.c.version)).where(drafts.c.service == row.service)
    ).scalar()
    values = {
        "service": row.service,
        "version": row.version,
        "state": row.state,
        "by": row.by,
        "at": row.at,
        "base": row.base,
        "proposal_id": row.proposal_id,
        "sealed": tx.seal(
            {"definition": row.definition, "tests": row.tests}, _place(row.service, row.version)
        ),
    }
    if (newest or 0) != row.version - 1 or not insert_new(tx, drafts, values):
        raise RecordChanged(f"{row.service}: version {row.version} is there already")


def newest(tx: Transaction, service: str) -> DraftRow | None:
    """The newest version; None where there is none."""
    mine = select(drafts).where(drafts.c.service == service)
    row = tx.connection.execute(mine.order_by(drafts.c.version.desc()).limit(1)).first()
    return None if row is None else _read(tx, row)


def get(tx: Transaction, service: str, version: int) -> DraftRow | None:
    """One version."""
    mine = (drafts.c.service == service) & (drafts.c.version == version)
    row = tx.connection.execute(select(drafts).where(mine)).first()
    return None if row is None else _read(tx, row)


def history(tx: Transaction, service: str, *, limit: int = MOST_LISTED) -> list[DraftRow]:
    """The versions of one draft, the newest first."""
    mine = select(drafts).where(drafts.c.service == service)
    rows = tx.connection.execute(mine.order_by(drafts.c.version.desc()).limit(limit))
    return [_read(tx, row) for row in rows]


def open_ones(tx: Transaction) -> list[DraftRow]:
    """The newest version of every draft, by service."""
    last = select(drafts.c.service, func.max(drafts.c.version).label("version"))
    last_of = last.group_by(drafts.c.service).subquery()
    joined = select(drafts).join(
        last_of, (drafts.c.service == last_of.c.service) & (drafts.c.version == last_of.c.version)
    )
    return [_read(tx, row) for row in tx.connection.execute(joined.order_by(drafts.c.service))]


def set_run(tx: Transaction, row: RunRow) -> None:
    """Put down what was tried."""
    sealed = None if row.result is None else tx.seal(dict(row.result), _run_place(row.service, row.kind))
    values = {"basis": row.basis, "state": row.state, "done": row.done, "total": row.total, "at": row.at}
    keys = {"service": row.service, "kind": row.kind}
    put(tx, runs, ["service", "kind"], {**keys, **values, "sealed": sealed})


def tell_run(tx: Transaction, row: RunRow) -> None:
    """Put down how far a run is, unless it has ended or another has begun."""
    mine = (runs.c.service == row.service) & (runs.c.kind == row.kind) & (runs.c.basis == row.basis)
    running = mine & (runs.c.state == "running")
    tx.connection.execute(update(runs).where(running).values(done=row.done, total=row.total, at=row.at))


def run(tx: Transaction, service: str, kind: RunKind) -> RunRow | None:
    """The last run of a kind."""
    mine = (runs.c.service == service) & (runs.c.kind == kind)
    row = tx.connection.execute(select(runs).where(mine)).first()
    return None if row is None else _read_run(tx, row)


def every_run(tx: Transaction) -> list[RunRow]:
    """The last run of every service and kind."""
    rows = tx.connection.execute(select(runs).order_by(runs.c.service, runs.c.kind))
    return [_read_run(tx, row) for row in rows]


def _read(tx: Transaction, row: Row[Any]) -> DraftRow:
    texts = tx.unseal(row.sealed, _place(row.service, row.version))
    return DraftRow(
        service=row.service,
        version=row.version,
        state=row.state,
        by=row.by,
        at=row.at,
        base=row.base,
        definition=texts["definition"],
        tests=texts["tests"],
        proposal_id=row.proposal_id,
    )


def _read_run(tx: Transaction, row: Row[Any]) -> RunRow:
    place = _run_place(row.service, row.kind)
    result = None if row.sealed is None else tx.unseal(row.sealed, place)
    return RunRow(row.service, row.kind, row.basis, row.state, row.at, row.done, row.total, result)


def _place(service: str, version: int) -> str:
    return f"service_drafts/{service}/{version}"


def _run_place(service: str, kind: str) -> str:
    return f"service_runs/{service}/{kind}"
