"""Officials' drafts, version by version.

A version is only added, and only after the one that its writer saw: of two who write at once, the second is
told (:class:`~donghaeng.errors.RecordChanged`) and loses nothing. Every look and change names who it is for,
and finds only what is theirs or was shared with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Row, delete, func, insert, or_, select, update

from donghaeng.errors import RecordChanged, UnknownRecord
from donghaeng.store.store import Transaction
from donghaeng.store.upserts import insert_new
from donghaeng.store.writing_tables import office_draft_colleagues as colleagues
from donghaeng.store.writing_tables import office_draft_versions as versions
from donghaeng.store.writing_tables import office_drafts as drafts

Step = Literal["begun", "saved", "composed", "fixed", "reworded", "merged", "undone", "redone"]
MOST_LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft."""

    id: str
    kind: str
    """Id of its template."""
    owner: str
    """Account."""
    changed_at: datetime
    deleted_at: datetime | None = None
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a draft."""

    draft_id: str
    version: int
    """From 1."""
    by: str
    at: datetime
    step: Step
    content: Mapping[str, Any] = field(repr=False)
    over: int = 0
    """The version that it was written over; 0 for the first."""
    same_as: int = 0
    """The version that it brings back, or its own number."""


def begin(tx: Transaction, row: DraftRow, first: VersionRow) -> None:
    """Keep a new draft with its first version."""
    values = {"id": row.id, "kind": row.kind, "owner": row.owner, "changed_at": row.changed_at}
    tx.connection.execute(insert(drafts).values(**values))
    _put(tx, first)


def add(tx: Transaction, who: str, row: VersionRow) -> None:
    """Add the version that comes next.

    Raises:
        UnknownRecord: ``who`` has no such draft, or it is deleted.
        RecordChanged: another version has come in between, also from another process.
    """
    if get(tx, who, row.draft_id) is None:
        raise UnknownRecord(f"no draft {row.draft_id}")
    if _top(tx, row.draft_id) != row.version - 1 or not _put(tx, row):
        raise RecordChanged(f"{row.draft_id}: version {row.version} is there already")
    mine = drafts.c.id == row.draft_id
    tx.connection.execute(update(drafts).where(mine).values(changed_at=row.at))


def get(tx: Transaction, who: str, draft_id: str, *, deleted: bool = False) -> DraftRow | None:
    """A draft that ``who`` may see; None where there is none."""
    there = drafts.c.deleted_at.is_not(None) if deleted else drafts.c.deleted_at.is_(None)
    query = select(drafts).where(drafts.c.id == draft_id, _theirs(who), there)
    row = tx.connection.execute(query).first()
    return None if row is None else _draft(row)


def listed(tx: Transaction, who: str, *, deleted: bool = False) -> list[tuple[DraftRow, VersionRow]]:
    """The drafts of ``who`` and those shared with them, with the newest version; the last changed first."""
    there = drafts.c.deleted_at.is_not(None) if deleted else drafts.c.deleted_at.is_(None)
    rows = tx.connection.execute(
        select(drafts).where(_theirs(who), there).order_by(drafts.c.changed_at.desc()).limit(MOST_LISTED)
    ).all()
    found = []
    for row in rows:
        last = newest(tx, row.id)
        if last is not None:
            found.append((_draft(row), last))
    return found


def newest(tx: Transaction, draft_id: str) -> VersionRow | None:
    """The newest version."""
    query = select(versions).where(versions.c.draft_id == draft_id)
    row = tx.connection.execute(query.order_by(versions.c.version.desc()).limit(1)).first()
    return None if row is None else _version(tx, row)


def version(tx: Transaction, draft_id: str, number: int) -> VersionRow | None:
    """One version."""
    query = select(versions).where(versions.c.draft_id == draft_id, versions.c.version == number)
    row = tx.connection.execute(query).first()
    return None if row is None else _version(tx, row)


def history(tx: Transaction, draft_id: str) -> list[VersionRow]:
    """The versions of a draft, the newest first."""
    query = select(versions).where(versions.c.draft_id == draft_id)
    rows = tx.connection.execute(query.order_by(versions.c.version.desc()).limit(MOST_LISTED))
    return [_version(tx, row) for row in rows]


def last_over(tx: Transaction, draft_id: str, number: int) -> int | None:
    """The newest version that was written, not brought back, over another one."""
    query = select(func.max(versions.c.version)).where(
        versions.c.draft_id == draft_id, versions.c.over == number, versions.c.same_as == versions.c.version
    )
    return tx.connection.execute(query).scalar()


def share(tx: Transaction, owner: str, draft_id: str, staff_id: str) -> bool:
    """Let a colleague in; False where ``owner`` does not own it."""
    if not _owns(tx, owner, draft_id):
        return False
    insert_new(tx, colleagues, {"draft_id": draft_id, "staff_id": staff_id})
    return True


def unshare(tx: Transaction, owner: str, draft_id: str, staff_id: str) -> bool:
    """Let a colleague in no more."""
    if not _owns(tx, owner, draft_id):
        return False
    gone = (colleagues.c.draft_id == draft_id) & (colleagues.c.staff_id == staff_id)
    return tx.connection.execute(delete(colleagues).where(gone)).rowcount > 0


def shared_with(tx: Transaction, draft_id: str) -> list[str]:
    """The accounts that it is shared with."""
    query = select(colleagues.c.staff_id).where(colleagues.c.draft_id == draft_id)
    return [row.staff_id for row in tx.connection.execute(query.order_by(colleagues.c.staff_id))]


def set_deleted(tx: Transaction, owner: str, draft_id: str, at: datetime | None) -> bool:
    """Put a draft away, or bring it back with None; False where ``owner`` owns none."""
    mine = (drafts.c.id == draft_id) & (drafts.c.owner == owner)
    changed: dict[str, Any] = {"deleted_at": at}
    return tx.connection.execute(update(drafts).where(mine).values(**changed)).rowcount > 0


def note_asked(tx: Transaction, draft_id: str, at: datetime) -> bool:
    """Note that its writer was asked; False where they were before."""
    mine = (drafts.c.id == draft_id) & drafts.c.asked_at.is_(None)
    return tx.connection.execute(update(drafts).where(mine).values(asked_at=at)).rowcount > 0


def _theirs(who: str) -> ColumnElement[bool]:
    """What somebody owns, or was let into; a draft that its owner put away is the owner's alone."""
    let_in = select(colleagues.c.draft_id).where(
        colleagues.c.draft_id == drafts.c.id, colleagues.c.staff_id == who
    )
    return or_(drafts.c.owner == who, let_in.exists() & drafts.c.deleted_at.is_(None))


