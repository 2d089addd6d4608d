"""What a number of calls at a time needs: measured service times and a simulation of the queues. Pure.

A call makes one spoken turn every :data:`~donghaeng.measuring.capacity.TURN_SECONDS`. The words of a turn go
to the recognisers, the turn to its agent, the clauses of the answer that no cache holds to the synthesisers.
Recognisers and synthesisers are replicas that work on one thing at a time, first come, first served. The
pools are as small as can be while 95 % of the turns have their first sound within
:data:`~donghaeng.measuring.capacity.LIMIT_SECONDS`.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from random import Random
from typing import Final

from donghaeng.measuring.capacity import (
    CACHED_SHARE,
    CLAUSE_SECONDS,
    ENDPOINT_SECONDS,
    LIMIT_SECONDS,
    PAUSE_SECONDS,
    RECOGNITIONS,
    SEED,
    SPOKEN_SECONDS,
    THOUGHT_SECONDS,
    TURN_SECONDS,
    Costs,
)
from donghaeng.measuring.figures import quantile

HOP_SECONDS: Final = 0.01
"""From an agent to an engine's replica and back (docs/measurements.md)."""
SETTLED_TURNS: Final = 6_000
"""Turns from whose waits the 95th percentile is taken; as many before them fill the queues."""
BUSIEST: Final = 0.85
"""Utilisation above which a pool is never planned: a queue would grow for longer than a simulation lasts."""
FINER: Final = 0.05
"""Step in which the utilisation is lowered until the answers come in time."""
CALL_SECONDS: Final = 180.0
"""Length of a call; an assumption, to turn calls at a time into calls an hour."""
LOST_SHARE: Final = 0.01
"""Of the callers of the busy hour who may have to wait for a place."""
SPEAKER_CORES: Final = 2
"""Of one synthesiser: on one core a first clause alone may take longer than the answer may."""
SPEAKER_SPEEDUP: Final = 1.6
"""Of a clause on them (docs/speech-engines.md: 0.8 s become 0.5 s)."""
SLACK: Final = 1.05
"""Times the 95th percentile without any queue, where that is beyond the limit already."""
EMBEDDED_SHARE: Final = 0.5
"""Of the turns whose words need a vector: the first stage settles the others."""
ASKED_SHARE: Final = 0.25
"""Of the turns that are free questions."""
EMBED_SECONDS: Final = 0.02
ANSWER_SECONDS: Final = 0.06
"""CPU seconds of a vector, and of a free question among ten thousand passages."""


@dataclass(frozen=True, slots=True)
class Load:
    """What all calls together ask for."""

    rate: float
    """Turns a second."""
    costs: Costs
    cached: float
    """Share of the clauses that need not be made."""

    @property
    def hear(self) -> float:
        """Recognisers that are busy on average."""
        return self.rate * RECOGNITIONS * SPOKEN_SECONDS * self.costs.hear

    @property
    def speak(self) -> float:
        """Synthesisers that are busy on average."""
        made = (1 - self.cached) * sum(CLAUSE_SECONDS)
        return self.rate * made * self.costs.speak / SPEAKER_SPEEDUP


@dataclass(frozen=True, slots=True)
class Needs:
    """Memory of one replica of each kind, in GiB, and what a call sends."""

    agent_gib: float = 1.1
    recogniser_gib: float = 0.6
    synthesiser_gib: float = 0.7
    embedder_gib: float = 0.4
    answers_gib: float = 0.9
    places: int = 16
    """Calls of one agent."""
    machine_cores: int = 16
    machine_gib: int = 64
    up_kilobit: float = 256.0
    """Of sound from a caller: 16,000 samples of 16 bits."""
    down_kilobit: float = 384.0 * 0.4
    """Of sound to a caller who hears answers two fifths of the time: 24,000 samples of 16 bits."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What so many calls at a time need."""

    calls: int
    agents: int
    recognisers: int
    synthesisers: int
    embedders: int
    answers: int
    cores: int
    memory_gib: float
    machines: int
    """One more than the cores and the memory need: any one may fail."""
    turns_per_second: float
    """Turns that the database records."""
    megabit: float
    """Of sound, both ways."""
    busy_hour: int
    """Calls of :data:`CALL_SECONDS` in an hour of which :data:`LOST_SHARE` find no place at once."""
    p95_seconds: float
    """End of speech to first sound."""
    utilisation: float
    """Of the recognisers and synthesisers."""


