"""`donghaeng bench chaos`: a server that is killed at random points while citizens talk to it."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Final, Protocol

import httpx

from donghaeng.errors import DonghaengError
from donghaeng.measuring.cases import JsonObject, Progress, no_progress
from donghaeng.measuring.chaos_citizens import Citizen, Line, Tally
from donghaeng.measuring.chaos_plan import Aim, Kill
from donghaeng.measuring.chaos_verdict import Held, Wish, judge
from donghaeng.measuring.figures import quantile

POLL_S: Final = 0.01
LOOK_S: Final = 2.0
"""How long one look whether the server is ready may take."""
AGREEING_S: Final = 3.0
"""How long a kill waits for a citizen to agree to something."""
SETTLED_S: Final = 200.0
"""How long citizens and writes have in the end: a write whose answer was lost several times waits for minutes
(each process that died with it counts as an attempt, and the pause doubles)."""
READY: Final = "not ready: speech"
"""What `/readyz` says of a server whose only lack is that it neither hears nor speaks."""


class Servers(Protocol):
    """One server at a time, at one address."""

    address: str

    def start(self, *, whole: bool) -> None:
        """Begin a process; it is not ready yet."""
        ...

    def kill(self) -> None:
        """SIGKILL, and see it gone."""
        ...

    def check(self) -> None:
        """Check that it lives.

        Raises:
            DonghaengError: it ended by itself.
        """
        ...


class Records(Protocol):
    """What is held at the end, read past the server."""

    def held(self) -> list[Held]:
        """Everything that the city holds."""
        ...

    def recorded(self) -> list[str]:
        """Receipts of the requests recorded here."""
        ...

    def waiting(self) -> int:
        """Writes that the outbox still holds."""
        ...


async def run(
    kills: Sequence[Kill],
    servers: Servers,
    records: Records,
    *,
    citizens: int,
    patience: float = 60.0,
    seconds: float | None = None,
    meanwhile: Callable[[int], Awaitable[None]] | None = None,
    progress: Progress = no_progress,
) -> JsonObject:
    """Let citizens talk, kill the server as planned, and compare in the end.

    Args:
        kills: the plan.
        servers: starts and kills.
        records: is asked in the end.
        citizens: who talk at once.
        patience: seconds for a start.
        seconds: after which no further kill follows; all of the plan when None.
        meanwhile: awaited before each kill with its number: for further harm.
        progress: told the kills done.

    Raises:
        DonghaengError: the server ended by itself or was not ready in time.
    """
    line, tally, wishes, whole = Line(), Tally(), list[Wish](), 0
    numbers = itertools.count(1)
    limits = httpx.Limits(max_connections=citizens * 2, keepalive_expiry=3.0)
    began, starts, done = time.monotonic(), list[float](), Counter[str]()
    async with httpx.AsyncClient(base_url=servers.address, trust_env=False, limits=limits) as client:
        people = [Citizen(client, line, tally, lambda: next(numbers), wishes) for _ in range(citizens)]
        talking = [asyncio.create_task(one.live()) for one in people]
        try:
            for number, kill in enumerate(kills):
                if seconds is not None and time.monotonic() - began > seconds:
                    break
                _raise_if_over(talking)
                start = await _start(servers, kill, client, line, patience)
                if start is not None:
                    starts.append(start)
                    await _aim(kill, line)
                if meanwhile is not None:
                    await meanwhile(number)
                line.closed()
                await asyncio.to_thread(servers.kill)
                done[kill.aim] += 1
                whole += kill.whole
                progress(number + 1, len(kills))
            await _start(servers, Kill(Aim.ANY, 0.0, whole=False), client, line, patience)
            for one in people:
                one.stopping = True
            with suppress(TimeoutError):
                async with asyncio.timeout(SETTLED_S):
                    await asyncio.gather(*talking)
                    await _settled(records)
            unfinished = sum(not task.done() for task in talking)
            if unfinished:
                tally.errors["citizens who came to no end"] += unfinished
        finally:
            for task in talking:
                task.cancel()
            await asyncio.gather(*talking, return_exceptions=True)
            line.closed()
            await asyncio.to_thread(servers.kill)
    held, recorded = records.held(), records.recorded()
    verdict = judge(wishes, held, recorded, waiting=records.waiting())
    return {
        "kind": "chaos",
        "kills": done.total(),
        "whole_processes": whole,
        "aims": dict(done),
        "citizens": citizens,
        "seconds": round(time.monotonic() - began, 1),
        "wishes": len(wishes),
        "agreed": sum(wish.agreed for wish in wishes),
        "taken_back": sum(wish.told_back for wish in wishes),
        "held": len(held),
        "turns": tally.turns,
        "unanswered": tally.broken,
        "refused": dict(tally.refused),
        "errors": dict(tally.errors),
        "lost": len(verdict.lost),
        "doubled": len(verdict.doubled),
        "untrue": len(verdict.untrue),
        **_spread("ready", starts),
        **_spread("resumed", tally.resumed),
        **_spread("answer", tally.waits),
        "found": {name: list(found)[:20] for name, found in asdict(verdict).items() if found},
    }


async def _start(
    servers: Servers, kill: Kill, client: httpx.AsyncClient, line: Line, patience: float
) -> float | None:
    """Begin a process and wait until it is ready, seconds; None where it dies before."""
    began = time.monotonic()
    await asyncio.to_thread(servers.start, whole=kill.whole)
    if kill.aim is Aim.STARTING:
        await asyncio.sleep(kill.after_s)
        return None
    while not await _is_ready(client):
        servers.check()
        if time.monotonic() - began > patience:
            raise DonghaengError("the server was not ready in time", remedy="allow more with --patience")
        await asyncio.sleep(POLL_S)
    line.opened()
    return line.ready_at - began


async def _is_ready(client: httpx.AsyncClient) -> bool:
    try:
        answer = await client.get("/readyz", timeout=LOOK_S)
    except httpx.HTTPError:
        return False
    return answer.is_success or (answer.status_code == 503 and READY in answer.text)


async def _settled(records: Records) -> None:
    """Wait until the outbox is empty."""
    waiting = True
    while waiting:
        waiting = await asyncio.to_thread(records.waiting) > 0
        await asyncio.sleep(POLL_S * 10)


async def _aim(kill: Kill, line: Line) -> None:
    """Wait for the moment of the kill."""
    if kill.aim is Aim.CONFIRMING:
        try:
            async with asyncio.timeout(AGREEING_S):
                await line.agreeing.wait()
        except TimeoutError:
            return
    await asyncio.sleep(kill.after_s)


def _raise_if_over(talking: Sequence[asyncio.Task[None]]) -> None:
    """A citizen who met what may not be ends the run."""
    for task in talking:
        if task.done():
            task.result()


def _spread(name: str, seconds: Sequence[float]) -> JsonObject:
    shares = {"p50": 0.5, "p99": 0.99, "most": 1.0}
    found = {key: quantile(seconds, share) for key, share in shares.items()}
    return {f"{name}_{key}_s": None if value is None else round(value, 3) for key, value in found.items()}
