"""Calls that citizens ask for, from the wish to the stored consent and back."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tests.phone.test_hanging_up import REQUEST, YES

from donghaeng.app import Application, open_for_tests
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.reply import Reply
from donghaeng.dialogue.calling import SCRIPT
from donghaeng.store import outgoing_calls
from donghaeng.store.outgoing_calls import BookedCall
from donghaeng.trust.tokens import number_hash

pytestmark = pytest.mark.asyncio(loop_scope="module")
WISH, NO = "이따 다시 전화해 주세요", "이제 전화하지 마세요"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def application() -> AsyncIterator[Application]:
    async with open_for_tests() as running:
        running.conversations._carrier._calls = True
        yield running


async def talk(application: Application, *words: str, **opening: object) -> Reply:
    reply = await application.conversations.open(Opening(channel="phone", **opening))  # type: ignore[arg-type]
    for one in words:
        reply = await application.conversations.turn(reply.conversation, reply.token, Said(text=one))
    return reply


async def booked(application: Application, conversation: str) -> list[BookedCall]:
    return await application.store.read(lambda tx: outgoing_calls.of_conversation(tx, conversation))


async def test_a_wish_is_stored_with_the_words_that_asked_for_it(application: Application) -> None:
    reply = await talk(application, REQUEST, YES, WISH, WISH)
    assert "공일공, 일이삼사, 오육칠팔" in reply.say
    (call,) = await booked(application, reply.conversation)
    assert (call.number, call.service, call.state) == ("010-1234-5678", "meter_freeze", "waiting")
    assert (call.consent.script, call.consent.said) == (SCRIPT, WISH)
    assert "접수번호" in call.consent.asked


async def test_whoever_asked_for_nothing_yet_is_not_called(application: Application) -> None:
    reply = await talk(application, WISH)
    assert reply.service == "counsellor"
    assert await booked(application, reply.conversation) == []


async def test_in_practice_nobody_is_called(application: Application) -> None:
    reply = await talk(application, REQUEST, YES, WISH, practice=True)
    assert await booked(application, reply.conversation) == []


async def test_a_no_in_the_same_conversation_stops_it(application: Application) -> None:
    reply = await talk(application, REQUEST, YES, WISH, NO)
    assert "전화하지 않을게요" in reply.say
    assert [call.state for call in await booked(application, reply.conversation)] == ["withdrawn"]


async def test_a_no_in_the_call_that_we_make_stops_all_others_to_that_number(
    application: Application,
) -> None:
    waiting = await talk(application, REQUEST, YES, WISH)
    called = await talk(
        application, NO, called_about="meter_freeze", called_number=number_hash("010-1234-5678")
    )
    assert "전화하지 않을게요" in called.say
    assert [call.state for call in await booked(application, waiting.conversation)] == ["withdrawn"]


async def test_our_call_opens_with_who_calls_and_why(application: Application) -> None:
    reply = await talk(application, called_about="meter_freeze", called_number="h")
    assert reply.say.startswith("서울시 동행 인공지능 상담원이에요. 부탁하신")
    assert reply.say.index("때문에 전화드렸어요") < reply.say.index("끊고 일이공")


async def test_where_nobody_can_be_called_a_person_is_offered(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application.conversations._carrier, "_calls", False)
    reply = await talk(application, REQUEST, YES, WISH)
    assert "걸지 못해요" in reply.say
    assert await booked(application, reply.conversation) == []
