"""A text message after each write: queued with it, once, and only where it is really sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conversation.scripted import START, Died, World
from tests.dialogue.harness import BULKY, ROWS, ask

from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.errors import ProviderTimeout
from donghaeng.people.message_fake import FakeMessages
from donghaeng.people.messages import MessageSender
from donghaeng.store import messages
from donghaeng.store.messages import LEASE, MessageRow

HOME = Opening(home_district="마포구")
RECEIPT = "SEL-000001"
NUMBER = BULKY["phone"]
PROMISE = "문자로도 보내 드릴게요"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, texts=True)


async def say(runtime: ConversationRuntime, reply: Reply, text: str, key: str | None = None) -> Reply:
    return await runtime.turn(reply.conversation, reply.token, Said(text=text), idempotency_key=key)


def queued(runtime: Any, reply: Reply) -> list[MessageRow]:
    found: list[MessageRow] = runtime._store.look(lambda tx: messages.of_conversation(tx, reply.conversation))
    return found


async def book(runtime: ConversationRuntime, opening: Opening = HOME) -> tuple[Reply, Reply]:
    reply = await runtime.open(opening)
    await say(runtime, reply, "소파")
    return reply, await say(runtime, reply, "confirm", key="yes")


async def test_a_write_is_summed_up_for_the_number_on_it(world: World) -> None:
    with world.process() as runtime:
        reply, done = await book(runtime)
        assert PROMISE in done.show.text
        assert done.show.text.index(RECEIPT) < done.show.text.index(PROMISE)
        (message,) = queued(runtime, reply)
        assert (message.kind, message.state, message.service) == ("accepted", "pending", "bulky_waste")
        assert message.number == NUMBER
        for part in ("대형 폐기물", "소파", "12월 1일", RECEIPT, "취소", "120"):
            assert part in message.text
        assert BULKY["address"] not in message.text
        assert NUMBER not in message.text
        assert await say(runtime, reply, "confirm", key="yes") == done
        assert len(queued(runtime, reply)) == 1


async def test_practice_sends_and_promises_nothing(world: World) -> None:
    with world.process() as runtime:
        reply, done = await book(runtime, Opening(home_district="마포구", practice=True))
        assert PROMISE not in done.show.text
        assert queued(runtime, reply) == []


async def test_nothing_is_promised_where_nothing_sends(tmp_path: Path) -> None:
    with World(tmp_path).process() as runtime:
        reply, done = await book(runtime)
        assert RECEIPT in done.show.text
        assert PROMISE not in done.show.text
        assert queued(runtime, reply) == []


async def test_a_tests_conversation_holds_its_message_for_ever(world: World) -> None:
    with world.process(allow_test_clock=True) as runtime:
        opening = Opening(home_district="마포구", now=START)
        reply, done = await book(runtime, opening)
        assert PROMISE in done.show.text
        assert [one.state for one in queued(runtime, reply)] == ["held"]
        provider = FakeMessages()
        sender = MessageSender(runtime._store, provider, owner="one", clock=world.clock)
        assert await sender.send_waiting() == 0
        assert provider.tries == []


def die() -> None:
    raise Died


def before_it_is_sent(world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(world.city, "before", die)


def after_it_was_accepted(world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(world.city, "after", die)


def before_the_message_is_queued(world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("donghaeng.store.messages.add", lambda *_: die())


def after_the_message_was_queued(world: World, patch: pytest.MonkeyPatch) -> None:
    real = messages.add
    patch.setattr("donghaeng.store.messages.add", lambda *given: (real(*given), die()))


POINTS: list[Callable[..., None]] = [
    before_it_is_sent,
    after_it_was_accepted,
    before_the_message_is_queued,
    after_the_message_was_queued,
]


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("told_by", ["turn", "resume", "sender"])
async def test_a_crash_anywhere_leaves_exactly_one_message(
    world: World, point: Callable[..., None], told_by: str
) -> None:
    with world.process() as runtime, pytest.MonkeyPatch.context() as patch:
        reply = await runtime.open(HOME)
        await say(runtime, reply, "소파")
        point(world, patch)
        with pytest.raises(Died):
            await say(runtime, reply, "confirm", key="yes")
    provider = FakeMessages()
    with world.process() as runtime:
        world.clock.now += LEASE
        if told_by == "turn":
            await say(runtime, reply, "confirm", key="yes")
        elif told_by == "resume":
            await runtime.resume(reply.token)
        await runtime.send_waiting()
        await runtime.resume(reply.token)
        assert [one.state for one in queued(runtime, reply)] == ["pending"]
        provider.after = die
        with pytest.raises(Died):
            await MessageSender(runtime._store, provider, owner="a", clock=world.clock).send_waiting()
    provider.after = lambda: None
    with world.process() as runtime:
        world.clock.now += LEASE
        assert await MessageSender(runtime._store, provider, owner="b", clock=world.clock).send_waiting() == 1
        assert [number for number, _ in provider.sent.values()] == [NUMBER]
        assert [one.state for one in queued(runtime, reply)] == ["sent"]


async def test_a_write_that_is_settled_later_is_summed_up_then(world: World) -> None:
    def silent() -> None:
        raise ProviderTimeout("gateway", "no answer")

    with world.process() as runtime:
        world.city.before = silent
        reply, waiting = await book(runtime)
        assert PROMISE not in waiting.show.text
        assert queued(runtime, reply) == []
        world.city.before = lambda: None
        world.clock.now += LEASE
        assert await runtime.send_waiting() == 1
        assert [one.kind for one in queued(runtime, reply)] == ["accepted"]


async def test_a_request_that_was_taken_back_is_told_too(world: World) -> None:
    with world.process() as runtime:
        reply, _ = await book(runtime)
        world.understanding.words["취소"] = ask("my_requests", action="cancel", receipt=RECEIPT)
        assert (await say(runtime, reply, "취소")).expects == "confirm"
        await say(runtime, reply, "confirm")
        accepted, cancelled = queued(runtime, reply)
        assert (accepted.kind, cancelled.kind) == ("accepted", "cancelled")
        assert (cancelled.number, cancelled.service) == (NUMBER, "bulky_waste")
        assert RECEIPT in cancelled.text
        assert "취소했어요" in cancelled.text


async def test_no_number_is_written_outside_the_seal(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with world.process() as runtime:
        await book(runtime)
    assert NUMBER.encode() not in world.bytes()
    assert NUMBER not in caplog.text


async def test_what_was_handed_to_people_is_told_once(world: World) -> None:
    def unconnected() -> None:
        from donghaeng.errors import ProviderUnconnected

        raise ProviderUnconnected("gateway", "nothing is connected")

    world.city.before = unconnected
    with world.process() as runtime:
        reply, done = await book(runtime)
        assert done.handover is not None
        (message,) = queued(runtime, reply)
        assert (message.kind, message.number) == ("handed_over", NUMBER)
        assert "대형 폐기물" in message.text
        assert BULKY["address"] not in message.text
        assert PROMISE not in done.show.text
        world.understanding.words["사람"] = ask("counsellor")
        await say(runtime, reply, "사람")
        assert len(queued(runtime, reply)) == 1


PREPARED = {
    "id": "eungdapso",
    "name": "응답소",
    "purpose": "서울시에 민원을 내고 답을 받아 보는 곳이에요.",
    "url": "https://eungdapso.seoul.go.kr",
    "site": "eungdapso.seoul.go.kr",
    "phone": "120",
    "text": "분야: 도로와 인도 / 내용: 길이 파였어요",
    "date": "2026-11-23",
}
FORMAL = {
    "form": "formal",
    "category": "road",
    "content": "길이 파였어요",
    "where": "마포구 양화로 45",
    "phone": NUMBER,
}


async def test_a_prepared_form_goes_to_the_number_and_is_no_write(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROWS, "forms.complaint", PREPARED)  # type: ignore[arg-type]
    world.understanding.words["정식 민원"] = ask("complaint", **FORMAL)
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        done = await say(runtime, reply, "정식 민원")
        assert [(one.effect, one.outcome, one.receipt) for one in done.calls] == [("guide", "ok", None)]
        assert "아직 낸 것은 아니에요" in done.show.text
        assert f"{NUMBER}번 문자로 보내요" in done.show.text
        assert world.city.accepted == {}
        (message,) = queued(runtime, reply)
        assert (message.kind, message.number) == ("answered", NUMBER)
        for part in ("아직 내지 않았어요", "도로와 인도", "길이 파였어요", PREPARED["url"], "120"):
            assert part in message.text
        assert "양화로" not in message.text
        assert NUMBER not in message.text
