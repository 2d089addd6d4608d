"""An utterance as a sparse, weighted vector of its n-grams: syllables, sounds, morphemes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from donghaeng.korean.jamo import decompose
from donghaeng.korean.morphemes import Analyse
from donghaeng.understanding.ranking.frames import morpheme_grams
from donghaeng.understanding.text import compact

SIZES: Final = (1, 2, 3)
"""Lengths of the n-grams, in syllables. Spacing is not part of them: recognisers get it wrong."""
SOUND_SIZES: Final = (3, 4, 5)
"""Lengths of the n-grams of sounds (jamo): a swapped vowel or coda leaves most of them whole."""

SOUNDS: Final = "~"
"""Before an n-gram of sounds: lone letters (ㅋㅋㅋ) are syllables and sounds in one."""


class Strengths(NamedTuple):
    """Weights of the kinds of n-gram beside each other."""

    syllables: float = 1.0
    sounds: float = 1.0
    morphemes: float = 0.7


MANY_EXAMPLES: Final = Strengths(sounds=0.0, morphemes=1.0)
"""Where there are so many examples that every ending is among them, sounds tell nothing more."""


Kind = Callable[[str], Iterable[str]]
"""Text → its n-grams of one kind."""


class Entries(NamedTuple):
    """The entries of a vector that are not zero; both arrays of shape ``(entries,)``."""

    positions: NDArray[np.int64]
    values: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The n-grams of the training utterances and how telling each is (inverse document frequency).

    Each kind of n-gram has its share of a vector, however many of them an utterance has.
    """

    index: Mapping[str, int]
    weights: NDArray[np.float32]
    analyse: Analyse | None = None
    """Gives morphemes; None: n-grams of syllables and sounds alone."""
    strengths: Strengths = field(default_factory=Strengths)

    def __len__(self) -> int:
        return len(self.index)

    def entries(self, text: str) -> Entries:
        """``text`` as a vector of at most unit length; no entries if it shares no n-gram."""
        positions: list[int] = []
        values: list[NDArray[np.float32]] = []
        kinds = _kinds(self.analyse, self.strengths)
        length = math.sqrt(sum(strength**2 for _, strength in kinds))
        for kind, strength in kinds:
            known = [
                (position, times)
                for gram, times in Counter(kind(text)).items()
                if (position := self.index.get(gram)) is not None
            ]
            if known:
                at = [position for position, _ in known]
                telling = np.array([1.0 + math.log(times) for _, times in known], dtype=np.float32)
                telling *= self.weights[at]
                positions += at
                values.append(telling * np.float32(strength / length / np.linalg.norm(telling)))
        together = np.concatenate(values) if values else np.zeros(0, dtype=np.float32)
        return Entries(np.array(positions, dtype=np.int64), together)

    def rows(self, texts: Iterable[str]) -> csr_matrix:
        """The vectors of ``texts``, one a row."""
        entries = [self.entries(text) for text in texts]
        starts = np.concatenate([[0], np.cumsum([len(row.positions) for row in entries])])
        columns = np.concatenate([np.zeros(0, np.int64), *(row.positions for row in entries)])
        values = np.concatenate([np.zeros(0, np.float32), *(row.values for row in entries)])
        return csr_matrix((values, columns, starts), shape=(len(entries), len(self)), dtype=np.float32)


def build_vocabulary(
    texts: Sequence[str],
    analyse: Analyse | None = None,
    *,
    rarest: int = 1,
    strengths: Strengths = Strengths(),  # noqa: B008  immutable
) -> Vocabulary:
    """Count the n-grams of ``texts``; those in fewer than ``rarest`` of them are left out."""
    kinds = _kinds(analyse, strengths)
    seen = Counter(gram for text in texts for kind, _ in kinds for gram in set(kind(text)))
    kept = sorted(gram for gram, times in seen.items() if times >= rarest)
    weights = np.array([math.log((1 + len(texts)) / (1 + seen[gram])) + 1.0 for gram in kept], np.float32)
    return Vocabulary({gram: position for position, gram in enumerate(kept)}, weights, analyse, strengths)


def _kinds(analyse: Analyse | None, strengths: Strengths) -> list[tuple[Kind, float]]:
    """What makes the n-grams of each kind that counts, and the kind's strength."""
    kinds: list[tuple[Kind, float]] = [(_syllables, strengths.syllables), (_sounds, strengths.sounds)]
    if analyse is not None:
        kinds.append((lambda text: morpheme_grams(analyse(text)), strengths.morphemes))
    return [(kind, strength) for kind, strength in kinds if strength]


def _syllables(text: str) -> Iterator[str]:
    return _windows(f"^{compact(text)}$", SIZES)


def _sounds(text: str) -> Iterator[str]:
    return (SOUNDS + gram for gram in _windows(f"<{decompose(compact(text))}>", SOUND_SIZES))


def _windows(packed: str, sizes: Sequence[int]) -> Iterator[str]:
    for size in sizes:
        for start in range(len(packed) - size + 1):
            yield packed[start : start + size]
