"""Turns whose acts a program makes: the same record, the same keys, and nothing out of order."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conversation.scripted import World
from tests.dialogue.harness import BULKY, ask

from donghaeng.conversation.door import Opening, Said
from donghaeng.errors import ConversationBusy, ConversationEnded
from donghaeng.understanding.acts import Act, ActKind

YES = (Act(ActKind.CONFIRM),)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def test_a_write_is_read_back_and_sent_once_however_often_its_key_comes(world: World) -> None:
    with world.process() as runtime:
        opened = await runtime.open(Opening())
        whose = (opened.conversation, opened.token)
        readback, outcomes = await runtime.act(
            *whose, (ask("bulky_waste", **BULKY),), text="소파", idempotency_key="1", at_turn=0
        )
        assert (readback.expects, readback.heard) == ("confirm", "소파")
        assert [outcome.call.operation for outcome in outcomes] == ["gateway.bulky_waste_fee"]
        done, outcomes = await runtime.act(*whose, YES, text="네", idempotency_key="2", at_turn=1)
        assert outcomes[-1].answer is not None
        again, nothing = await runtime.act(*whose, YES, text="네", idempotency_key="2", at_turn=1)
        assert again == done
        assert nothing == ()
    assert list(world.city.accepted.values()) == [done.calls[0].receipt]


async def test_a_yes_to_a_turn_that_is_not_the_last_confirms_nothing(world: World) -> None:
    with world.process() as runtime:
        opened = await runtime.open(Opening())
        whose = (opened.conversation, opened.token)
        await runtime.act(*whose, (ask("bulky_waste", **BULKY),), text="소파", idempotency_key="1", at_turn=0)
        await runtime.turn(*whose, Said(text="날씨"))
        with pytest.raises(ConversationBusy):
            await runtime.act(*whose, YES, text="네", idempotency_key="2", at_turn=1)
        await runtime.end(*whose)
        with pytest.raises(ConversationEnded):
            await runtime.act(*whose, YES, text="네", idempotency_key="3", at_turn=2)
    assert world.city.sent == []


async def test_the_transcript_holds_no_number_that_is_never_collected(world: World) -> None:
    with world.process() as runtime:
        opened = await runtime.open(Opening())
        acts = (ask("weather"),)
        text = "주민번호 900101-1234567"
        reply, _ = await runtime.act(
            opened.conversation, opened.token, acts, text=text, idempotency_key="1", at_turn=0
        )
        assert "1234567" not in (reply.heard or "")
