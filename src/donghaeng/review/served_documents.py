"""The documents that answer, carried into a run that has a database of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from donghaeng.knowledge.in_turn import in_turn
from donghaeng.review.passages import FORMAT
from donghaeng.store import Transaction, knowledge
from donghaeng.store.knowledge import PassageRow, VersionRow


@dataclass(frozen=True, slots=True)
class ServedDocument:
    """A document with the passages of it that are spoken. In a run it holds on any day: what is measured is
    what it says, not when."""

    id: str
    title: str
    department: str
    source: str | None
    added_at: datetime
    passages: tuple[PassageRow, ...]

    def as_plain(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "id": self.id,
            "title": self.title,
            "department": self.department,
            "source": self.source,
            "added_at": self.added_at.isoformat(),
            "passages": [
                [one.number, list(one.path), one.page, one.title, one.text, one.spoken]
                for one in self.passages
            ],
        }


def read_document(plain: Mapping[str, Any]) -> ServedDocument:
    """What :meth:`ServedDocument.as_plain` wrote."""
    passages = tuple(
        PassageRow(number, tuple(path), page, title, text, spoken, verified=True)
        for number, path, page, title, text, spoken in plain["passages"]
    )
    at = datetime.fromisoformat(plain["added_at"])
    return ServedDocument(plain["id"], plain["title"], plain["department"], plain["source"], at, passages)


def served_documents(tx: Transaction) -> list[ServedDocument]:
    """The documents of the city's own that answer now, with their verified passages; passages of the review
    are proposals in force."""
    found = []
    for document in knowledge.served(tx):
        version = in_turn(knowledge.versions(tx, document))[0]
        if version.kind != FORMAT:
            found.append(document_of(tx, version))
    return [one for one in found if one.passages]


def document_of(tx: Transaction, version: VersionRow) -> ServedDocument:
    """A version with its verified passages."""
    passages = knowledge.passages_of(tx, version.document_id, version.version, verified=True)
    return ServedDocument(
        version.document_id,
        version.title,
        version.department,
        version.source,
        version.added_at,
        tuple(passages),
    )


def with_document(documents: Sequence[ServedDocument], changed: ServedDocument) -> list[ServedDocument]:
    """The documents with another version of one of them, or one more."""
    return [*(one for one in documents if one.id != changed.id), changed]


def serve_documents(tx: Transaction, documents: Collection[ServedDocument]) -> None:
    """Put documents into a run's own database."""
    for one in documents:
        row = VersionRow(
            document_id=one.id,
            name=one.id,
            version=0,
            state="draft",
            title=one.title,
            kind="run",
            sha256="",
            department=one.department,
            owner="",
            added_at=one.added_at,
            source=one.source,
        )
        kept = knowledge.add(tx, row, one.passages)
        knowledge.publish(tx, kept.document_id, kept.version, one.added_at)
