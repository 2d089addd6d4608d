"""The boxes of the sets that are asked, each built from its own set's rows and from nothing else."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import lru_cache
from threading import Lock
from typing import Final

import numpy as np

from donghaeng.korean.morphemes import Analyse, analyser
from donghaeng.office.library.answering import Answer, answer
from donghaeng.office.library.box import Box, Known, Place, told_of
from donghaeng.office.library.evidence import Words
from donghaeng.store.knowledge import PassageRow
from donghaeng.store.office import VersionRow
from donghaeng.understanding.embed.protocol import Embedder, Vectors

MOST_BOXES: Final = 8
"""Sets whose passages stay in memory."""
WORDS_REMEMBERED: Final = 4_000
"""Texts of one box whose morphemes stay in memory."""
_END: Final = b"\n"


def places_of(version: VersionRow) -> list[Place]:
    """The passages of a version as they are found."""
    return [
        Place(
            place_id(version.document, version.version, one.number),
            version.document,
            version.version,
            one.number,
            version.title,
            " > ".join(one.path),
            one.text,
        )
        for one in version.passages
    ]


def place_id(document: str, version: int, number: int) -> str:
    """How a passage is cited."""
    return f"{document}-{version}-{number}"


class Vectorizer:
    """Makes the vectors of a document's passages, and reads them again from how they are kept.

    Args:
        embedder: gives the engine when it is first needed.
    """

    def __init__(self, embedder: Callable[[], Embedder]) -> None:
        self._embedder = embedder
        self._engine: Embedder | None = None
        self._opening = Lock()

    def question(self, text: str) -> Vectors:
        """The vector of a question, shape ``(dimension,)``. Nothing of it is remembered here."""
        vector: Vectors = np.asarray(self._ready().embed([text])[0], np.float32)
        return vector

    def made(self, title: str, passages: Sequence[PassageRow]) -> bytes:
        """The vectors of a version, as they are kept: the engine's name, then 16-bit rows."""
        version = _bare(title, passages)
        rows = [self.question(text) for text in _texts(version)]
        return self._ready().name.encode() + _END + np.array(rows, np.float16).tobytes()

    def known(self, version: VersionRow) -> dict[str, Known]:
        """The vectors of a version by the ids of its passages; made anew where they are another engine's."""
        places = places_of(version)
        texts = _texts(places)
        rows = self._read(version.vectors, len(texts))
        if rows is None:
            rows = np.array([self.question(text) for text in texts], np.float32)
        found, begin = {}, 1
        for place in places:
            first, own = told_of(place)
            middle, end = begin + len(first), begin + len(first) + len(own)
            found[place.id] = Known(rows[begin:middle], rows[middle:end], rows[:1])
            begin = end
        return found

    def _read(self, kept: bytes | None, count: int) -> Vectors | None:
        if kept is None:
            return None
        name, _, data = kept.partition(_END)
        engine = self._ready()
        if name != engine.name.encode() or len(data) != count * engine.dimension * 2:
            return None
        rows: Vectors = np.frombuffer(data, np.float16).reshape(count, -1).astype(np.float32)
        return rows

    def _ready(self) -> Embedder:
        with self._opening:
            if self._engine is None:
                self._engine = self._embedder()
            return self._engine


class Boxes:
    """Boxes by set and revision.

    Args:
        vectors: of passages and questions.
        words: everyday words beside those of documents.
        analyse: finds words; each box remembers its own.
    """

    def __init__(self, vectors: Vectorizer, words: Words, analyse: Analyse | None = None) -> None:
        self._vectors = vectors
        self._words = words
        self._analyse = analyse
        self._kept: OrderedDict[str, tuple[int, Box, Analyse]] = OrderedDict()
        self._guard = Lock()
        self._building: dict[str, Lock] = {}

    def ask(
        self,
        set_id: str,
        revision: int,
        documents: Callable[[], Sequence[VersionRow]],
        question: str,
        about: str | None,
    ) -> Answer:
        """The answer from one set.

        Args:
            set_id: which.
            revision: of the set; another one is read anew.
            documents: reads its documents, within the asker's reach.
            question: in an official's words.
            about: document that was answered from before.
        """
        with self._guard:
            building = self._building.setdefault(set_id, Lock())
        # A lock a set: nobody waits for what another department uploaded.
        with building:
            kept = self._kept.get(set_id)
            if kept is None or kept[0] != revision:
                kept = (revision, *self._built(documents()))
            with self._guard:
                self._kept[set_id] = kept
                self._kept.move_to_end(set_id)
                while len(self._kept) > MOST_BOXES:
                    self._building.pop(self._kept.popitem(last=False)[0], None)
        return answer(kept[1], question, kept[2], about=about)

    def _built(self, documents: Sequence[VersionRow]) -> tuple[Box, Analyse]:
        analyse = lru_cache(maxsize=WORDS_REMEMBERED)(self._analyse or analyser())
        places = [place for one in documents for place in places_of(one)]
        known = {name: row for one in documents for name, row in self._vectors.known(one).items()}
        return Box(places, known, analyse, self._vectors.question, self._words), analyse


def _bare(title: str, passages: Sequence[PassageRow]) -> list[Place]:
    return [
        Place(str(one.number), "", 1, one.number, title, " > ".join(one.path), one.text) for one in passages
    ]


def _texts(places: Sequence[Place]) -> list[str]:
    """The title, then of each passage its pieces and its own sentences."""
    title = [places[0].title] if places else []
    return title + [text for place in places for some in told_of(place) for text in some]
