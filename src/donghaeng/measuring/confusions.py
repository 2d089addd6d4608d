"""Which class is taken for which, how often, and by which words: what `donghaeng eval … --report` writes.

The words are found by leaving each out in turn: how much less the n-gram stage then leans from the right
class to the wrong one is the word's pull. That needs nothing of the ranker but its probabilities.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from donghaeng.measuring.cases import read_lines
from donghaeng.understanding.ranking.ranker import ServiceRanker

MOST_PAIRS: Final = 40
MOST_EXAMPLES: Final = 5
MOST_WORDS: Final = 4
"""What a report shows at most: pairs, utterances of a pair, words of an utterance or pair."""
LONG_WORD: Final = 5
"""Syllables from which a word is left out piece by piece (:data:`PIECE` at a time): a recogniser may join
everything."""
PIECE: Final = 3
LEAST_PULL: Final = 0.1
"""Change of the logarithm of the odds below which a word says nothing."""
NOTHING: Final = 1e-6
"""Probability that stands for none in a logarithm."""
FAILED: Final = "(실패)"
"""Shown for a case that gave no prediction."""

Odds = Callable[[str], Mapping[str, float]]
"""An utterance → probability of each class, by the n-grams alone."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One case and what was said of it."""

    text: str
    right: str
    said: str | None
    """``None`` where the case failed."""


@dataclass(frozen=True, slots=True)
class Pull:
    """A word and how strongly it draws to the wrong class."""

    word: str
    weight: float
    """By how much the logarithm of the odds (wrong to right) falls without the word."""


@dataclass(frozen=True, slots=True)
class Example:
    """An utterance that was taken for another class."""

    text: str
    words: tuple[Pull, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """One class taken for one other."""

    right: str
    wrong: str
    count: int
    words: tuple[Pull, ...]
    """Of all its utterances, weights added."""
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """How well one class is found."""

    label: str
    cases: int
    precision: float | None
    """Share of what was taken for it that is it; ``None`` where nothing was."""
    recall: float | None
    """Share of it that was found; ``None`` where there is none of it."""
    f1: float


@dataclass(frozen=True, slots=True)
class Confusions:
    """A whole report; the worst classes and the most frequent pairs first."""

    cases: int
    right: int
    classes: tuple[ClassFigures, ...]
    pairs: tuple[Pair, ...]
    pairs_in_all: int


def judge(cases: Sequence[tuple[str, str]], predictions: Path, key: str) -> list[Judged]:
    """Put utterances with their right labels beside the predictions written for them, line by line.

    Args:
        cases: text and right label of each case.
        predictions: the file that the measurement wrote.
        key: under which a prediction has its label.
    """
    rows = [json.loads(line) for line in read_lines(predictions)]
    return [Judged(text, right, row.get(key)) for (text, right), row in zip(cases, rows, strict=True)]


def cheap_odds(ranker: ServiceRanker) -> Odds:
    """The probabilities of a ranker's n-gram stage."""
    return lambda text: dict(ranker.rank_cheaply(text).services)


def confusions(judged: Sequence[Judged], odds: Odds) -> Confusions:
    """Count and explain the mistakes of a measurement."""
    wrong: dict[tuple[str, str], list[str]] = defaultdict(list)
    for case in judged:
        if case.said != case.right:
            wrong[case.right, FAILED if case.said is None else case.said].append(case.text)
    frequent = sorted(wrong.items(), key=lambda one: (-len(one[1]), one[0]))
    return Confusions(
        cases=len(judged),
        right=sum(case.said == case.right for case in judged),
        classes=tuple(_classes(judged)),
        pairs=tuple(_pair(*labels, texts, odds) for labels, texts in frequent[:MOST_PAIRS]),
        pairs_in_all=len(frequent),
    )


def _classes(judged: Sequence[Judged]) -> list[ClassFigures]:
    wanted = Counter(case.right for case in judged)
    given = Counter(case.said for case in judged if case.said is not None)
    hits = Counter(case.right for case in judged if case.said == case.right)
    found = [
        ClassFigures(
            label,
            wanted[label],
            round(hits[label] / given[label], 4) if given[label] else None,
            round(hits[label] / wanted[label], 4) if wanted[label] else None,
            round(2 * hits[label] / (wanted[label] + given[label]), 4),
        )
        for label in {*wanted, *given}
    ]
    return sorted(found, key=lambda one: (one.f1, one.label))


def _pair(right: str, wrong: str, texts: Sequence[str], odds: Odds) -> Pair:
    examples = [Example(text, tuple(pulls(text, wrong, right, odds))) for text in texts]
    together: Counter[str] = Counter()
    for example in examples:
        for pull in example.words:
            together[pull.word] += pull.weight  # type: ignore[assignment]  # a counter adds floats as well
    words = tuple(Pull(word, round(weight, 2)) for word, weight in together.most_common(MOST_WORDS))
    return Pair(right, wrong, len(texts), words, tuple(examples[:MOST_EXAMPLES]))


def pulls(text: str, towards: str, away: str, odds: Odds) -> list[Pull]:
    """The words of ``text`` that draw from ``away`` to ``towards``, the strongest first.

    None where one of the two is no class of the ranker (an emergency or a steering word decides before it).
    """
    whole = _lean(odds(text), towards, away)
    if whole is None:
        return []
    weighed: list[tuple[float, _Part]] = []
    for part in _parts(text):
        without = _lean(odds(part.rest), towards, away) if part.rest.strip() else 0.0
        weight = whole - (without or 0.0)
        if weight >= LEAST_PULL:
            weighed.append((weight, part))
    chosen: list[tuple[float, _Part]] = []
    for weight, part in sorted(weighed, key=lambda one: (-one[0], one[1].start)):
        if all(part.end <= other.start or part.start >= other.end for _, other in chosen):
            chosen.append((weight, part))
    return [Pull(part.word, round(weight, 2)) for weight, part in chosen[:MOST_WORDS]]


def _lean(probabilities: Mapping[str, float], towards: str, away: str) -> float | None:
    if towards not in probabilities or away not in probabilities:
        return None
    return math.log(max(probabilities[towards], NOTHING) / max(probabilities[away], NOTHING))


@dataclass(frozen=True, slots=True)
class _Part:
    word: str
    start: int
    end: int
    rest: str
    """The text that is left without it."""


def _parts(text: str) -> list[_Part]:
    """Each word, or piece of a long one."""
    parts = []
    for match in re.finditer(r"\S+", text):
        begin, length = match.start(), len(match.group())
        size = length if length < LONG_WORD else PIECE
        for start in range(begin, begin + length - size + 1):
            end = start + size
            parts.append(_Part(text[start:end], start, end, text[:start] + text[end:]))
    return parts
