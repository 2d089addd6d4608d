"""From a question to an answer of at most two sentences with its citations, or to none.

Nothing is phrased anew: what is answered stands in the passage, sentence by sentence. There is no answer

- where no passage has enough of the question's words (:data:`BY_WORDS`) or, where meanings are known and it
  does not name its subject, what speaks for it is not enough (:data:`~donghaeng.knowledge.evidence.LIKELY`);
- where a passage says by which names its subject goes, and the question names none of them: "장애인 등록" has
  words of a passage on the taxi for the disabled, but is not about taxis;
- where such a passage, which holds a statement or two, has nothing of what is asked for: how much, from
  what age, when, who (:data:`ASPECTS`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from donghaeng.knowledge.embedding import Embedding
from donghaeng.knowledge.evidence import LIKELY, POOL, Evidence, chance, evidence, rank
from donghaeng.knowledge.extracting import extract
from donghaeng.knowledge.index import Entry, Hit, Index, worth
from donghaeng.knowledge.nearness import Nearness
from donghaeng.knowledge.terms import terms
from donghaeng.korean.morphemes import Analyse
from donghaeng.understanding.embed.protocol import Vectors

COMPARABLE: Final = 0.8
"""Share of the best one's score from which another passage says something of the same question."""
MOST_RIVALS: Final = 3
"""Passages between which a citizen is asked to choose (voice-ux section 2: at most three options)."""
AS_FITTING: Final = 0.9
"""Share of the best passage's worth from which another one fits about equally."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on a passage answers a question."""

    score: float
    """In units of a word that a single passage has (:class:`~donghaeng.knowledge.index.Hit`); a question that
    names a passage's subject in full may have less."""
    coverage: float
    """Share of the question's words, weighed by rarity, that the passage has."""

    subject: float
    """Share of one of a subject's names, weighed alike, that the question has."""


BY_WORDS: Final = Thresholds(score=2.4, coverage=0.25, subject=0.7)
"""Where words alone find. Found on the questions of ``tests/knowledge/questions.yaml`` and on one half of
1,200 welfare questions; docs/decisions/0008-knowledge.md has the figures of the other half."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """Something that a question asks for, by its words, and what an answer to it holds."""

    asked: re.Pattern[str]
    held: re.Pattern[str]


def aspect(asked: str, held: str) -> Aspect:
    """What a question asks for, as regular expressions."""
    return Aspect(re.compile(asked), re.compile(held))


CONDITIONS: Final = aspect(
    r"자격|대상|누가|누구나|아무나|아무 |남자도|여자도|외국인|대신|대리|탈 수 있|받을 수 있",
    r"대상|회원|이상인|이상이|누구나|정해진 분|분께|하위|대신|담당|조례로 정",
)
"""Who may have it."""
TIMES: Final = aspect(
    r"몇\s?시|언제|은제|며칠|몇\s?월|무슨\s?요일|기한|얼마나 (?:걸|기다)|몇\s?(?:년|달|주|일)|밤에도"
    r"|토요일|일요일|주말",
    r"\d+\s?(?:시|일|월|년|분|개월)|평일|요일|때|밤",
)
"""When."""
ASPECTS: Final = (
    aspect(
        r"얼마(?!나 (?:걸|기다|자주))|을매|단가|누진|과태료|벌금|할인|감면|면제|공짜|무료|비용|회비|비싸"
        r"|깎아|돈\S{0,2} (?:내|드|들|안)",
        r"\d원|만 원|무료|공짜|돈을 받지|수수료|값|요금을 깎",
    ),
    aspect(r"몇\s?살|나이|몇\s?세|살부터", r"\d\s?(?:세|살)|나이"),
    TIMES,
    aspect(r"순위|순서|기준", r"순위|순서|기준"),
    aspect(r"몇\s?(?:명|개|권|군데|코스|장|킬로|프로|퍼센트|층)", r"\d"),
    CONDITIONS,
)
"""Each is only looked for where the question has its words; a question may ask for several."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a question found."""

    hits: tuple[Hit, ...]
    """Best first, whether or not they are good enough."""
    answer: str = ""
    """At most two sentences; empty where it abstains."""
    fitting: tuple[Hit, ...] = ()
    """Those that are good enough and nearly as good as the best, which comes first; the answer is its own."""

    @property
    def abstained(self) -> bool:
        """Whether no passage fits well enough."""
        return not self.answer


