"""Every provider fails at once, whatever is asked for: each caller is told something within five seconds.
Time is virtual: a request that hangs takes all of its time, a pause as long as it lasts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conversation.scripted import KEY
from tests.conversation.test_faults import SERVICES, World

from donghaeng.city.local import LocalOperations
from donghaeng.city.providers.transport import TIMEOUT_S
from donghaeng.city.waiting import seconds_left
from donghaeng.sandbox.faults import FaultKind, FaultPlan, Struck
from donghaeng.store import Store
from donghaeng.trust.sealing import Sealer

MOST_S = 5.0


class Storm(FaultPlan):
    """Strikes every request of every service alike, and lets time pass for it."""

    def __init__(self, kind: FaultKind) -> None:
        super().__init__()
        self.kind = kind
        self.now = 0.0
        self.struck = 0

    def strike(self, services: Any) -> Struck | None:
        self.struck += 1
        if self.kind is FaultKind.TIMEOUT:
            left = seconds_left(self.now)
            self.now += TIMEOUT_S if left is None else min(TIMEOUT_S, left)
        return Struck(self.kind, 0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'a.db'}", Sealer([KEY]), synchronous="NORMAL") as opened:
        yield opened


@pytest.fixture
def local() -> LocalOperations:
    return {}


def storm_over(world: World, kind: FaultKind) -> Storm:
    """Break everything; the transport's and the carrier's time is the storm's."""
    storm = Storm(kind)
    world.city.sandbox.faults = storm
    transport = world.city._outside.transport
    transport._tick = world.runtime._carrier._tick = lambda: storm.now

    async def pause(seconds: float) -> None:
        storm.now += seconds

    transport._sleep = pause
    return storm


@pytest.mark.parametrize("kind", [FaultKind.TIMEOUT, FaultKind.ERROR, FaultKind.MALFORMED])
async def test_every_caller_is_told_something_in_time(
    store: Store, local: LocalOperations, kind: FaultKind
) -> None:
    reached, late = 0, []
    for service in SERVICES:
        world = World(store, local)
        storm = storm_over(world, kind)
        talk = await world.talk()
        act = talk.does

        async def timed(what: Any, service: str = service, storm: Storm = storm, act: Any = act) -> Any:
            began = storm.now
            reply = await act(what)
            assert reply.say
            if storm.now - began > MOST_S:
                late.append((service, round(storm.now - began, 1)))
            return reply

        talk.does = timed  # type: ignore[method-assign]
        await talk.wants(service)
        reached += storm.struck > 0
        await world.city.aclose()
    assert reached >= 20
    assert late == []
