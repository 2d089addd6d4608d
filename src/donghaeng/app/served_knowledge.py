"""The knowledge that answers citizens: the catalogue's passages, and the published ones of documents.

It follows the database within seconds, whoever changed it: a withdrawn document goes first, a new version
takes the place of the one before in one step, and what is new is found by its words at once and by its
meaning as soon as its vectors are made, in the background and piece by piece.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final

import structlog

from donghaeng.errors import DonghaengError
from donghaeng.knowledge.base import KnowledgeBase
from donghaeng.knowledge.cutting import as_passage
from donghaeng.knowledge.embedding import Embedding
from donghaeng.knowledge.in_turn import in_turn
from donghaeng.knowledge.kept_analysis import KeptAnalysis, kept_analyser
from donghaeng.knowledge.loading import knowledge_sets, load_passages
from donghaeng.knowledge.passages import Passage
from donghaeng.settings import Settings
from donghaeng.store import Store, Transaction, knowledge
from donghaeng.store.knowledge import Served
from donghaeng.understanding.embed.example_vectors import Progress
from donghaeng.understanding.embed.protocol import Vectors
from donghaeng.understanding.load import load_embedder

DOCUMENTS: Final = "documents"
"""The set of all that was uploaded."""
LOOK_EVERY_S: Final = 2.0
"""Pause between two looks at the documents."""
PASSAGES_AT_ONCE: Final = 300
"""Read and indexed in one step, a second or so; then answers have them. A longer document is one step."""
VECTORS_AT_ONCE: Final = 12
"""Texts that are embedded before answers have their vectors, and before documents are looked at again."""

_log = structlog.get_logger(__name__)


class ServedKnowledge:
    """Implements :class:`~donghaeng.knowledge.protocol.Knowledge`; the base behind it changes.

    Args:
        base: the catalogue's passages.
        store: holds the documents.
        embedding: makes vectors; None where words alone find.
        analysis: the base's own, which keeps what it finds; None where nothing is kept.
        sets: name of a set of the catalogue's passages → their ids.
    """

    may_embed: Callable[[], bool]
    """Asked before each text that is embedded in the background: whether nobody needs the machine more."""

    def __init__(
        self,
        base: KnowledgeBase,
        store: Store,
        embedding: Embedding | None,
        analysis: KeptAnalysis | None = None,
        sets: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self.may_embed = lambda: True
        self._sets = sets or {}
        self._withheld: Callable[[], Container[str]] = tuple
        self._analysis = analysis
        self._base = base
        self._store = store
        self._embedding = embedding
        self._served: dict[str, Served] = {}
        self._passages: dict[str, tuple[str, ...]] = {}
        self._changing = asyncio.Lock()

    def over(self, store: Store) -> ServedKnowledge:
        """The catalogue's passages over another database; documents are read anew."""
        return ServedKnowledge(self._base, store, self._embedding, self._analysis, self._sets)

    def follow_gate(self, withheld: Callable[[], Container[str]]) -> None:
        """Answer with no passage of a set that is withheld, from the next look on.

        Args:
            withheld: gives the names of sets that may not answer; those of documents are one set.
        """
        self._withheld = withheld

    def search(
        self, question: str, day: date, *, topic: str | None = None
    ) -> tuple[tuple[Passage, str], ...]:
        """See :meth:`KnowledgeBase.search`."""
        return self._base.search(question, day, topic=topic)

    def rivals(self, question: str, day: date, *, topic: str | None = None) -> tuple[Passage, ...]:
        """See :meth:`KnowledgeBase.rivals`."""
        return self._base.rivals(question, day, topic=topic)

    def told(self, identity: str, question: str, day: date) -> tuple[Passage, str] | None:
        """See :meth:`KnowledgeBase.told`."""
        return self._base.told(identity, question, day)

    def follow(self, question: str, identity: str, day: date) -> tuple[Passage, str] | None:
        """See :meth:`KnowledgeBase.follow`."""
        return self._base.follow(question, identity, day)

    def warning(self, question: str, day: date) -> Passage | None:
        """See :meth:`KnowledgeBase.warning`."""
        return self._base.warning(question, day)

    def item(self, name: str, day: date) -> Passage | None:
        """See :meth:`KnowledgeBase.item`."""
        return self._base.item(name, day)

    def guide(
        self, topic: str, day: date, *, about: str | None = None, month: int | None = None
    ) -> tuple[Passage, ...]:
        """See :meth:`KnowledgeBase.guide`."""
        return self._base.guide(topic, day, about=about, month=month)

    async def refresh(self, *, steps: int | None = None) -> bool:
        """Follow the documents; whether anything is left to do.

        Args:
            steps: at most so many steps of :data:`PASSAGES_AT_ONCE`; all if None.

        Raises:
            StoreError: the database did not answer; what was followed until then serves on.
        """
        async with self._changing:
            return await self._refresh(steps)

    async def _refresh(self, steps: int | None) -> bool:
        self._silence()
        wanted = await self._store.read(knowledge.served)
        gone = [document for document in self._served if document not in wanted]
        if gone:
            await self._take({document: [] for document in gone})
            for document in gone:
                del self._served[document], self._passages[document]
            _log.info("knowledge.withdrawn", count=len(gone))
        changed = [document for document, stamp in wanted.items() if self._served.get(document) != stamp]
        while changed and steps != 0:
            left = {document: wanted[document] for document in changed}
            read = await self._store.read(partial(_read, wanted=left))
            await self._take(read)
            self._served |= {document: wanted[document] for document in read}
            changed = changed[len(read) :]
            steps = None if steps is None else steps - 1
            _log.info("knowledge.served", count=sum(map(len, read.values())))
        return bool(changed)

    async def embed(self) -> bool:
        """Make vectors of some texts that are found by words alone; whether any were made.

        Raises:
            EngineError: the embedder failed.
        """
        async with self._changing:
            return await self._embed()

    async def _embed(self) -> bool:
        waiting = self._base.unknown(VECTORS_AT_ONCE)
        if self._embedding is None or not waiting:
            return False
        begun = time.perf_counter()
        vectors: dict[str, Vectors] = {}
        for entry in waiting:
            if not self.may_embed():
                break
            # One at a time: a caller waits for no more than one, and so does who ends the program.
            vectors |= await asyncio.to_thread(self._embedding.vectors, [entry])
        if not vectors:
            return False
        self._base = await asyncio.to_thread(self._base.with_vectors, vectors)
        seconds = round(time.perf_counter() - begun, 2)
        _log.info("knowledge.embedded", count=len(vectors), rows=self.waiting, seconds=seconds)
        return True

    @property
    def waiting(self) -> int:
        """How many texts are found by words alone because their vectors are still to come."""
        return self._base.unknown_count()

    async def keep_fresh(self) -> None:
        """Follow the documents and make vectors, for ever."""
        while True:
            busy = False
            try:
                busy = await self.refresh(steps=1)
                busy = await self.embed() or busy
            except DonghaengError as error:
                _log.warning("knowledge.failed", error=type(error).__name__)
            await asyncio.sleep(0 if busy else LOOK_EVERY_S)

    def _silence(self) -> None:
        withheld = self._withheld()
        silent = {one for name, ids in self._sets.items() if name in withheld for one in ids}
        if DOCUMENTS in withheld:
            silent |= {one for ids in self._passages.values() for one in ids}
        if silent != self._base.silent:
            self._base = self._base.silenced(frozenset(silent))
            _log.info("knowledge.silenced", count=len(silent))

    async def _take(self, documents: Mapping[str, Sequence[Passage]]) -> None:
        """Put the passages of documents in the place of those that answer, in one step."""
        removed = {one for document in documents for one in self._passages.get(document, ())}
        added = [passage for passages in documents.values() for passage in passages]
        self._base = await asyncio.to_thread(self._changed, added, removed)
        self._passages |= {
            document: tuple(passage.id for passage in passages) for document, passages in documents.items()
        }
        self._silence()

    def _changed(self, added: Sequence[Passage], removed: Collection[str]) -> KnowledgeBase:
        if self._analysis is not None:
            self._analysis.prepare(passage.body for passage in added)
        return self._base.changed(added, removed)


