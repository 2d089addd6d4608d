"""From a question to sentences of a box, each with the place where it stands, or to none. Pure.

Nothing is phrased anew. A question without a subject of its own ("그럼 언제까지예요?") is put to the document
that was answered from before; where it holds nothing of what is asked for, there is no answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from donghaeng.knowledge.extracting import extract
from donghaeng.knowledge.following import answer_about
from donghaeng.knowledge.passages import sentences
from donghaeng.korean.morphemes import Analyse
from donghaeng.office.library.box import Box, Found, Place
from donghaeng.office.library.evidence import LIKELY, chance

MOST_OTHERS: Final = 3
"""Other places that are named below an answer."""
_FOLLOWS: Final = re.compile(r"^\s*(?:그럼|그러면|그건|그거|그것|거기|그때|그\s|이건|여기)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer, as it stands in its place."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question."""

    question: str
    sentences: tuple[Sentence, ...] = ()
    """None where the documents do not say it."""
    others: tuple[Place, ...] = ()
    """Places of other documents that may be meant."""

    @property
    def document(self) -> str | None:
        """What a question after it may be about."""
        return self.sentences[0].place.document if self.sentences else None


def answer(box: Box, question: str, analyse: Analyse, *, about: str | None = None) -> Answer:
    """The answer to a question, or none.

    Args:
        box: the passages that may be answered from.
        question: in an official's words.
        analyse: finds words.
        about: document that was answered from before.
    """
    follows = about is not None and _FOLLOWS.match(question) is not None
    if about is not None and follows:
        found = _following(box, question, about)
        if found is not None:
            return found
    hits = box.find(question)
    if hits and chance(hits[0].evidence) >= LIKELY:
        return _told(question, hits, analyse)
    if about is not None and not follows and len(question) <= _SHORT:
        found = _following(box, question, about)
        if found is not None:
            return found
    return Answer(question)


_SHORT: Final = 14
"""Characters; a longer question has a subject of its own."""


def _following(box: Box, question: str, about: str) -> Answer | None:
    for one in box.find(question, among=(about,)):
        told = answer_about(question, one.place.text)
        if told is not None:
            return Answer(question, _cited(told, one.place))
    return None


def _told(question: str, hits: list[Found], analyse: Analyse) -> Answer:
    best = hits[0].place
    told = extract(question, best.text, analyse) or best.text
    others: dict[str, Place] = {}
    for hit in hits[1:]:
        if hit.place.document != best.document and chance(hit.evidence) >= LIKELY:
            others.setdefault(hit.place.document, hit.place)
    return Answer(question, _cited(told, best), tuple(others.values())[:MOST_OTHERS])


def _cited(told: str, place: Place) -> tuple[Sentence, ...]:
    return tuple(Sentence(one, place) for one in sentences(told))
