"""Officials' document sets, and what somebody may see of them.

Nothing here is found without a :class:`Reach`: which sets a person reads is part of every query, and the
database itself says it from the person's account. There is no function that looks over all sets, so no text
of a question, however it is worded, can reach a set that is not in it.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, insert, or_, select, update

from donghaeng.store.knowledge import PassageRow
from donghaeng.store.office_tables import office_assistants as assistants
from donghaeng.store.office_tables import office_documents as documents
from donghaeng.store.office_tables import office_sets as sets
from donghaeng.store.office_tables import office_versions as versions
from donghaeng.store.store import Transaction
from donghaeng.store.tables import staff

_ONLY: Final = object()


@dataclass(frozen=True, slots=True)
class Reach:
    """The sets that somebody may read, and who it is. Made by :func:`reach_of` and :func:`reach_through`
    alone."""

    staff: str
    department: str | None
    sets: frozenset[str]
    key: object = field(repr=False)

    def __post_init__(self) -> None:
        if self.key is not _ONLY:
            raise TypeError("what somebody may read is found by their account alone")


@dataclass(frozen=True, slots=True)
class SetRow:
    """One set."""

    id: str
    owner: str
    department: str | None
    """That shares it."""
    name: str
    revision: int
    made_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a document of a set."""

    document: str
    set: str
    version: int
    kind: str
    name: str
    """Of the file."""
    title: str
    sha256: str
    passages: tuple[PassageRow, ...]
    added_at: datetime
    added_by: str
    withdrawn_at: datetime | None = None
    """When the document was."""
    vectors: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class AssistantRow:
    """A department's assistant: a set, what it says around its answers, and who may use it."""

    id: str
    set: str
    made_by: str
    name: str
    greeting: str
    topics: str
    closing: str
    departments: tuple[str, ...]
    roles: tuple[str, ...]
    made_at: datetime

    def serves(self, department: str | None, role: str) -> bool:
        """Whether somebody of a department and role may use it; an empty list asks for none."""
        return (not self.departments or department in self.departments) and (
            not self.roles or role in self.roles
        )


def reach_of(tx: Transaction, staff_id: str) -> Reach:
    """What an account may read: its own sets and those that its department shares; nothing once disabled."""
    account = _account(tx, staff_id)
    if account is None:
        return Reach(staff_id, None, frozenset(), _ONLY)
    mine = sets.c.owner == staff_id
    shared = sets.c.department == account.department if account.department else sets.c.id.is_(None)
    found = tx.connection.execute(select(sets.c.id).where(or_(mine, shared))).scalars()
    return Reach(staff_id, account.department, frozenset(found), _ONLY)


def reach_through(tx: Transaction, staff_id: str, assistant: str) -> tuple[Reach, AssistantRow] | None:
    """What an account may read through an assistant: its set alone, where they may use it; None else."""
    account = _account(tx, staff_id)
    row = _assistant(tx, assistant) if account is not None else None
    if account is None or row is None or not row.serves(account.department, account.role):
        return None
    return Reach(staff_id, account.department, frozenset({row.set}), _ONLY), row


def assistants_for(tx: Transaction, staff_id: str) -> list[AssistantRow]:
    """The assistants that an account may use, or whose sets it reads."""
    account, reach = _account(tx, staff_id), reach_of(tx, staff_id)
    if account is None:
        return []
    rows = tx.connection.execute(_standing_assistants().order_by(assistants.c.made_at))
    found = [_read_assistant(tx, row) for row in rows]
    return [one for one in found if one.set in reach.sets or one.serves(account.department, account.role)]


def add_set(tx: Transaction, row: SetRow) -> None:
    """Keep a new set."""
    values = {
        "id": row.id,
        "owner": row.owner,
        "department": row.department,
        "sealed": tx.seal({"name": row.name}, f"office_sets/{row.id}"),
        "revision": 0,
        "made_at": row.made_at,
    }
    tx.connection.execute(insert(sets).values(**values))