def open_knowledge(
    settings: Settings, store: Store, progress: Progress | None = None, *, words: bool = True
) -> ServedKnowledge:
    """The catalogue's passages, found by words and meaning; documents come with the first refresh.

    Args:
        settings: where the catalogue and the cache are, and which engine embeds.
        store: holds the documents.
        progress: is told of passages of the catalogue that are embedded.
        words: whether questions are asked in words at all; programs need no vectors.

    Raises:
        CatalogueError: a file of passages is wrong.
        EngineError: the embedder is missing or failed.
    """
    passages = load_passages(settings.catalogue / "knowledge")
    sets = knowledge_sets(settings.catalogue / "knowledge")
    analysis = kept_analyser(settings.cache)
    if not words:
        return ServedKnowledge(KnowledgeBase(passages, analysis), store, None, analysis, sets)
    embedder = load_embedder(settings.embedder)
    told = Embedding(embedder, cache=settings.cache, progress=progress)
    base = KnowledgeBase(passages, analysis, embedding=told)
    return ServedKnowledge(base, store, Embedding(embedder, cache=settings.cache), analysis, sets)


def _read(tx: Transaction, wanted: Mapping[str, Served]) -> dict[str, list[Passage]]:
    """The verified passages of the first documents, some hundreds together. A version that holds from a later
    day on has the one before beside it: the question's day says which of them answers."""
    found: dict[str, list[Passage]] = {}
    count = 0
    for document in wanted:
        rows = [
            as_passage(version, row)
            for version in in_turn(knowledge.versions(tx, document))
            for row in knowledge.passages_of(tx, document, version.version, verified=True)
        ]
        if found and count + len(rows) > PASSAGES_AT_ONCE:
            break
        found[document] = rows
        count += len(rows)
    return found
