"""The passages of one set, found by question. Pure.

A box holds the passages of exactly one set, and nothing of it is shared with another: neither the rarity of
words nor vectors nor what is remembered of questions, so neither an answer nor the time that it takes tells
of another set.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from donghaeng.knowledge.index import Entry, Index
from donghaeng.knowledge.nearness import Nearness
from donghaeng.knowledge.passages import sentences
from donghaeng.knowledge.pieces import pieces
from donghaeng.knowledge.terms import PAIR_MARK, terms
from donghaeng.korean.morphemes import Analyse
from donghaeng.office.library.evidence import (
    Evidence,
    Words,
    of_aspects,
    of_names,
    of_words,
    of_year,
    rank,
    share,
    unexplained,
    years,
)
from donghaeng.understanding.embed.protocol import Vectors

POOL: Final = 40
"""Passages that words and meaning find, before they are put into a better order."""
DOCUMENTS_IN_FULL: Final = 4
"""Documents of the first passages of which every passage is looked at: the heading decides among them."""
ALONE: Final = 0.5
"""How near a set's only document and passage are taken to be at least; of n each has the nth part."""
QUESTIONS_REMEMBERED: Final = 100
MOST_OWN: Final = 12
"""Sentences of a passage that have vectors of their own."""


@dataclass(frozen=True, slots=True)
class Place:
    """One passage and where it stands."""

    id: str
    document: str
    """Id of the document."""
    version: int
    number: int
    """Of the passage in its version, from 1."""
    title: str
    """Of the document."""
    heading: str
    """The headings above it; empty before the first."""
    text: str


def entry_of(place: Place) -> Entry:
    """A passage as the index holds it."""
    title = f"{place.title} · {place.heading}" if place.heading else place.title
    return Entry(place.id, title, place.text)


def told_of(place: Place) -> tuple[list[str], list[str]]:
    """The texts whose vectors are kept of a passage: pieces led by its title, and its sentences led by the
    heading alone."""
    own = [f"{place.heading}. {one}" if place.heading else one for one in sentences(place.text)[:MOST_OWN]]
    entry = entry_of(place)
    return list(pieces(entry.title, entry.text)), [place.heading or place.title, *own]


@dataclass(frozen=True, slots=True)
class Known:
    """The vectors of a passage, shape ``(texts, dimension)`` each, and of its document's title."""

    pieces: Vectors
    own: Vectors
    title: Vectors


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with what speaks for it."""

    place: Place
    evidence: Evidence


class Box:
    """The passages of one set.

    Args:
        places: all of them.
        known: their vectors, by id of the passage.
        analyse: finds words.
        embed: the vector of a question, shape ``(dimension,)``.
        words: everyday words beside those of documents.
    """

    def __init__(
        self,
        places: Sequence[Place],
        known: Mapping[str, Known],
        analyse: Analyse,
        embed: Callable[[str], Vectors],
        words: Words,
    ) -> None:
        # What says no more than the title answers nothing, and is found before all others.
        told = [place for place in places if place.heading or len(place.text) > len(place.title) + 40]
        self.places: Mapping[str, Place] = {place.id: place for place in told}
        self._analyse = analyse
        self._words = words
        self._embed = lru_cache(maxsize=QUESTIONS_REMEMBERED)(embed)
        self._index = Index([entry_of(place) for place in told], analyse)
        ids = self._index.ids
        self._numbers = {name: number for number, name in enumerate(ids)}
        self._near = Nearness(ids, {name: one.pieces for name, one in known.items()})
        self._own = Nearness(ids, {name: one.own for name, one in known.items()})
        self._subjects = Nearness(ids, {name: one.title for name, one in known.items()})
        titles = {place.title: terms(place.title, analyse) for place in told}
        self._titles = {place.id: titles[place.title] for place in told}
        self._bodies = {
            place.id: frozenset(terms(f"{place.heading}\n{place.text}", analyse)) for place in told
        }
        self._of_document: dict[str, list[str]] = {}
        for place in told:
            self._of_document.setdefault(place.document, []).append(place.id)

    def __len__(self) -> int:
        return len(self.places)

    def find(self, question: str, *, among: Collection[str] | None = None) -> list[Found]:
        """Passages with what speaks for them, the best first.

        Args:
            question: in anybody's words.
            among: only passages of these documents.
        """
        if not self.places:
            return []
        vector = self._embed(question)
        near, subject = self._near.of(vector), self._subjects.of(vector)
        ids = None if among is None else {one for name in among for one in self._of_document.get(name, ())}
        hits = self._index.search(question, most=len(self.places), among=ids, nearness=near)
        scores = {hit.id: hit for hit in hits}
        looked = dict.fromkeys(hit.id for hit in hits[:POOL])
        first = list(dict.fromkeys(self.places[one].document for one in looked))[:DOCUMENTS_IN_FULL]
        looked |= dict.fromkeys(one for name in first for one in self._of_document[name])
        asked = terms(question, self._analyse)
        own: dict[str, NDArray[np.float32]] = {}
        for name in first:
            rest = self._beyond(question, self._titles[self._of_document[name][0]])
            own[name] = self._own.of(self._embed(rest))
        found = []
        for name in looked:
            hit = scores.get(name)
            number = self._numbers[name]
            mine = own.get(self.places[name].document)
            vectors = (_at(near, number), 0.0 if mine is None else _at(mine, number), _at(subject, number))
            words = (hit.score, hit.coverage) if hit is not None else (0.0, 0.0)
            found.append(Found(self.places[name], self._evidence(name, question, asked, words, vectors)))
        return sorted(found, key=lambda one: -rank(one.evidence))

    def _beyond(self, question: str, title: Mapping[str, float]) -> str:
        """The question without the words that a title has and without years; all of it where nothing is
        left."""
        left = [one for one in question.split() if not self._says(one, title)]
        return " ".join(left) or question

    def _says(self, word: str, title: Mapping[str, float]) -> bool:
        own = [term for term in terms(word, self._analyse) if not term.startswith(PAIR_MARK)]
        return bool(years(word)) or (bool(own) and all(term in title for term in own))

    def _evidence(
        self,
        name: str,
        question: str,
        asked: Mapping[str, float],
        words: tuple[float, float],
        vectors: tuple[float, float, float],
    ) -> Evidence:
        place, title = self.places[name], self._titles[name]
        body = self._bodies[name]
        left = unexplained(self._words, question, place.title, f"{place.heading}\n{place.text}")
        unsaid = [one for one in terms(left, self._analyse) if one not in title and one not in body]
        lost = self._index.weighed({term: asked[term] for term in unsaid if term in asked})
        every = sum(self._index.weighed(asked).values())
        # Nearness is told against the other texts of the set: where there are few, each is asked about.
        return Evidence(
            words=words[0],
            nearness=max(vectors[0], ALONE / len(self.places)),
            own=vectors[1],
            subject=max(vectors[2], ALONE / len(self._of_document)),
            coverage=words[1],
            title=share(self._index.weighed(title), asked),
            year=of_year(question, place.title),
            asked=of_aspects(question, place.text),
            heading=of_words(self._words.sections, question, place.heading),
            called=of_names(self._words.subjects, question, place.title),
            unsaid=sum(lost.values()) / every if every else 0.0,
        )

    def of(self, document: str) -> Iterator[Place]:
        """The passages of a document, in order."""
        return (self.places[one] for one in self._of_document.get(document, ()))


def _at(values: NDArray[np.float32], number: int) -> float:
    value = float(values[number])
    return 0.0 if np.isnan(value) else value