def sets_in(tx: Transaction, reach: Reach, *, withdrawn: bool = False) -> list[SetRow]:
    """The sets, those that were withdrawn instead where asked, oldest first."""
    gone = sets.c.withdrawn_at.is_not(None) if withdrawn else sets.c.withdrawn_at.is_(None)
    query = select(sets).where(_within(reach), gone).order_by(sets.c.made_at, sets.c.id)
    return [_read_set(tx, row) for row in tx.connection.execute(query)]


def set_in(tx: Transaction, reach: Reach, set_id: str) -> SetRow | None:
    """One set, withdrawn or not; None where it is not within reach, as where there is none."""
    row = tx.connection.execute(select(sets).where(_within(reach), sets.c.id == set_id)).first()
    return None if row is None else _read_set(tx, row)


def change_set(
    tx: Transaction, reach: Reach, set_id: str, *, department: str | None, withdrawn_at: datetime | None
) -> bool:
    """Share or withdraw a set, which its owner alone may; false where nothing is theirs."""
    own = and_(_within(reach), sets.c.id == set_id, sets.c.owner == reach.staff)
    change = update(sets).where(own).values(department=department, withdrawn_at=withdrawn_at)
    return tx.connection.execute(change).rowcount > 0


def add_version(tx: Transaction, reach: Reach, row: VersionRow) -> VersionRow | None:
    """Keep a version: the next one of the document of its name in the set, or the first of a new one.

    Returns:
        The row with its document and number; None where the set is not within reach.
    """
    # The update comes first: it holds the set against another who adds to it.
    if not _touch(tx, reach, row.set):
        return None
    same = [one for one in documents_in(tx, reach, row.set, withdrawn=True) if one.name == row.name]
    document, number = (same[0].document, same[0].version + 1) if same else (row.document, 1)
    if same:
        change = update(documents).where(documents.c.id == document)
        tx.connection.execute(change.values(newest=number, withdrawn_at=None))
    else:
        tx.connection.execute(insert(documents).values(id=document, set_id=row.set, newest=1))
    place = _place(document, number)
    told = {
        "name": row.name,
        "title": row.title,
        "sha256": row.sha256,
        "passages": [[list(one.path), one.page, one.title, one.text] for one in row.passages],
    }
    values = {
        "document_id": document,
        "version": number,
        "kind": row.kind,
        "added_at": row.added_at,
        "added_by": row.added_by,
        # Masked when it was cut; a hash would be taken for numbers of persons.
        "sealed": tx.sealer.seal(told, place),
        "vectors": None if row.vectors is None else _sealed_bytes(tx, row.vectors, place),
    }
    tx.connection.execute(insert(versions).values(**values))
    return next(one for one in versions_in(tx, reach, document) if one.version == number)


def documents_in(
    tx: Transaction, reach: Reach, set_id: str, *, withdrawn: bool = False, vectors: bool = False
) -> list[VersionRow]:
    """The newest version of each document of a set, by the order in which they came.

    Args:
        tx: the transaction.
        reach: what may be read.
        set_id: of which set.
        withdrawn: also documents that were withdrawn.
        vectors: with their vectors.
    """
    newest = versions.c.version == documents.c.newest
    query = _joined(reach, vectors=vectors).where(documents.c.set_id == set_id, newest)
    if not withdrawn:
        query = query.where(documents.c.withdrawn_at.is_(None))
    rows = tx.connection.execute(query.order_by(versions.c.added_at, versions.c.document_id))
    return [_read_version(tx, row) for row in rows]


def versions_in(tx: Transaction, reach: Reach, document: str) -> list[VersionRow]:
    """Every version of a document, newest first; none where it is not within reach."""
    query = _joined(reach, vectors=False).where(documents.c.id == document)
    rows = tx.connection.execute(query.order_by(versions.c.version.desc()))
    return [_read_version(tx, row) for row in rows]


def withdraw_document(tx: Transaction, reach: Reach, document: str, at: datetime | None) -> bool:
    """Leave a document out of answers, or take it back where ``at`` is None; false where it is not within
    reach."""
    found = versions_in(tx, reach, document)
    if not found or not _touch(tx, reach, found[0].set):
        return False
    tx.connection.execute(update(documents).where(documents.c.id == document).values(withdrawn_at=at))
    return True


