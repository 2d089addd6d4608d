"""A number that a waiting caller left is a wish for a person like any other, sealed with it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tests.databases import stored_bytes

from donghaeng.app import open_for_tests
from donghaeng.app.application import Application, seoul_now
from donghaeng.conversation.callback_time import CallTimes
from donghaeng.conversation.callbacks import Callbacks
from donghaeng.conversation.door import Opening
from donghaeng.conversation.live_messages import Start
from donghaeng.people.desk_files import load_desk
from donghaeng.store import Transaction, handovers
from donghaeng.store.handovers import HandoverRow

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def application() -> AsyncIterator[Application]:
    async with open_for_tests() as opened:
        yield opened


def booked_for(application: Application, phone: str) -> HandoverRow:
    def look(tx: Transaction) -> list[HandoverRow | None]:
        return [handovers.get(tx, row.id) for row in handovers.waiting(tx, "callback")]

    (row,) = [row for row in application.store.look(look) if row is not None and row.phone == phone]
    return row


async def test_numbers_are_booked_by_the_real_understanding_and_sealed(application: Application) -> None:
    phones = ["010-1234-5678", "02-123-4567", "031-765-4321"]
    callbacks = Callbacks(application.conversations)
    for phone in phones:
        assert await callbacks.book(Start(channel="phone"), phone) is not None
        row = booked_for(application, phone)
    stored = stored_bytes(application.settings.data / "donghaeng.db")
    assert row.id.encode() in stored
    for phone in phones:
        assert phone.encode() not in stored
        assert phone.replace("-", "").encode() not in stored


async def test_a_caller_whose_line_was_lost_keeps_the_conversation(application: Application) -> None:
    callbacks = Callbacks(application.conversations)
    reply = await application.conversations.open(Opening(channel="web"))
    assert await callbacks.book(Start(resume=reply.token), "010-1111-2222")
    assert await callbacks.book(Start(resume="gone"), "010-1111-3333")
    assert booked_for(application, "010-1111-2222").conversation_id == reply.conversation
    assert booked_for(application, "010-1111-3333").conversation_id != reply.conversation


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "내일 오전 열 시쯤이요"),
        (2, "일요일 밤 열한 시"),
        (3, "다음 주 수요일 오후 두 시 반"),
        (4, "점심 지나고 내일 두 시나 세 시"),
    ],
)
async def test_the_time_that_was_agreed_to_takes_the_place_of_the_first(
    application: Application, number: int, words: str
) -> None:
    phone = f"010-2222-000{number}"
    times = CallTimes(load_desk(application.settings.catalogue / "desk").hours, seoul_now)
    booked = await Callbacks(application.conversations).book(Start(channel="phone"), phone)
    promise = times.read(words)
    assert booked is not None
    assert promise is not None
    assert booked_for(application, phone).callback_at != promise.at
    assert await booked.move(promise)
    assert booked_for(application, phone).callback_at == promise.at
