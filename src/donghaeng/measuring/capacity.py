"""How many live conversations a machine carries: measured engine costs and a small queueing simulation. Pure.

Each conversation makes one spoken turn every :data:`TURN_SECONDS`. A turn is recognised, understood and
answered; clauses of the answer that no cache holds are made one after the other while the first ones sound.
The cores are shared evenly among the jobs that run (processor sharing). The answer is the largest number of
conversations at which 95 % of the turns have their first sound within :data:`LIMIT_SECONDS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from donghaeng.measuring.figures import quantile

TURN_SECONDS: Final = 12.0
"""From one spoken turn of a conversation to the next."""
SPOKEN_SECONDS: Final = 2.5
"""Of speech to recognise in a turn: the mean of the catalogue's example sentences."""
RECOGNITIONS: Final = 1.3
"""Of a turn: words recognised in a pause are recognised again where the citizen goes on."""
CLAUSES: Final = 3
"""Of an answer; together :data:`ANSWER_SECONDS`."""
ANSWER_SECONDS: Final = 5.5
CACHED_SHARE: Final = 0.7
"""Of the clauses, once a server has run for a while (the goal of the clause cache)."""
THOUGHT_SECONDS: Final = 0.08
"""CPU seconds of understanding and dialogue in a turn."""
ENDPOINT_SECONDS: Final = 0.5
"""Silence that ends a turn after a whole sentence; recognition runs within it."""
PAUSE_SECONDS: Final = 0.25
"""Silence after which the words are recognised in advance."""
LIMIT_SECONDS: Final = 2.0
MOST: Final = 256
"""Conversations that one process is asked to carry at most."""
TURNS: Final = 60
"""Of each simulated conversation."""
SEED: Final = 7


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
    """One piece of work: what is left of it, and what comes after it."""

    left: float
    conversation: int
    then: tuple[float, ...]
    """Work that follows in the same turn."""
    begun: float
    """When the turn's words ended."""
    heard: bool
    """The first sound has come."""


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
    return (turn + ANSWER_SECONDS * costs.speak * (1 - cached)) / TURN_SECONDS + costs.listen


def _at(costs: Costs, cores: int, live: int, cached: float, threads: int) -> Capacity:
    utilisation = live * load_of_one(costs, cached) / cores
    if utilisation >= 1.0:
        return Capacity(live, float("inf"), utilisation)
    waits = _simulate(costs, cores - live * costs.listen, live, cached, threads)
    p95 = quantile(waits, 0.95)
    assert p95 is not None
    return Capacity(live, p95, utilisation)


def _simulate(costs: Costs, cores: float, live: int, cached: float, threads: int) -> list[float]:
    """Seconds from the end of speech to the first sound, of every turn."""
    chance = Random(SEED)  # noqa: S311  repeatable, no secret
    arrivals = sorted(
        (TURN_SECONDS * (turn + chance.random()) + PAUSE_SECONDS, conversation)
        for conversation in range(live)
        for turn in range(TURNS)
    )
    running: list[_Job] = []
    waits: list[float] = []
    now, at = 0.0, 0
    while at < len(arrivals) or running:
        rate = min(threads, cores / len(running)) if running else 0.0
        finish = now + min(job.left for job in running) / rate if running else float("inf")
        arrival = arrivals[at][0] if at < len(arrivals) else float("inf")
        after = min(finish, arrival)
        for job in running:
            job.left -= (after - now) * rate
        now = after
        if arrival <= finish:
            running.append(_turn(costs, cached, chance, now, arrivals[at][1]))
            at += 1
            continue
        done = [job for job in running if job.left <= 1e-9]
        running = [job for job in running if job.left > 1e-9]
        for job in done:
            running += _after(job, now, waits)
    return waits


def _turn(costs: Costs, cached: float, chance: Random, now: float, conversation: int) -> _Job:
    """The work of one turn whose words have just paused; zero seconds for a clause that is cached."""
    hear = SPOKEN_SECONDS * costs.hear * RECOGNITIONS * chance.uniform(0.5, 1.5) + THOUGHT_SECONDS
    clause = ANSWER_SECONDS / CLAUSES * costs.speak
    clauses = tuple(
        0.0 if chance.random() < cached else clause * chance.uniform(0.5, 1.5) for _ in range(CLAUSES)
    )
    return _Job(hear, conversation, clauses, now - PAUSE_SECONDS, heard=False)


def _after(job: _Job, now: float, waits: list[float]) -> list[_Job]:
    """What follows a job that is done; notes the first sound."""
    then, heard = job.then, job.heard
    if not heard and (len(then) < CLAUSES or then[0] == 0.0):
        waits.append(max(now - job.begun, ENDPOINT_SECONDS))
        heard = True
    while then and then[0] == 0.0:
        then = then[1:]
    return [_Job(then[0], job.conversation, then[1:], job.begun, heard)] if then else []
