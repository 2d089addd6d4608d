"""Old data are told with their time and never decided on; a write to a city left alone waits its turn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.conversation.sandboxed import runtime_on
from tests.conversation.scripted import KEY, PLACES, ScriptedUnderstanding
from tests.dialogue.harness import BULKY, ask

from donghaeng.city.providers.circuits import FAILURES, Circuits, CircuitState
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.sandbox.faults import Fault, FaultKind, FaultPlan
from donghaeng.sandbox.inside import InsideCity, own_city
from donghaeng.store import Store, outbox
from donghaeng.trust.sealing import Sealer

NOW = datetime.fromisoformat("2026-11-23T09:00:00+09:00")


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'd.db'}", Sealer([KEY]), synchronous="NORMAL") as opened:
        yield opened


async def say(runtime: ConversationRuntime, opened: Reply, text: str) -> Reply:
    return await runtime.turn(opened.conversation, opened.token, Said(text=text))


def breaks(city: InsideCity, *services: str) -> None:
    city.sandbox.faults = FaultPlan([Fault(service, FaultKind.ERROR) for service in services])


async def test_what_is_old_is_told_with_its_time_and_not_beyond_its_bound(store: Store) -> None:
    city, clock = own_city(PLACES), Clock()
    runtime = runtime_on(store, city, clock)
    opened = await runtime.open(Opening(home_district="마포구"))
    assert "소식으로" not in (await say(runtime, opened, "날씨")).show.text
    breaks(city, "weather")
    clock.now = NOW + timedelta(hours=1)
    old = await say(runtime, opened, "날씨")
    assert "소식으로 말씀드릴게요" in old.show.text
    assert old.calls[0].outcome == "ok"
    clock.now = NOW + timedelta(hours=5)
    gone = await say(runtime, opened, "날씨")
    assert gone.calls[0].outcome == "failed"
    assert "소식으로" not in gone.show.text
    await city.aclose()


async def test_nothing_is_confirmed_on_an_old_fee(store: Store) -> None:
    city, clock = own_city(PLACES), Clock()
    understanding = ScriptedUnderstanding()
    runtime = runtime_on(store, city, clock, understanding=understanding)
    opened = await runtime.open(Opening())
    assert "수수료" in (await say(runtime, opened, "소파")).show.text
    await say(runtime, opened, "cancel")
    understanding.words["더"] = ask("bulky_waste", **BULKY)
    clock.now = NOW + timedelta(days=1, minutes=1)
    city._outside.transport._circuits = Circuits()
    left_alone(city)
    refused = await say(runtime, opened, "더")
    assert refused.expects != "confirm"
    assert "수수료" not in refused.show.text
    await city.aclose()


def left_alone(city: InsideCity) -> None:
    """The gateway failed so often that nobody asks it for now."""
    circuits, at = city._outside.transport._circuits, city._outside.transport._tick()
    for _ in range(FAILURES):
        assert circuits.lets_through("gateway", at)
        circuits.failed("gateway", at)
    assert circuits._circuits["gateway"].state is CircuitState.OPEN


async def test_a_write_to_a_city_that_is_left_alone_is_sent_when_it_answers_again(store: Store) -> None:
    city, clock = own_city(PLACES), Clock()
    runtime = runtime_on(store, city, clock)
    opened = await runtime.open(Opening())
    await say(runtime, opened, "소파")
    left_alone(city)
    waiting = await say(runtime, opened, "confirm")
    assert "다시 신청하지 않으셔도" in waiting.show.text
    assert "120" in waiting.show.text
    assert city.sandbox.ledger.entries() == []
    assert len(store.look(outbox.pending)) == 1
    city._outside.transport._circuits = Circuits()
    clock.now = NOW + timedelta(minutes=1)
    assert await runtime.send_waiting() == 1
    (entry,) = city.sandbox.ledger.entries()
    assert entry.receipt in (await say(runtime, opened, "thanks")).show.text
    assert store.look(outbox.pending) == []
    await city.aclose()
