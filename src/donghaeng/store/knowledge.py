"""Documents of the city with their versions and passages.

A document has a name and any number of versions, of which at most one is served. What answers are made of
follows :func:`served`: a document's revision grows with everything that changes them. Versions are never
written over; the one before stays readable.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import Row, Select, func, insert, select, update

from donghaeng.store.document_steps import Step, add_step
from donghaeng.store.document_tables import OPERATOR
from donghaeng.store.store import Transaction
from donghaeng.store.tables import document_versions, documents, passages

State = Literal["draft", "published", "replaced", "withdrawn"]
"""``replaced``: it was published, and a later version is now."""
STATES: Final[tuple[State, ...]] = ("draft", "published", "replaced", "withdrawn")

_CHUNK_ROWS: Final = 2_000


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a document."""

    document_id: str
    name: str
    version: int
    state: State
    title: str
    kind: str
    sha256: str
    department: str
    owner: str
    """Who answers for it; sealed."""
    added_at: datetime
    source: str | None = None
    review_by: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    published_at: datetime | None = None
    added_by: str | None = None
    """Account; None where it was added before this was kept."""
    published_by: str | None = None
    """Account of who let it be served first: once two persons have seen a version, each may bring it back."""
    passages: int = 0
    verified: int = 0
    """How many of its passages are."""


@dataclass(frozen=True, slots=True)
class PassageRow:
    """One passage of a version."""

    number: int
    """From 1."""
    path: tuple[str, ...]
    """The headings above it, highest first."""
    page: int | None
    title: str
    text: str
    spoken: str | None
    """What is told of it by ear; None where no sentence of it is short enough."""
    verified: bool


class Served(NamedTuple):
    """What answers have to follow of a document."""

    version: int
    revision: int


def add(tx: Transaction, row: VersionRow, found: Iterable[PassageRow]) -> VersionRow:
    """Keep a version as a draft, the first of its document or the next one.

    Args:
        tx: the transaction.
        row: its ``document_id`` is that of a document not yet known by its name; ``version`` is given here.
        found: its passages.

    Returns:
        The row with the id of its document and its number.
    """
    known = tx.connection.execute(
        select(documents.c.id, documents.c.newest).where(documents.c.name == row.name)
    ).first()
    document_id, version = (known.id, known.newest + 1) if known is not None else (row.document_id, 1)
    if known is None:
        tx.connection.execute(
            insert(documents).values(id=document_id, name=row.name, newest=1, served=None, revision=0)
        )
    else:
        tx.connection.execute(update(documents).where(documents.c.id == document_id).values(newest=version))
    tx.connection.execute(
        insert(document_versions).values(
            document_id=document_id,
            version=version,
            state="draft",
            title=row.title,
            kind=row.kind,
            sha256=row.sha256,
            department=row.department,
            source=row.source,
            sealed=tx.seal(row.owner, _place(document_id, version)),
            review_by=row.review_by,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            added_at=row.added_at,
            added_by=row.added_by,
        )
    )
    add_step(tx, Step(document_id, version, "added", row.added_by or OPERATOR, row.added_at))
    values = [
        {
            "document_id": document_id,
            "version": version,
            "number": one.number,
            "path": list(one.path),
            "page": one.page,
            "title": one.title,
            "text": one.text,
            "spoken": one.spoken,
            "verified": one.verified,
        }
        for one in found
    ]
    for begin in range(0, len(values), _CHUNK_ROWS):
        tx.connection.execute(insert(passages), values[begin : begin + _CHUNK_ROWS])
    return versions(tx, document_id)[0]


def publish(tx: Transaction, document_id: str, version: int, at: datetime, staff: str = OPERATOR) -> bool:
    """Serve a version in place of the one before, both in this transaction; false where it is served.

    Args:
        tx: the transaction.
        document_id: of which document.
        version: which of its versions.
        at: now.
        staff: account of who does it. Where that is who added the version and nobody else has published it
            before, the database refuses.
    """
    # The update comes first: it holds the document against another publisher.
    changed = tx.connection.execute(
        update(documents)
        .where(documents.c.id == document_id)
        .where((documents.c.served != version) | documents.c.served.is_(None))
        .values(served=version, revision=documents.c.revision + 1)
    ).rowcount
    if not changed:
        return False
    c = document_versions.c
    this = (c.document_id == document_id) & (c.version == version)
    before = tx.connection.execute(select(c.added_by, c.published_by).where(this)).one()
    step = Step(
        document_id, version, "published", staff, at, before.added_by, again=before.published_by is not None
    )
    add_step(tx, step)
    _set_state(tx, document_id, "replaced", c.state == "published")
    tx.connection.execute(
        update(document_versions)
        .where(this)
        .values(state="published", published_at=at, published_by=func.coalesce(c.published_by, staff))
    )
    return True


def withdraw(tx: Transaction, document_id: str, at: datetime, staff: str = OPERATOR) -> bool:
    """Serve no version of a document any more, drafts included; false where none was left."""
    served = tx.connection.execute(select(documents.c.served).where(documents.c.id == document_id)).scalar()
    changed = _set_state(tx, document_id, "withdrawn", document_versions.c.state.in_(("draft", "published")))
    tx.connection.execute(
        update(documents)
        .where(documents.c.id == document_id)
        .values(served=None, revision=documents.c.revision + 1)
    )
    if changed:
        add_step(tx, Step(document_id, served, "withdrawn", staff, at))
    return changed > 0


