"""The city's documents from the file to the passages that answer: one service for the command and for pages.

Adding reads a file in a process of its own, cuts it, and keeps it as the next version of the document of
that name; publishing puts it in place of the version before. What the answers are made of follows by itself
(:mod:`donghaeng.app.served_knowledge`).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, Protocol

from donghaeng.errors import DocumentRefused
from donghaeng.knowledge.cutting import passages_in, title_of
from donghaeng.knowledge.details import Details, told_anew
from donghaeng.knowledge.documents.blocks import Document
from donghaeng.knowledge.due import DUE_DAYS, urgency
from donghaeng.knowledge.entries import Entry, entry_of, is_about
from donghaeng.knowledge.two_persons import may_mark, may_publish
from donghaeng.store import Store, Transaction, knowledge, proposals
from donghaeng.store.document_steps import Step, steps_of
from donghaeng.store.document_tables import OPERATOR
from donghaeng.store.knowledge import STATES, PassageRow, State, VersionRow
from donghaeng.trust.masking import mask

NAME_CHARS: Final = 300
WITHDRAWN_WITH: Final = "문서를 거두어서 함께 되돌림"
"""Why a proposal was taken back."""

Outcome = Literal["added", "replaced", "new details", "kept as draft", "nothing new"]


class Reader(Protocol):
    """Reads files: :class:`donghaeng.knowledge.documents.apart.DocumentReader`."""

    def read(self, name: str, data: bytes) -> Document:
        """See there."""
        ...


@dataclass(frozen=True, slots=True)
class Added:
    """What came of a document that was added."""

    outcome: Outcome
    version: VersionRow

    @property
    def silent(self) -> int:
        """Passages that are not spoken, as nobody has verified them or they are too long for the ear."""
        return self.version.passages - self.version.verified


class Library:
    """The documents of a city. Its methods wait for the database, and for files that are read; call them on a
    thread of their own where others would wait too, and :meth:`add` once at a time.

    Args:
        store: holds them.
        reader: reads files, one after the other.
        clock: the city's time.
        new_id: makes the id of a document.
    """

    def __init__(
        self,
        store: Store,
        reader: Reader,
        *,
        clock: Callable[[], datetime],
        new_id: Callable[[], str] = lambda: f"d_{secrets.token_hex(6)}",
    ) -> None:
        self._store = store
        self._reader = reader
        self._clock = clock
        self._new_id = new_id

    def add(
        self, name: str, data: bytes, details: Details, *, publish: bool = True, staff: str = OPERATOR
    ) -> Added:
        """Keep a file as a new document, or as the next version of the one of that name.

        Args:
            name: of the file, or its address.
            data: all of it. A file that is held already is not read again; where something else is said of
                it under its name, the next version has its passages and marks.
            details: what is said of it.
            publish: serve it at once, which a command of the server alone may; a draft otherwise.
            staff: account of who adds it.

        Raises:
            DocumentRefused: the file cannot be read, a detail is wrong, an account would publish it, or the
                name is that of a reviewer's passage.
            StoreError: nothing was stored.
        """
        details.check()
        if publish and staff != OPERATOR:
            raise _needs_another(name)
        if not 0 < len(name) <= NAME_CHARS:
            message = f"{name[:50]}…: a name of {len(name)} characters"
            raise DocumentRefused("name", message, remedy="give it a shorter name")
        sha256 = hashlib.sha256(data).hexdigest()
        held = self._store.look(lambda tx: knowledge.holding(tx, sha256))
        if held is not None:
            return self._with_details(held, mask(name).text, details, publish=publish, staff=staff)
        document = self._reader.read(name, data)
        # Files are named after persons too ("900101-1234567 상담.hwpx"), and a name is kept and shown.
        name = mask(name).text
        if self._store.look(lambda tx: _reviewed(tx, name)):
            raise _of_review(name)
        title = title_of(name, document)
        found = passages_in(document, title, verified=details.verified)
        if not found:
            message = f"{name}: nothing in it can be told"
            raise DocumentRefused("nothing_told", message, remedy="give a file with sentences")
        row = VersionRow(
            document_id=self._new_id(),
            name=name,
            version=0,
            state="draft",
            title=title,
            kind=document.format,
            sha256=sha256,
            department="",
            owner="",
            added_at=self._clock(),
            added_by=staff,
        )

        kept = self._keep(told_anew(row, details), found, publish=publish)
        if not publish:
            return Added("kept as draft", kept)
        return Added("replaced" if kept.version > 1 else "added", kept)

    def _with_details(
        self, held: VersionRow, name: str, details: Details, *, publish: bool, staff: str
    ) -> Added:
        """The file of a version again: where something else is said of it, a next version with the same
        passages and their marks. Under another name it is a copy, which changes nothing."""
        row = told_anew(held, details)
        if row == held or name != held.name:
            return Added("nothing new", held)
        now = self._clock()
        row = replace(row, state="draft", added_at=now, published_at=None, added_by=staff, published_by=None)
        kept = self._keep(row, self.passages(held), publish=publish)
        return Added("new details" if publish else "kept as draft", kept)

    def _keep(self, row: VersionRow, found: Collection[PassageRow], *, publish: bool) -> VersionRow:
        now = self._clock()

        def work(tx: Transaction) -> VersionRow:
            kept = knowledge.add(tx, row, found)
            if publish:
                knowledge.publish(tx, kept.document_id, kept.version, now)
            return kept

        kept = self._store.run(work)
        if not publish:
            return kept
        return replace(kept, state="published", published_at=now, published_by=OPERATOR)

    def today(self) -> date:
        """The day on the city's calendar."""
        return self._clock().date()

    def entries(self, words: str = "") -> list[Entry]:
        """Every document once, those that are due first, then by name.

        Args:
            words: only documents that have each of these words in their name, title, department or owner, or
                all of them in one passage of the version that is shown.
        """
        wanted = words.lower().split()
        rows = self.listed(STATES)
        telling = self._store.look(lambda tx: knowledge.telling(tx, wanted)) if wanted else frozenset()
        by_document: dict[str, list[VersionRow]] = {}
        for row in rows:
            by_document.setdefault(row.document_id, []).append(row)
        found = [entry_of(versions) for versions in by_document.values()]
        today = self.today()
        return sorted(
            (one for one in found if not wanted or is_about(one.current, wanted, telling)),
            key=lambda one: (*urgency(one.current, today), one.current.name),
        )

    def listed(self, states: Collection[State]) -> list[VersionRow]:
        """The versions in some states."""
        return self._store.look(lambda tx: knowledge.listed(tx, states))

    def due_soon(self, days: int = DUE_DAYS) -> list[VersionRow]:
        """Published versions that are due within so many days; the most urgent first."""
        today = self.today()
        return sorted(self.due(today + timedelta(days=days)), key=lambda row: urgency(row, today, days))

    def due(self, day: date) -> list[VersionRow]:
        """Published versions to be looked at again, or no longer valid, on a day."""
        return self._store.look(lambda tx: knowledge.due(tx, day))

    def versions(self, document: str) -> list[VersionRow]:
        """Every version of a document, newest first.

        Args:
            document: its name or id.

        Raises:
            DocumentRefused: there is no such document.
        """
        document_id = self._id(document)
        return self._store.look(lambda tx: knowledge.versions(tx, document_id))

    def version(self, document: str, number: int | None = None) -> VersionRow:
        """One version of a document: that of a number, else the published one, else the newest.

        Raises:
            DocumentRefused: there is no such document or version.
        """
        every = self.versions(document)
        if number is None:
            return next((one for one in every if one.state == "published"), every[0])
        for one in every:
            if one.version == number:
                return one
        message = f"{document}: no version {number}"
        raise DocumentRefused("version", message, remedy=f"there are 1 to {every[0].version}")

    def passages(self, version: VersionRow) -> list[PassageRow]:
        """The passages of a version."""
        return self._store.look(lambda tx: knowledge.passages_of(tx, version.document_id, version.version))

    def publish(self, document: str, number: int | None = None, *, staff: str = OPERATOR) -> VersionRow:
        """Serve a version, the newest unless its number is given, in place of the one before.

        Args:
            document: its name or id.
            number: of the version.
            staff: account of who does it, which is not the one that added the version. What two persons
                have let be served, each may bring back.

        Raises:
            DocumentRefused: there is no such document or version, ``staff`` added it, or it is a
                reviewer's passage that is not in force: only a proposal brings one back.
        """
        newest = self.versions(document)[0].version
        version = self.version(document, newest if number is None else number)
        now = self._clock()

        def work(tx: Transaction) -> None:
            proposal = proposals.of_document(tx, version.document_id)
            if proposal is not None and proposal.state != "published":
                raise _of_review(document)
            if not may_publish(version, staff):
                raise _needs_another(document)
            knowledge.publish(tx, version.document_id, version.version, now, staff)

        self._store.run(work)
        return self.version(document, version.version)

    def withdraw(self, document: str, *, staff: str = OPERATOR) -> bool:
        """Serve a document no more; false where it was not. Its versions stay readable. A reviewer's passage
        takes its proposal back with it, so that the review tells what is in force.

        Args:
            document: its name or id.
            staff: account of who does it.

        Raises:
            DocumentRefused: there is no such document.
        """
        document_id = self._id(document)
        now = self._clock()

        def work(tx: Transaction) -> bool:
            proposal = proposals.of_document(tx, document_id)
            if proposal is not None:
                proposals.roll_back(tx, proposal.id, staff, now, WITHDRAWN_WITH)
            return knowledge.withdraw(tx, document_id, now, staff)

        return self._store.run(work)

    def is_of_review(self, document: str) -> bool:
        """Whether a document is a reviewer's passage, which the review alone publishes.

        Raises:
            DocumentRefused: there is no such document.
        """
        document_id = self._id(document)
        return self._store.look(lambda tx: _reviewed(tx, document_id))

    def verify(
        self,
        version: VersionRow,
        numbers: Collection[int] | None = None,
        *,
        verified: bool = True,
        review_by: date | None = None,
        staff: str = OPERATOR,
    ) -> int:
        """Mark passages of a version as read in their source, so that they may be spoken; how many changed.

        Args:
            version: of which version.
            numbers: which passages; all that can be spoken if None.
            verified: false takes the mark away.
            review_by: when to look again, where that is to change.
            staff: account of who does it.

        Raises:
            DocumentRefused: a passage does not exist or is too long to be spoken, or ``staff`` added the
                version and has had it published, so that the mark would let it be spoken at once.
        """
        if verified and not may_mark(version, staff):
            raise _needs_another(version.name)
        tellable = {one.number: one.spoken is not None for one in self.passages(version)}
        for number in sorted(numbers or ()):
            if number not in tellable:
                message = f"no passage {number}"
                raise DocumentRefused("passage", message, remedy=f"there are 1 to {len(tellable)}")
            if verified and not tellable[number]:
                message = f"passage {number} has no sentence short enough to be spoken"
                raise DocumentRefused("passage_too_long", message, remedy="shorten the document")

        def work(tx: Transaction) -> int:
            if review_by is not None:
                knowledge.review_by(tx, version.document_id, version.version, review_by)
            return knowledge.verify(tx, version.document_id, version.version, numbers, verified=verified)

        return self._store.run(work)

    def history(self, document: str) -> list[Step]:
        """Who added, published and withdrew which version, the newest step first.

        Raises:
            DocumentRefused: there is no such document.
        """
        document_id = self._id(document)
        return self._store.look(lambda tx: steps_of(tx, document_id))

    def review(self, version: VersionRow, by: date) -> None:
        """Somebody has looked at a version: set the day by which somebody looks again."""
        self._store.run(lambda tx: knowledge.review_by(tx, version.document_id, version.version, by))

    def exported(self, states: Collection[State]) -> Iterator[dict[str, Any]]:
        """Every passage of the versions in some states as plain values, with all that is kept of it."""
        for version in self.listed(states):
            for passage in self.passages(version):
                yield _plain(version, passage)

    def _id(self, document: str) -> str:
        found = self._store.look(lambda tx: knowledge.find(tx, mask(document).text))
        if found is None:
            message = f"{document}: no such document"
            raise DocumentRefused("document", message, remedy="`donghaeng knowledge list` names them")
        return found


def _reviewed(tx: Transaction, name: str) -> bool:
    document_id = knowledge.find(tx, name)
    return document_id is not None and proposals.of_document(tx, document_id) is not None


def _of_review(document: str) -> DocumentRefused:
    message = f"{document}: a passage of the review, which two persons publish"
    return DocumentRefused("of_review", message, remedy="propose it in the review")


def _needs_another(document: str) -> DocumentRefused:
    message = f"{document}: who added a version does not publish it"
    return DocumentRefused("own_version", message, remedy="another account looks at it and publishes it")


def _plain(version: VersionRow, passage: PassageRow) -> dict[str, Any]:
    return {
        "document": version.name,
        "version": version.version,
        "state": version.state,
        "passage": passage.number,
        "title": passage.title,
        "section": list(passage.path),
        "page": passage.page,
        "text": passage.text,
        "spoken": passage.spoken,
        "verified": passage.verified,
        "department": version.department,
        "owner": version.owner,
        "source": version.source,
        "review_by": _day(version.review_by),
        "valid_from": _day(version.valid_from),
        "valid_until": _day(version.valid_until),
        "sha256": version.sha256,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
