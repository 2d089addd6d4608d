"""Which services an utterance wishes for: one that stands anywhere in it, or several."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Final, NamedTuple

from donghaeng.understanding.bare import without_values
from donghaeng.understanding.ranking.ranker import NONE, TALK, Ranked, ServiceRanker
from donghaeng.understanding.several import halves
from donghaeng.understanding.slots import Scene

ASKED: Final = 0.45
"""Probability from which a service counts as asked for when nothing else is in hand."""
LIKELY: Final = 0.3
"""Probability from which a service counts as asked for when it leads clearly: misheard words thin out the
evidence for every service alike."""
CLEAR_LEAD: Final = 1.5
"""How many times likelier than the next, ``none`` included, a service must be for that."""
SHORTEST_PIECE: Final = 5
"""Characters that a part of an utterance needs to ask for something."""
MOST_PIECES: Final = 6
PIECE_ASKED: Final = 0.6
"""Probability from which a part of a longer utterance asks for a service."""
ALSO_ASKED: Final = 0.8
"""Probability from which each of two parts asks for a service of its own."""
ALSO_NAMED: Final = 0.9
"""The same for two nouns of one sentence."""
MOST_WISHES: Final = 3

_PIECES = re.compile(r"(?<=[요다죠까네데고])[\s,.?!]+")


class Wish(NamedTuple):
    """The likeliest service of an utterance."""

    service: str
    score: float
    asked: bool
    """Whether it counts as asked for where nothing else is in hand."""


class Part(NamedTuple):
    """A part of an utterance with the service that it asks for."""

    service: str
    score: float
    words: str


Rank = Callable[[str], Ranked]


def likeliest(words: str, ranker: ServiceRanker, scene: Scene, rank: Rank) -> tuple[str, float, bool]:
    """The likeliest service, its probability, and whether it stands out among unlikely ones.

    What seems to ask for nothing is read again without the values in it, and a long utterance sentence by
    sentence, for the request may stand anywhere.
    """
    ranked = rank(words)
    best = ranked.best
    if best[0] not in (NONE, TALK):
        stands_out = best[1] >= LIKELY and ranked.lead >= CLEAR_LEAD
        if stands_out or best[1] >= ASKED:
            return *best, stands_out
    bare = without_values(words, scene)
    if bare != words and len(bare) >= SHORTEST_PIECE:
        found = rank(bare).best
        if found[0] not in (NONE, TALK) and found[1] >= PIECE_ASKED:
            return *found, False
    pieces = [piece for piece in _PIECES.split(bare or words) if len(piece) >= SHORTEST_PIECE]
    if len(pieces) < 2:
        return *best, False
    each = [ranker.rank_cheaply(piece).best for piece in pieces[:MOST_PIECES]]
    services = [one for one in each if one[0] not in (NONE, TALK) and one[1] >= PIECE_ASKED]
    return *max(services, key=lambda one: one[1], default=best), False


def several(words: str, ranker: ServiceRanker, services: Collection[str]) -> tuple[Part, ...]:
    """The parts of an utterance that ask for different services among ``services``, in their order; none
    where it asks for one."""
    known: dict[str, tuple[Part, ...]] = {}

    def parts(rest: str) -> tuple[Part, ...]:
        if rest not in known:
            known[rest] = _in_two(rest, parts, ranker, frozenset(services))
        return known[rest]

    return parts(words)[:MOST_WISHES]


def _in_two(
    words: str, parts: Callable[[str], tuple[Part, ...]], ranker: ServiceRanker, services: frozenset[str]
) -> tuple[Part, ...]:
    """The first cut before and after which other services are asked for, with the parts after it."""
    for before, after, nouns in list(halves(words))[:MOST_PIECES]:
        first = Part(*ranker.rank_cheaply(before).best, before)
        if first.service not in services or first.score < (ALSO_NAMED if nouns else ALSO_ASKED):
            continue
        rest = parts(after) or (Part(*ranker.rank_cheaply(after).best, after),)
        second = rest[0]
        enough = second.score >= (ALSO_NAMED if nouns else ALSO_ASKED)
        if second.service in services and second.service != first.service and enough:
            return (first, *rest)
    return ()
