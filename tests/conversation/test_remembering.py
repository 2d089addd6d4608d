"""Being remembered from one conversation to the next, and forgotten, on a real store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.conversation.scripted import START, World, say, talk
from tests.dialogue.harness import HAPJEONG, ask

from donghaeng.conversation.door import Location, Opening
from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.dialogue.consent import SCRIPT
from donghaeng.errors import InputError, StoreError
from donghaeng.store import remembered
from donghaeng.store.remembered import Values
from donghaeng.trust.consents import SpokenConsent as Consent
from donghaeng.trust.tokens import person_hash
from donghaeng.understanding.acts import Act, ActKind

KEY = "a-random-key-of-one-browser-0001"
HERS = Opening(channel="web", person=KEY)
AT_HOME = Opening(channel="web", person=KEY, home_district="마포구")
HAPJEONG_STOP = HAPJEONG[0]


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.understanding.words |= {
        "버스": ask("bus_arrival"),
        "합정 버스": ask("bus_arrival", stop=HAPJEONG_STOP),
        "응": Act(ActKind.CONFIRM, score=0.98),
        "다음에도 천천히": Act(ActKind.REMEMBER, detail="slower"),
    }
    return world


def kept(runtime: ConversationRuntime) -> Values | None:
    return runtime._store.look(lambda tx: remembered.find(tx, person_hash(KEY)))


def consent(runtime: ConversationRuntime) -> Consent | None:
    return runtime._store.look(lambda tx: remembered.consent_of(tx, person_hash(KEY)))


async def test_after_a_yes_home_stop_and_pace_are_known_in_the_next_conversation(world: World) -> None:
    with world.process() as runtime:
        asked = await talk(runtime, AT_HOME, "합정 버스", "slower", "remember")
        assert (asked.expects, asked.asks, asked.remembered) == ("choice", None, False)
        for words in ("마포구", "합정역", "말 빠르기", "지워 줘", "안 하셔도"):
            assert words in asked.show.text
        assert kept(runtime) is None
        done = await say(runtime, asked, "응")
        assert (done.remembered, done.expects) == (True, "open")
        assert kept(runtime) == Values("마포구", HAPJEONG_STOP, 0.75, None)
    with world.process("two") as later:
        greeting = await later.open(HERS)
        assert greeting.remembered
        assert "기억해요" in greeting.show.text
        assert greeting.pace.speed == 0.75
        weather = await say(later, greeting, "날씨")
        assert weather.slots["district"] == "마포구"
        offered = await say(later, greeting, "버스")
        assert (offered.asks, offered.expects, offered.calls) == ("stop", "choice", [])
        assert "지난번처럼 합정역 정류장이에요?" in offered.show.text
        told = await say(later, greeting, "응")
        assert told.slots["stop"] == HAPJEONG_STOP
        assert told.calls[0].outcome == "ok"


async def test_the_consent_is_kept_with_its_script_and_its_words(world: World) -> None:
    with world.process() as runtime:
        asked = await talk(runtime, AT_HOME, "remember")
        await say(runtime, asked, "응")
        found = consent(runtime)
    assert found is not None
    assert (found.script, found.said) == (SCRIPT, "응")
    assert found.asked in asked.show.text
    assert abs((found.at - START).total_seconds()) < 60


async def test_after_a_no_or_no_answer_nothing_is_kept(world: World) -> None:
    with world.process() as runtime:
        for words in (["deny"], ["날씨"], ["웅", "웅"], ["goodbye"], []):
            reply = await talk(runtime, AT_HOME, "remember", *words)
            assert not reply.remembered
            assert kept(runtime) is None
        assert not (await runtime.open(HERS)).remembered


async def test_without_a_key_and_in_practice_it_is_said_that_nothing_can_be_kept(world: World) -> None:
    practice = Opening(channel="web", person=KEY, practice=True)
    with world.process() as runtime:
        for opening, words in ((Opening(), "누구신지 알 수 없어서"), (practice, "연습")):
            told = await talk(runtime, opening, "remember")
            assert words in told.show.text
            assert told.expects == "open"
            await say(runtime, told, "응")
            forgotten = await say(runtime, told, "forget")
            assert "하나도 없어요" in forgotten.show.text
        assert kept(runtime) is None


async def test_practice_knows_nothing_of_what_is_remembered(world: World) -> None:
    with world.process() as runtime:
        await talk(runtime, AT_HOME, "remember", "응")
        greeting = await runtime.open(Opening(channel="web", person=KEY, practice=True))
        assert not greeting.remembered
        assert "연습" in greeting.show.text
        slower = await say(runtime, greeting, "slower")
        assert slower.pace.speed == 0.75
        assert kept(runtime) == Values("마포구")


async def test_later_changes_are_kept_with_the_turn_that_made_them(world: World) -> None:
    with world.process() as runtime:
        reply = await talk(runtime, HERS, "remember", "응")
        assert kept(runtime) == Values()
        await say(runtime, reply, "합정 버스")
        assert kept(runtime) == Values(last_stop=HAPJEONG_STOP)
        await say(runtime, reply, "louder")
        assert kept(runtime) == Values(last_stop=HAPJEONG_STOP, volume_db=6.0)
    with world.process("two") as later:
        again = await talk(later, Opening(channel="web", person=KEY, home_district="노원구"), "faster")
        assert (again.pace.speed, again.pace.volume_db) == (1.05, 6.0)
        assert kept(later) == Values("노원구", HAPJEONG_STOP, 1.05, 6.0)


async def test_a_given_home_comes_before_the_remembered_one_which_comes_before_the_location(
    world: World,
) -> None:
    seoul = Location(37.5665, 126.978)
    with world.process() as runtime:
        await talk(runtime, AT_HOME, "remember", "응")
        there = await talk(runtime, Opening(channel="web", person=KEY, location=seoul), "날씨")
        assert there.slots["district"] == "마포구"
        assert kept(runtime) == Values("마포구")
        moved = Opening(channel="web", person=KEY, home_district="노원구")
        assert (await talk(runtime, moved, "날씨")).slots["district"] == "노원구"


async def test_where_a_citizen_stands_is_not_remembered_as_home(world: World) -> None:
    located = Opening(channel="web", person=KEY, location=Location(37.5665, 126.978))
    with world.process() as runtime:
        await talk(runtime, located, "remember", "응")
        assert kept(runtime) == Values()


async def test_forgetting_erases_at_once_and_holds_in_every_window(world: World) -> None:
    with world.process() as runtime:
        reply = await talk(runtime, AT_HOME, "remember", "응")
        other = await runtime.open(HERS)
        assert other.remembered
        told = await say(runtime, reply, "forget")
        assert "모두 지웠어요" in told.show.text
        assert not told.remembered
        assert kept(runtime) is None
        await say(runtime, other, "slower")
        assert kept(runtime) is None
        assert "하나도 없어요" in (await say(runtime, other, "forget")).show.text
        assert not (await runtime.open(HERS)).remembered


async def test_what_was_recalled_is_not_used_after_it_was_forgotten(world: World) -> None:
    with world.process() as runtime:
        await talk(runtime, AT_HOME, "합정 버스", "remember", "응")
        reply = await talk(runtime, HERS, "forget", "버스")
        assert (reply.asks, reply.expects) == ("stop", "slot")
        assert "마포구" not in str((await say(runtime, reply, "날씨")).slots)


async def test_a_wish_for_the_next_time_holds_for_this_one_too(world: World) -> None:
    with world.process() as runtime:
        asked = await talk(runtime, HERS, "다음에도 천천히")
        assert asked.pace.speed == 0.75
        await say(runtime, asked, "응")
        assert kept(runtime) == Values(speed=0.75)
        with world.process("two") as later:
            assert (await later.open(HERS)).pace.speed == 0.75


async def test_an_open_question_stands_after_being_remembered_and_forgotten(world: World) -> None:
    with world.process() as runtime:
        reply = await talk(runtime, AT_HOME, "소파")
        for words, remembered_now in (("remember", False), ("응", True), ("forget", False)):
            reply = await say(runtime, reply, words)
            assert reply.remembered == remembered_now
        assert reply.expects == "confirm"
        assert (await say(runtime, reply, "confirm")).calls[0].outcome == "ok"


async def test_a_yes_to_being_remembered_outlives_the_process(world: World) -> None:
    with world.process() as runtime:
        asked = await talk(runtime, AT_HOME, "remember")
    with world.process("two") as later:
        assert (await say(later, asked, "응")).remembered
        assert kept(later) == Values("마포구")


async def test_a_process_that_dies_before_it_tells_leaves_the_question_open(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*args: Any, **more: Any) -> None:
        raise StoreError("the disk is full")

    with world.process() as runtime:
        asked = await talk(runtime, AT_HOME, "remember")
        monkeypatch.setattr(runtime._stages, "save", dies)
        with pytest.raises(StoreError):
            await say(runtime, asked, "응")
    with world.process("two") as later:
        assert (await later.resume(asked.token)).show.text == asked.show.text
        assert (await say(later, asked, "응")).remembered
        assert kept(later) == Values("마포구")
        assert "모두 지웠어요" in (await say(later, asked, "forget")).show.text


async def test_nothing_personal_lies_open(world: World) -> None:
    with world.process() as runtime:
        asked = await talk(runtime, HERS, "합정 버스", "remember")
        await say(runtime, asked, "응")
        await talk(runtime, HERS, "버스", "응")
    written = world.bytes()
    for secret in (KEY, "합정역", "14011"):
        assert secret.encode() not in written
        assert json.dumps(secret).encode() not in written


@pytest.mark.parametrize("key", ["", "short", "x" * 129, "열쇠" * 20, "a" * 30 + "\n"])
async def test_a_malformed_key_is_refused(world: World, key: Any) -> None:
    with world.process() as runtime, pytest.raises(InputError, match="person"):
        await runtime.open(Opening(person=key))
