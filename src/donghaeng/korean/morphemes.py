"""Morphemes of a sentence: words without their endings, endings without their words.

The analyser is ``kiwipiepy`` (its model is a Python package too); tags are those of the Sejong corpus
(체언 N…, 용언 V…, 조사 J…, 어미 E…).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from kiwipiepy import Kiwi


class Morpheme(NamedTuple):
    """A smallest piece of meaning."""

    form: str
    tag: str
    """Part of speech: ``NNG``, ``VV``, ``JKO``, ``EF`` …"""


class Placed(NamedTuple):
    """A morpheme and where it begins."""

    form: str
    tag: str
    start: int
    """Its first character in the sentence."""


AT_A_TIME: Final = 2
"""Texts that are analysed side by side where there are many."""
_HALVES: Final = re.compile(r"[\ud800-\udfff]")

Analyse = Callable[[str], Sequence[Morpheme]]
"""A sentence → its morphemes, in order."""
AnalyseAll = Callable[[Iterable[str]], Iterator[Sequence[Morpheme]]]
"""Many texts → the morphemes of each, in order."""
Place = Callable[[str], Sequence[Placed]]
"""A sentence → its morphemes with their places, in order."""
Join = Callable[[Sequence[Morpheme]], str]
"""Morphemes → the words that they make, inflected and spaced: 높이 + 겠 + 습니다 → 높이겠습니다."""
Likelihood = Callable[[str], float]
"""A sentence → the logarithm of how likely Korean is to say it so (natural, mostly below 0)."""


@lru_cache(maxsize=1)
def analyser() -> Analyse:
    """The analyser, loaded once a process: 2 s and 320 MB; 0.4 ms an utterance, from any thread.

    Halves of UTF-16 pairs, which it cannot take, count as unknown signs.
    """
    kiwi = _kiwi()

    def analyse(text: str) -> list[Morpheme]:
        return [Morpheme(token.form, token.tag) for token in kiwi.tokenize(_HALVES.sub("\ufffd", text))]

    return analyse


@lru_cache(maxsize=1)
def bulk_analyser() -> AnalyseAll:
    """The analyser for many texts, :data:`AT_A_TIME` of them at a time, each on a core of its own."""
    kiwi = _kiwi()

    def analyse_all(texts: Iterable[str]) -> Iterator[list[Morpheme]]:
        for tokens in kiwi.tokenize([_HALVES.sub("\ufffd", text) for text in texts]):
            yield [Morpheme(token.form, token.tag) for token in tokens]

    return analyse_all


@lru_cache(maxsize=1)
def placer() -> Place:
    """The analyser for whoever needs to know where morphemes begin."""
    kiwi = _kiwi()

    def place(text: str) -> list[Placed]:
        return [
            Placed(token.form, token.tag, token.start) for token in kiwi.tokenize(_HALVES.sub("\ufffd", text))
        ]

    return place


@lru_cache(maxsize=1)
def joiner() -> Join:
    """The analyser the other way round."""
    kiwi = _kiwi()

    def join(morphemes: Sequence[Morpheme]) -> str:
        words: str = kiwi.join([(one.form, one.tag) for one in morphemes])
        return words

    return join


@lru_cache(maxsize=1)
def likelihood() -> Likelihood:
    """How likely a sentence is in the analyser's language model."""
    kiwi = _kiwi()

    def likely(text: str) -> float:
        score: float = kiwi.analyze(_HALVES.sub("\ufffd", text), top_n=1)[0][1]
        return score

    return likely


@lru_cache(maxsize=1)
def _kiwi() -> Kiwi:
    """Its dictionaries of misspellings and of phrases stay away: they cost 190 MB and change no ranking."""
    from kiwipiepy import Kiwi  # noqa: PLC0415  loading takes seconds that most commands do not need

    return Kiwi(num_workers=AT_A_TIME, load_typo_dict=False, load_multi_dict=False)
