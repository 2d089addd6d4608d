"""What officials do with their document sets: make, fill, share, ask, compare, withdraw.

Whoever asks is named by their account; what they may read the database says (:mod:`donghaeng.store.office`),
so what is not theirs is to them as if it were not there.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final, Protocol, TypeVar

from donghaeng.errors import DocumentRefused, InputError
from donghaeng.knowledge.cutting import passages_in, title_of
from donghaeng.knowledge.documents.blocks import Document
from donghaeng.office.library.answering import Answer
from donghaeng.office.library.boxes import Boxes, Vectorizer
from donghaeng.office.library.comparing import Section, compare
from donghaeng.store import Store, Transaction, office
from donghaeng.store.office import AssistantRow, Reach, SetRow, VersionRow
from donghaeng.trust.masking import mask
from donghaeng.trust.tokens import make_id

MOST_NAME: Final = 60
MOST_WORDS: Final = 400
"""Characters of each of an assistant's instructions."""
MOST_QUESTION: Final = 500
MOST_DOCUMENTS: Final = 1_000
"""Of one set."""
FILE_NAME_CHARS: Final = 300
T = TypeVar("T")


class Reader(Protocol):
    """Reads files: :class:`donghaeng.knowledge.documents.apart.DocumentReader`."""

    def read(self, name: str, data: bytes) -> Document:
        """See there."""
        ...


class NotThere(InputError):
    """Something that somebody may not read, or that is not there: nobody can tell which."""


@dataclass(frozen=True, slots=True)
class Instructions:
    """What an assistant says around its answers. None of it is looked at when a question is answered."""

    name: str
    greeting: str = ""
    topics: str = ""
    closing: str = ""
    departments: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    def checked(self) -> Instructions:
        """The same without spaces around.

        Raises:
            InputError: the name is missing, or something is too long.
        """
        told = replace(
            self,
            name=_name(self.name),
            greeting=self.greeting.strip(),
            topics=self.topics.strip(),
            closing=self.closing.strip(),
        )
        if max(len(told.greeting), len(told.topics), len(told.closing)) > MOST_WORDS:
            raise InputError(f"instructions have up to {MOST_WORDS} characters each")
        return told


@dataclass(frozen=True, slots=True)
class Opened:
    """A set as its page shows it."""

    row: SetRow
    documents: tuple[VersionRow, ...]
    mine: bool
    department: str | None
    """Of who looks."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions of a document."""

    old: VersionRow
    new: VersionRow
    sections: tuple[Section, ...]


