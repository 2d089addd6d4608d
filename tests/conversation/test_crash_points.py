"""The process dies, or the caller hangs up, wherever a write's turn waits: exactly one entry in the city, and
the citizen is told the truth."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.conversation.mortal import Mortal
from tests.conversation.sandboxed import runtime_on
from tests.conversation.scripted import KEY, PLACES, ScriptedClock, ScriptedUnderstanding
from tests.dialogue.harness import ask

from donghaeng.city.operations import Answer, Operation
from donghaeng.city.providers.declared import OPERATIONS
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.sandbox import clock as sandbox_clock
from donghaeng.sandbox.city import SandboxCity
from donghaeng.sandbox.inside import InsideCity
from donghaeng.sandbox.ledger import CANCELLED
from donghaeng.store import Store, outbox, requests
from donghaeng.trust.sealing import Sealer

HOME = Opening(home_district="마포구")
DEAD = f"{socket.gethostname()}/999999999/0.00"
"""The name of a process of this machine that does not run."""
RECEIPT = "SEL-261123-0001"
LEAST_POINTS = 6
"""A turn with fewer waits than caller, reading, understanding, recording, sending and storing is another."""
MOST_POINTS = 400
"""More waits than any turn has; a test that reaches it goes round in circles."""


@dataclass
class Far:
    """The city behind a network: a request is under way before it arrives, an answer after it was made."""

    city: InsideCity
    operations: Mapping[str, Operation] = field(default_factory=lambda: OPERATIONS)

    async def call(
        self,
        operation: str,
        arguments: Mapping[str, Any],
        *,
        now: datetime,
        idempotency_key: str | None = None,
    ) -> Answer:
        await asyncio.sleep(0)
        answer = await self.city.call(operation, arguments, now=now, idempotency_key=idempotency_key)
        await asyncio.sleep(0)
        return answer


@dataclass
class World:
    """What outlives a process: database, city and clock."""

    folder: Path
    sandbox: SandboxCity = field(default_factory=lambda: SandboxCity(7, PLACES, sandbox_clock.city_time))
    clock: ScriptedClock = field(default_factory=ScriptedClock)
    graves: list[Mortal] = field(default_factory=list)

    @contextmanager
    def process(self, owner: str) -> Iterator[ConversationRuntime]:
        understanding = ScriptedUnderstanding()
        understanding.words["취소"] = ask("my_requests", action="cancel", receipt=RECEIPT)
        file = self.folder / "donghaeng.db"
        with Store.open(f"sqlite:///{file}", Sealer([KEY]), synchronous="NORMAL") as store:
            city = InsideCity(self.sandbox, PLACES)
            yield runtime_on(
                store, city, self.clock, city=Far(city), owner=owner, understanding=understanding
            )

    @property
    def entries(self) -> list[tuple[str, bool]]:
        """Receipt of each request that the city holds, and whether it was taken back."""
        return [(one.receipt, one.state == CANCELLED) for one in self.sandbox.ledger.entries()]


@pytest.fixture
async def worlds(tmp_path: Path) -> AsyncIterator[Callable[[], World]]:
    made: list[World] = []

    def make() -> World:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(World(folder))
        return made[-1]

    yield make
    for world in made:
        for grave in world.graves:
            await grave.bury()
        world.sandbox.ledger.close()


async def say(runtime: ConversationRuntime, reply: Reply, text: str, key: str | None = None) -> Reply:
    return await runtime.turn(reply.conversation, reply.token, Said(text=text), idempotency_key=key)


async def asks_for_sofa(runtime: ConversationRuntime) -> Reply:
    """Everything up to the yes that lets a request go out."""
    opened = await runtime.open(HOME)
    assert (await say(runtime, opened, "소파")).expects == "confirm"
    return opened


async def asks_to_cancel(runtime: ConversationRuntime) -> Reply:
    """Everything up to the yes that takes a request back."""
    opened = await asks_for_sofa(runtime)
    await say(runtime, opened, "confirm")
    assert (await say(runtime, opened, "취소")).expects == "confirm"
    return opened


def sofa_is_told(reply: Reply) -> bool:
    return RECEIPT in reply.show.text and "신청" in reply.show.text and reply.expects != "confirm"


def cancelling_is_told(reply: Reply) -> bool:
    return "취소했어요" in reply.show.text or "취소가 접수됐어요" in reply.show.text


@dataclass(frozen=True)
class Write:
    """A write: what leads to it, how its end sounds, and what the city holds then."""

    prepare: Callable[[ConversationRuntime], Awaitable[Reply]]
    is_told: Callable[[Reply], bool]
    entries: list[tuple[str, bool]]


WRITES = {
    "request": Write(asks_for_sofa, sofa_is_told, [(RECEIPT, False)]),
    "cancel": Write(asks_to_cancel, cancelling_is_told, [(RECEIPT, True)]),
}


async def again(runtime: ConversationRuntime, opened: Reply) -> Reply:
    """The same turn is sent again, as a client does that got no answer."""
    return await say(runtime, opened, "confirm", key="yes")


async def comes_back(runtime: ConversationRuntime, opened: Reply) -> Reply:
    """The citizen comes back; where nothing was promised the question stands, and is answered once more."""
    last = await runtime.resume(opened.token)
    return await again(runtime, opened) if last.expects == "confirm" else last


async def later(runtime: ConversationRuntime, opened: Reply) -> Reply:
    """The new process finds what waits, and the citizen comes back after that."""
    await runtime._carrier.release_dead()
    await runtime.send_waiting()
    last = await runtime.resume(opened.token)
    return await again(runtime, opened) if last.expects == "confirm" else last


def holds(world: World, runtime: ConversationRuntime, opened: Reply, write: Write) -> None:
    assert world.entries == write.entries
    store = runtime._store
    assert store.look(lambda tx: outbox.pending(tx, opened.conversation)) == []
    made = store.look(lambda tx: requests.of_conversation(tx, opened.conversation))
    assert [(one.receipt, one.cancelled_at is not None) for one in made] == write.entries


@pytest.mark.parametrize("back", [again, comes_back, later])
@pytest.mark.parametrize("write", WRITES.values(), ids=list(WRITES))
async def test_death_at_every_wait_of_a_write(
    worlds: Callable[[], World], write: Write, back: Callable[..., Awaitable[Reply]]
) -> None:
    for point in range(1, MOST_POINTS):
        world = worlds()
        with world.process(DEAD) as runtime:
            opened = await write.prepare(runtime)
            mortal = Mortal(dies_at=point)
            world.graves.append(mortal)
            turn = await mortal.run(say(runtime, opened, "confirm", key="yes"))
        assert len(world.entries) <= 1
        with world.process("new") as runtime:
            told = await back(runtime, opened)
            assert write.is_told(told), f"after wait {point}: {told.show.text}"
            holds(world, runtime, opened, write)
            again_told = await say(runtime, opened, "confirm", key="yes")
            assert not again_told.calls or again_told == told
            holds(world, runtime, opened, write)
        if turn.done():
            assert point > LEAST_POINTS
            return
    raise AssertionError("the turn never passes unharmed")


@pytest.mark.parametrize("write", WRITES.values(), ids=list(WRITES))
async def test_a_caller_who_hangs_up_at_any_wait_of_a_write(
    worlds: Callable[[], World], write: Write
) -> None:
    for point in range(1, MOST_POINTS):
        world = worlds()
        with world.process("one") as runtime:
            opened = await write.prepare(runtime)
            mortal = Mortal(cancels_at=point)
            turn = await mortal.run(say(runtime, opened, "confirm", key="yes"))
            told = await say(runtime, opened, "confirm", key="yes")
            assert write.is_told(told), f"after wait {point}: {told.show.text}"
            holds(world, runtime, opened, write)
        if not turn.cancelled():
            return
    raise AssertionError("the turn never passes unharmed")


async def test_the_counter_counts_every_wait_and_stops_at_it() -> None:
    done: list[int] = []

    async def child() -> None:
        await asyncio.sleep(0)
        done.append(0)

    async def work() -> None:
        for number in (1, 2, 3):
            await asyncio.create_task(child())
            done.append(number)

    for point, expected in [(1, []), (2, [0]), (3, [0, 1]), (99, [0, 1, 0, 2, 0, 3])]:
        done.clear()
        mortal = Mortal(dies_at=point)
        task = await mortal.run(work())
        assert done == expected
        assert task.done() == (point == 99)
        await mortal.bury()
