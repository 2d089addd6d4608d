"""The process dies at any point of a write: the city accepts it once and the citizen hears the receipt."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conversation.scripted import Died, World
from tests.dialogue.harness import BULKY, ask

from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.errors import GatewayRefused, StoreError
from donghaeng.store import outbox, requests

HOME = Opening(home_district="마포구")
DEAD = f"{socket.gethostname()}/999999999/0.00"
"""The name of a process of this machine that does not run."""
RECEIPT = "SEL-000001"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def say(runtime: ConversationRuntime, reply: Reply, text: str, key: str | None = None) -> Reply:
    return await runtime.turn(reply.conversation, reply.token, Said(text=text), idempotency_key=key)


def die() -> None:
    raise Died


def before_the_write_is_recorded(world: World, runtime: Any, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(runtime._carrier, "record", lambda *_: die())


def before_it_is_sent(world: World, runtime: Any, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(world.city, "before", die)


def after_it_was_accepted(world: World, runtime: Any, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(world.city, "after", die)


def before_it_is_marked(world: World, runtime: Any, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(runtime._carrier, "mark", lambda *_, **__: die())


def before_the_reply_is_committed(world: World, runtime: Any, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("donghaeng.store.requests.add", lambda *_: die())


POINTS: list[Callable[..., None]] = [
    before_it_is_sent,
    after_it_was_accepted,
    before_it_is_marked,
    before_the_reply_is_committed,
]


async def crash(world: World, point: Callable[..., None], owner: str = DEAD) -> Reply:
    """A conversation whose process died in the turn that confirmed the write."""
    with world.process(owner) as runtime, pytest.MonkeyPatch.context() as patch:
        reply = await runtime.open(HOME)
        await say(runtime, reply, "소파")
        point(world, runtime, patch)
        with pytest.raises(Died):
            await say(runtime, reply, "confirm", key="yes")
    return reply


def accepted_once(world: World, runtime: Any, reply: Reply) -> None:
    assert list(world.city.accepted.values()) == [RECEIPT]
    row = runtime._store.look(lambda tx: outbox.get(tx, next(iter(world.city.accepted))))
    assert (row.state, row.receipt) == ("done", RECEIPT)
    made = runtime._store.look(lambda tx: requests.of_conversation(tx, reply.conversation))
    assert [one.receipt for one in made] == [RECEIPT]


@pytest.mark.parametrize("point", POINTS)
async def test_the_same_turn_again_is_answered_with_the_receipt(
    world: World, point: Callable[..., None]
) -> None:
    reply = await crash(world, point)
    with world.process("new") as runtime:
        done = await say(runtime, reply, "confirm", key="yes")
        assert RECEIPT in done.show.text
        assert (done.service, done.calls[0].receipt) == ("bulky_waste", RECEIPT)
        assert await say(runtime, reply, "confirm", key="yes") == done
        await say(runtime, reply, "confirm")
        accepted_once(world, runtime, reply)


@pytest.mark.parametrize("point", POINTS)
async def test_coming_back_tells_the_receipt(world: World, point: Callable[..., None]) -> None:
    reply = await crash(world, point)
    with world.process("new") as runtime:
        last = await runtime.resume(reply.token)
        assert RECEIPT in last.show.text
        assert await runtime.resume(reply.token) == last
        await say(runtime, reply, "thanks")
        accepted_once(world, runtime, reply)


@pytest.mark.parametrize("point", POINTS)
async def test_the_sender_of_the_new_process_settles_it(world: World, point: Callable[..., None]) -> None:
    reply = await crash(world, point)
    with world.process("new") as runtime:
        await runtime._carrier.release_dead()
        assert await runtime.send_waiting() == 1
        assert await runtime.send_waiting() == 0
        assert RECEIPT in (await runtime.resume(reply.token)).show.text
        accepted_once(world, runtime, reply)


@pytest.mark.parametrize("point", POINTS)
async def test_on_another_machine_the_lease_protects_it_until_it_is_over(
    world: World, point: Callable[..., None]
) -> None:
    reply = await crash(world, point, owner="elsewhere/1/0.00")
    with world.process("new") as runtime:
        assert await runtime.send_waiting() == 0
        waiting = await say(runtime, reply, "confirm", key="yes")
        assert "다시 신청하지 않으셔도" in waiting.show.text
        await say(runtime, reply, "confirm")
        assert len(world.city.accepted) <= 1
        world.clock.now += timedelta(minutes=2)
        assert await runtime.send_waiting() == 1
        assert RECEIPT in (await say(runtime, reply, "thanks")).show.text
        accepted_once(world, runtime, reply)


@pytest.mark.parametrize("point", POINTS)
async def test_another_wish_hears_the_news_first(world: World, point: Callable[..., None]) -> None:
    reply = await crash(world, point)
    with world.process("new") as runtime:
        weather = await say(runtime, reply, "날씨")
        assert weather.service == "weather"
        assert weather.show.text.index(RECEIPT) < weather.show.text.index("기온")
        accepted_once(world, runtime, reply)


async def test_an_emergency_comes_before_the_news(world: World) -> None:
    reply = await crash(world, after_it_was_accepted)
    with world.process("new") as runtime:
        fire = await say(runtime, reply, "불")
        assert fire.service == "emergency"
        assert RECEIPT not in fire.show.text
        assert RECEIPT in (await say(runtime, reply, "thanks")).show.text
        accepted_once(world, runtime, reply)


async def test_a_yes_said_before_the_outcome_was_heard_confirms_nothing_else(world: World) -> None:
    """Below the write that crashed another one waits for its own yes."""
    home = {"address": BULKY["address"], "phone": BULKY["phone"]}
    world.understanding.words["계량기"] = ask("meter_freeze", symptom="burst", **home)
    with world.process(DEAD) as runtime, pytest.MonkeyPatch.context() as patch:
        reply = await runtime.open(HOME)
        assert (await say(runtime, reply, "계량기")).expects == "confirm"
        assert (await say(runtime, reply, "소파")).expects == "confirm"
        after_it_was_accepted(world, runtime, patch)
        with pytest.raises(Died):
            await say(runtime, reply, "confirm")
    with world.process("new") as runtime:
        back = await say(runtime, reply, "confirm")
        assert (back.service, back.expects) == ("bulky_waste", "confirm")
        assert RECEIPT in back.show.text
        assert "계량기" in back.show.text
        assert len(world.city.accepted) == 1
        assert (await say(runtime, reply, "confirm")).service == "meter_freeze"
        assert len(world.city.accepted) == 2


async def test_death_before_anything_was_recorded_loses_no_conversation(world: World) -> None:
    reply = await crash(world, before_the_write_is_recorded)
    with world.process("new") as runtime:
        assert (await runtime.resume(reply.token)).expects == "confirm"
        assert RECEIPT in (await say(runtime, reply, "confirm", key="yes")).show.text
        accepted_once(world, runtime, reply)


async def test_a_refusal_found_out_after_a_crash_asks_for_the_slot(world: World) -> None:
    reply = await crash(world, before_it_is_sent)

    def full() -> None:
        raise GatewayRefused("gateway", "full", "that day is full")

    world.city.before = full
    with world.process("new") as runtime:
        again = await runtime.resume(reply.token)
        assert (again.asks, again.service) == ("date", "bulky_waste")
        assert "다 찼어요" in again.show.text
        assert world.city.accepted == {}


async def test_a_database_that_fails_at_the_end_of_the_turn_loses_nothing(world: World) -> None:
    """The same process goes on: what memory held is read anew."""
    with world.process("one") as runtime:
        reply = await runtime.open(HOME)
        await say(runtime, reply, "소파")
        with pytest.MonkeyPatch.context() as patch:

            def full(*_: Any) -> None:
                raise StoreError("database: disk full")

            patch.setattr("donghaeng.store.requests.add", full)
            with pytest.raises(StoreError):
                await say(runtime, reply, "confirm", key="yes")
        done = await say(runtime, reply, "confirm", key="yes")
        assert RECEIPT in done.show.text
        accepted_once(world, runtime, reply)
