"""What should not happen: two yeses at once, clocks that jump, endless values, files without words."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conversation.scripted import START, World
from tests.dialogue.harness import BULKY, ask, fills

from donghaeng.city.operations import Effect
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.conversation.stages import MAX_STEPS
from donghaeng.conversation.turn_input import MAX_TEXT
from donghaeng.dialogue import outcomes, policy, questions
from donghaeng.dialogue.effects import CityCall
from donghaeng.dialogue.turn import Turn
from donghaeng.errors import ConversationEnded, InputError, ProviderTimeout
from donghaeng.store import outbox
from donghaeng.understanding.acts import Act, ActKind

HOME = Opening(home_district="마포구")
RECEIPT = "SEL-000001"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def say(runtime: ConversationRuntime, reply: Reply, text: str, key: str | None = None) -> Reply:
    return await runtime.turn(reply.conversation, reply.token, Said(text=text), idempotency_key=key)


async def act(runtime: ConversationRuntime, opened: Reply, turn: int, *acts: Act) -> Reply:
    whose = (opened.conversation, opened.token)
    reply, _ = await runtime.act(*whose, acts, text="말", idempotency_key=f"a{turn}", at_turn=turn - 1)
    return reply


async def test_two_yeses_at_once_are_two_turns_and_one_request(world: World) -> None:
    with world.process() as runtime:
        opened = await runtime.open(HOME)
        await say(runtime, opened, "소파")
        both = await asyncio.gather(*(say(runtime, opened, "confirm", key=key) for key in ("1", "2", "3")))
        assert sorted(reply.turn for reply in both) == [2, 3, 4]
        assert [len(reply.calls) for reply in sorted(both, key=lambda one: one.turn)] == [1, 0, 0]
    assert list(world.city.accepted.values()) == [RECEIPT]
    assert len(world.city.sent) == 1


async def test_a_yes_in_two_processes_at_once_is_one_request(world: World) -> None:
    with world.process("one") as one, world.process("two") as two:
        opened = await one.open(HOME)
        await say(one, opened, "소파")
        await two.resume(opened.token)
        told = await asyncio.gather(
            say(one, opened, "confirm", key="1"), say(two, opened, "confirm", key="2"), return_exceptions=True
        )
        assert any(isinstance(reply, Reply) and RECEIPT in reply.show.text for reply in told)
    assert list(world.city.accepted.values()) == [RECEIPT]


async def test_after_the_end_there_is_no_turn_of_any_kind(world: World) -> None:
    with world.process() as runtime:
        opened = await runtime.open(HOME)
        goodbye = await say(runtime, opened, "goodbye", key="bye")
        assert goodbye.ended
        with pytest.raises(ConversationEnded):
            await say(runtime, opened, "소파")
        with pytest.raises(ConversationEnded):
            await act(runtime, opened, 2, ask("weather"))
        assert await say(runtime, opened, "goodbye", key="bye") == goodbye


@pytest.mark.parametrize("value", ["가" * 50_000, {"name": "가" * 50_000}, ["가" * 100] * 500])
async def test_a_value_of_fifty_kilobytes_is_one_clear_error(world: World, value: Any) -> None:
    with world.process() as runtime:
        opened = await runtime.open(HOME)
        with pytest.raises(InputError, match=f"item is too long; at most {MAX_TEXT}"):
            await act(runtime, opened, 1, ask("bulky_waste", **{**BULKY, "item": value}))
        with pytest.raises(InputError, match="too long"):
            await say(runtime, opened, "가" * 50_000)
        assert (await act(runtime, opened, 1, ask("bulky_waste", **BULKY))).expects == "confirm"


@given(jumps=st.lists(st.integers(-400 * 86_400, 400 * 86_400), min_size=4, max_size=8))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_clock_that_jumps_neither_loses_nor_doubles_a_request(
    tmp_path_factory: pytest.TempPathFactory, jumps: Sequence[int]
) -> None:
    """Seconds by which the server's clock jumps before each step."""
    world = World(tmp_path_factory.mktemp("clock"))
    leap = iter([*jumps, *[0] * 20])

    def jump() -> None:
        world.clock.now = max(START - timedelta(days=3650), world.clock.now + timedelta(seconds=next(leap)))

    def lost() -> None:
        raise ProviderTimeout("gateway", "slow")

    with world.process() as runtime:
        opened = await runtime.open(HOME)
        jump()
        assert (await say(runtime, opened, "소파")).expects == "confirm"
        world.city.after = lost
        jump()
        assert "아직" in (await say(runtime, opened, "confirm")).show.text
        world.city.after = lambda: None
        for _ in range(3):
            jump()
            await runtime.send_waiting()
        world.clock.now += timedelta(hours=2)
        await runtime.send_waiting()
        assert RECEIPT in (await say(runtime, opened, "thanks")).show.text
        assert runtime._store.look(outbox.pending) == []
    assert list(world.city.accepted.values()) == [RECEIPT]


