"""From the telephone to the page with a spoken code: the whole state goes along, the code is good once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from tests.databases import stored_bytes

from donghaeng.app import Application, open_for_tests
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.reply import Reply
from donghaeng.errors import UnknownCode
from donghaeng.trust.page_codes import LIFETIME, read_code

pytestmark = pytest.mark.asyncio(loop_scope="module")
WISH = "화면으로 보여 주세요"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def application() -> AsyncIterator[Application]:
    async with open_for_tests() as running:
        yield running


async def talk(application: Application, *words: str, channel: str = "phone") -> Reply:
    reply = await application.conversations.open(Opening(channel=channel))  # type: ignore[arg-type]
    for one in words:
        reply = await application.conversations.turn(reply.conversation, reply.token, Said(text=one))
    return reply


def code_in(reply: Reply) -> str:
    said = re.findall(r"번호는 ([가-힣]{2}, [가-힣]{2}, [가-힣]{2})", reply.say)
    assert len(said) == 1, reply.say
    code = read_code(said[0])
    assert code is not None
    return code


async def test_the_page_goes_on_with_the_open_question(application: Application) -> None:
    reply = await talk(application, "수도 계량기가 얼었어요", WISH)
    assert reply.asks == "address"
    here = await application.conversations.continue_by_code(code_in(reply))
    assert (here.conversation, here.token, here.asks) == (reply.conversation, reply.token, "address")
    filled = await application.conversations.turn(
        here.conversation, here.token, Said(text="마포구 양화로 사십오")
    )
    assert "양화로 45" in filled.slots["address"]
    # The telephone may go on as well: it is one conversation.
    again = await application.conversations.turn(reply.conversation, reply.token, Said(text="다시"))
    assert again.slots == filled.slots


async def test_a_code_is_good_once(application: Application) -> None:
    code = code_in(await talk(application, WISH))
    assert await application.conversations.continue_by_code(" ".join(code))
    with pytest.raises(UnknownCode):
        await application.conversations.continue_by_code(code)


async def test_a_later_code_takes_the_place_of_an_earlier_one(application: Application) -> None:
    first = await talk(application, WISH)
    second = await application.conversations.turn(first.conversation, first.token, Said(text=WISH))
    with pytest.raises(UnknownCode):
        await application.conversations.continue_by_code(code_in(first))
    assert await application.conversations.continue_by_code(code_in(second))


async def test_a_code_is_good_for_ten_minutes(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    early, late = await talk(application, WISH), await talk(application, WISH)
    clock = application.conversations._clock
    for passed, code, works in (
        (LIFETIME - timedelta(seconds=10), code_in(early), True),
        (LIFETIME + timedelta(seconds=1), code_in(late), False),
    ):
        monkeypatch.setattr(application.conversations, "_clock", lambda passed=passed: clock() + passed)
        if works:
            assert await application.conversations.continue_by_code(code)
        else:
            with pytest.raises(UnknownCode):
                await application.conversations.continue_by_code(code)


async def test_the_database_holds_neither_code_nor_token(application: Application) -> None:
    reply = await talk(application, WISH)
    data = stored_bytes(application.settings.data / "donghaeng.db")
    assert reply.token.encode() not in data
    assert code_in(reply).encode() not in data
    assert reply.say.encode() not in data


async def test_who_looks_at_a_page_gets_no_code(application: Application) -> None:
    reply = await talk(application, WISH, channel="web")
    assert "화면에서 보고" in reply.say
    assert "번호" not in reply.say


@pytest.mark.parametrize("code", ["", "hello", "12", "9999999", "일이삼사"])
async def test_what_is_no_code_opens_nothing(application: Application, code: str) -> None:
    with pytest.raises(UnknownCode):
        await application.conversations.continue_by_code(code)
