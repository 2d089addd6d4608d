"""The off switch: the machine is silent, people are reached, and nothing that was confirmed is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.conversation.scripted import KEY, World
from tests.dialogue.harness import policy

from donghaeng.conversation.counsel import Counsel
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.machine_switch import LOOK_SECONDS, MachineSwitch, wants_person
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.errors import InputError, MachineOff, StoreError
from donghaeng.people.bell import Bell
from donghaeng.store import Store, handovers, outbox
from donghaeng.trust.sealing import Sealer

OFF = policy().phrases("machine_off")
PERSON = policy().phrases("machine_off_person")
WAITING = policy().phrases("machine_off_waiting")


@dataclass
class Process:
    """One of the processes that serve."""

    world: World
    store: Store
    switch: MachineSwitch
    runtime: ConversationRuntime
    desk: Counsel

    async def talk(self) -> Reply:
        return await self.runtime.open(Opening(channel="chat", home_district="마포구"))

    async def say(self, before: Reply, words: str, key: str | None = None) -> Reply:
        said = Said(text=words)
        return await self.runtime.turn(before.conversation, before.token, said, idempotency_key=key)

    async def off(self) -> None:
        await self.switch.turn(off=True, by="lee", reason="틀린 안내")

    async def on(self) -> None:
        await self.switch.turn(off=False, by="lee")

    def handover(self, reply: Reply) -> str | None:
        row = self.store.look(lambda tx: handovers.of_conversation(tx, reply.conversation))
        return None if row is None else row.id


def process(world: World, store: Store) -> Process:
    bell = Bell()
    switch = MachineSwitch(store, world.clock)
    runtime = world.runtime(store, "one", bell=bell, switch=switch)
    desk = world.desk(store, runtime, bell)
    return Process(world, store, switch, runtime, desk)


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[tuple[Process, Process]]:
    """Two processes on one database."""
    world = World(tmp_path)
    with (
        Store.open(f"sqlite:///{world.database}", Sealer([KEY])) as one,
        Store.open(f"sqlite:///{world.database}", Sealer([KEY])) as other,
    ):
        yield process(world, one), process(world, other)


@pytest.fixture
def here(both: tuple[Process, Process]) -> Process:
    return both[0]


async def test_off_in_one_process_is_off_in_the_other_and_on_again(both: tuple[Process, Process]) -> None:
    here, there = both
    told: list[bool] = []
    there.switch.on_change(told.append)
    asked = await there.talk()
    await here.off()
    await there.switch.look()
    await there.switch.look()
    assert told == [True]
    heard = len(there.world.understanding.heard)
    for words in ("날씨", "소파", "confirm", "불"):
        assert (await there.say(asked, words)).show.text == OFF
    assert there.world.understanding.heard[heard:] == [], "what may be wrong is not asked"
    assert (there.world.city.reads, there.world.city.sent) == (0, [])
    assert (await there.talk()).show.text == OFF
    await here.on()
    await there.switch.look()
    assert told == [True, False]
    assert (await there.say(asked, "날씨")).calls[0].outcome == "ok"
    assert OFF not in (await there.talk()).show.text


def test_every_process_looks_often_enough() -> None:
    assert LOOK_SECONDS <= 2, "five seconds with a turn of the loop and a slow look"


async def test_a_process_that_starts_finds_it_off_and_one_without_database_keeps_it(
    both: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = both
    await here.off()
    late = MachineSwitch(there.store, here.world.clock)
    await late.look()
    assert late.off

    async def gone(*_: object) -> object:
        raise StoreError("gone")

    monkeypatch.setattr(there.store, "read", gone)
    watching = asyncio.create_task(late.watch())
    await asyncio.sleep(0)
    assert late.off
    watching.cancel()


async def test_a_turn_that_comes_twice_is_one(here: Process) -> None:
    asked = await here.talk()
    await here.off()
    first = await here.say(asked, "날씨", key="k")
    await here.on()
    assert await here.say(asked, "날씨", key="k") == first
    assert first.turn == 1


async def test_an_answer_under_way_is_not_given(here: Process) -> None:
    asked = await here.talk()
    here.world.city.gate = asyncio.Event()
    turn = asyncio.create_task(here.say(asked, "날씨"))
    await here.world.city.reading.wait()
    await here.off()
    here.world.city.gate.set()
    assert (await turn).show.text == OFF
    here.world.city.gate = None
    await here.on()
    assert (await here.say(asked, "날씨")).calls[0].outcome == "ok"


async def test_what_was_confirmed_is_carried_out_and_told(here: Process) -> None:
    asked = await here.talk()
    await here.say(asked, "소파")
    here.world.city.after = lambda: setattr(here.switch, "off", True)
    done = await here.say(asked, "confirm")
    assert len(here.world.city.accepted) == 1
    (receipt,) = here.world.city.accepted.values()
    assert done.calls[0].receipt == receipt
    assert here.store.look(outbox.pending) == []
    assert (await here.say(done, "네")).show.text == OFF


async def test_nobody_is_there_so_nobody_waits(here: Process) -> None:
    asked = await here.talk()
    await here.off()
    assert (await here.say(asked, "상담사 연결해 줘요")).show.text == OFF
    assert here.handover(asked) is None


async def test_a_person_who_is_there_is_reached(here: Process) -> None:
    asked = await here.talk()
    await here.off()
    await here.desk.beat("kim")
    assert (await here.say(asked, "날씨")).show.text == f"{OFF} {PERSON}"
    queued = await here.say(asked, "사람하고 얘기할래요")
    assert queued.handover is not None
    assert queued.handover.state == "queued"
    assert (await here.say(asked, "여보세요")).show.text == WAITING
    handover = here.handover(asked)
    assert handover is not None
    await here.desk.claim(handover, "kim")
    silent = await here.say(asked, "날씨")
    assert silent.show.text == ""
    said = await here.desk.say(handover, "kim", "무엇을 도와드릴까요?")
    assert said.text
    assert (await here.runtime.resume(asked.token)).show.text == ""
    await here.desk.hand_back(handover, "kim")
    told = await here.runtime.desk.answers(asked.conversation, asked.token, after=said.seq, seconds=0)
    assert told.told[-1].reply.show.text == f"{OFF} {PERSON}"
    assert (await here.say(asked, "날씨")).show.text == f"{OFF} {PERSON}"


async def test_a_key_of_the_telephone_reaches_a_person(here: Process) -> None:
    asked = await here.talk()
    await here.off()
    await here.desk.beat("kim")
    queued = await here.runtime.turn(asked.conversation, asked.token, Said(dtmf="0"))
    assert queued.handover is not None


async def test_whoever_comes_back_does_not_hear_the_last_answer(here: Process) -> None:
    asked = await here.talk()
    await here.say(asked, "날씨")
    await here.off()
    again = await here.runtime.resume(asked.token)
    assert again.show.text == OFF
    assert again.calls == []
    await here.on()
    assert OFF not in (await here.runtime.resume(asked.token)).show.text


async def test_a_program_is_told_too(here: Process) -> None:
    asked = await here.talk()
    await here.off()
    act = here.world.understanding.words["날씨"]

    async def ask() -> Reply:
        reply, _ = await here.runtime.act(
            asked.conversation, asked.token, [act], text="날씨", idempotency_key="k", at_turn=asked.turn
        )
        return reply

    with pytest.raises(MachineOff):
        await ask()
    assert (here.world.city.reads, here.world.city.sent) == (0, [])
    await here.on()
    assert (await ask()).calls[0].outcome == "ok", "what was refused is not kept under its key"


async def test_it_is_recorded_and_the_record_stays(here: Process) -> None:
    await here.off()
    await here.on()
    rows = await here.switch.history()
    assert [(one.off, one.by, one.reason) for one in rows] == [(False, "lee", ""), (True, "lee", "틀린 안내")]
    assert "틀린 안내".encode() not in here.world.bytes()
    for statement in ("UPDATE machine_switches SET off = NOT off", "DELETE FROM machine_switches"):
        with pytest.raises(StoreError, match="machine_switches are only added"):
            here.store.run(lambda tx, what=statement: tx.connection.execute(text(what)))


@pytest.mark.parametrize("reason", ["", "  ", "가" * 501])
async def test_without_a_reason_it_stays_on(here: Process, reason: str) -> None:
    with pytest.raises(InputError):
        await here.switch.turn(off=True, by="lee", reason=reason)
    assert not here.switch.off


@pytest.mark.parametrize(
    ("said", "wants"),
    [
        (Said(text="상 담 사 바꿔 주세요"), True),
        (Said(dtmf="0"), True),
        (Said(dtmf="1"), False),
        (Said(text="날씨 알려 줘"), False),
        (Said(no_input=True), False),
    ],
)
def test_the_wish_for_a_person_is_told_by_words(said: Said, wants: bool) -> None:
    assert wants_person(said) is wants


async def test_a_yes_after_the_silence_is_no_answer_to_what_was_read_back_before_it(here: Process) -> None:
    asked = await here.talk()
    read_back = await here.say(asked, "소파")
    assert read_back.expects == "confirm"
    await here.off()
    silent = await here.say(asked, "confirm")
    assert silent.expects != "confirm"
    await here.on()
    again = await here.say(asked, "confirm")
    assert here.world.city.sent == []
    assert again.calls == []