async def test_a_clock_put_back_keeps_no_request_waiting_for_the_time_it_came_from(world: World) -> None:
    world.clock.now = START + timedelta(days=365)
    with world.process() as runtime:
        opened = await runtime.open(HOME)
        await say(runtime, opened, "소파")

        def lost() -> None:
            raise ProviderTimeout("gateway", "slow")

        world.city.before = lost
        await say(runtime, opened, "confirm")
        world.city.before = lambda: None
        world.clock.now = START
        assert await runtime.send_waiting() == 1
        assert RECEIPT in (await say(runtime, opened, "thanks")).show.text


async def test_an_accepted_request_is_told_though_its_file_finds_no_words(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.process() as runtime:
        opened = await runtime.open(HOME)
        await say(runtime, opened, "소파")
        monkeypatch.setattr(outcomes, "write", lambda template, values: "")
        done = await say(runtime, opened, "confirm")
        assert RECEIPT in done.show.text
        assert done.calls[0].outcome == "ok"
        read = await say(runtime, opened, "날씨")
        assert "죄송" in read.show.text
        assert "120" in read.show.text


async def test_a_question_without_words_ends_with_an_apology_and_another_way(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.process() as runtime:
        opened = await runtime.open(HOME)
        monkeypatch.setattr(questions, "write", lambda template, values: "")
        for acts in (ask("bulky_waste"), ask("bulky_waste", **BULKY)):
            reply = await runtime.act(
                opened.conversation,
                opened.token,
                (acts,),
                text="소파",
                idempotency_key=str(len(acts.slots)),
                at_turn=1 if acts.slots else 0,
            )
            assert "120" in reply[0].show.text
            assert "상담사" in reply[0].show.text
            assert reply[0].expects == "choice"
        monkeypatch.undo()
        assert (await say(runtime, opened, "소파")).expects == "confirm"
    assert world.city.sent == []


async def test_a_service_that_asks_for_itself_is_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def again(turn: Turn, found: Sequence[Any]) -> None:
        del found
        turn.want(CityCall(turn.call_id(), "weather", "weather.day", Effect.READ, {}))

    with world.process() as runtime:
        opened = await runtime.open(HOME)
        monkeypatch.setattr(policy, "take_outcomes", again)
        reply = await say(runtime, opened, "날씨")
        assert world.city.reads <= MAX_STEPS
        assert "120" in reply.show.text
        assert "상담사" in reply.show.text
        monkeypatch.undo()
        assert (await say(runtime, opened, "날씨")).calls[0].outcome == "ok"


async def test_values_that_fit_nothing_are_taken_for_nothing(world: World) -> None:
    with world.process() as runtime:
        opened = await runtime.open(HOME)
        reply = await act(runtime, opened, 1, Act(ActKind.FILL, slots=fills({"no_such_slot": "가"})))
        assert reply.expects in ("open", "choice")
