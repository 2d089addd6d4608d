"""The words of some texts in arrays: what an index is put together from. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from donghaeng.knowledge.terms import all_terms
from donghaeng.korean.morphemes import Analyse

TITLE_WEIGHT: Final = 3
"""Occurrences in the text that one in the title is worth."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A text that can be found."""

    id: str
    title: str
    text: str
    subjects: tuple[str, ...] = ()
    """Names by which what it is about is asked for; none where it does not say."""


@dataclass(frozen=True, slots=True)
class Posting:
    """Where a term occurs: shapes ``(holders,)``, texts ascending and each once."""

    numbers: NDArray[np.int32]
    """Of texts within the segment."""
    counts: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Segment:
    """Some texts with their words; never changed, but built anew without some or together with others."""

    ids: tuple[str, ...]
    lengths: NDArray[np.float32]
    """Terms of each text, shape ``(texts,)``."""
    postings: Mapping[str, Posting]

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, entries: Sequence[Entry], analyse: Analyse) -> Self:
        """Analyse texts."""
        held: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        lengths = []
        for number, entry in enumerate(entries):
            counts = _counted(entry, analyse)
            lengths.append(sum(counts.values()))
            for term, count in counts.items():
                numbers, occurrences = held[term]
                numbers.append(number)
                occurrences.append(count)
        postings = {
            term: Posting(np.array(numbers, np.int32), np.array(counts, np.float32))
            for term, (numbers, counts) in held.items()
        }
        return cls(tuple(entry.id for entry in entries), np.array(lengths, np.float32), postings)

    def without(self, ids: Collection[str]) -> Self:
        """The other texts, in their order."""
        stays = np.array([one not in ids for one in self.ids], bool)
        if stays.all():
            return self
        renumbered = np.cumsum(stays, dtype=np.int32) - 1
        postings = {}
        for term, posting in self.postings.items():
            kept = stays[posting.numbers]
            if kept.any():
                postings[term] = Posting(renumbered[posting.numbers[kept]], posting.counts[kept])
        left = tuple(one for one in self.ids if one not in ids)
        return type(self)(left, self.lengths[stays], postings)

    def joined(self, other: Segment) -> Self:
        """These texts and then the other ones."""
        postings = dict(self.postings)
        for term, posting in other.postings.items():
            numbers, counts = posting.numbers + np.int32(len(self)), posting.counts
            before = postings.get(term)
            if before is not None:
                numbers = np.concatenate([before.numbers, numbers])
                counts = np.concatenate([before.counts, counts])
            postings[term] = Posting(numbers, counts)
        return type(self)(self.ids + other.ids, np.concatenate([self.lengths, other.lengths]), postings)


def _counted(entry: Entry, analyse: Analyse) -> Counter[str]:
    counts = Counter(term for term, _ in all_terms(entry.text, analyse))
    for title in (entry.title, *entry.subjects):
        for term, _ in all_terms(title, analyse):
            counts[term] += TITLE_WEIGHT
    return counts
