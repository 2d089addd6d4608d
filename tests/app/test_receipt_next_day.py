"""A citizen comes back the next day, on another channel, with the receipt that she wrote down."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from donghaeng.app.application import Application, open_application
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.reply import Reply
from donghaeng.people.calling import SEOUL
from donghaeng.settings import load_settings

TEN = datetime(2026, 11, 23, 10, 0, tzinfo=SEOUL)
OWN, OTHERS = "공일공 일이삼사 오육칠팔", "공일공 구구구구 일일일일"


async def talk(application: Application, opening: Opening, *words: str) -> Reply:
    reply = await application.conversations.open(opening)
    for text in words:
        said = Said(text=text)
        reply = await application.conversations.turn(reply.conversation, reply.token, said)
    return reply


async def test_the_receipt_and_the_number_find_the_request_again_and_cancel_it_once(tmp_path: Path) -> None:
    settings = load_settings(data=tmp_path, city="sandbox", database=None)
    async with open_application(settings, clock=lambda: TEN, speech=False, watch=False) as today:
        made = await talk(
            today,
            Opening(channel="phone", home_district="마포구"),
            f"마포구 양화로 사십오 수도 계량기가 얼었어요 {OWN}이에요",
            "네 그렇게 해 주세요",
        )
        (call,) = made.calls
        assert (call.service, call.outcome) == ("meter_freeze", "ok")
        receipt = call.receipt
    # The server starts anew overnight, and nothing of the conversation is in memory.
    tomorrow = TEN + timedelta(days=1, hours=4)
    async with open_application(settings, clock=lambda: tomorrow, speech=False, watch=False) as application:
        kiosk = Opening(channel="kiosk")
        wish = f"접수번호 {receipt} 신청을 취소하고 싶어요"
        stranger = await talk(application, kiosk, wish, OTHERS)
        assert stranger.calls == []
        assert "계량기" not in stranger.show.text
        found = await talk(application, kiosk, wish)
        assert found.asks == "phone"
        found = await application.conversations.turn(found.conversation, found.token, Said(text=OWN))
        assert (found.service, found.expects) == ("my_requests", "confirm")
        assert "계량기" in found.show.text
        done = await application.conversations.turn(found.conversation, found.token, Said(text="네"))
        assert [(one.service, one.outcome) for one in done.calls] == [("my_requests", "ok")]
        again = await talk(application, kiosk, wish, OWN)
        assert again.expects != "confirm"
        assert again.calls == []
