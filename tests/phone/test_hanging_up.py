"""A caller hangs up in each state, on each kind of line; what was confirmed is done, and done once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
import pytest_asyncio
from tests.conversation.live_caller import InlinePool, TwoSecondVoice, _ends
from tests.phone.calling import FrameClock, tone
from tests.phone.telephones import KINDS, exchange_of
from tests.spoken import PHRASES

from donghaeng.app import Application, open_for_tests
from donghaeng.conversation.admission import Admission
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.live_desk import LiveDesk
from donghaeng.conversation.live_mouth import LiveOptions
from donghaeng.conversation.reply import Reply
from donghaeng.phone.line import PhoneDesk
from donghaeng.speech.activity.fake import EnergyActivity
from donghaeng.speech.load import Ears, Speech
from donghaeng.speech.recognise.fake import FakeRecogniser
from donghaeng.store import outbox, requests

T = TypeVar("T")
REQUEST = "마포구 양화로 사십오 수도 계량기가 얼었어요 공일공 일이삼사 오육칠팔이에요"
YES = "네 그렇게 해 주세요"
GREETING, ANSWER = 14.0, 24.0
"""Seconds in which either has been said; a clause of the voice takes two."""
MOST_STEPS = 600


class GatedPool(InlinePool):
    """Recognises when the gate is open."""

    def __init__(self) -> None:
        super().__init__()
        self.ears = asyncio.Event()
        self.ears.set()
        self.begun = asyncio.Event()

    async def hear(self, work: Callable[..., T], *arguments: Any) -> T:
        self.begun.set()
        await self.ears.wait()
        return work(*arguments)


@dataclass
class Noted:
    """Conversations that are really carried on; keeps the replies."""

    application: Application
    replies: list[Reply] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.application.conversations, name)

    async def open(self, opening: Opening) -> Reply:
        reply = await self.application.conversations.open(opening)
        self.replies.append(reply)
        return reply

    async def turn(self, *arguments: Any, **options: Any) -> Reply:
        # As the runtime does: whoever waits may go away, the turn is taken to its end.
        work = asyncio.ensure_future(self.application.conversations.turn(*arguments, **options))
        work.add_done_callback(self._note)
        return await asyncio.shield(work)

    def _note(self, work: asyncio.Future[Reply]) -> None:
        self.replies.append(work.result())
        if work.result().calls:
            self.done.set()


class Exchange:
    """The real dialogue behind telephones that are heard as the test says."""

    def __init__(self, application: Application, *heard: str) -> None:
        clock, self.pool = FrameClock(), GatedPool()
        self.conversations = Noted(application)
        ears = Ears(FakeRecogniser(heard), EnergyActivity(), _ends)
        speech = Speech(ears, TwoSecondVoice(), 24_000, self.pool)
        self.live = LiveDesk(
            self.conversations,  # type: ignore[arg-type]
            speech,
            LiveOptions(PHRASES),
            admission=Admission(4),
            clock=clock.hand,
            count=self._count,
        )
        self.quiet = asyncio.Event()
        self.desk = PhoneDesk(self.live, clock=clock)

    def _count(self, change: int) -> None:
        if change < 0:
            self.quiet.set()

    async def over(self) -> None:
        async with asyncio.timeout(10):
            await self.quiet.wait()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def application() -> AsyncIterator[Application]:
    async with open_for_tests() as running:
        yield running


async def until_greeted(phone: Any) -> None:
    await phone.listen(GREETING)
    assert phone.loud_seconds() > 2.0


async def listen_until(phone: Any, reached: Callable[[], bool]) -> None:
    """Understanding takes its own time, a telephone's goes by frames."""
    for _ in range(MOST_STEPS):
        if reached():
            return
        await phone.listen(0.1)
    raise AssertionError("nothing happened")


async def until_read_back(phone: Any, exchange: Exchange) -> None:
    await until_greeted(phone)
    await phone.talk(tone(1.0))
    await listen_until(phone, lambda: len(exchange.conversations.replies) > 1)
    await phone.listen(ANSWER)
    assert exchange.conversations.replies[-1].expects == "confirm"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", ["greeting", "speaking", "recognising", "answering", "read back"])
@pytest.mark.asyncio(loop_scope="module")
async def test_who_hangs_up_before_a_yes_has_asked_for_nothing(
    application: Application, kind: str, state: str
) -> None:
    exchange = Exchange(application, REQUEST)
    async with exchange_of(kind, exchange) as dial:
        phone = await dial()
        match state:
            case "greeting":
                await listen_until(phone, lambda: bool(exchange.conversations.replies))
                await phone.listen(1.0)
            case "speaking":
                await until_greeted(phone)
                await phone.talk(tone(0.5))
            case "recognising":
                exchange.pool.ears.clear()
                await until_greeted(phone)
                await phone.talk(tone(1.0))
                await listen_until(phone, exchange.pool.begun.is_set)
            case "answering":
                await until_greeted(phone)
                await phone.talk(tone(1.0))
                await listen_until(phone, lambda: len(exchange.conversations.replies) > 1)
                phone.heard.clear()
                await phone.listen(2.0)
                assert phone.loud_seconds() > 0.5
            case "read back":
                await until_read_back(phone, exchange)
        await phone.hang_up()
        await exchange.over()
        exchange.pool.ears.set()
        await exchange.live.close()
    assert exchange.live.sessions == 0
    conversation = exchange.conversations.replies[0].conversation
    assert await application.store.read(lambda tx: requests.of_conversation(tx, conversation)) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.asyncio(loop_scope="module")
async def test_what_was_confirmed_is_done_once_and_is_known_at_the_next_call(
    application: Application, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier = application.conversations._carrier
    send, gate, begun, sent = carrier.send, asyncio.Event(), asyncio.Event(), 0

    async def slowly(*arguments: Any) -> Any:
        nonlocal sent
        begun.set()
        await gate.wait()
        sent += 1
        return await send(*arguments)

    monkeypatch.setattr(carrier, "send", slowly)
    exchange = Exchange(application, REQUEST, YES)
    async with exchange_of(kind, exchange) as dial:
        phone = await dial()
        await until_read_back(phone, exchange)
        await phone.talk(tone(0.8))
        await listen_until(phone, begun.is_set)
        await phone.hang_up()
        await exchange.over()
        gate.set()
        await asyncio.wait_for(exchange.conversations.done.wait(), 10)
        await exchange.live.close()
    conversation = exchange.conversations.replies[0].conversation
    (request,) = await application.store.read(lambda tx: requests.of_conversation(tx, conversation))
    assert sent == 1
    assert await application.conversations.send_waiting() == 0
    assert await application.store.read(lambda tx: outbox.pending(tx, conversation)) == []
    reply = await application.conversations.open(Opening(channel="phone"))
    for words in (f"접수번호 {request.receipt} 신청을 보여 주세요", "공일공 일이삼사 오육칠팔"):
        reply = await application.conversations.turn(reply.conversation, reply.token, Said(text=words))
    assert [(call.service, call.outcome) for call in reply.calls] == [("my_requests", "ok")]