def plan(
    calls: int,
    costs: Costs,
    *,
    cached: float = CACHED_SHARE,
    turn_seconds: float = TURN_SECONDS,
    needs: Needs | None = None,
) -> Plan:
    """What ``calls`` at a time need.

    Args:
        calls: at a time, all of them talking.
        costs: CPU seconds of the engines for a second of sound, one core each.
        cached: share of the clauses that need not be made, 0 … 1.
        turn_seconds: from one turn of a call to the next.
        needs: memory of the parts, and the machines.
    """
    needs = needs or Needs()
    load = Load(calls / turn_seconds, costs, cached)
    rate = load.rate
    at_best = _pools(load, FINER)[2]
    limit = LIMIT_SECONDS if at_best <= LIMIT_SECONDS else SLACK * at_best
    busy, found = BUSIEST, _pools(load, BUSIEST)
    while found[2] > limit and busy > FINER:
        busy = round(busy - FINER, 2)
        found = _pools(load, busy)
    recognisers, synthesisers, p95 = found
    agents = max(2, ceil(calls / needs.places))
    embedders = max(1, ceil(rate * EMBEDDED_SHARE * EMBED_SECONDS / BUSIEST))
    answers = max(1, ceil(rate * ASKED_SHARE * ANSWER_SECONDS / BUSIEST))
    cores = agents + recognisers + synthesisers * SPEAKER_CORES + embedders + answers
    memory = (
        agents * needs.agent_gib
        + recognisers * needs.recogniser_gib
        + synthesisers * needs.synthesiser_gib
        + embedders * needs.embedder_gib
        + answers * needs.answers_gib
    )
    machines = 1 + max(ceil(cores / needs.machine_cores), ceil(memory / needs.machine_gib))
    return Plan(
        calls=calls,
        agents=agents,
        recognisers=recognisers,
        synthesisers=synthesisers,
        embedders=embedders,
        answers=answers,
        cores=cores,
        memory_gib=memory,
        machines=machines,
        turns_per_second=rate,
        megabit=calls * (needs.up_kilobit + needs.down_kilobit) / 1000,
        busy_hour=int(offered_load(calls, LOST_SHARE) * 3600 / CALL_SECONDS),
        p95_seconds=p95,
        utilisation=(load.hear + load.speak) / (recognisers + synthesisers),
    )


def _pools(load: Load, busy: float) -> tuple[int, int, float]:
    """Recognisers and synthesisers at a utilisation, and the 95th percentile to the first sound."""
    recognisers, synthesisers = max(1, ceil(load.hear / busy)), max(1, ceil(load.speak / busy))
    p95 = quantile(first_sounds(load, recognisers, synthesisers), 0.95)
    assert p95 is not None
    return recognisers, synthesisers, p95


def first_sounds(
    load: Load, recognisers: int, synthesisers: int, *, turns: int = SETTLED_TURNS
) -> list[float]:
    """Seconds from the end of speech to the first sound, of ``turns`` turns that come by chance, after as
    many that fill the queues."""
    costs, cached, rate = load.costs, load.cached, load.rate
    chance = Random(SEED)  # noqa: S311  repeatable, no secret
    now, paused = 0.0, []
    for _ in range(2 * turns):
        now += chance.expovariate(rate)
        paused.append(now)
    words = [
        SPOKEN_SECONDS
        * costs.hear
        * chance.uniform(0.5, 1.5)
        * (2 if chance.random() < RECOGNITIONS - 1 else 1)
        for _ in paused
    ]
    understood = [end + HOP_SECONDS + THOUGHT_SECONDS for end in served(paused, words, recognisers)]
    asked: list[tuple[float, int, float]] = []
    for turn, at in enumerate(understood):
        for clause, seconds in enumerate(CLAUSE_SECONDS):
            if chance.random() >= cached:
                # The later ones are asked for while the first sounds.
                when = at + sum(CLAUSE_SECONDS[:clause]) * 0.5
                made = seconds * costs.speak / SPEAKER_SPEEDUP * chance.uniform(0.5, 1.5)
                asked.append((when, turn if clause == 0 else -1, made))
    asked.sort()
    first = list(understood)
    ends = served([at for at, _, _ in asked], [work for _, _, work in asked], synthesisers)
    for (_, turn, _), end in zip(asked, ends, strict=True):
        if turn >= 0:
            first[turn] = end + HOP_SECONDS
    ready = (
        max(at - pause + PAUSE_SECONDS, ENDPOINT_SECONDS) for at, pause in zip(first, paused, strict=True)
    )
    return list(ready)[turns:]


def served(arrivals: Sequence[float], work: Sequence[float], servers: int) -> list[float]:
    """When each piece of work is done; ``arrivals`` in order, first come, first served.

    Args:
        arrivals: seconds.
        work: seconds of one server.
        servers: that work at the same time.
    """
    free = [0.0] * servers
    ends = []
    for at, seconds in zip(arrivals, work, strict=True):
        end = max(at, free[0]) + seconds
        heapq.heapreplace(free, end)
        ends.append(end)
    return ends


def offered_load(places: int, lost: float) -> float:
    """The calls at a time (erlang) of which ``lost`` find all ``places`` taken: Erlang B, turned round."""
    low, high = 0.0, 2.0 * places + 1
    for _ in range(60):
        middle = (low + high) / 2
        if blocked(places, middle) > lost:
            high = middle
        else:
            low = middle
    return low


def blocked(places: int, load: float) -> float:
    """Share of the calls that find all places taken, of a load in erlang (Erlang B)."""
    inverse = 1.0
    for number in range(1, places + 1):
        inverse = 1.0 + inverse * number / load if load > 0 else float("inf")
    return 1.0 / inverse