def verify(
    tx: Transaction, document_id: str, version: int, numbers: Collection[int] | None, *, verified: bool
) -> int:
    """Mark passages as read in their source, or as not; those that cannot be spoken are left out.

    Args:
        tx: the transaction.
        document_id: whose.
        version: of which version.
        numbers: which passages; all of them if None.
        verified: the mark.

    Returns:
        How many changed.
    """
    query = (
        update(passages)
        .where(passages.c.document_id == document_id, passages.c.version == version)
        .where(passages.c.verified.is_(not verified), passages.c.spoken.is_not(None))
    )
    if numbers is not None:
        query = query.where(passages.c.number.in_(list(numbers)))
    changed: int = tx.connection.execute(query.values(verified=verified)).rowcount
    _touch(tx, document_id)
    return changed


def review_by(tx: Transaction, document_id: str, version: int, day: date) -> None:
    """Set the day by which somebody has to look at a version again."""
    tx.connection.execute(
        update(document_versions)
        .where(document_versions.c.document_id == document_id, document_versions.c.version == version)
        .values(review_by=day)
    )


def find(tx: Transaction, name: str) -> str | None:
    """The id of the document of that name or id."""
    found: str | None = tx.connection.execute(
        select(documents.c.id)
        .where((documents.c.name == name) | (documents.c.id == name))
        .order_by(documents.c.id == name)
        .limit(1)
    ).scalar()
    return found


def holding(tx: Transaction, sha256: str) -> VersionRow | None:
    """The newest version of a document that is no longer replaced nor withdrawn and holds that very file."""
    query = _versions().where(
        document_versions.c.sha256 == sha256, document_versions.c.state.in_(("draft", "published"))
    )
    row = tx.connection.execute(query.order_by(document_versions.c.added_at.desc()).limit(1)).first()
    return None if row is None else _version(tx, row)


def versions(tx: Transaction, document_id: str) -> list[VersionRow]:
    """Every version of a document, newest first."""
    query = _versions().where(document_versions.c.document_id == document_id)
    rows = tx.connection.execute(query.order_by(document_versions.c.version.desc()))
    return [_version(tx, row) for row in rows]


def listed(tx: Transaction, states: Collection[State]) -> list[VersionRow]:
    """The versions in some states, by name and then newest first."""
    query = _versions().where(document_versions.c.state.in_(list(states)))
    rows = tx.connection.execute(query.order_by(documents.c.name, document_versions.c.version.desc()))
    return [_version(tx, row) for row in rows]


def due(tx: Transaction, day: date) -> list[VersionRow]:
    """Published versions to be looked at again, or no longer valid, on a day; the most urgent first."""
    last = func.coalesce(document_versions.c.review_by, document_versions.c.valid_until)
    query = _versions().where(
        document_versions.c.state == "published",
        (document_versions.c.review_by <= day) | (document_versions.c.valid_until <= day),
    )
    return [_version(tx, row) for row in tx.connection.execute(query.order_by(last, documents.c.name))]


def passages_of(
    tx: Transaction, document_id: str, version: int, *, verified: bool = False
) -> list[PassageRow]:
    """The passages of a version, in order; with ``verified`` only those that are."""
    query = select(passages).where(passages.c.document_id == document_id, passages.c.version == version)
    if verified:
        query = query.where(passages.c.verified.is_(True))
    return [
        PassageRow(row.number, tuple(row.path), row.page, row.title, row.text, row.spoken, row.verified)
        for row in tx.connection.execute(query.order_by(passages.c.number))
    ]


def telling(tx: Transaction, words: Collection[str]) -> frozenset[tuple[str, int]]:
    """The versions, as id and number, of which one passage holds all the words, in any case of letters."""
    held = (passages.c.title + " " + passages.c.text).icontains
    query = select(passages.c.document_id, passages.c.version).distinct()
    for word in words:
        query = query.where(held(word, autoescape=True))
    return frozenset((row.document_id, row.version) for row in tx.connection.execute(query))


def served(tx: Transaction) -> dict[str, Served]:
    """What is served: by document the version and the revision that answers have to follow."""
    query = select(documents.c.id, documents.c.served, documents.c.revision)
    rows = tx.connection.execute(query.where(documents.c.served.is_not(None)).order_by(documents.c.id))
    return {row.id: Served(row.served, row.revision) for row in rows}


def _versions() -> Select[Any]:
    same = (passages.c.document_id == document_versions.c.document_id) & (
        passages.c.version == document_versions.c.version
    )
    every = select(func.count()).select_from(passages).where(same)
    return select(
        document_versions,
        documents.c.name,
        every.scalar_subquery().label("passages"),
        every.where(passages.c.verified.is_(True)).scalar_subquery().label("verified"),
    ).join(documents, documents.c.id == document_versions.c.document_id)


def _version(tx: Transaction, row: Row[Any]) -> VersionRow:
    return VersionRow(
        document_id=row.document_id,
        name=row.name,
        version=row.version,
        state=row.state,
        title=row.title,
        kind=row.kind,
        sha256=row.sha256,
        department=row.department,
        owner=str(tx.unseal(row.sealed, _place(row.document_id, row.version))),
        added_at=row.added_at,
        source=row.source,
        review_by=row.review_by,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        published_at=row.published_at,
        added_by=row.added_by,
        published_by=row.published_by,
        passages=row.passages,
        verified=row.verified,
    )


def _set_state(tx: Transaction, document_id: str, state: State, which: Any) -> int:
    query = update(document_versions).where(document_versions.c.document_id == document_id, which)
    changed: int = tx.connection.execute(query.values(state=state)).rowcount
    return changed


def _touch(tx: Transaction, document_id: str) -> None:
    tx.connection.execute(
        update(documents).where(documents.c.id == document_id).values(revision=documents.c.revision + 1)
    )


def _place(document_id: str, version: int) -> str:
    return f"document_versions/{document_id}/{version}"