class LibraryDesk:
    """The sets of all officials, each reached by its own people.

    Args:
        store: the database.
        reader: reads files.
        vectors: of passages and questions.
        clock: the time.
        serves: whether an assistant may answer now, by its id: the control tower's word.
        begin: lets a new assistant take part in the control tower's process.
        boxes: where the sets that are asked stay in memory.
    """

    def __init__(
        self,
        store: Store,
        reader: Reader,
        vectors: Vectorizer,
        *,
        clock: Callable[[], datetime],
        serves: Callable[[str], bool] = lambda _: True,
        begin: Callable[[AssistantRow], Awaitable[None]] | None = None,
        boxes: Boxes,
    ) -> None:
        self._store = store
        self._reader = reader
        self._vectors = vectors
        self._clock = clock
        self._serves = serves
        self._begin = begin
        self._boxes = boxes

    async def sets(self, staff: str, *, withdrawn: bool = False) -> list[SetRow]:
        """The sets that somebody may read."""
        return await self._read(staff, lambda tx, reach: office.sets_in(tx, reach, withdrawn=withdrawn))

    async def make_set(self, staff: str, name: str) -> str:
        """Make a set of one's own; its id.

        Raises:
            InputError: the name is missing or too long.
        """
        row = SetRow(make_id("box"), staff, None, _name(name), 0, self._clock())
        await self._store.transact(lambda tx: office.add_set(tx, row))
        return row.id

    async def share(self, staff: str, set_id: str, *, shared: bool) -> None:
        """Let one's department read and fill a set, or oneself alone again.

        Raises:
            NotThere: it is no set of theirs.
            InputError: the account is in no department.
        """

        def work(tx: Transaction, reach: Reach) -> bool:
            if shared and reach.department is None:
                message = "the account is in no department"
                raise InputError(message, remedy="`donghaeng staff department NAME DEPARTMENT`")
            row = _found(office.set_in(tx, reach, set_id))
            department = reach.department if shared else None
            return office.change_set(tx, reach, set_id, department=department, withdrawn_at=row.withdrawn_at)

        _must(await self._write(staff, work))

    async def withdraw_set(self, staff: str, set_id: str, *, withdrawn: bool) -> None:
        """Withdraw a set, or take it back.

        Raises:
            NotThere: it is no set of theirs.
        """

        def work(tx: Transaction, reach: Reach) -> bool:
            row = _found(office.set_in(tx, reach, set_id))
            at = self._clock() if withdrawn else None
            return office.change_set(tx, reach, set_id, department=row.department, withdrawn_at=at)

        _must(await self._write(staff, work))

    async def open_set(self, staff: str, set_id: str, *, withdrawn: bool = False) -> Opened:
        """A set with its documents.

        Raises:
            NotThere: see the class.
        """

        def work(tx: Transaction, reach: Reach) -> Opened:
            row = _found(office.set_in(tx, reach, set_id))
            found = office.documents_in(tx, reach, set_id, withdrawn=withdrawn)
            return Opened(row, tuple(found), row.owner == staff, reach.department)

        return await self._read(staff, work)

    def add(self, staff: str, set_id: str, name: str, data: bytes) -> VersionRow:
        """Keep a file as the next version of the document of its name in a set. Waits for the reader: call it
        where files queue (:meth:`donghaeng.knowledge.shelf.Shelf.reading`).

        Raises:
            DocumentRefused: the file cannot be read.
            NotThere: see the class.
            StoreError: nothing was stored.
        """
        if not 0 < len(name) <= FILE_NAME_CHARS:
            message = f"{name[:50]}…: a name of {len(name)} characters"
            raise DocumentRefused("name", message, remedy="give it a shorter name")
        name = mask(name).text
        sha256 = hashlib.sha256(data).hexdigest()

        def held(tx: Transaction) -> VersionRow | None:
            reach = office.reach_of(tx, staff)
            _found(office.set_in(tx, reach, set_id))
            found = office.documents_in(tx, reach, set_id)
            if len(found) >= MOST_DOCUMENTS:
                message = f"the set holds {MOST_DOCUMENTS} documents"
                raise DocumentRefused("too_many_parts", message, remedy="make another set")
            return next((one for one in found if one.name == name and one.sha256 == sha256), None)

        same = self._store.look(held)
        if same is not None:
            return same
        document = self._reader.read(name, data)
        title = title_of(name, document)
        passages = tuple(passages_in(document, title, verified=False))
        if not passages:
            message = f"{name}: nothing in it can be told"
            raise DocumentRefused("nothing_told", message, remedy="give a file with sentences")
        row = VersionRow(
            document=make_id("doc"),
            set=set_id,
            version=0,
            kind=document.format,
            name=name,
            title=title,
            sha256=sha256,
            passages=passages,
            added_at=self._clock(),
            added_by=staff,
            vectors=self._vectors.made(title, passages),
        )
        kept = self._store.run(lambda tx: office.add_version(tx, office.reach_of(tx, staff), row))
        return _found(kept)

    async def versions(self, staff: str, document: str) -> list[VersionRow]:
        """Every version of a document, newest first.

        Raises:
            NotThere: see the class.
        """
        found = await self._read(staff, lambda tx, reach: office.versions_in(tx, reach, document))
        if not found:
            raise _not_there()
        return found

    async def withdraw(self, staff: str, document: str, *, withdrawn: bool) -> None:
        """Leave a document out of answers, or take it back.

        Raises:
            NotThere: see the class.
        """
        at = self._clock() if withdrawn else None
        _must(await self._write(staff, lambda tx, reach: office.withdraw_document(tx, reach, document, at)))

    async def compare(self, staff: str, document: str, old: int, new: int) -> Compared:
        """Two versions of a document side by side.

        Raises:
            NotThere: see the class.
        """
        by_number = {one.version: one for one in await self.versions(staff, document)}
        if old not in by_number or new not in by_number:
            raise _not_there()
        before, after = by_number[old], by_number[new]
        return Compared(before, after, tuple(compare(before.passages, after.passages)))

    async def ask(self, staff: str, set_id: str, question: str, *, about: str | None = None) -> Answer:
        """The answer from a set's documents, or none.

        Args:
            staff: who asks.
            set_id: which set.
            question: in their words.
            about: document that was answered from before.

        Raises:
            NotThere: see the class.
            InputError: no question, or a very long one.
        """
        reach = await self._store.read(lambda tx: office.reach_of(tx, staff))
        return await self._ask(reach, set_id, question, about)

    async def make_assistant(self, staff: str, set_id: str, told: Instructions) -> AssistantRow:
        """Make an assistant over a set; it goes through the control tower's process.

        Raises:
            NotThere: see the class.
            InputError: an instruction is too long.
        """
        told = told.checked()
        row = AssistantRow(
            id=make_id("as"),
            set=set_id,
            made_by=staff,
            name=told.name,
            greeting=told.greeting,
            topics=told.topics,
            closing=told.closing,
            departments=told.departments,
            roles=told.roles,
            made_at=self._clock(),
        )
        _must(await self._write(staff, lambda tx, reach: office.add_assistant(tx, reach, row)))
        if self._begin is not None:
            await self._begin(row)
        return row

    async def assistants(self, staff: str) -> list[tuple[AssistantRow, bool]]:
        """The assistants of somebody, each with whether it answers now."""
        found = await self._store.read(lambda tx: office.assistants_for(tx, staff))
        return [(one, self._serves(one.id)) for one in found]

    async def assistant(self, staff: str, identity: str) -> tuple[AssistantRow, bool]:
        """An assistant that somebody may use, and whether it answers now.

        Raises:
            NotThere: see the class.
        """
        _, row = await self._through(staff, identity)
        return row, self._serves(row.id)

    async def ask_assistant(
        self, staff: str, identity: str, question: str, *, about: str | None = None
    ) -> Answer | None:
        """The answer of an assistant; None while it may not answer.

        Raises:
            NotThere: they may not use it.
            InputError: no question, or a very long one.
        """
        reach, row = await self._through(staff, identity)
        if not self._serves(row.id):
            return None
        return await self._ask(reach, row.set, question, about)

    async def passage_through(self, staff: str, identity: str, document: str) -> list[VersionRow]:
        """The versions of a document that an assistant answered from.

        Raises:
            NotThere: they may not use it, or it is none of its documents.
        """
        reach, row = await self._through(staff, identity)
        found = await self._store.read(lambda tx: office.versions_in(tx, reach, document))
        if not found or not self._serves(row.id):
            raise _not_there()
        return found

    async def _through(self, staff: str, identity: str) -> tuple[Reach, AssistantRow]:
        found = await self._store.read(lambda tx: office.reach_through(tx, staff, identity))
        return _found(found)

    async def _ask(self, reach: Reach, set_id: str, question: str, about: str | None) -> Answer:
        question = " ".join(question.split())
        if not 0 < len(question) <= MOST_QUESTION:
            raise InputError(f"a question has 1 to {MOST_QUESTION} characters")
        row = _found(await self._store.read(lambda tx: office.set_in(tx, reach, set_id)))
        if row.withdrawn_at is not None:
            raise _not_there()

        def documents() -> list[VersionRow]:
            return self._store.look(partial(office.documents_in, reach=reach, set_id=set_id, vectors=True))

        return await asyncio.to_thread(self._boxes.ask, set_id, row.revision, documents, question, about)

    async def _read(self, staff: str, work: Callable[[Transaction, Reach], T]) -> T:
        return await self._store.read(lambda tx: work(tx, office.reach_of(tx, staff)))

    async def _write(self, staff: str, work: Callable[[Transaction, Reach], T]) -> T:
        return await self._store.transact(lambda tx: work(tx, office.reach_of(tx, staff)))


def _name(given: str) -> str:
    told = " ".join(given.split())
    if not 0 < len(told) <= MOST_NAME:
        raise InputError(f"a name has 1 to {MOST_NAME} characters")
    return told


def _not_there() -> NotThere:
    return NotThere("there is no such set, document or assistant for this account")


def _found(row: T | None) -> T:
    if row is None:
        raise _not_there()
    return row


def _must(done: bool) -> None:
    if not done:
        raise _not_there()
