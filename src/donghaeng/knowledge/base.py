"""All passages of a city behind a few questions. Pure: the day comes in as an argument."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from datetime import date
from typing import Final, Self

from donghaeng.knowledge.answering import Answerer
from donghaeng.knowledge.contradicting import contradicting
from donghaeng.knowledge.embedding import Embedding
from donghaeng.knowledge.following import follow
from donghaeng.knowledge.index import Entry
from donghaeng.knowledge.items import Items
from donghaeng.knowledge.passages import Passage
from donghaeng.knowledge.safety import warning
from donghaeng.korean.morphemes import Analyse
from donghaeng.understanding.embed.protocol import Vectors

ITEMS_TOPIC = "waste_guide"
"""The topic whose passages are found by the names of things alone: "약" is in many questions."""
LOOKED_AT: Final = 4
"""Passages that fit a question among which one is looked for that contradicts the best."""
DAYS_REMEMBERED: Final = 8
"""Days (and topics) for which it stays in memory which passages hold."""


class KnowledgeBase:
    """Passages, found by question, by thing or by topic. What was not verified is in none of them.

    Args:
        passages: all of them.
        analyse: finds their words.
        embedding: finds them by meaning too.
    """

    def __init__(
        self, passages: Sequence[Passage], analyse: Analyse, *, embedding: Embedding | None = None
    ) -> None:
        self._analyse = analyse
        self._put({passage.id: passage for passage in passages})
        self._answerer = Answerer(_answering(passages), analyse, embedding=embedding)
        # A thing that only an unconfirmed passage names is not answered by that of a thing like it.
        self._items = Items([passage for passage in passages if passage.topic == ITEMS_TOPIC], analyse)

    silent: frozenset[str] = frozenset()
    """Ids of passages that are there and answer nobody."""

    def silenced(self, silent: frozenset[str]) -> Self:
        """A base in which these passages answer nobody; nothing is learnt anew when they may again."""
        other = copy(self)
        other.silent = silent
        other._holding = {}
        return other

    def _speaks(self, passage: Passage, day: date) -> bool:
        return passage.id not in self.silent and passage.holds(day)

    def _put(self, passages: Mapping[str, Passage]) -> None:
        self.passages = passages
        self._holding: dict[tuple[date, str | None], frozenset[str]] = {}

    def changed(self, added: Sequence[Passage], removed: Collection[str]) -> Self:
        """A base without the passages of some ids and with others, none of them on things; this one stays as
        it is. What is added is found by its words; vectors come by :meth:`with_vectors`."""
        other = copy(self)
        kept = {name: passage for name, passage in self.passages.items() if name not in removed}
        other._put({**kept, **{passage.id: passage for passage in added}})
        other._answerer = self._answerer.changed(_answering(added), removed)
        return other

    def unknown(self, most: int) -> list[Entry]:
        """Texts that are found by words alone because their vectors are not there yet, at most so many."""
        return self._answerer.unknown(most)

    def unknown_count(self) -> int:
        """How many there are."""
        return self._answerer.unknown_count()

    def with_vectors(self, vectors: Mapping[str, Vectors]) -> Self:
        """A base that finds these texts by meaning too; vectors of their pieces by id."""
        other = copy(self)
        other._answerer = self._answerer.with_vectors(vectors)
        return other

    def search(
        self, question: str, day: date, *, topic: str | None = None
    ) -> tuple[tuple[Passage, str], ...]:
        """The passage that answers a question with its answer; none where it abstains.

        Where another document contradicts it there are two, the newer one first, each with the sentence in
        which they differ.

        Args:
            question: in the citizen's words.
            day: passages that do not hold on it are left out.
            topic: only passages of this topic.
        """
        found = self._answerer.ask(question, most=LOOKED_AT, among=self._holds(day, topic))
        if found.abstained:
            return ()
        first = self.passages[found.fitting[0].id]
        for hit in found.fitting[1:]:
            other = self.passages[hit.id]
            if other.document == first.document:
                continue
            pair = contradicting(found.answer, self._answerer.extract(question, other.body), self._analyse)
            if pair is not None:
                both = ((first, pair[0]), (other, pair[1]))
                return both[::-1] if _newer(other, first) else both
        return ((first, found.answer),)

    def _holds(self, day: date, topic: str | None) -> frozenset[str]:
        holding = self._holding.get((day, topic))
        if holding is None:
            holding = frozenset(
                passage.id
                for passage in self.passages.values()
                if self._speaks(passage, day) and (topic is None or passage.topic == topic)
            )
            if len(self._holding) >= DAYS_REMEMBERED:
                self._holding.clear()
            self._holding[day, topic] = holding
        return holding

    def rivals(self, question: str, day: date, *, topic: str | None = None) -> tuple[Passage, ...]:
        """Passages of different subjects between which a question does not decide, best first; none where it
        does, and none where documents contradict each other: then both are told."""
        found = (self.passages[one] for one in self._answerer.rivals(question, among=self._holds(day, topic)))
        subjects: dict[str, Passage] = {}
        for passage in found:
            subjects.setdefault(_subject(passage), passage)
        if len(subjects) < 2 or len(self.search(question, day, topic=topic)) > 1:
            return ()
        return tuple(subjects.values())

    def told(self, identity: str, question: str, day: date) -> tuple[Passage, str] | None:
        """A passage that was chosen, with its sentences that answer a question; None where it is not to be
        spoken."""
        passage = self.passages.get(identity)
        if passage is None or not self._speaks(passage, day):
            return None
        return passage, self._answerer.extract(question, passage.body)

    def follow(self, question: str, identity: str, day: date) -> tuple[Passage, str] | None:
        """What answers a question without a subject about the passage that was answered from last."""
        first = self.passages.get(identity)
        if first is None or not self._speaks(first, day):
            return None
        return follow(question, first, (one for one in self.passages.values() if self._speaks(one, day)))

    def warning(self, question: str, day: date) -> Passage | None:
        """The passage that warns of the fraud that a question smells of."""
        spoken = (one for one in self.passages.values() if one.id not in self.silent)
        return warning(question, spoken, day)

    def item(self, name: str, day: date) -> Passage | None:
        """The passage that says how a thing is thrown away; None where none that is confirmed does."""
        passage = self._items.find(name)
        return passage if passage is not None and passage.verified and self._speaks(passage, day) else None

    def guide(
        self, topic: str, day: date, *, about: str | None = None, month: int | None = None
    ) -> tuple[Passage, ...]:
        """The passages of a topic in the order of their file.

        Args:
            topic: a topic of the files.
            day: passages that do not hold on it are left out.
            about: only those about this key, and those about none.
            month: those of this month take the place of the ones that speak of no month and say when; the
                passages of other months are left out, as all of them are without a month.
        """
        found = [
            passage
            for passage in self.passages.values()
            if passage.topic == topic
            and self._speaks(passage, day)
            and (about is None or not passage.about or about in passage.about)
        ]
        of_month = [passage for passage in found if month in passage.months]
        timeless = [passage for passage in found if not passage.months]
        return (*of_month, *timeless)


def _answering(passages: Sequence[Passage]) -> list[Entry]:
    """What may be answered with, as texts that can be found."""
    return [
        Entry(passage.id, passage.title, passage.body, _subjects(passage))
        for passage in passages
        if passage.verified and passage.topic != ITEMS_TOPIC
    ]


def _subjects(passage: Passage) -> tuple[str, ...]:
    return (passage.title, *passage.names) if passage.named else ()


def _newer(one: Passage, other: Passage) -> bool:
    return (one.issued or date.min) > (other.issued or date.min)


def _subject(passage: Passage) -> str:
    """What tells one thing that can be asked for from another: its title, or the document whose sections have
    no subjects of their own."""
    return passage.title if passage.named else passage.document