def add_assistant(tx: Transaction, reach: Reach, row: AssistantRow) -> bool:
    """Keep an assistant over a set; false where the set is not within reach."""
    if row.set not in reach.sets:
        return False
    told = {"name": row.name, "greeting": row.greeting, "topics": row.topics, "closing": row.closing}
    values = {
        "id": row.id,
        "set_id": row.set,
        "made_by": row.made_by,
        "departments": list(row.departments),
        "roles": list(row.roles),
        "sealed": tx.seal(told, f"office_assistants/{row.id}"),
        "made_at": row.made_at,
    }
    tx.connection.execute(insert(assistants).values(**values))
    return True


def _account(tx: Transaction, staff_id: str) -> Any:
    able = and_(staff.c.id == staff_id, staff.c.disabled_at.is_(None))
    return tx.connection.execute(select(staff.c.department, staff.c.role).where(able)).first()


def _within(reach: Reach) -> ColumnElement[bool]:
    return sets.c.id.in_(sorted(reach.sets))


def _touch(tx: Transaction, reach: Reach, set_id: str) -> bool:
    wanted = and_(_within(reach), sets.c.id == set_id, sets.c.withdrawn_at.is_(None))
    change = update(sets).where(wanted).values(revision=sets.c.revision + 1)
    return tx.connection.execute(change).rowcount > 0


def _joined(reach: Reach, *, vectors: bool) -> Any:
    columns = [one for one in versions.c if vectors or one.name != "vectors"]
    joined = versions.join(documents, documents.c.id == versions.c.document_id).join(
        sets, sets.c.id == documents.c.set_id
    )
    return (
        select(*columns, documents.c.set_id, documents.c.withdrawn_at)
        .select_from(joined)
        .where(_within(reach))
    )


def _standing_assistants() -> Any:
    joined = assistants.join(sets, sets.c.id == assistants.c.set_id)
    standing = and_(assistants.c.withdrawn_at.is_(None), sets.c.withdrawn_at.is_(None))
    return select(assistants).select_from(joined).where(standing)


def _assistant(tx: Transaction, assistant: str) -> AssistantRow | None:
    row = tx.connection.execute(_standing_assistants().where(assistants.c.id == assistant)).first()
    return None if row is None else _read_assistant(tx, row)


def _sealed_bytes(tx: Transaction, data: bytes, place: str) -> bytes:
    return tx.sealer.seal(base64.b64encode(data).decode(), f"{place}/vectors")


def _place(document: str, version: int) -> str:
    return f"office_versions/{document}/{version}"


def _read_set(tx: Transaction, row: Row[Any]) -> SetRow:
    name = tx.unseal(row.sealed, f"office_sets/{row.id}")["name"]
    return SetRow(row.id, row.owner, row.department, name, row.revision, row.made_at, row.withdrawn_at)


def _read_version(tx: Transaction, row: Row[Any]) -> VersionRow:
    place = _place(row.document_id, row.version)
    told: Mapping[str, Any] = tx.unseal(row.sealed, place)
    sealed = row._mapping.get("vectors")
    return VersionRow(
        document=row.document_id,
        set=row.set_id,
        version=row.version,
        kind=row.kind,
        name=told["name"],
        title=told["title"],
        sha256=told["sha256"],
        passages=_passages(told["passages"]),
        added_at=row.added_at,
        added_by=row.added_by,
        withdrawn_at=row.withdrawn_at,
        vectors=None if sealed is None else base64.b64decode(tx.unseal(sealed, f"{place}/vectors")),
    )


def _passages(told: Sequence[Collection[Any]]) -> tuple[PassageRow, ...]:
    return tuple(
        PassageRow(number, tuple(path), page, title, text, None, verified=False)
        for number, (path, page, title, text) in enumerate(told, start=1)
    )


def _read_assistant(tx: Transaction, row: Row[Any]) -> AssistantRow:
    told = tx.unseal(row.sealed, f"office_assistants/{row.id}")
    return AssistantRow(
        row.id,
        row.set_id,
        row.made_by,
        told["name"],
        told["greeting"],
        told["topics"],
        told["closing"],
        tuple(row.departments),
        tuple(row.roles),
        row.made_at,
    )
