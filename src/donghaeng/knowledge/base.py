"""All passages of a city behind a few questions. Pure: the day comes in as an argument."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from donghaeng.knowledge.answering import Answerer
from donghaeng.knowledge.embedding import Embedding
from donghaeng.knowledge.following import follow
from donghaeng.knowledge.index import Entry
from donghaeng.knowledge.items import Items
from donghaeng.knowledge.passages import Passage
from donghaeng.knowledge.safety import warning
from donghaeng.korean.morphemes import Analyse

ITEMS_TOPIC = "waste_guide"
"""The topic whose passages are found by the names of things alone: "약" is in many questions."""


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
        self.passages = {passage.id: passage for passage in passages}
        spoken = [passage for passage in passages if passage.verified]
        self._topics = {passage.topic for passage in spoken}
        answering = [passage for passage in spoken if passage.topic != ITEMS_TOPIC]
        self._answerer = Answerer([_entry(passage) for passage in answering], analyse, embedding=embedding)
        # A thing that only an unconfirmed passage names is not answered by that of a thing like it.
        self._items = Items([passage for passage in passages if passage.topic == ITEMS_TOPIC], analyse)

    def search(
        self, question: str, day: date, *, topic: str | None = None
    ) -> tuple[tuple[Passage, str], ...]:
        """Passages that answer a question with their answers, best first: one, or none where it abstains.

        Args:
            question: in the citizen's words.
            day: passages that do not hold on it are left out.
            topic: only passages of this topic.
        """
        found = self._answerer.ask(question, most=1, among=self._holding(day, topic))
        if found.abstained:
            return ()
        passage = self.passages[found.hits[0].id]
        return ((passage, found.answer),)

    def rivals(self, question: str, day: date, *, topic: str | None = None) -> tuple[Passage, ...]:
        """Passages between which a question does not decide, best first; none where it does."""
        found = self._answerer.rivals(question, among=self._holding(day, topic))
        return tuple(self.passages[identity] for identity in found)

    def told(self, identity: str, question: str, day: date) -> tuple[Passage, str] | None:
        """A passage that was chosen, with its sentences that answer a question; None where it is not to be
        spoken."""
        passage = self.passages.get(identity)
        if passage is None or not passage.holds(day):
            return None
        return passage, self._answerer.extract(question, passage.body)

    def follow(self, question: str, identity: str, day: date) -> tuple[Passage, str] | None:
        """What answers a question without a subject about the passage that was answered from last."""
        first = self.passages.get(identity)
        if first is None or not first.holds(day):
            return None
        return follow(question, first, (one for one in self.passages.values() if one.holds(day)))

    def warning(self, question: str, day: date) -> Passage | None:
        """The passage that warns of the fraud that a question smells of."""
        return warning(question, self.passages.values(), day)

    def _holding(self, day: date, topic: str | None) -> set[str]:
        return {
            passage.id
            for passage in self.passages.values()
            if passage.holds(day) and (topic is None or passage.topic == topic)
        }

    def item(self, name: str, day: date) -> Passage | None:
        """The passage that says how a thing is thrown away; None where none that is confirmed does."""
        passage = self._items.find(name)
        return passage if passage is not None and passage.verified and passage.holds(day) else None

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
            and passage.holds(day)
            and (about is None or not passage.about or about in passage.about)
        ]
        of_month = [passage for passage in found if month in passage.months]
        timeless = [passage for passage in found if not passage.months]
        return (*of_month, *timeless)


def _entry(passage: Passage) -> Entry:
    return Entry(passage.id, passage.title, passage.body, (passage.title, *passage.names))