def _owns(tx: Transaction, owner: str, draft_id: str) -> bool:
    mine = (drafts.c.id == draft_id) & (drafts.c.owner == owner) & drafts.c.deleted_at.is_(None)
    return tx.connection.execute(select(drafts.c.id).where(mine)).first() is not None


def _top(tx: Transaction, draft_id: str) -> int:
    query = select(func.max(versions.c.version)).where(versions.c.draft_id == draft_id)
    return tx.connection.execute(query).scalar() or 0


def _put(tx: Transaction, row: VersionRow) -> bool:
    values = {
        "draft_id": row.draft_id,
        "version": row.version,
        "over": row.over,
        "same_as": row.same_as or row.version,
        "by": row.by,
        "at": row.at,
        "step": row.step,
        "sealed": tx.seal(dict(row.content), _place(row.draft_id, row.version)),
    }
    return insert_new(tx, versions, values)


def _draft(row: Row[Any]) -> DraftRow:
    return DraftRow(row.id, row.kind, row.owner, row.changed_at, row.deleted_at, row.asked_at)


def _version(tx: Transaction, row: Row[Any]) -> VersionRow:
    return VersionRow(
        draft_id=row.draft_id,
        version=row.version,
        by=row.by,
        at=row.at,
        step=row.step,
        content=tx.unseal(row.sealed, _place(row.draft_id, row.version)),
        over=row.over,
        same_as=row.same_as,
    )


def _place(draft_id: str, number: int) -> str:
    return f"office_draft_versions/{draft_id}/{number}"
