"""A realistic artificial voice says that it is one, first thing, to everybody and on every channel."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from tests.conversation.scripted import World
from tests.dialogue.harness import ask

from donghaeng.conversation.door import Channel, Opening, Said
from donghaeng.conversation.live_mouth import _notice_clauses
from donghaeng.conversation.reply import Reply
from donghaeng.speech.synthesise.clauses import split_clauses
from donghaeng.understanding.acts import Act, ActKind

KEY = "a-random-key-of-one-browser-0001"
NOTICE = "인공지능 상담원이에요."
CHANNELS: tuple[Channel, ...] = get_args(Channel)


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.understanding.words |= {
        "버스": ask("bus_arrival"),
        "응": Act(ActKind.CONFIRM, score=0.98),
        "다음에도 천천히": Act(ActKind.REMEMBER, detail="slower"),
    }
    return world


def says_what_it_is(greeting: Reply) -> None:
    assert NOTICE in greeting.say
    assert NOTICE in greeting.show.text
    assert "상담사" in greeting.say
    clauses = split_clauses(greeting.say, speed=greeting.pace.speed)
    noticed = _notice_clauses(greeting.say, greeting.pace.speed)
    assert any(NOTICE in clause.text for clause in clauses[:noticed]), "the notice can be cut off"
    assert noticed < len(clauses)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("practice", [False, True])
async def test_to_whoever_calls(world: World, channel: Channel, practice: bool) -> None:
    with world.process() as runtime:
        says_what_it_is(await runtime.open(Opening(channel=channel, practice=practice)))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_to_whoever_calls_again_and_is_remembered(world: World, channel: Channel) -> None:
    known = Opening(channel=channel, person=KEY)
    with world.process() as runtime:
        first = await runtime.open(known)
        for words in ("다음에도 천천히", "응"):
            first = await runtime.turn(first.conversation, first.token, Said(text=words))
        await runtime.end(first.conversation, first.token)
        again = await runtime.open(known)
        assert again.pace.speed < 0.9
        says_what_it_is(again)
        resumed = await runtime.resume(again.token)
        says_what_it_is(resumed)