class Answerer:
    """Answers questions from texts; unchanged once built. Without an embedding words alone find them, and so
    they do those texts whose vectors are not there yet."""

    def __init__(
        self,
        entries: Sequence[Entry],
        analyse: Analyse,
        *,
        thresholds: Thresholds | None = None,
        embedding: Embedding | None = None,
    ) -> None:
        self._analyse = analyse
        self._thresholds = thresholds
        self._embedding = embedding
        self._entries = {entry.id: entry for entry in entries}
        self._subjects = self._named(entries)
        self._titles = self._titled(entries)
        self._index = Index(entries, analyse)
        vectors = embedding.vectors(entries) if embedding is not None else {}
        self._near = Nearness(self._index.ids, vectors)

    def __len__(self) -> int:
        return len(self._entries)

    def changed(self, added: Sequence[Entry], removed: Collection[str]) -> Self:
        """An answerer without some texts and with others; vectors of those come by :meth:`with_vectors`."""
        other = copy(self)
        other._entries = {name: entry for name, entry in self._entries.items() if name not in removed}
        other._entries |= {entry.id: entry for entry in added}
        kept = {name: names for name, names in self._subjects.items() if name not in removed}
        other._subjects = {**kept, **self._named(added)}
        titles = {name: words for name, words in self._titles.items() if name not in removed}
        other._titles = {**titles, **self._titled(added)}
        other._index = self._index.changed(added, removed)
        other._near = self._near.changed(other._index.ids, {})
        return other

    def with_vectors(self, vectors: Mapping[str, Vectors]) -> Self:
        """An answerer that also knows the meaning of these texts, by id."""
        other = copy(self)
        other._near = self._near.changed(self._index.ids, vectors)
        return other

    def unknown(self, most: int) -> list[Entry]:
        """Texts whose vectors are to come, in their order, at most so many; none without an embedding."""
        if self._embedding is None:
            return []
        return [self._entries[name] for name in self._near.unknown(most)]

    def unknown_count(self) -> int:
        """How many texts have no vectors yet."""
        return 0 if self._embedding is None else len(self) - len(self._near)

    def ask(self, question: str, *, most: int = 5, among: Collection[str] | None = None) -> Found:
        """The answer to a question, or none.

        Args:
            question: in anybody's words.
            most: how many texts are named in ``hits``.
            among: only texts with these ids.
        """
        hits = self._search(question, most, among)
        words = terms(question, self._analyse)
        if not hits or not self._fits(question, words, hits[0]):
            return Found(hits)
        answer = self.extract(question, self._entries[hits[0].id].text)
        if not answer:
            return Found(hits)
        least = COMPARABLE * hits[0].score
        others = (hit for hit in hits[1:] if hit.score >= least and self._fits(question, words, hit))
        return Found(hits, answer, (hits[0], *others))

    def rivals(self, question: str, *, among: Collection[str] | None = None) -> tuple[str, ...]:
        """Ids of the texts that answer a question about equally well, best first: two or three, or none where
        one answers it better than all others or nothing does.

        Args:
            question: in anybody's words.
            among: only texts with these ids.
        """
        hits = self._search(question, MOST_RIVALS, among)
        words = terms(question, self._analyse)
        fitting = [hit for hit in hits if self._fits(question, words, hit)]
        if len(fitting) < 2 or fitting[0].id != hits[0].id:
            return ()
        named = {hit.id: self._longest_name(question, hit.id) for hit in fitting}
        best = fitting[0]
        close = [
            hit.id
            for hit in fitting
            if worth(hit) >= AS_FITTING * worth(best) and named[hit.id] >= named[best.id]
        ]
        return tuple(close) if len(close) > 1 else ()

    def _longest_name(self, question: str, identity: str) -> int:
        """Syllables of the longest name of a text's subject that the question has in full."""
        packed = _packed(question)
        return max((len(name) for name, _ in self._subjects.get(identity, ()) if name in packed), default=0)

    def _share_named(self, question: str, words: Container[str], identity: str) -> float:
        """How much of the name of a text's subject a question has, 0 … 1."""
        packed = _packed(question)
        names = self._subjects[identity]
        return max(1.0 if name in packed else _share(self._index.weighed(own), words) for name, own in names)

    def _search(self, question: str, most: int, among: Collection[str] | None) -> tuple[Hit, ...]:
        """The best texts. Those that do not name their subject change places among themselves: of what names
        it the names decide."""
        hits = self.looked_at(question, max(most, POOL), among)
        known = {hit.id: rank(one) for hit, one in self.evidence(question, hits)}
        places = [place for place, hit in enumerate(hits) if hit.id in known]
        order = sorted((hits[place] for place in places), key=lambda hit: -known[hit.id])
        for place, hit in zip(places, order, strict=True):
            hits[place] = hit
        return tuple(hits[:most])

    def looked_at(self, question: str, most: int = POOL, among: Collection[str] | None = None) -> list[Hit]:
        """The texts that words and meaning find, before they are put into a better order.

        Args:
            question: in anybody's words.
            most: how many.
            among: only texts with these ids.
        """
        return self._index.search(question, most=most, among=among, nearness=self._nearness(question))

    def evidence(self, question: str, hits: Sequence[Hit]) -> list[tuple[Hit, Evidence]]:
        """What is known of those texts that a question found that do not name their subject and whose meaning
        is known."""
        words = terms(question, self._analyse)
        judged = [hit for hit in hits if hit.id in self._titles and hit.nearness is not None]
        return [(hit, self._evidence(hit, words)) for hit in judged]

    def _evidence(self, hit: Hit, words: Container[str]) -> Evidence:
        return evidence(hit, self._index.weighed(self._titles[hit.id]), words)

    def _nearness(self, question: str) -> NDArray[np.float32] | None:
        if self._embedding is None or not len(self._near):
            return None
        return self._near.of(self._embedding.question(question))

    def _named(self, entries: Sequence[Entry]) -> dict[str, list[tuple[str, Mapping[str, float]]]]:
        """Of the texts that say it: the names of their subjects without spaces, and their words."""
        return {
            entry.id: [(_packed(name), terms(name, self._analyse)) for name in entry.subjects]
            for entry in entries
            if entry.subjects
        }

    def _titled(self, entries: Sequence[Entry]) -> dict[str, Mapping[str, float]]:
        """Of the texts that do not say it: the words of their titles."""
        return {entry.id: terms(entry.title, self._analyse) for entry in entries if not entry.subjects}

    def _fits(self, question: str, words: Container[str], hit: Hit) -> bool:
        limits = self._thresholds or BY_WORDS
        if hit.id in self._titles and hit.nearness is not None and self._thresholds is None:
            return chance(self._evidence(hit, words)) >= LIKELY
        if hit.coverage < limits.coverage:
            return False
        if hit.id in self._titles:
            return hit.score >= limits.score
        # What names its subject is held to its words: near to it is much that it does not answer.
        named = self._share_named(question, words, hit.id)
        common = hit.score >= limits.score or named == 1.0
        if not common or named < limits.subject:
            return False
        text = self._entries[hit.id].text
        return all(one.held.search(text) for one in ASPECTS if one.asked.search(question))

    def extract(self, question: str, text: str) -> str:
        """See :func:`~donghaeng.knowledge.extracting.extract`."""
        return extract(question, text, self._analyse)


def _packed(text: str) -> str:
    return "".join(text.split())


def _share(weights: Mapping[str, float], words: Container[str]) -> float:
    """Share of a name's words, each weighed by its rarity, that stand among others; 0 … 1."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in words) / total if total else 0.0
