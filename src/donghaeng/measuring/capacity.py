"""How many live conversations a machine carries: measured engine costs and a small queueing simulation. Pure.

Each conversation makes one spoken turn every :data:`TURN_SECONDS`. A turn is recognised, understood and
answered; clauses of the answer that no cache holds are made one after the other while the first ones sound,
what is needed first before the others. The cores are shared evenly among the jobs that run. The answer is the
largest number of conversations at which 95 % of the turns have their first sound within
:data:`LIMIT_SECONDS`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import inf
from random import Random
from typing import Final

from donghaeng.measuring.figures import quantile

TURN_SECONDS: Final = 12.0
"""From one spoken turn of a conversation to the next."""
SPOKEN_SECONDS: Final = 2.5
"""Of speech to recognise in a turn: the mean of the catalogue's example sentences."""
RECOGNITIONS: Final = 1.3
"""Of a turn: words recognised in a pause are recognised again where the citizen goes on."""
CLAUSE_SECONDS: Final = (1.3, 2.1, 2.1)
"""Sound of the clauses of an answer; the first is short, so that it is there soon."""
CACHED_SHARE: Final = 0.7
"""Of the clauses, once a server has run for a while (the goal of the clause cache)."""
THOUGHT_SECONDS: Final = 0.08
"""CPU seconds of understanding and dialogue in a turn."""
ENDPOINT_SECONDS: Final = 0.5
"""Silence that ends a turn after a whole sentence; recognition runs within it."""
PAUSE_SECONDS: Final = 0.25
"""Silence after which the words are recognised in advance."""
LIMIT_SECONDS: Final = 2.0
MOST_UTILISATION: Final = 0.85
"""Above it a queue grows slowly, longer than a simulation lasts."""
MOST: Final = 256
"""Conversations that one process is asked to carry at most."""
TURNS: Final = 60
"""Of each simulated conversation."""
SEED: Final = 7
SPEAKERS: Final = 2
"""Clauses that are made at a time, the one that is needed first before the others."""
DONE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Costs:
    """CPU seconds of this machine for a second of sound."""

    hear: float
    speak: float
    listen: float
    """Voice activity, all the time that a conversation lasts."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a machine carries."""

    live: int
    """Conversations; 0 where not even one has its answers in time."""
    p95_seconds: float
    """End of speech to first sound at that many (at one where ``live`` is 0)."""
    utilisation: float
    """Share of the cores that they use."""


@dataclass(slots=True)
class _Job:
    """One piece of work of a turn: its words, or a clause of its answer."""

    left: float
    """CPU seconds."""
    begun: float
    """When the turn's words ended."""
    clauses: tuple[float, ...]
    """CPU seconds of the clauses that follow; 0 for one that is cached."""
    due: float = 0.0
    """When the sound is needed."""
    speaks: bool = False


def carries(costs: Costs, cores: int, *, cached: float = CACHED_SHARE, threads: int = 2) -> Capacity:
    """How many conversations ``cores`` carry.

    Args:
        costs: of the engines.
        cores: that this process may use.
        cached: share of the clauses that need not be made, 0 … 1.
        threads: cores that one job can use at a time.
    """
    found = _at(costs, cores, 1, cached, threads)
    if found.p95_seconds > LIMIT_SECONDS:
        return Capacity(0, found.p95_seconds, found.utilisation)
    least, most = 1, 2
    while (
        most <= MOST and (next_one := _at(costs, cores, most, cached, threads)).p95_seconds <= LIMIT_SECONDS
    ):
        found, least, most = next_one, most, most * 2
    most = min(most, MOST + 1)
    while most - least > 1:
        middle = (least + most) // 2
        at = _at(costs, cores, middle, cached, threads)
        if at.p95_seconds <= LIMIT_SECONDS:
            found, least = at, middle
        else:
            most = middle
    return found


def load_of_one(costs: Costs, cached: float) -> float:
    """Cores that one conversation uses on average."""
    turn = SPOKEN_SECONDS * costs.hear * RECOGNITIONS + THOUGHT_SECONDS
    return (turn + sum(CLAUSE_SECONDS) * costs.speak * (1 - cached)) / TURN_SECONDS + costs.listen


def _at(costs: Costs, cores: int, live: int, cached: float, threads: int) -> Capacity:
    utilisation = live * load_of_one(costs, cached) / cores
    if utilisation > MOST_UTILISATION:
        return Capacity(live, inf, utilisation)
    waits = _simulate(costs, cores - live * costs.listen, live, cached, threads)
    p95 = quantile(waits, 0.95)
    assert p95 is not None
    return Capacity(live, p95, utilisation)


def _simulate(costs: Costs, cores: float, live: int, cached: float, threads: int) -> list[float]:
    """Seconds from the end of speech to the first sound, of every turn."""
    chance = Random(SEED)  # noqa: S311  repeatable, no secret
    arrivals = deque(
        sorted(
            TURN_SECONDS * (turn + chance.random()) + PAUSE_SECONDS
            for _ in range(live)
            for turn in range(TURNS)
        )
    )
    running: list[_Job] = []
    queue: list[_Job] = []
    waits: list[float] = []
    now = 0.0
    while arrivals or running:
        rate = min(threads, cores / len(running)) if running else 1.0
        finish = now + min((job.left for job in running), default=inf) / rate
        after = min(finish, arrivals[0] if arrivals else inf)
        for job in running:
            job.left -= (after - now) * rate
        now = after
        if arrivals and now >= arrivals[0]:
            arrivals.popleft()
            running.append(_turn(costs, cached, chance, now))
        for job in [one for one in running if one.left <= DONE]:
            running.remove(job)
            following = _after(job, now, waits)
            if following is not None:
                queue.append(following)
        queue.sort(key=lambda one: one.due)
        while queue and sum(one.speaks for one in running) < SPEAKERS:
            running.append(queue.pop(0))
    return waits


def _turn(costs: Costs, cached: float, chance: Random, now: float) -> _Job:
    """The work of one turn whose words have just paused."""
    words = SPOKEN_SECONDS * costs.hear * chance.uniform(0.5, 1.5)
    if chance.random() < RECOGNITIONS - 1:
        words *= 2
    clauses = tuple(
        0.0 if chance.random() < cached else seconds * costs.speak * chance.uniform(0.5, 1.5)
        for seconds in CLAUSE_SECONDS
    )
    return _Job(words + THOUGHT_SECONDS, now - PAUSE_SECONDS, clauses)


def _after(job: _Job, now: float, waits: list[float]) -> _Job | None:
    """The clause to make after ``job``, if any; notes the first sound."""
    ready = max(now, job.begun + ENDPOINT_SECONDS)
    if (job.speaks and not job.due) or (not job.speaks and not (job.clauses and job.clauses[0])):
        waits.append(ready - job.begun)
    clauses, due = job.clauses, 0.0
    if job.speaks:
        due = max(job.due, now) + CLAUSE_SECONDS[-1 - len(clauses)]
    while clauses and not clauses[0]:
        due = max(due, now) + CLAUSE_SECONDS[-len(clauses)]
        clauses = clauses[1:]
    return _Job(clauses[0], job.begun, clauses[1:], due, speaks=True) if clauses else None
