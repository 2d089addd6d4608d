"""From a question to an answer of at most two sentences with its citations, or to none.

Nothing is phrased anew: what is answered stands in the passage, sentence by sentence. There is no answer

- where no passage has enough of the question's words (:data:`BY_WORDS`), or fewer of them while it is near in
  meaning (:data:`BY_BOTH`);
- where a passage says by which names its subject goes, and the question names none of them: "장애인 등록" has
  words of a passage on the taxi for the disabled, but is not about taxis;
- where such a passage, which holds a statement or two, has nothing of what is asked for: how much, from
  what age, when, who (:data:`ASPECTS`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from donghaeng.knowledge.embedding import Embedding
from donghaeng.knowledge.index import Entry, Hit, Index
from donghaeng.knowledge.passages import MAX_SPOKEN_SENTENCES, sentences
from donghaeng.knowledge.terms import terms
from donghaeng.korean.morphemes import Analyse

LOOKED_AT: Final = 12
"""Sentences of a passage among which the answer is looked for."""


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
    nearness: float = -1.0
    """How near a passage without names of its subject must be in meaning."""


BY_WORDS: Final = Thresholds(score=2.4, coverage=0.25, subject=0.7)
"""Where words alone find. Found on the questions of ``tests/knowledge/questions.yaml`` and on one half of
1,200 welfare questions; docs/decisions/0008-knowledge.md has the figures of the other half."""
BY_BOTH: Final = Thresholds(score=1.5, coverage=0.2, subject=0.7, nearness=0.22)
"""Where meanings are known too: what is near needs fewer words. Found as :data:`BY_WORDS`
(docs/decisions/0022-retrieval.md)."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """Something that a question asks for, by its words, and what an answer to it holds."""

    asked: re.Pattern[str]
    held: re.Pattern[str]


def _aspect(asked: str, held: str) -> Aspect:
    return Aspect(re.compile(asked), re.compile(held))


ASPECTS: Final = (
    _aspect(
        r"얼마(?!나 (?:걸|기다|자주))|을매|단가|누진|과태료|벌금|할인|감면|면제|공짜|무료|비용|회비|비싸"
        r"|깎아|돈\S{0,2} (?:내|드|들|안)",
        r"\d원|만 원|무료|공짜|돈을 받지|수수료|값|요금을 깎",
    ),
    _aspect(r"몇\s?살|나이|몇\s?세|살부터", r"\d\s?(?:세|살)|나이"),
    _aspect(
        r"몇\s?시|언제|은제|며칠|몇\s?월|무슨\s?요일|기한|얼마나 (?:걸|기다)|몇\s?(?:년|달|주|일)|밤에도"
        r"|토요일|일요일|주말",
        r"\d+\s?(?:시|일|월|년|분|개월)|평일|요일|때|밤",
    ),
    _aspect(r"순위|순서|기준", r"순위|순서|기준"),
    _aspect(r"몇\s?(?:명|개|권|군데|코스|장|킬로|프로|퍼센트|층)", r"\d"),
    _aspect(
        r"자격|대상|누가|누구나|아무나|아무 |남자도|여자도|외국인|대신|대리|탈 수 있|받을 수 있",
        r"대상|회원|이상인|이상이|누구나|정해진 분|분께|하위|대신|담당|조례로 정",
    ),
)
"""Each is only looked for where the question has its words; a question may ask for several."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a question found."""

    hits: tuple[Hit, ...]
    """Best first, whether or not they are good enough."""
    answer: str = ""
    """At most two sentences; empty where it abstains."""

    @property
    def abstained(self) -> bool:
        """Whether no passage fits well enough."""
        return not self.answer


class Answerer:
    """Answers questions from texts; unchanged once built. Without an embedding words alone find them."""

    def __init__(
        self,
        entries: Sequence[Entry],
        analyse: Analyse,
        *,
        thresholds: Thresholds | None = None,
        embedding: Embedding | None = None,
    ) -> None:
        self._embedding = embedding
        self._meanings = embedding.meanings(entries) if embedding is not None else None
        self._texts = {entry.id: entry.text for entry in entries}
        self._index = Index(entries, analyse)
        self._subjects = {
            entry.id: [(_packed(name), self._index.weigh(name)) for name in entry.subjects]
            for entry in entries
        }
        self._analyse = analyse
        # What names its subject is held to its words: near to it is much that it does not answer.
        self._named_limits = thresholds or BY_WORDS
        self._unnamed_limits = thresholds or (BY_WORDS if embedding is None else BY_BOTH)

    def __len__(self) -> int:
        return len(self._texts)

    def ask(self, question: str, *, most: int = 5, among: Collection[str] | None = None) -> Found:
        """The answer to a question, or none.

        Args:
            question: in anybody's words.
            most: how many texts are named in ``hits``.
            among: only texts with these ids.
        """
        hits = tuple(self._index.search(question, most=most, among=among, nearness=self._nearness(question)))
        if not hits or not self._fits(question, hits[0]):
            return Found(hits)
        return Found(hits, self.extract(question, self._texts[hits[0].id]))

    def _nearness(self, question: str) -> NDArray[np.float32] | None:
        if self._embedding is None or self._meanings is None:
            return None
        return self._meanings.nearness(self._embedding.question(question))

    def _fits(self, question: str, hit: Hit) -> bool:
        names = self._subjects[hit.id]
        limits = self._named_limits if names else self._unnamed_limits
        if hit.coverage < limits.coverage or hit.nearness < limits.nearness:
            return False
        if not names:
            return hit.score >= limits.score
        packed, words = _packed(question), terms(question, self._analyse)
        named = max(1.0 if name in packed else _share(weights, words) for name, weights in names)
        common = hit.score >= limits.score or named == 1.0
        if not common or named < limits.subject:
            return False
        return all(one.held.search(self._texts[hit.id]) for one in ASPECTS if one.asked.search(question))

    def extract(self, question: str, text: str) -> str:
        """The one or two sentences of a text that have most of the question's words, in their order; the
        first ones where none has any."""
        parts = sentences(text)[:LOOKED_AT]
        if len(parts) <= MAX_SPOKEN_SENTENCES:
            return " ".join(parts)
        asked = terms(question, self._analyse)
        held = [asked.keys() & terms(part, self._analyse).keys() for part in parts]

        def worth(chosen: tuple[int, ...]) -> tuple[float, int]:
            common = set().union(*(held[index] for index in chosen))
            return sum(asked[term] for term in common), -sum(chosen)

        best = max(combinations(range(len(parts)), MAX_SPOKEN_SENTENCES), key=worth)
        return " ".join(parts[index] for index in best)


def _packed(text: str) -> str:
    return "".join(text.split())


def _share(weights: Mapping[str, float], words: Container[str]) -> float:
    """Share of a name's words, each weighed by its rarity, that stand among others; 0 … 1."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in words) / total if total else 0.0
